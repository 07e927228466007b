"""A MIDI file as a song: its markers become sections, its tracks cells, and what it does the constraints.

`corpus` reads the file and tells which track is which part; it is imported when it is needed.
"""

from bisect import bisect_left
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import msgspec

from song.errors import UserError
from song.files import read_file
from song.limits import MAX_BARS, MAX_NAME, MAX_SECTIONS, MAX_TEMPO_BPM, MIN_TEMPO_BPM
from song.notes import RATES, Note, Phrase, Wobble
from song.parts import PARTS, Part, onsets_to_density
from song.scales import TONIC_NAMES
from song.sections import (
    Cell,
    Cells,
    Constraints,
    Density,
    Section,
    SectionKind,
    Song,
    Take,
    WobbleRange,
    number_sections,
)
from song.seeds import fresh_seed
from song.time import TICKS_PER_BAR

if TYPE_CHECKING:
    from corpus.tracks import Recording

IMPORTED = "import"
"""The name in place of an engine's, in the takes of such a song."""

_T = TypeVar("_T", Note, Wobble)
_BLOCK_BARS = 16


class ImportedSection(msgspec.Struct, frozen=True):
    """Bars of a file that become a section; `start_bar` counts from 0, and the name is empty where none was given."""

    start_bar: int
    bars: int
    kind: SectionKind
    name: str = ""


def song_from_midi(path: Path) -> Song:
    """The song in a MIDI file, with a seed that no other song has.

    The main tempo holds throughout; what does not fit into four parts is left out.

    Raises:
        UserError: where it cannot be read, or holds no music that can be used.
    """
    from corpus.readers.midi_files import MAX_BYTES, read_midi

    data = read_file(path, MAX_BYTES)
    try:
        music = read_midi(data)
    except UserError as error:
        raise UserError(f"cannot open {path.name}: {error}") from error
    return song_from_recording(music, path)


def song_from_recording(music: "Recording", path: Path) -> Song:
    """The song in a file whose parts are unknown, with a seed that no other song has.

    Args:
        music: the file's music.
        path: names it, and the song.

    Raises:
        UserError: where it holds no music that can be used.
    """
    from corpus.analysis.arranging import arrange
    from corpus.analysis.structure import kind_of

    try:
        arranged = arrange(music.tracks, music.markers)
        if not arranged:
            raise UserError("no track in it is drums, bass, chords or lead: name the tracks by what they play")
    except UserError as error:
        raise UserError(f"cannot open {path.name}: {error}") from error
    main = arranged[0]
    end = main.start_bar + main.bars
    named = [(bar, name, kind_of(name)) for bar, name in music.markers if bar < end]
    if named:
        stretches = _marked(named, main.start_bar, end)
    else:
        guessed = [(one.start_bar + main.start_bar, one.bars, one.kind) for one in main.sections]
        stretches = _unmarked(guessed, main.start_bar, end)
    short = _short_enough(stretches)
    if len(short) > MAX_SECTIONS:
        reason = (
            f"it has {end} bars in {len(short)} sections, and a song {MAX_SECTIONS} at most: cut it down to the music"
        )
        raise UserError(f"cannot open {path.name}: {reason}")
    tempo = min(MAX_TEMPO_BPM, max(MIN_TEMPO_BPM, round(music.tempo_bpm, 2)))
    sections = tuple(_section(stretch, main.parts, main.start_bar, tempo) for stretch in short)
    tonic = main.tonic_class
    key = f"{TONIC_NAMES[tonic]} {'minor' if main.minor else 'major'}" if tonic is not None else Song().key
    title = "".join(letter if letter.isprintable() else " " for letter in path.stem)
    return number_sections(Song(title=title, key=key, seed=fresh_seed(), sections=sections))


