"""Reader of MIDI files: bytes into tracks of notes, or in plain words why they cannot be used.

Its parts are in the `midi_*` modules beside it. Which track is which part is decided in `corpus.analysis.roles`.
"""

from collections.abc import Iterator, Sequence
from typing import TypeVar

import numpy as np

from corpus.analysis.tempi import DEFAULT_TEMPO_BPM, fit_tempi
from corpus.analysis.timing import END_SLACK_TICKS, MAX_SILENT_BARS, MICRO_PER_TICK
from corpus.analysis.wobble_reading import CONTROLLERS
from corpus.readers.meters import BarMap, map_bars
from corpus.readers.midi_channels import Channels, channels_of
from corpus.readers.midi_chunks import split_chunks
from corpus.readers.midi_conductor import Conductor, conductor_of, seconds, track_name
from corpus.readers.midi_events import TrackEvents, read_events
from corpus.readers.midi_notes import PlayedNotes, played_notes
from corpus.readers.midi_remarks import channel_remarks, note_remarks
from corpus.tracks import KeyChange, Loss, RawTrack, Recording
from song.errors import UserError
from song.notes import Note
from song.parts import PART_SPECS, SUB_CHANNEL, SUB_NAME, SUB_PROGRAM
from song.time import TICKS_PER_BAR, TICKS_PER_QUARTER

MAX_SOURCE_TICKS = 10_000_000
MAX_SECONDS = 3600.0
MAX_NOTES = 400_000
"""Arranging that many takes a second and 200 MB."""
OTHER_METERS = "in bars that are not 4/4"
NEVER_LET_GO = "never let go, where their track ends at once"

_CONTROL, _PROGRAM = 0xB, 0xC
_T = TypeVar("_T")


def read_midi(data: bytes) -> Recording:
    """The music in a MIDI file, in 4/4 bars.

    A track is what one track of the file plays on one channel, whatever its programs.

    Args:
        data: the whole file.

    Raises:
        UserError: where it is damaged, or holds no 4/4 music: one line that says why and what to do.
    """
    chunks = split_chunks(data)
    division = chunks.ticks_per_quarter
    tracks = [read_events(one) for one in chunks.tracks]
    played = [played_notes(events) for events in tracks]
    count = sum(len(notes.onsets) for notes in played)
    if count == sum(int(_is_stuck(notes).sum()) for notes in played):
        raise UserError("it has no notes: check that the tracks were not muted when it was exported")
    if count > MAX_NOTES:
        raise UserError(f"it holds over {MAX_NOTES} notes: cut it down to the music")
    last = max(int(notes.ends.max()) for notes in played if len(notes.ends))
    if last > MAX_SOURCE_TICKS:
        raise UserError(f"it is over {MAX_SOURCE_TICKS // 1_000_000} million ticks long: cut it down to the music")
    conductor = conductor_of(tracks)
    if seconds(conductor.tempi, last, division, DEFAULT_TEMPO_BPM) > MAX_SECONDS:
        raise UserError("it is over an hour long: cut it down to one piece of music")
    end = max([last, *(events.end_tick for events in tracks)])
    silent = 4 * division * MAX_SILENT_BARS
    end = last if end - last > silent else end
    bars = map_bars(conductor.meters, max(end, 1), division)
    raw = tuple(_raw_tracks(tracks, played, channels_of(tracks), bars, division))
    if not any(track.notes for track in raw):
        raise UserError("its bars of 4/4 have no notes: only 4/4 music is taken in")
    return _recording(raw, tracks, conductor, bars, end, division)


def _recording(
    raw: tuple[RawTrack, ...],
    tracks: Sequence[TrackEvents],
    conductor: Conductor,
    bars: BarMap,
    end: int,
    division: int,
) -> Recording:
    length = _bar_count(raw, int(_ours(bars.placed(np.array([end])), division)[0]))
    tempi = fit_tempi(_timed(conductor.tempi, bars, division), length * TICKS_PER_BAR)
    keys = dict(_timed([(tick, (sharps, minor)) for tick, sharps, minor in conductor.keys], bars, division))
    markers, cues = (_by_bar(_timed(texts, bars, division), length) for texts in (conductor.markers, conductor.cues))
    told = [*bars.told, *tempi.told, *note_remarks(raw)]
    if conductor.lost_tempi:
        told.append(f"{conductor.lost_tempi} tempo events of 0 or without a value are left out")
    # As `song.export` writes: every part has a track of its name that sets its program on its channel.
    programs = _named_programs(tracks)
    is_ours = all((spec.name, spec.channel, spec.program) in programs for spec in PART_SPECS.values())
    return Recording(
        raw,
        tempi.main,
        tuple(markers if is_ours else sorted((one for one in [*markers, *cues] if one[1]), key=lambda one: one[0])),
        f"only its bars of 4/4 were taken, not the bars in {bars.left_out}" if bars.left_out else "",
        length,
        tempi.changes,
        tuple(KeyChange(tick, sharps, minor) for tick, (sharps, minor) in sorted(keys.items())),
        tuple(told),
        is_ours,
        tuple(cues) if is_ours else (),
        is_ours and (SUB_NAME, SUB_CHANNEL, SUB_PROGRAM) in programs,
    )


def _by_bar(texts: Sequence[tuple[int, str]], length: int) -> list[tuple[int, str]]:
    """Texts with the bars that they mean, without those behind the end."""
    return [(round_to_bar(tick), text) for tick, text in texts if round_to_bar(tick) < length]


