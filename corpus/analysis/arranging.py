"""Turns the tracks of one source into the parts of pieces: roles, key, and the bars that hold music."""

from collections.abc import Mapping, Sequence

import msgspec

from corpus.analysis.keys import find_key_and_doubt, signed_key
from corpus.analysis.structure import estimate_sections, sections_of
from corpus.analysis.timing import END_SLACK_TICKS
from corpus.analysis.voices import Detail, Place, Voices, voices_of
from corpus.analysis.wobble_reading import wobble_lane
from corpus.pieces import Grace, PieceSection
from corpus.tracks import KeyChange, RawTrack
from song.notes import Note, Phrase, cut_overlaps
from song.parts import Part
from song.time import TICKS_PER_BAR, bars_to_ticks


class ArrangedParts(msgspec.Struct, frozen=True):
    """The music of one piece, its silent bars at both ends cut off.

    Attributes:
        start_bar: the bar of the source that it begins with, from 0.
        bars: length of every phrase in `parts`.
        parts: true pitches; onsets lie on multiples of 4 ticks.
        tonic_class, minor, key_ambiguous: its key, as its signature says, else as `corpus.analysis.keys` finds it.
        sections: as its markers tell, else as `corpus.analysis.structure.estimate_sections` guesses.
        micro, graces, wobble_phases: as in `corpus.pieces.Piece`.
    """

    start_bar: int
    bars: int
    parts: dict[Part, Phrase]
    tonic_class: int | None
    minor: bool
    sections: tuple[PieceSection, ...]
    micro: dict[Part, tuple[int, ...]]
    graces: tuple[Grace, ...]
    wobble_phases: tuple[float, ...]
    key_ambiguous: bool = False


def arrange(
    tracks: Sequence[RawTrack],
    markers: Sequence[tuple[int, str]] = (),
    signatures: Sequence[KeyChange] = (),
    *,
    is_ours: bool = False,
    roles: Sequence[Part | None] | None = None,
) -> list[ArrangedParts]:
    """The pieces in some tracks that sound together: the main one, then what further tracks play in its stead.

    Args:
        tracks: as they were played, from the source's first bar line.
        markers: (bar from 0, name), in order.
        signatures: of keys, in order.
        is_ours: whether Dropsmith wrote the source.
        roles: the role of each track, where they are known already.
    """
    sets = voices_of(tracks, roles)
    extents = [_extent(voices) for voices in sets]
    sections = _sections(sets, extents, markers)
    found = [_arranged(voices, extent, sections) for voices, extent in zip(sets, extents, strict=True)]
    if found and signatures:
        end_tick = bars_to_ticks(found[0].start_bar + found[0].bars)
        notes = {part: phrase.notes for part, phrase in found[0].parts.items()}
        signed = signed_key(signatures, end_tick, notes, is_ours=is_ours)
        if signed is not None:
            found[0] = msgspec.structs.replace(
                found[0], tonic_class=signed.tonic_class, minor=signed.is_minor, key_ambiguous=False
            )
    # Voices that are left over are in the key of the whole, which is heard best in all the parts together.
    return [
        msgspec.structs.replace(
            one, tonic_class=found[0].tonic_class, minor=found[0].minor, key_ambiguous=found[0].key_ambiguous
        )
        if found[0].tonic_class is not None
        else one
        for one in found
    ]


def _sections(
    sets: Sequence[Voices], extents: Sequence[tuple[int, int]], markers: Sequence[tuple[int, str]]
) -> tuple[PieceSection, ...]:
    """The sections of the whole, in bars of the source: as its markers tell, else as its main parts sound."""
    if not sets:
        return ()
    start, stop = extents[0]
    named = sections_of(markers, max(stop for _, stop in extents))
    if named:
        return named
    first = bars_to_ticks(start)
    moved = {
        part: [msgspec.structs.replace(note, onset_tick=note.onset_tick - first) for note in notes]
        for part, notes in sets[0].parts.items()
    }
    return tuple(_shifted(section, start) for section in estimate_sections(moved, stop - start))


def _extent(voices: Voices) -> tuple[int, int]:
    """The first bar of some parts and the one after their last."""
    start = min(notes[0].onset_tick for notes in voices.parts.values()) // TICKS_PER_BAR
    last = max(notes[-1].onset_tick for notes in voices.parts.values()) // TICKS_PER_BAR + 1
    # Drums ring out by themselves, and end with the bar that they are hit in.
    ends = [
        note.onset_tick + note.duration_ticks
        for part, notes in voices.parts.items()
        if part is not Part.DRUMS
        for note in notes
    ]
    stop = max(last, -(-(max(ends, default=0) - END_SLACK_TICKS) // TICKS_PER_BAR))
    # Bars of rest and a four-bar phrase keep their places: a piece begins where a group of four does.
    return start - start % 4, stop


def _shifted(section: PieceSection, bars: int) -> PieceSection:
    return msgspec.structs.replace(section, start_bar=section.start_bar + bars)


def _within(sections: Sequence[PieceSection], start: int, stop: int) -> tuple[PieceSection, ...]:
    """The sections of the bars from start to stop, counted from start."""
    kept = []
    for section in sections:
        low, high = max(section.start_bar, start), min(section.start_bar + section.bars, stop)
        if high > low:
            kept.append(PieceSection(low - start, high - low, section.kind, section.estimated))
    return tuple(kept)


def _arranged(voices: Voices, extent: tuple[int, int], sections: Sequence[PieceSection]) -> ArrangedParts:
    start, stop = extent
    first = bars_to_ticks(start)
    phrases = {part: _phrase(notes, start, stop) for part, notes in voices.parts.items()}
    micro = {part: _micro(phrase.notes, first, voices.details[part]) for part, phrase in phrases.items()}
    phases: tuple[float, ...] = ()
    if Part.BASS in phrases:
        bass, details = phrases[Part.BASS], voices.details[Part.BASS]
        heard = [details[note.onset_tick + first, note.pitch].wobbles for note in bass.notes]
        wobbles, phases = wobble_lane(bass.notes, heard)
        phrases[Part.BASS] = msgspec.structs.replace(bass, wobbles=wobbles)
    notes = {part: phrase.notes for part, phrase in phrases.items()}
    tonic, minor, ambiguous = find_key_and_doubt(notes)
    return ArrangedParts(
        start_bar=start,
        bars=stop - start,
        parts=phrases,
        tonic_class=tonic,
        minor=minor,
        sections=_within(sections, start, stop),
        micro={part: offsets for part, offsets in micro.items() if any(offsets)},
        graces=tuple(msgspec.structs.replace(grace, onset_tick=grace.onset_tick - first) for grace in voices.graces),
        wobble_phases=phases if any(phases) else (),
        key_ambiguous=ambiguous,
    )


def _phrase(notes: Sequence[Note], start_bar: int, stop_bar: int) -> Phrase:
    first = bars_to_ticks(start_bar)
    moved = tuple(Note(note.onset_tick - first, note.pitch, note.duration_ticks, note.velocity) for note in notes)
    bars = stop_bar - start_bar
    return Phrase(bars, cut_overlaps(moved, bars_to_ticks(bars)))


def _micro(notes: Sequence[Note], first_tick: int, details: Mapping[Place, Detail]) -> tuple[int, ...]:
    return tuple(details[note.onset_tick + first_tick, note.pitch].micro for note in notes)
