"""`dropsmith export`: a song that is finished as a folder of files for other programs."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from song.command_line import OneLineParser, add_force
from song.errors import UserError
from song.export.bundle import Written, check_bundle, write_bundle
from song.export.formats import ALL, bundle_text, chosen_formats, read_keys
from song.files import SONG_SUFFIX
from song.parts import PARTS
from song.sections import Cell, Song
from song.store import load_song
from song.terminal_text import say
from tui.export.credits import training_credits
from tui.export.sounds import samples_for


def export_parser() -> OneLineParser:
    """The arguments of the command."""
    parser = OneLineParser(
        prog="dropsmith export",
        usage="dropsmith export SONG.drop [--out DIR] [--only flp,midi,...] [options]",
        description="Write a song as a folder of files for FL Studio and other programs. " + bundle_text() + ".",
    )
    parser.add_argument("song", type=Path, metavar="SONG.drop")
    parser.add_argument("--out", type=Path, default=Path(), metavar="DIR", help="where the folder goes (here)")
    add_only(parser)
    add_force(parser)
    parser.add_argument("--debug", action="store_true", help="show where an error comes from")
    return parser


def add_only(parser: argparse.ArgumentParser) -> None:
    """Add the option that chooses formats."""
    parser.add_argument(
        "--only", default=ALL, metavar="KEYS", help=f"formats, with commas between ({ALL}: every usual one)"
    )


def export(arguments: Sequence[str]) -> int:
    """Export a song; returns the exit code.

    Raises:
        UserError: where it cannot be read, has no note that sounds, or cannot be written.
    """
    options = export_parser().parse_args(arguments)
    formats = chosen_formats(read_keys(options.only))
    path: Path = options.song
    if path.suffix.lower() != SONG_SUFFIX:
        raise UserError(f"{path} is no song: songs end in {SONG_SUFFIX}; dropsmith open takes other files")
    song = load_song(path)
    check_sounds(song, path)
    check_bundle(song, options.out, force=options.force)
    written = write_bundle(
        song,
        options.out,
        formats,
        force=options.force,
        credits=training_credits(),
        samples=samples_for(song, formats),
    )
    for line in told(written):
        say(line)
    return 0


def check_sounds(song: Song, name: object) -> None:
    """See that a song has a note that is heard.

    Raises:
        UserError: where every cell is empty, or every part that is not is muted.
    """
    heard = song.heard_parts()
    with_notes = {part for section in song.sections for part in PARTS if _has_notes(section.cell(part))}
    if with_notes & set(heard):
        return
    if with_notes:
        raise UserError(f"{name}: every part that has notes is muted: let one be heard first")
    raise UserError(f"{name} has no notes to export: fill its cells first, in the app or with dropsmith compose")


def _has_notes(cell: Cell) -> bool:
    return cell.phrase is not None and bool(cell.phrase.notes)


def told(written: Written) -> list[str]:
    """Lines that say what was written, and what was kept of an older bundle."""
    lines = [f"{written.folder}: {written.files} files"]
    if written.kept:
        shown = ", ".join(written.kept[:5]) + (" and others" if len(written.kept) > 5 else "")
        lines.append(f"{len(written.kept)} of the files there were yours, and are kept: {shown}")
    return lines
