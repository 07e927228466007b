"""`dropsmith render` and `dropsmith patches`: their arguments, and what they tell."""

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from song.command_line import OneLineParser, add_force
from song.errors import UserError
from song.files import read_file, write_atomically
from song.outputs import FileKind, check_apart, check_output
from song.parts import PARTS, Part
from song.sections import Song
from song.store import load_song
from song.terminal_text import say
from song.toml_text import MAX_TOML_BYTES
from sound.audio_files import AUDIO_KINDS, kind_of
from sound.bounce import DROP_LUFS, MAX_LUFS, MIN_LUFS, bounce
from sound.loudness import SILENT_LUFS
from sound.patch import SHIPPED_FOLDER, Patches, load_patch, patch_names
from sound.rates import SAMPLE_RATE
from sound.render import Rendering, Stretch, section_of, whole_song
from sound.voices.one_shots import load_one_shots

_ENDINGS = "|".join(one.kind.suffixes[0] for one in AUDIO_KINDS)
_A_LINE_SECONDS = 0.1
_MOST_LINES = 5
_PATCH_FILE = FileKind("a patch", (".toml",), lambda head: b"part" in head and b"[sound]" in head)


def render_main(words: Sequence[str], patch_folder: Path | None = None) -> int:
    """Run `dropsmith render`; returns the exit code.

    Args:
        words: its arguments.
        patch_folder: the user's own patches.

    Raises:
        UserError: for whatever the user can put right.
    """
    options = _render_parser().parse_args(list(words))
    song = load_song(options.song)
    stretch = whole_song(song) if options.section is None else _section(song, options.section)
    write_sound(
        song,
        options.out,
        stretch=stretch,
        stems=options.stems,
        lufs=options.loudness,
        force=options.force,
        patch_folder=options.patches or patch_folder,
        one_shots=options.one_shots,
    )
    return 0


def patches_main(words: Sequence[str], patch_folder: Path | None = None) -> int:
    """Run `dropsmith patches`; returns the exit code.

    Args:
        words: its arguments.
        patch_folder: the user's own patches.

    Raises:
        UserError: for whatever the user can put right.
    """
    parser = OneLineParser(
        prog="dropsmith patches", description="List the sounds that parts can have, or copy one to change it."
    )
    parser.add_argument("--copy", nargs=2, metavar=("NAME", "DIR"), help="put a patch into a folder of your own")
    parser.add_argument("--patches", type=Path, metavar="DIR", help="your folder, in place of the usual one")
    add_force(parser)
    parser.add_argument("--debug", action="store_true", help="show where an error comes from")
    options = parser.parse_args(list(words))
    folder = options.patches or patch_folder
    paths = patch_names(folder)
    if options.copy is not None:
        _copy_patch(options.copy[0], Path(options.copy[1]), paths, force=options.force)
        return 0
    loaded = [(load_patch(path), path) for path in paths.values()]
    width = max(len(patch.name) for patch, _ in loaded)
    for part in PARTS:
        say(f"{part}:")
        for patch, path in loaded:
            if patch.part is part:
                own = "" if path.parent == SHIPPED_FOLDER else f"  ({path})"
                say(f"  {patch.name:{width}}  {patch.about}{own}")
    if folder is not None:
        say(f"Your own: {folder}")
    return 0


def _copy_patch(name: str, folder: Path, paths: Mapping[str, Path], *, force: bool) -> None:
    if name not in paths:
        raise UserError(f"there is no patch {name}: `dropsmith patches` lists those there are")
    if not folder.is_dir():
        raise UserError(f"there is no folder {folder}: make it first")
    target = folder / paths[name].name
    check_output(target, _PATCH_FILE, force=force)
    write_atomically(target, read_file(paths[name], MAX_TOML_BYTES))
    say(f"{target}: change it, and songs that have {name} sound so", sys.stderr)


