"""Small MIDI files of one track, for clips, drums and automation: written without music21, hundreds in the time of one.

They are of type 0, so that what is dropped on a channel is one thing. The whole arrangement is `song.export.midi`'s.
"""

import struct
from collections.abc import Iterable, Iterator, Sequence

from song.drums import KICK, canonical_drum
from song.export.arrangement import Arrangement, Stretch
from song.export.bundle_files import BundleFile
from song.export.drum_lanes import SAMPLE_PITCH, drum_lanes
from song.export.midi_text import midi_text
from song.export.tempo import microseconds
from song.export.tracks import Track
from song.export.wobble_cc import DEPTH_CONTROLLER, FILTER_CONTROLLER
from song.file_names import word_stem
from song.notes import Note
from song.parts import PART_SPECS, Part
from song.time import TICKS_PER_QUARTER, TICKS_PER_STEP

CONTROLLER_NAMES = {FILTER_CONTROLLER: "cutoff", DEPTH_CONTROLLER: "wobble_depth"}
_NAME_BYTES = 40
_DRUMS = PART_SPECS[Part.DRUMS]
# Not the drum channel, on which other programs take 60 for a bongo.
_SAMPLE = Track("", 0, 0, ())
_TRIGGER_VELOCITY = 100
# At one tick: facts, program, controllers, ends of notes, notes.
_FACT, _PROGRAM, _CONTROLLER, _NOTE_OFF, _NOTE_ON = range(5)

_Event = tuple[int, int, bytes]


def small_midi(
    name: str,
    track: Track,
    notes: Iterable[Note],
    controllers: Iterable[tuple[int, int, int]],
    tempi: Sequence[tuple[int, float]],
    end_tick: int,
) -> bytes:
    """A MIDI file of type 0, 96 ticks a quarter.

    Args:
        name: of its track.
        track: gives channel and program.
        notes: none of one pitch overlap.
        controllers: changes as (tick, controller, value), all 0-127.
        tempi: changes as (tick, quarters a minute).
        end_tick: where it ends.
    """
    channel = track.channel
    on, off, control = 0x90 | channel, 0x80 | channel, 0xB0 | channel
    events: list[_Event] = [
        (0, _FACT, _meta(3, midi_text(name))),
        (0, _FACT, _meta(0x58, bytes((4, 2, 24, 8)))),
        *((tick, _FACT, _meta(0x51, microseconds(bpm).to_bytes(3, "big"))) for tick, bpm in tempi),
        (0, _PROGRAM, bytes((0xC0 | channel, track.program))),
        *((tick, _CONTROLLER, bytes((control, controller, value))) for tick, controller, value in controllers),
    ]
    for note in notes:
        events.append((note.onset_tick, _NOTE_ON, bytes((on, note.pitch, note.velocity))))
        events.append((note.onset_tick + note.duration_ticks, _NOTE_OFF, bytes((off, note.pitch, 0))))
    events.sort(key=_place)
    body, at = bytearray(), 0
    for tick, _, data in events:
        body += _varying(tick - at) + data
        at = tick
    body += _varying(max(end_tick - at, 0)) + b"\xff\x2f\x00"
    return struct.pack(">4sIHHH4sI", b"MThd", 6, 0, 1, TICKS_PER_QUARTER, b"MTrk", len(body)) + bytes(body)


def section_clips(arrangement: Arrangement, folder: str = "clips") -> Iterator[BundleFile]:
    """A file for each section and track with notes, that begins with its first bar: clips/03-DROP_1__Bass.mid."""
    for clips in arrangement.clips:
        for clip in clips:
            if clip.notes:
                tempi = _tempi_within(arrangement, clip.stretch)
                end = clip.stretch.section.length_ticks
                data = small_midi(clip.name, clip.track, clip.notes, clip.controllers, tempi, end)
                yield BundleFile(f"{folder}/{clip_stem(clip.stretch, clip.track.name, arrangement)}.mid", data)


