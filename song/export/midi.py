"""A song as a MIDI file: the song becomes a music21 score, and a walker of ours turns the score into tracks.

music21's own export is left aside: it drops section markers and controllers, merges tracks that share a program, and
looks at every note again for each note. Its objects, its tempo, meter and key converters and its MIDI writer are used.

music21 takes long to import, so it is imported inside functions, and nowhere else in `song`.
"""

import functools
import operator
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from song.export.collector import collector_paused
from song.export.midi_text import midi_text
from song.export.section_lines import key_text, kind_text
from song.export.tempo import tempo_changes
from song.export.tracks import Track, lay_out
from song.files import write_atomically
from song.notes import Note
from song.scales import Key, parse_key
from song.sections import Song
from song.time import QUARTERS_PER_BAR, TICKS_PER_QUARTER

# At one tick the instrument is known before it sounds, and a note ends before it starts again.
_META, _PROGRAM, _CONTROLLER, _NOTE_OFF, _NOTE_ON = range(5)

_Timed = tuple[int, int, Any]
"""Tick, rank among the events of one tick, and a `music21.midi.MidiEvent`."""


def assemble(song: Song, tracks: Sequence[Track] | None = None) -> bytes:
    """A song as the bytes of a type 1 MIDI file, 96 ticks a quarter; the same song gives the same bytes.

    Args:
        song: the song.
        tracks: what `song.export.tracks.lay_out` makes of it, where that is known.

    Raises:
        ValueError: where a note, a wobble or a tempo is out of range.
        UserError: where a key is not known.
    """
    with collector_paused():
        data: bytes = to_midi_file(to_score(song, tracks), song.length_ticks).writestr()
    return data


def write_midi(song: Song, path: Path) -> None:
    """Assemble a song and put it in a file, atomically.

    Raises:
        UserError: where the file cannot be written; an old one stays as it was.
        ValueError: as `assemble` does.
    """
    write_atomically(path, assemble(song))


def to_score(song: Song, tracks: Sequence[Track] | None = None) -> Any:
    """A song as a `music21.stream.Score`: a conductor part, then one part for each track of `song.export.tracks`.

    Raises:
        ValueError: where a note, a wobble or a tempo is out of range.
        UserError: where a key is not known.
    """
    from music21 import stream

    score = stream.Score()
    score.insert(0, _conductor_part(song))
    for track in lay_out(song) if tracks is None else tracks:
        score.insert(0, _instrument_part(track))
    return score


def to_midi_file(score: Any, end_tick: int) -> Any:
    """A score of `to_score` as a `music21.midi.MidiFile`, in which every track ends on `end_tick`."""
    from music21.midi import MidiFile

    file = MidiFile()
    file.ticksPerQuarterNote = TICKS_PER_QUARTER
    conductor, *instruments = list(score.parts)
    file.tracks.append(_midi_track(0, conductor.partName, _conductor_events(conductor), end_tick))
    for index, part in enumerate(instruments, 1):
        file.tracks.append(_midi_track(index, part.partName, _instrument_events(part), end_tick))
    return file


def _conductor_part(song: Song) -> Any:
    from music21 import expressions, meter, stream, tempo

    part = stream.Part()
    part.partName = song.title
    part.insert(0, meter.TimeSignature(f"{QUARTERS_PER_BAR}/4"))
    keys = [parse_key(song.key_of(index)) for index in range(len(song.sections))] or [parse_key(song.key)]
    _insert_key(part, 0, keys[0])
    for index, (section, name, start_bar) in enumerate(
        zip(song.sections, song.section_names(), song.start_bars(), strict=True)
    ):
        start_quarter = start_bar * QUARTERS_PER_BAR
        if index and keys[index] != keys[index - 1]:
            _insert_key(part, start_quarter, keys[index])
        part.insert(start_quarter, expressions.RehearsalMark(name))
        if section.name:
            part.insert(start_quarter, expressions.TextExpression(kind_text(section.kind)))
    for tick, tempo_bpm in tempo_changes(song):
        part.insert(tick / TICKS_PER_QUARTER, tempo.MetronomeMark(number=tempo_bpm))
    return part


def _insert_key(part: Any, start_quarter: int, key: Key) -> None:
    """Put a key's signature into a part, and the key in words where the signature says less."""
    from music21 import expressions

    signature = _key_signature(key)
    part.insert(start_quarter, signature)
    if str(key) != f"{signature.tonic.name.replace('-', 'b')} {signature.mode}":
        part.insert(start_quarter, expressions.TextExpression(key_text(str(key))))


def _key_signature(key: Key) -> Any:
    """The major or minor signature of a key; E# minor's, of more than 7 accidentals, is spelled as F minor's."""
    from music21 import key as keys

    mode = "minor" if key.is_minor else "major"
    sharps = keys.Key(key.tonic.replace("b", "-"), mode).sharps
    return keys.KeySignature((sharps + 7) % 12 - 7 if abs(sharps) > 7 else sharps).asKey(mode)