def write_sound(
    song: Song,
    out: Path,
    *,
    stretch: Stretch | None = None,
    stems: Path | None = None,
    lufs: float = DROP_LUFS,
    force: bool = False,
    patch_folder: Path | None = None,
    one_shots: Path | None = None,
) -> None:
    """Render a song to files and tell how far it is.

    Args:
        song: with notes in it.
        out: the mix's file.
        stretch: what of the song; None for all of it.
        stems: a folder for a file a part; None for no stems.
        lufs: the loudness of the loudest drop, -40 to -6.
        force: whether files that are there may be written over.
        patch_folder: the user's own patches.
        one_shots: a folder of the user's own drums.

    Raises:
        UserError: where it cannot be done; nothing is half written then.
    """
    if not MIN_LUFS <= lufs <= MAX_LUFS:
        raise UserError(f"--loudness {lufs:g} is outside {MIN_LUFS:g} to {MAX_LUFS:g} LUFS")
    kind = kind_of(out)
    check_output(out, kind.kind, force=force)
    stem_paths: dict[Part, Path] = {}
    if stems is not None:
        stem_paths = {part: stems / f"{out.stem}-{part.value}{out.suffix}" for part in PARTS}
        for path in stem_paths.values() if stems.is_dir() else ():
            check_output(path, kind.kind, force=force)
        check_apart({"--out": out, **{f"the stem of the {part}": path for part, path in stem_paths.items()}})
    started = time.monotonic()
    patches = Patches(song, patch_folder)
    wanted = whole_song(song) if stretch is None else stretch
    own = None if one_shots is None else load_one_shots(one_shots)
    for line in own.refused[:_MOST_LINES] if own is not None else ():
        say(f"left out: {line}", sys.stderr)
    if own is not None and len(own.refused) > _MOST_LINES:
        say(f"left out: {len(own.refused) - _MOST_LINES} more", sys.stderr)
    if stems is not None:
        # Last, so that nothing is left behind by what is refused.
        try:
            stems.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UserError(f"cannot make the folder {stems}: {error.strerror or error}") from error
    rendering = Rendering(song, patches, wanted, stems=bool(stem_paths), one_shots=own.sounds if own else None)
    try:
        done = bounce(song, rendering, out, stem_paths, lufs, _progress())
    finally:
        # What is told next, an error too, begins on a line of its own.
        if sys.stderr.isatty():
            sys.stderr.write("\r\x1b[K")
    seconds = done.frames / SAMPLE_RATE
    loudness = "silent" if done.lufs == SILENT_LUFS else f"{done.lufs:.1f} LUFS"
    say(f"{out}: {seconds:.1f} s, {loudness}, in {time.monotonic() - started:.1f} s", sys.stderr)


def _section(song: Song, name: str) -> Stretch:
    names = song.section_names()
    if name not in names:
        raise UserError(f'there is no section "{name}": use one of {", ".join(names)}')
    return section_of(song, names.index(name))


def _progress() -> Callable[[float], None]:
    """A line that is drawn over on a terminal, else nothing."""
    told = 0.0

    def tell(share: float) -> None:
        nonlocal told
        if sys.stderr.isatty() and (time.monotonic() - told > _A_LINE_SECONDS):
            told = time.monotonic()
            sys.stderr.write(f"\rrendering {share:4.0%}")
            sys.stderr.flush()

    return tell


def _render_parser() -> OneLineParser:
    parser = OneLineParser(
        prog="dropsmith render",
        usage=f"dropsmith render SONG.drop --out FILE{_ENDINGS} [options]",
        description="Render a song to a sound file, with Dropsmith's own synthesizer.",
    )
    parser.add_argument("song", type=Path, metavar="SONG.drop", help="the song")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help=f"the file to write: {_ENDINGS}")
    parser.add_argument("--stems", type=Path, metavar="DIR", help="a file for each part too; they add up to the mix")
    parser.add_argument("--section", metavar="NAME", help='one section alone, such as "DROP 1"')
    parser.add_argument(
        "--loudness",
        type=float,
        default=DROP_LUFS,
        metavar="LUFS",
        help=f"of the loudest drop, {MIN_LUFS:g} to {MAX_LUFS:g} ({DROP_LUFS:g})",
    )
    parser.add_argument("--patches", type=Path, metavar="DIR", help="a folder of your own patches")
    parser.add_argument("--one-shots", type=Path, metavar="DIR", help="a folder of your own drums, named after them")
    add_force(parser)
    parser.add_argument("--debug", action="store_true", help="show where an error comes from")
    return parser
