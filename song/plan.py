"""`plan.toml`: a song without its notes, for people and scripts."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from msgspec.structs import replace

from song.errors import UserError
from song.files import read_text
from song.harmony import CHORD_BEATS, USUAL_CHORD_BEATS, progression_text
from song.limits import (
    MAX_BARS,
    MAX_FORM_BARS,
    MAX_SECTIONS,
    MAX_SEED,
    MAX_TEMPERATURE,
    MAX_TEMPO_BPM,
    MIN_TEMPERATURE,
    MIN_TEMPO_BPM,
)
from song.notes import RATES, SHAPES
from song.parts import PARTS, Part, check_range
from song.patch_names import check_patch_name
from song.progressions import with_progressions
from song.scales import parse_key, parse_pitch
from song.sections import (
    GAPS,
    Constraints,
    Density,
    PartForms,
    PartPatches,
    PitchRanges,
    Section,
    SectionKind,
    Song,
    WobbleRange,
    number_sections,
)
from song.styles import check_style
from song.templates import default_constraints
from song.theme import NO_THEME, QUOTES
from song.toml_text import MAX_TOML_BYTES, parse_toml

_SONG_KEYS = ("title", "style", "key", "tempo", "seed", "sub", "theme", "patch", "section")
_SECTION_KEYS = (
    "kind", "name", "bars", "tempo", "key", "density", "wobble", "form", "form_bars", "temperature", "style", "range",
    "gap", "chords", "chord_beats", "theme", "passing",
)  # fmt: skip
_PITCHED = ("bass", "chords", "lead")
_WOBBLE_KEYS = ("rates", "depth", "shape")
_FREE = "free"
"""A progression that is left to the model."""
_T = TypeVar("_T")


def load_plan(path: Path, seed: int = 0, instead: int | None = None) -> Song:
    """Read a plan.

    Args:
        path: its file.
        seed, instead: as of `parse_plan`.

    Raises:
        UserError: naming the file, the key or line, and what is allowed.
    """
    text = read_text(path, MAX_TOML_BYTES)
    return parse_plan(text, str(path), seed, instead)


def parse_plan(text: str, name: str, seed: int = 0, instead: int | None = None) -> Song:
    """The empty song that a plan describes.

    Args:
        text: the plan, in TOML.
        name: what to call the file in an error.
        seed: the song's where the plan names none, 0 to 2**31 - 1.
        instead: the song's whatever the plan names.

    Raises:
        UserError: naming the file, the key or line, and what is allowed.
    """
    try:
        return _read_song(parse_toml(text), seed, instead)
    except UserError as error:
        raise UserError(f"{name}: {error}") from error


def _read_song(table: Mapping[str, Any], seed: int, instead: int | None) -> Song:
    _check_keys(table, _SONG_KEYS, "")
    tempo = _tempo(table.get("tempo", 140), "tempo")
    tables = table.get("section", [])
    if not isinstance(tables, list) or not tables or not all(isinstance(entry, dict) for entry in tables):
        raise UserError("section: at least one [[section]] is needed, with kind and bars")
    if len(tables) > MAX_SECTIONS:
        raise UserError(f"section: {len(tables)} are more than {MAX_SECTIONS}")
    sections = tuple(_read_section(entry, f"section {number}: ", tempo) for number, entry in enumerate(tables, 1))
    song = Song(
        title=_text(table.get("title", "Untitled"), "title"),
        style=_style(table.get("style", "dubstep"), "style"),
        key=_key(table.get("key", "F minor"), "key"),
        seed=_integer(table.get("seed", seed), "seed", 0, MAX_SEED),
        sub=_flag(table.get("sub", True), "sub"),
        sections=sections,
        patches=_patches(table.get("patch", {})),
    )
    # Before anything is drawn by it.
    song = replace(song, seed=song.seed if instead is None else instead)
    song = number_sections(_with_progressions(song, tables))
    return replace(song, theme=_theme(table["theme"], song)) if "theme" in table else song


def _with_progressions(song: Song, tables: Sequence[Mapping[str, Any]]) -> Song:
    """The song with a progression drawn for each section whose table has none; a length that one names stays."""
    drawn = with_progressions(song, [index for index, entry in enumerate(tables) if "chords" not in entry])
    sections = list(drawn.sections)
    for index, entry in enumerate(tables):
        if "chord_beats" in entry:
            asked = replace(sections[index].constraints, chord_beats=song.sections[index].constraints.chord_beats)
            sections[index] = replace(sections[index], constraints=asked)
    return replace(drawn, sections=tuple(sections))


def _read_section(table: Mapping[str, Any], where: str, song_tempo: tuple[float, float]) -> Section:
    _check_keys(table, _SECTION_KEYS, where)
    kinds = ", ".join(SectionKind)
    for key in ("kind", "bars"):
        if key not in table:
            raise UserError(f"{where}{key} is missing; every section needs a kind ({kinds}) and bars (1-{MAX_BARS})")
    if table["kind"] not in tuple(SectionKind):
        raise UserError(f'{where}kind: "{table["kind"]}" is not known: use one of {kinds}')
    kind = SectionKind(table["kind"])
    defaults = default_constraints(kind)
    form: Any = table.get("form")
    by_part = isinstance(form, dict)
    constraints = Constraints(
        tempo_bpm=_tempo(table["tempo"], f"{where}tempo") if "tempo" in table else song_tempo,
        density=_density(table.get("density", {}), where, defaults.density),
        wobble=_wobble(table.get("wobble", {}), where, defaults.wobble),
        key=_key(table["key"], f"{where}key") if "key" in table else None,
        form=None if by_part or form is None else _form(form, f"{where}form"),
        forms=_forms(form, where) if by_part else PartForms(),
        form_bars=_integer(table.get("form_bars", 2), f"{where}form_bars", 1, MAX_FORM_BARS),
        temperature=_number(table.get("temperature", 1.0), f"{where}temperature", MIN_TEMPERATURE, MAX_TEMPERATURE),
        style=_style(table["style"], f"{where}style") if "style" in table else None,
        ranges=_ranges(table.get("range", {}), where),
        gap=_gap(table["gap"], f"{where}gap") if "gap" in table else None,
        chords=_chords(table["chords"], f"{where}chords") if "chords" in table else None,
        chord_beats=_chord_beats(table.get("chord_beats", USUAL_CHORD_BEATS), f"{where}chord_beats"),
        theme=_quote(table["theme"], f"{where}theme") if "theme" in table else None,
        passing=_flag(table["passing"], f"{where}passing") if "passing" in table else None,
    )
    bars = _integer(table["bars"], f"{where}bars", 1, MAX_BARS)
    return Section(kind, bars, constraints, name=_text(table.get("name", ""), f"{where}name"))


def _key(value: Any, where: str) -> str:
    text = _text(value, where)
    return str(_in(where, lambda: parse_key(text)))


def _density(value: Any, where: str, default: Density) -> Density:
    if _is_number(value):
        share = _number(value, f"{where}density", 0, 1)
        return Density(share, share, share, share)
    if not isinstance(value, dict):
        raise UserError(f"{where}density: write a number 0-1, or one a part such as {{ drums = 0.7, bass = 0.8 }}")
    _check_keys(value, tuple(PARTS), f"{where}density.")
    return Density(*(_number(value.get(part, default.of(part)), f"{where}density.{part}", 0, 1) for part in PARTS))


def _wobble(value: Any, where: str, default: WobbleRange) -> WobbleRange:
    if not isinstance(value, dict):
        raise UserError(f'{where}wobble: write a table such as {{ rates = ["1/8", "1/8T"], depth = 0.9 }}')
    _check_keys(value, _WOBBLE_KEYS, f"{where}wobble.")
    rates = value.get("rates", list(default.rates))
    if not isinstance(rates, list):
        raise UserError(f'{where}wobble.rates: write a list such as ["1/8", "1/16"]')
    for rate in rates:
        if rate not in RATES:
            raise UserError(f'{where}wobble.rates: "{rate}" is not a rate: use {", ".join(RATES)}')
    shape = value.get("shape", default.shape)
    if shape not in SHAPES:
        raise UserError(f'{where}wobble.shape: "{shape}" is not known: use one of {", ".join(SHAPES)}')
    depth = _number(value.get("depth", default.depth), f"{where}wobble.depth", 0, 1)
    return WobbleRange(tuple(rate for rate in RATES if rate in rates), depth, shape)


def _style(value: Any, where: str) -> dict[str, float]:
    if isinstance(value, str) or (isinstance(value, dict) and all(_is_number(weight) for weight in value.values())):
        return _in(where, lambda: check_style(value))
    raise UserError(f"{where}: write a name, or names with weights such as {{ dubstep = 0.8, classical = 0.2 }}")


def _ranges(value: Any, where: str) -> PitchRanges:
    if not isinstance(value, dict):
        raise UserError(f'{where}range: write a table such as {{ bass = ["C2", "C3"] }}')
    _check_keys(value, _PITCHED, f"{where}range.")
    return PitchRanges(**{part: _range(value[part], Part(part), f"{where}range.{part}") for part in value})


def _range(value: Any, part: Part, where: str) -> tuple[int, int]:
    if not isinstance(value, list) or len(value) != 2 or not all(isinstance(pitch, str) for pitch in value):
        raise UserError(f'{where}: write the lowest and the highest pitch, such as ["C2", "C3"]')
    low, high = (_in(where, partial(parse_pitch, pitch)) for pitch in value)
    _in(where, lambda: check_range(part, low, high))
    return low, high


def _forms(value: Mapping[str, Any], where: str) -> PartForms:
    _check_keys(value, tuple(PARTS), f"{where}form.")
    return PartForms(**{part: _form(value[part], f"{where}form.{part}") for part in value})


def _form(value: Any, where: str) -> str:
    if not (isinstance(value, str) and value.isascii() and value.isalpha() and value.isupper()):
        raise UserError(f'{where}: write capital letters, one for each stretch of bars, such as "ABAC"')
    return value


def _gap(value: Any, where: str) -> int:
    if not isinstance(value, str) or value not in GAPS:
        raise UserError(f"{where}: write one of {', '.join(GAPS)}")
    return GAPS[value]


def _chords(value: Any, where: str) -> str | None:
    text = _text(value, where)
    return None if text.strip().lower() == _FREE else _in(where, lambda: progression_text(text))


def _quote(value: Any, where: str) -> str:
    if value not in QUOTES:
        raise UserError(f"{where}: write one of {', '.join(QUOTES)}")
    return str(value)


def _theme(value: Any, song: Song) -> int:
    """The id of the section that a plan names: by its number from 1 or its name; false for none."""
    if value is False:
        return NO_THEME
    names = song.section_names()
    if isinstance(value, str) and value in names:
        return song.sections[names.index(value)].id
    number = _is_number(value) and value
    if isinstance(number, int) and 1 <= number <= len(names):
        return song.sections[number - 1].id
    raise UserError(f"theme: write the number of a section, 1-{len(names)}, one of {', '.join(names)}, or false")


def _patches(value: Any) -> PartPatches:
    if not isinstance(value, dict):
        raise UserError('patch: write a table such as { bass = "growl", lead = "pluck" }')
    _check_keys(value, tuple(PARTS), "patch.")
    return PartPatches(**{part: _patch(value[part], f"patch.{part}") for part in value})


def _patch(value: Any, where: str) -> str:
    name = _text(value, where)
    return _in(where, lambda: check_patch_name(name))


def _chord_beats(value: Any, where: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value not in CHORD_BEATS:
        raise UserError(f"{where}: write one of {', '.join(map(str, CHORD_BEATS))}")
    return value


def _flag(value: Any, where: str) -> bool:
    if not isinstance(value, bool):
        raise UserError(f"{where}: write true or false")
    return value


def _tempo(value: Any, where: str) -> tuple[float, float]:
    bounds = value if isinstance(value, list) else [value, value]
    if len(bounds) != 2 or not all(_is_number(bound) for bound in bounds):
        raise UserError(f"{where}: write a number, or [start, end] for a ramp, in BPM")
    start, end = (_number(bound, where, MIN_TEMPO_BPM, MAX_TEMPO_BPM, " BPM") for bound in bounds)
    return start, end


def _check_keys(table: Mapping[str, Any], allowed: tuple[str, ...], where: str) -> None:
    for key in table:
        if key not in allowed:
            raise UserError(f"{where}{key}: unknown key: use {', '.join(allowed)}")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _number(value: Any, where: str, low: float, high: float, unit: str = "") -> float:
    if not _is_number(value) or not low <= value <= high:
        raise UserError(f"{where}: {value!r} is not a number in {low:g}-{high:g}{unit}")
    return float(value)


def _integer(value: Any, where: str, low: int, high: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise UserError(f"{where}: {value!r} is not a whole number in {low}-{high}")
    return value


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str) or not value.isprintable():
        raise UserError(f"{where}: write a line of text in quotes")
    return value


def _in(where: str, read: Callable[[], _T]) -> _T:
    try:
        return read()
    except UserError as error:
        raise UserError(f"{where}: {error}") from error
