"""`dropsmith corpus starter` and `dropsmith corpus density`: a look at the starter set, and at how busy music is.

The parser that these are added to is `corpus.commands`; an error is a `song.errors.UserError` there.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.starter.notation import load_starter
from corpus.starter.phrases import StarterPhrase
from corpus.starter.tracks import StarterTrack
from song.command_line import add_force
from song.errors import UserError
from song.parts import PARTS, Part
from song.sections import SectionKind
from song.styles import STYLES
from song.terminal_text import say
from song.text_width import tabulate

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]


DRUM_SIGNS = "▁ to █: soft to loud"
NOTE_SIGNS = "█ ▓ ▒: an accent, a plain and a soft note; ─: held; under a bass its wobble, 8T for the rate 1/8T"


def add_commands(subparsers: "Subparsers") -> None:
    """Add `starter` and `density`; each sets `run`, a function of the parsed options that returns an exit code."""
    starter = subparsers.add_parser(
        "starter",
        help="the hand-written phrases and tracks: list, show, play-midi, variety",
        description="Look at the music that was written by hand for this project.",
    )
    _add_starter_commands(starter.add_subparsers(dest="starter_command", metavar="COMMAND", required=True))
    density = subparsers.add_parser(
        "density",
        help="onsets a bar by part and by section kind: what density means",
        description="Measure onsets a bar of the starter set and of MIDI and LMMS files, training pieces only.",
    )
    density.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="MIDI or LMMS files, or folders of them")
    density.add_argument("--no-starter", action="store_true", help="leave the starter set out")
    density.set_defaults(run=_density)
    _add_debug(density)


def _add_starter_commands(commands: "Subparsers") -> None:
    listed = commands.add_parser("list", help="every phrase and track, one a line")
    listed.add_argument("--part", choices=[part.value for part in PARTS], help="phrases of one part")
    listed.add_argument("--style", choices=STYLES, metavar="STYLE", help="what is of one style, such as riddim")
    listed.add_argument("--kind", choices=[kind.value for kind in SectionKind], help="what suits one section kind")
    listed.set_defaults(run=_list)
    show = commands.add_parser("show", help="a phrase as it is written and as a picture, or a track's form")
    show.add_argument("name", metavar="NAME", help="a phrase or a track, as starter list names it")
    show.set_defaults(run=_show)
    play = commands.add_parser("play-midi", help="write phrases and tracks into a MIDI file with markers")
    play.add_argument("out", type=Path, metavar="OUT.mid", help="the file to write")
    add_force(play)
    play.add_argument("names", nargs="*", metavar="NAME", help="phrases and tracks, in order; every phrase if none")
    play.set_defaults(run=_play_midi)
    variety = commands.add_parser("variety", help="how varied the phrases are")
    variety.set_defaults(run=_variety)
    for command in (listed, show, play, variety):
        _add_debug(command)


def _add_debug(command: argparse.ArgumentParser) -> None:
    """Take the option that every command takes; the caller looks for it."""
    command.add_argument("--debug", action="store_true", help="show where an error comes from")


def _list(options: argparse.Namespace) -> int:
    phrases, tracks = load_starter()
    rows = [
        (phrase.part.value, phrase.name, str(phrase.phrase.bars), *_tempo_and_styles(phrase), ", ".join(phrase.kinds))
        for phrase in phrases
        if options.part in (None, phrase.part)
        and (options.style is None or options.style in phrase.styles)
        and (options.kind is None or options.kind in phrase.kinds)
    ]
    rows += [
        ("track", track.name, str(sum(section.bars for section in track.sections)), *_tempo_and_styles(track), "")
        for track in tracks
        if options.part is None
        and (options.style is None or options.style in track.styles)
        and (options.kind is None or options.kind in {section.kind for section in track.sections})
    ]
    if not rows:
        raise UserError("nothing in the starter set is all of that: leave out --part, --style or --kind")
    say("\n".join(tabulate(("part", "name", "bars", "tempo", "styles", "kinds"), rows)))
    return 0


def _tempo_and_styles(one: StarterPhrase | StarterTrack) -> tuple[str, str]:
    tempo = f"{one.tempo_bpm:g}" if isinstance(one, StarterTrack) else f"{one.tempo_bpm[0]:g}-{one.tempo_bpm[1]:g}"
    return tempo, ", ".join(one.styles)


def _show(options: argparse.Namespace) -> int:
    from corpus.starter.rolls import phrase_roll, track_form

    phrases, tracks = load_starter()
    by_name = {phrase.name: phrase for phrase in phrases}
    (one,) = _find([options.name], phrases, tracks)
    if isinstance(one, StarterTrack):
        say("\n".join(track_form(one, by_name)))
        return 0
    playing = [track.name for track in tracks if one.name in track.phrase_names()]
    say(_written(one.source))
    say("\n".join(phrase_roll(one)))
    say(f"\n{DRUM_SIGNS if one.part is Part.DRUMS else NOTE_SIGNS}")
    say(f"played by {', '.join(playing)}" if playing else "no track plays it")
    return 0


def _find(
    names: Sequence[str], phrases: Sequence[StarterPhrase], tracks: Sequence[StarterTrack]
) -> list[StarterPhrase | StarterTrack]:
    """The phrases and tracks that some names stand for, in their order.

    Raises:
        UserError: for a name that nothing has.
    """
    from difflib import get_close_matches

    known: dict[str, StarterPhrase | StarterTrack] = {phrase.name: phrase for phrase in phrases}
    known.update((track.name, track) for track in tracks)
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, n=3)
            hint = f"did you mean {' or '.join(near)}?" if near else "dropsmith corpus starter list names them all"
            raise UserError(f'nothing in the starter set is called "{name}": {hint}')
    return [known[name] for name in names]


def _written(source: str) -> str:
    """A phrase as its file has it: the remarks right above its heading, and all up to the next blank line."""
    path, _, number = source.rpartition(":")
    lines = Path(path).read_text(encoding="utf-8-sig").splitlines()
    first = int(number) - 1
    last = next((index for index in range(first, len(lines)) if not lines[index].strip()), len(lines))
    while first and lines[first - 1].startswith("#"):
        first -= 1
    return "\n".join(lines[first:last]) + "\n"


def _play_midi(options: argparse.Namespace) -> int:
    from corpus.starter.song import starter_song
    from song.export.midi import write_midi
    from song.outputs import MIDI_FILE, check_output

    phrases, tracks = load_starter()
    chosen = _find(options.names, phrases, tracks) if options.names else list(phrases)
    check_output(options.out, MIDI_FILE, force=options.force)
    song = starter_song(chosen, {phrase.name: phrase for phrase in phrases}, options.out.stem)
    write_midi(song, options.out)
    say(f"{options.out}: {song.bars} bars, a marker at each of {len(song.sections)} sections")
    return 0


def _variety(_options: argparse.Namespace) -> int:
    from rich.console import Console

    from corpus.starter.variety import spreads, variety
    from corpus.starter.variety_report import spread_table, variety_table

    phrases, _ = load_starter()
    console = Console()
    found = variety(phrases)
    console.print(variety_table(found))
    for part, one in found.items():
        for first, second in one.twins:
            console.print(f"{part}: {first} and {second} are the same music: rewrite one", markup=False)
    console.print(spread_table(spreads(phrases, "kinds"), "section kind"))
    console.print(spread_table(spreads(phrases, "styles"), "style"))
    return 0


def _density(options: argparse.Namespace) -> int:
    from rich.console import Console

    from corpus.density import density_table, onset_counts, section_onsets, section_table
    from corpus.readers.sources import read_paths
    from corpus.starter.pieces import starter_pieces

    pieces, _ = read_paths(options.paths)
    pieces = [*([] if options.no_starter else starter_pieces()), *pieces]
    training = [piece for piece in pieces if piece.split == "train"]
    console = Console()
    console.print(density_table(onset_counts(training)))
    console.print(section_table(section_onsets(pieces, "dubstep"), "dubstep"))
    return 0