def round_to_bar(tick: int) -> int:
    """The bar, from 0, whose line is nearest to a tick; of two as near the later."""
    return (tick + TICKS_PER_BAR // 2) // TICKS_PER_BAR


def _bar_count(raw: Sequence[RawTrack], end_tick: int) -> int:
    """The bars of a song: to where the last note or the last track ends."""
    last_onset = max(track.notes[-1].onset_tick for track in raw if track.notes)
    return max(-(-(end_tick - END_SLACK_TICKS) // TICKS_PER_BAR), last_onset // TICKS_PER_BAR + 1)


def _ours(ticks: np.ndarray, division: int, units: int = 1) -> np.ndarray:
    """Source ticks in ours, or in a fraction of ours, rounded half up."""
    found: np.ndarray = (ticks * (2 * TICKS_PER_QUARTER * units) + division) // (2 * division)
    return found


def _timed(pairs: Sequence[tuple[int, _T]], bars: BarMap, division: int) -> list[tuple[int, _T]]:
    """Things with their source ticks, with ours."""
    if not pairs:
        return []
    ticks = _ours(bars.placed(np.array([tick for tick, _ in pairs])), division).tolist()
    return [(tick, what) for tick, (_, what) in zip(ticks, pairs, strict=True)]


def _raw_tracks(
    tracks: Sequence[TrackEvents], played: Sequence[PlayedNotes], channels: Channels, bars: BarMap, division: int
) -> Iterator[RawTrack]:
    noteless = [events for events, notes in zip(tracks, played, strict=True) if not len(notes.onsets)]
    for number, (events, notes) in enumerate(zip(tracks, played, strict=True)):
        used = np.unique(notes.channels).tolist()
        # A track of many channels is a whole song, and is named for that.
        name = track_name(events) if len(used) == 1 else ""
        for channel in used:
            chosen = notes.channels == channel
            instrument = channels.instrument(number, channel, notes.onsets[chosen])
            curves = {} if instrument.is_drum else _curves([events, *noteless], channel, bars, division)
            taken, offsets, losses, told = _notes(notes, chosen, bars, division)
            if instrument.programs > 1:
                told.append(f"{instrument.programs} programs, one track")
            yield RawTrack(
                name,
                instrument.program,
                instrument.is_drum,
                taken,
                offsets=offsets,
                curves=curves,
                channel=channel,
                losses=losses,
                told=(*told, *channel_remarks(events, channel)),
            )


def _notes(
    notes: PlayedNotes, chosen: np.ndarray, bars: BarMap, division: int
) -> tuple[tuple[Note, ...], tuple[int, ...], tuple[Loss, ...], list[str]]:
    """Notes of one channel in our ticks, their offsets, what is lost of them, and what else is to tell."""
    stuck = chosen & _is_stuck(notes)
    chosen = chosen & ~stuck
    taken = chosen & bars.is_taken(notes.onsets)
    counts = {OTHER_METERS: int(chosen.sum() - taken.sum()), NEVER_LET_GO: int(stuck.sum())}
    starts, stops = notes.onsets[taken], bars.ends(notes.onsets[taken], notes.ends[taken])
    starts = bars.placed(starts)
    onsets = _ours(starts, division)
    offsets = _ours(starts, division, MICRO_PER_TICK) - onsets * MICRO_PER_TICK
    lengths = _ours(stops - starts, division)
    told = []
    if empty := int((stops == starts).sum()):
        told.append(f"{empty} of no length, a tick long now")
    if endless := int((notes.endless & taken).sum()):
        told.append(f"{endless} never let go: they end with the track")
    lengths = np.maximum(lengths, 1)
    pitches, velocities = notes.pitches[taken], notes.velocities[taken]
    order = np.lexsort((offsets, velocities, lengths, pitches, onsets))
    columns = (onsets[order].tolist(), pitches[order].tolist(), lengths[order].tolist(), velocities[order].tolist())
    return (
        tuple(map(Note, *columns)),
        tuple(offsets[order].tolist()) if offsets.any() else (),
        tuple(Loss(why, lost) for why, lost in counts.items() if lost),
        told,
    )


def _is_stuck(notes: PlayedNotes) -> np.ndarray:
    """True for notes that are never let go and have no length: bool (notes,)."""
    found: np.ndarray = notes.endless & (notes.ends <= notes.onsets)
    return found


def _curves(
    tracks: Sequence[TrackEvents], channel: int, bars: BarMap, division: int
) -> dict[int, tuple[tuple[int, int], ...]]:
    """The controllers of a channel that may carry a wobble, and that move at all.

    They are those of the track itself, else of one without notes: some programs put controllers on tracks of their own.
    """
    found: dict[int, tuple[tuple[int, int], ...]] = {}
    for events in tracks:
        is_control = events.statuses == (_CONTROL << 4 | channel)
        if not is_control.any():
            continue
        for controller in CONTROLLERS:
            chosen = is_control & (events.first == controller)
            values = events.second[chosen]
            if controller in found or len(values) < 2 or (values == values[0]).all():
                continue
            ticks = _ours(bars.placed(events.ticks[chosen]), division)
            found[controller] = tuple(zip(ticks.tolist(), values.tolist(), strict=True))
    return found


def _named_programs(tracks: Sequence[TrackEvents]) -> set[tuple[str, int, int]]:
    """The (name, channel, program) that each track begins with."""
    return {
        (track_name(events), int(status & 15), int(program))
        for events in tracks
        for status, program in zip(events.statuses[:64], events.first[:64], strict=True)
        if status >> 4 == _PROGRAM
    }
