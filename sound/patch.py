"""Patches: the sound of a part as a text file, with changes for kinds of sections, and the choice of one for a song.

A patch is TOML: `part`, `about`, a table `[sound]` with fields of
`sound.sounds`, and tables `[intro]`, `[build]`, `[drop]`, `[break]`, `[outro]` with the fields that differ there. The
ones that come with Dropsmith lie in `sound/patches/`; a folder of the user's comes first.
"""

import functools
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import msgspec

from song.drums import DRUMS
from song.errors import UserError
from song.files import read_text
from song.parts import Part
from song.patch_names import check_patch_name
from song.sections import SectionKind, Song
from song.toml_text import MAX_TOML_BYTES, parse_toml
from sound.sounds import SOUNDS, OneOf, Sound, Within

SUFFIX = ".toml"
SHIPPED_FOLDER = Path(__file__).parent / "patches"
_KEYS = ("part", "about", "sound")
_DRUM_NAMES = tuple(drum.name for drum in DRUMS)
_USUAL: Mapping[Part, Mapping[str, str]] = {
    Part.DRUMS: {
        "dubstep": "kit-dubstep",
        "riddim": "kit-riddim",
        "melodic dubstep": "kit-melodic",
        "drum & bass": "kit-breaks",
        "trap": "kit-trap",
        "house": "kit-house",
        "funk": "kit-breaks",
    },
    Part.BASS: {
        "dubstep": "growl",
        "riddim": "metal",
        "melodic dubstep": "warm",
        "drum & bass": "reese",
        "trap": "boom",
        "house": "round",
        "funk": "round",
        "jazz": "round",
        "latin": "round",
        "classical": "round",
    },
    Part.CHORDS: {
        "dubstep": "pad",
        "riddim": "stab",
        "melodic dubstep": "wall",
        "drum & bass": "haze",
        "trap": "haze",
        "house": "stab",
        "funk": "stab",
    },
    Part.LEAD: {
        "dubstep": "supersaw",
        "riddim": "pluck",
        "melodic dubstep": "anthem",
        "drum & bass": "supersaw",
        "trap": "glass",
        "house": "pluck",
        "jazz": "glass",
        "classical": "glass",
    },
}
"""The patches that come with Dropsmith by part and style; a style that is not named has the first."""
MOST_PATCHES = 1000
"""Patches of a user's folder that are looked at."""


class Patch(msgspec.Struct, frozen=True):
    """The sound of one part.

    Attributes:
        name: its file's name without the ending.
        part: the part that it plays.
        about: a line on how it sounds.
        sounds: for each kind of section.
    """

    name: str
    part: Part
    about: str
    sounds: dict[SectionKind, Sound]


def patch_names(folder: Path | None = None) -> dict[str, Path]:
    """The files of all patches by name, the user's before those of one name that come with Dropsmith.

    Args:
        folder: the user's; None where there is none.

    Raises:
        UserError: where the folder cannot be read.
    """
    found: dict[str, Path] = {}
    for place in (SHIPPED_FOLDER, folder):
        if place is None or not place.is_dir():
            continue
        try:
            paths = [path for path in place.iterdir() if path.suffix == SUFFIX and _is_name(path.stem)]
        except OSError as error:
            raise UserError(f"cannot read the patches of {place}: {error.strerror or error}") from error
        if len(paths) > MOST_PATCHES:
            raise UserError(f"{place} has {len(paths)} patches, more than {MOST_PATCHES}: give a folder of fewer")
        found |= {path.stem: path for path in sorted(paths)}
    return found


def _is_name(name: str) -> bool:
    try:
        check_patch_name(name)
    except UserError:
        return False
    return True


def load_patch(path: Path) -> Patch:
    """Read a patch.

    Raises:
        UserError: with the file, the line and what is allowed.
    """
    return parse_patch(read_text(path, MAX_TOML_BYTES), str(path), path.stem)


def parse_patch(text: str, file: str, name: str) -> Patch:
    """The patch that a text holds.

    Args:
        text: TOML.
        file: what to call it in an error.
        name: the patch's.

    Raises:
        UserError: with the file, the line and what is allowed.
    """
    try:
        table = parse_toml(text)
    except UserError as error:
        raise UserError(f"{file}: {error}") from error
    try:
        return _read(table, name)
    except _FieldError as error:
        raise UserError(f"{file}, line {_line_of(text, error.path)}: {error}") from error


class _FieldError(Exception):
    """A field that is wrong.

    Attributes:
        path: the names of the tables that it stands in, and its own.
    """

    def __init__(self, path: tuple[str, ...], message: str) -> None:
        super().__init__(f"{'.'.join(path)}: {message}")
        self.path = path