def _instrument_part(track: Track) -> Any:
    from music21 import chord, instrument, stream

    part = stream.Part()
    part.partName = track.name
    player = instrument.Instrument()
    player.partName, player.midiChannel, player.midiProgram = track.name, track.channel, track.program
    part.insert(0, player)
    for controller in sorted({event[1] for event in track.controllers}):
        points = [(tick, value) for tick, which, value in track.controllers if which == controller]
        part.insert(0, _curve_class()(controller, points))
    for (onset_tick, _), group in groupby(sorted(track.notes, key=_place), key=_place):
        notes = [_written(note) for note in group]
        together = notes[0] if len(notes) == 1 else chord.Chord(notes, duration=notes[0].duration)
        part.insert(onset_tick / TICKS_PER_QUARTER, together, ignoreSort=True)
    return part


def _place(note: Note) -> tuple[int, int]:
    return note.onset_tick, note.duration_ticks


def _written(note: Note) -> Any:
    from music21 import duration, pitch
    from music21 import note as notes

    # A bare number below 12 would be taken for a pitch class.
    written = notes.Note(
        pitch.Pitch(midi=note.pitch), duration=duration.Duration(note.duration_ticks / TICKS_PER_QUARTER)
    )
    written.volume.velocity = note.velocity
    return written


@functools.cache
def _curve_class() -> Any:
    from music21 import base

    class ControllerCurve(base.Music21Object):  # type: ignore[misc]  # music21 is not typed
        """The values of one MIDI controller over a part, as (tick, value)."""

        def __init__(self, controller: int, points: Iterable[tuple[int, int]] = ()) -> None:
            super().__init__()
            self.controller = controller
            self.points = tuple(points)

    return ControllerCurve


def _conductor_events(part: Any) -> Iterator[_Timed]:
    from music21 import expressions, key, meter, tempo
    from music21.midi import MetaEvents, translate

    # In this order at one tick.
    converters = {
        meter.TimeSignature: translate.timeSignatureToMidiEvents,
        key.KeySignature: translate.keySignatureToMidiEvents,
        tempo.MetronomeMark: translate.tempoToMidiEvents,
        expressions.RehearsalMark: lambda mark: [_text_event(MetaEvents.MARKER, mark.content)],
        expressions.TextExpression: lambda words: [_text_event(MetaEvents.TEXT_EVENT, words.content)],
    }
    for kind, convert in converters.items():
        for element in part.getElementsByClass(kind):
            yield round(element.offset * TICKS_PER_QUARTER), _META, convert(element)[-1]


def _instrument_events(part: Any) -> Iterator[_Timed]:
    from music21 import instrument
    from music21.midi import ChannelVoiceMessages

    player = part.getElementsByClass(instrument.Instrument).first()
    channel = player.midiChannel
    yield 0, _PROGRAM, _channel_event(ChannelVoiceMessages.PROGRAM_CHANGE, channel, player.midiProgram)
    for curve in part.getElementsByClass(_curve_class()):
        for tick, value in curve.points:
            event = _channel_event(ChannelVoiceMessages.CONTROLLER_CHANGE, channel, curve.controller, value)
            yield tick, _CONTROLLER, event
    for element in part.notes:
        on_tick = round(element.offset * TICKS_PER_QUARTER)
        off_tick = on_tick + round(element.duration.quarterLength * TICKS_PER_QUARTER)
        for note in element.notes if element.isChord else (element,):
            pitch, velocity = note.pitch.midi, note.volume.velocity
            yield on_tick, _NOTE_ON, _channel_event(ChannelVoiceMessages.NOTE_ON, channel, pitch, velocity)
            yield off_tick, _NOTE_OFF, _channel_event(ChannelVoiceMessages.NOTE_OFF, channel, pitch, 0)


def _midi_track(index: int, name: str, events: Iterable[_Timed], end_tick: int) -> Any:
    from music21.midi import DeltaTime, MetaEvents, MidiEvent, MidiTrack

    track = MidiTrack(index)
    end = MidiEvent(type=MetaEvents.END_OF_TRACK)
    end.data = b""
    at = 0
    named = (0, _META, _text_event(MetaEvents.SEQUENCE_TRACK_NAME, name))
    in_order = sorted(events, key=operator.itemgetter(0, 1))
    for tick, _, event in (named, *in_order, (end_tick, _META, end)):
        track.events += (DeltaTime(time=tick - at), event)
        at = tick
    return track


def _text_event(kind: Any, text: str) -> Any:
    from music21.midi import MidiEvent

    event = MidiEvent(type=kind)
    event.data = midi_text(text)
    return event


def _channel_event(kind: Any, channel: int, *data: int) -> Any:
    """A channel event, checked: music21 would write a value of 128 as the start of another event.

    Args:
        channel: 0-15; music21 counts it from 1.
        data: one or two values, 0-127.
    """
    from music21.midi import MidiEvent

    if not (0 <= channel <= 15 and all(0 <= value <= 127 for value in data)):
        raise ValueError(f"{kind.name} {data} on channel {channel} does not fit in MIDI")
    event = MidiEvent(type=kind, channel=channel + 1)
    event.parameter1, event.parameter2 = (*data, None)[:2]
    return event