def _marked(markers: Sequence[tuple[int, str, SectionKind | None]], start: int, end: int) -> list[ImportedSection]:
    """A section from each marker to the next; one whose name tells no kind is of the kind before it."""
    stretches: list[ImportedSection] = []
    kind = SectionKind.INTRO
    if markers[0][0] > start:
        stretches.append(ImportedSection(start, markers[0][0] - start, kind))
    for index, (bar, name, told) in enumerate(markers):
        stop = markers[index + 1][0] if index + 1 < len(markers) else end
        kind = told or kind
        if stop > bar:
            stretches.append(ImportedSection(bar, stop - bar, kind, " ".join(name.split())))
    return stretches


def _unmarked(guessed: Sequence[tuple[int, int, SectionKind]], start: int, end: int) -> list[ImportedSection]:
    """The sections that the music speaks for; where it speaks for none, a break in blocks."""
    stretches: list[ImportedSection] = []
    at = start
    for bar, bars, kind in [*guessed, (end, 0, SectionKind.BREAK)]:
        while at < bar:
            length = min(_BLOCK_BARS, bar - at)
            stretches.append(ImportedSection(at, length, SectionKind.BREAK))
            at += length
        if bars:
            stretches.append(ImportedSection(bar, bars, kind))
            at = bar + bars
    return stretches


def _short_enough(stretches: Sequence[ImportedSection]) -> list[ImportedSection]:
    pieces = []
    for one in stretches:
        for first in range(0, one.bars, MAX_BARS):
            pieces.append(ImportedSection(one.start_bar + first, min(MAX_BARS, one.bars - first), one.kind, one.name))
    return pieces


def _section(stretch: ImportedSection, parts: dict[Part, Phrase], start_bar: int, tempo_bpm: float) -> Section:
    phrases = {part: _cut(parts[part], stretch, start_bar) for part in PARTS if part in parts}
    density = Density(
        **{
            part.value: round(onsets_to_density(part, phrases[part].onsets_per_bar()), 2) if part in phrases else 0.0
            for part in PARTS
        }
    )
    wobbles = phrases[Part.BASS].wobbles if Part.BASS in phrases else ()
    used = {wobble.rate for wobble in wobbles}
    wobble = WobbleRange(
        tuple(rate for rate in RATES if rate in used),
        round(max(wobble.depth for wobble in wobbles), 2) if wobbles else WobbleRange().depth,
        wobbles[0].shape if wobbles else WobbleRange().shape,
    )
    cells = Cells(
        **{part.value: Cell((Take(phrase, engine=IMPORTED),), 0) for part, phrase in phrases.items() if phrase.notes}
    )
    name = "" if stretch.name.lower().rstrip(" 0123456789") == stretch.kind.value else stretch.name[:MAX_NAME]
    constraints = Constraints(tempo_bpm=(tempo_bpm, tempo_bpm), density=density, wobble=wobble)
    return Section(stretch.kind, stretch.bars, constraints, cells, name)


def _cut(phrase: Phrase, stretch: ImportedSection, start_bar: int) -> Phrase:
    """The bars of a phrase that begins with a bar of the file, as far as it has them; what rings on is cut."""
    first = (stretch.start_bar - start_bar) * TICKS_PER_BAR
    end = first + stretch.bars * TICKS_PER_BAR
    return Phrase(stretch.bars, _within(phrase.notes, first, end), _within(phrase.wobbles, first, end))


def _within(all_: Sequence[_T], first: int, end: int) -> tuple[_T, ...]:
    """Those, of some in order, that begin between two ticks, counted from the first of these."""
    start, stop = (bisect_left(all_, tick, key=_onset) for tick in (first, end))
    return tuple(_shifted(one, first, end) for one in all_[start:stop])


def _onset(one: Note | Wobble) -> int:
    return one.onset_tick


def _shifted(one: _T, first: int, end: int) -> _T:
    length = min(one.duration_ticks, end - one.onset_tick)
    return msgspec.structs.replace(one, onset_tick=one.onset_tick - first, duration_ticks=length)