def _read(table: Mapping[str, Any], name: str) -> Patch:
    for key in table:
        if key not in (*_KEYS, *SectionKind):
            raise _FieldError((key,), f"unknown: use {', '.join((*_KEYS, *SectionKind))}")
    if table.get("part") not in tuple(Part):
        raise _FieldError(("part",), f"write one of {', '.join(Part)}")
    part = Part(table["part"])
    about = table.get("about", "")
    if not isinstance(about, str) or not about.isprintable():
        raise _FieldError(("about",), "write a line of text in quotes")
    usual = _fields(table, ("sound",), part)
    kinds = {kind: _merged(usual, _fields(table, (kind.value,), part)) for kind in SectionKind}
    return Patch(name, part, about, {kind: SOUNDS[part](**fields) for kind, fields in kinds.items()})


def _merged(usual: Mapping[str, Any], changed: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **usual,
        **{
            key: {**usual.get(key, {}), **value} if isinstance(value, dict) else value for key, value in changed.items()
        },
    }


def _fields(table: Mapping[str, Any], path: tuple[str, ...], part: Part) -> dict[str, Any]:
    """The fields of one table of a patch, checked."""
    fields = table.get(path[0], {})
    if not isinstance(fields, dict):
        raise _FieldError(path, "write a table of fields under it in brackets")
    hints = _hints(part)
    read: dict[str, Any] = {}
    for key, value in fields.items():
        if key not in hints:
            raise _FieldError((*path, key), f"a patch of {part} has none: use {', '.join(hints)}")
        hint = hints[key]
        if get_origin(hint) is dict:
            read[key] = _drums(value, (*path, key), get_args(hint)[1])
        else:
            read[key] = _checked(value, (*path, key), hint)
    return read


@functools.cache
def _hints(part: Part) -> dict[str, Any]:
    """The fields of a part's sound, and what each may be."""
    return get_type_hints(SOUNDS[part], include_extras=True)


def _drums(value: Any, path: tuple[str, ...], hint: Any) -> dict[str, float]:
    if not isinstance(value, dict):
        raise _FieldError(path, "write a table by drum, such as { snare = 2 }")
    for drum in value:
        if drum not in _DRUM_NAMES:
            raise _FieldError((*path, drum), f"no drum: use {', '.join(_DRUM_NAMES)}")
    return {drum: _checked(number, (*path, drum), hint) for drum, number in value.items()}


def _checked(value: Any, path: tuple[str, ...], hint: Any) -> Any:
    kind, allowed = get_args(hint)
    match allowed:
        case OneOf():
            if value not in allowed.words:
                raise _FieldError(path, f"{value!r} is none of {', '.join(allowed.words)}: {allowed.says}")
            return value
        case Within():
            whole = "whole " if kind is int else ""
            right = isinstance(value, int | float if kind is float else int) and not isinstance(value, bool)
            if not right or not allowed.low <= value <= allowed.high:
                raise _FieldError(
                    path, f"{value!r} is no {whole}number in {allowed.low:g} to {allowed.high:g}: {allowed.says}"
                )
            return kind(value)
    raise AssertionError("unreachable")


def _line_of(text: str, path: tuple[str, ...]) -> int:
    """The line, from 1, that a field stands on: that of its name under its table's; 1 where it cannot be seen."""
    lines = text.split("\n")
    at = 0
    for depth, name in enumerate(path):
        word = re.escape(name)
        table = rf"\s*\[\s*(?:[\w.\"' -]*\.\s*)?[\"']?{word}[\"']?\s*\]"
        key = rf"\s*(?:[\w.\"' -]*\.\s*)?[\"']?{word}[\"']?\s*[=.]"
        inside = rf"[^#]*[\{{,]\s*[\"']?{word}[\"']?\s*="
        either = re.compile("|".join((table, key, inside) if depth else (table, key)))
        at = next((index for index in range(at, len(lines)) if either.match(lines[index])), at)
    return at + 1


class Patches:
    """The patches of a song, one a part."""

    def __init__(self, song: Song, folder: Path | None = None) -> None:
        """Read the patches that the song names, and for its other parts the usual ones of its style.

        Args:
            song: gives its style.
            folder: the user's own patches, which come before those that come with Dropsmith; None where there are none.

        Raises:
            UserError: where one is broken, or is not there.
        """
        paths = patch_names(folder)
        self._of = {part: _chosen(part, song, paths) for part in Part}

    def sound(self, part: Part, kind: SectionKind) -> Sound:
        """The sound of a part in a kind of section."""
        return self._of[part].sounds[kind]

    def name(self, part: Part) -> str:
        """The name of a part's patch."""
        return self._of[part].name


def _chosen(part: Part, song: Song, paths: Mapping[str, Path]) -> Patch:
    named = song.patches.of(part)
    if named:
        if named not in paths:
            raise UserError(f"there is no patch {named}: `dropsmith patches` lists those there are")
        patch = load_patch(paths[named])
        if patch.part is not part:
            raise UserError(f"the patch {named} is for {patch.part}, not for {part}: choose another")
        return patch
    style = max(song.style, key=lambda name: song.style[name])
    name = usual_name(part, style)
    return load_patch(paths.get(name, SHIPPED_FOLDER / f"{name}{SUFFIX}"))


def usual_name(part: Part, style: str) -> str:
    """The name of the patch that a part has in a style where the song names none."""
    return _USUAL[part].get(style, next(iter(_USUAL[part].values())))