def clip_stem(stretch: Stretch, track: str, arrangement: Arrangement) -> str:
    """A clip's file name without suffix, in the order of sections: "03-DROP_1__Bass"."""
    digits = max(2, len(str(len(arrangement.stretches))))
    return f"{stretch.number:0{digits}}-{word_stem(stretch.name, _NAME_BYTES)}__{word_stem(track, _NAME_BYTES)}"


def drum_files(arrangement: Arrangement) -> Iterator[BundleFile]:
    """A file for each drum across the song, its notes on 60, which plays a sample as it is."""
    for lane in drum_lanes(_drum_track(arrangement).notes):
        path = f"drums/{word_stem(lane.label, _NAME_BYTES)}.mid"
        yield _whole_song(arrangement, path, lane.label, _SAMPLE, lane.notes)


def general_midi_drum_files(arrangement: Arrangement) -> Iterator[BundleFile]:
    """The same with each drum on its General MIDI note."""
    track = _drum_track(arrangement)
    for lane in drum_lanes(track.notes):
        notes = [note for note in track.notes if note.pitch == lane.pitch]
        path = f"drums-general-midi/{word_stem(lane.label, _NAME_BYTES)}.mid"
        yield _whole_song(arrangement, path, lane.label, track, notes)


def controller_files(arrangement: Arrangement) -> Iterator[BundleFile]:
    """A file for each controller that moves in a track, and nothing else in it: automation/Bass_CC74_cutoff.mid."""
    for track in arrangement.tracks:
        for controller in sorted({which for _, which, _ in track.controllers}):
            changes = [change for change in track.controllers if change[1] == controller]
            name = f"{track.name} CC{controller} {CONTROLLER_NAMES[controller]}"
            path = f"automation/{word_stem(name, _NAME_BYTES)}.mid"
            yield _whole_song(arrangement, path, name, track, (), changes)


def sidechain_file(arrangement: Arrangement) -> Iterator[BundleFile]:
    """A file of the kick's hits alone, a sixteenth each on 60: what a compressor on the other parts follows."""
    kicks = [lane for lane in drum_lanes(_drum_track(arrangement).notes) if canonical_drum(lane.pitch) == KICK]
    onsets = sorted({note.onset_tick for lane in kicks for note in lane.notes})
    ends = [*onsets[1:], arrangement.song.length_ticks]
    notes = [
        Note(onset, SAMPLE_PITCH, min(TICKS_PER_STEP, end - onset), _TRIGGER_VELOCITY)
        for onset, end in zip(onsets, ends, strict=False)
    ]
    if notes:
        yield _whole_song(arrangement, "SIDECHAIN.mid", "Side-chain", _SAMPLE, notes)


def _whole_song(
    arrangement: Arrangement,
    path: str,
    name: str,
    track: Track,
    notes: Iterable[Note],
    controllers: Iterable[tuple[int, int, int]] = (),
) -> BundleFile:
    data = small_midi(name, track, notes, controllers, arrangement.tempi, arrangement.song.length_ticks)
    return BundleFile(path, data)


def _tempi_within(arrangement: Arrangement, stretch: Stretch) -> list[tuple[int, float]]:
    within = [(tick - stretch.start_tick, bpm) for tick, bpm in arrangement.tempi
              if stretch.start_tick < tick < stretch.end_tick]  # fmt: skip
    return [(0, arrangement.tempo_at(stretch.start_tick)), *within]


def _drum_track(arrangement: Arrangement) -> Track:
    return next(track for track in arrangement.tracks if track.name == _DRUMS.name)


def _place(event: _Event) -> tuple[int, int]:
    return event[0], event[1]


def _meta(kind: int, data: bytes) -> bytes:
    return bytes((0xFF, kind)) + _varying(len(data)) + data


def _varying(number: int) -> bytes:
    """A number in groups of 7 bits, the highest first."""
    if number < 0x80:
        return bytes((number,))
    low, number = [number & 0x7F], number >> 7
    while number:
        low.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes(reversed(low))
