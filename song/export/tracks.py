"""A song laid out as tracks: each instrument's notes and controller values, in ticks from the song's start.

Ranges are checked and overlaps cut here. What a track becomes in a file is `song.export.midi`'s business.
"""

from collections.abc import Iterator

import msgspec

from song.export.wobble_cc import wobble_events
from song.notes import Note, Wobble, cut_overlaps
from song.parts import PART_SPECS, PARTS, SUB_CHANNEL, SUB_LOW, SUB_NAME, SUB_PROGRAM, Part
from song.sections import Song
from song.time import bars_to_ticks


class Track(msgspec.Struct, frozen=True):
    """The notes and controller changes of one instrument over the whole song.

    Attributes:
        name: the track's name in the MIDI file.
        channel: MIDI channel 0-15; 9 is the drum channel.
        program: General MIDI program, 0-127.
        notes: in time order; no two of one pitch sound at once, and none sounds past its section's end.
        controllers: changes as (tick, controller, value), the last two 0-127, in time order.
    """

    name: str
    channel: int
    program: int
    notes: tuple[Note, ...]
    controllers: tuple[tuple[int, int, int], ...] = ()


def lay_out(song: Song) -> tuple[Track, ...]:
    """A track for each part in the order of `PARTS`, silent ones too, and then the sub bass where it is on.

    The tracks of parts that are muted, or are not among those that have solo, are silent.

    Raises:
        ValueError: where a note or a wobble that would sound is out of range.
    """
    heard = song.heard_parts()
    notes = {part: _placed_notes(song, part) if part in heard else () for part in PARTS}
    curve = tuple(wobble_events(_placed_wobbles(song), notes[Part.BASS])) if Part.BASS in heard else ()
    tracks = [
        Track(spec.name, spec.channel, spec.program, notes[part], curve if part is Part.BASS else ())
        for part, spec in PART_SPECS.items()
    ]
    if song.sub:
        tracks.append(Track(SUB_NAME, SUB_CHANNEL, SUB_PROGRAM, sub_notes(notes[Part.BASS], song.length_ticks)))
    return tuple(tracks)


def _placed_notes(song: Song, part: Part) -> tuple[Note, ...]:
    placed: list[Note] = []
    for start_bar, section in zip(song.start_bars(), song.sections, strict=True):
        phrase = section.cell(part).phrase
        if phrase is None:
            continue
        for note in phrase.notes:
            _check_within(f"{part} pitch", note.pitch, 0, 127)
            _check_within(f"{part} velocity", note.velocity, 1, 127)
            _check_stretch(str(part), note, section.length_ticks)
        start_tick = bars_to_ticks(start_bar)
        placed.extend(
            Note(start_tick + note.onset_tick, note.pitch, note.duration_ticks, note.velocity)
            for note in cut_overlaps(phrase.notes, section.length_ticks)
        )
    return tuple(placed)


def _placed_wobbles(song: Song) -> Iterator[Wobble]:
    for start_bar, section in zip(song.start_bars(), song.sections, strict=True):
        phrase = section.cells.bass.phrase
        for wobble in phrase.wobbles if phrase is not None else ():
            _check_within("wobble depth", wobble.depth, 0, 1)
            _check_stretch("wobble", wobble, section.length_ticks)
            yield msgspec.structs.replace(
                wobble,
                onset_tick=bars_to_ticks(start_bar) + wobble.onset_tick,
                duration_ticks=min(wobble.duration_ticks, section.length_ticks - wobble.onset_tick),
            )


def sub_notes(bass: tuple[Note, ...], end_tick: int) -> tuple[Note, ...]:
    """The notes of the sub that is derived from a bass, none past `end_tick`."""
    lowered = tuple(
        msgspec.structs.replace(note, pitch=note.pitch - 12) if note.pitch - 12 >= SUB_LOW else note for note in bass
    )
    # Two pitches an octave apart may have met on one.
    return cut_overlaps(lowered, end_tick)


def _check_stretch(what: str, stretch: Note | Wobble, length_ticks: int) -> None:
    _check_within(f"{what} onset", stretch.onset_tick, 0, length_ticks - 1)
    if stretch.duration_ticks < 1:
        raise ValueError(f"{what} duration {stretch.duration_ticks} is below 1")


def _check_within(what: str, value: float, low: int, high: int) -> None:
    if not low <= value <= high:
        raise ValueError(f"{what} {value} is outside {low}-{high}")
