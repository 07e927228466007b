"""Instruments of MIDI channels over time: programs, banks, and which channels are drum kits.

Source: General MIDI 1 and 2 (channel 10; banks 120 and 121), Roland GS ("use for rhythm part", 40 1x 15), Yamaha XG
(bank 127; part mode 08 nn 07).
"""

from collections.abc import Sequence

import msgspec
import numpy as np

from corpus.readers.midi_events import SYSTEM_EXCLUSIVE, TrackEvents

DRUM_CHANNEL = 9
_CONTROL, _PROGRAM = 0xB, 0xC
_BANK_CONTROLLER = 0
_XG_DRUM_BANK, _GM2_DRUM_BANK, _GM2_BANK = 127, 120, 121
_GS_HEAD = b"\x41"
_GS_RESET = b"\x42\x12\x40\x00\x7f\x00"
_GS_ADDRESS = b"\x42\x12\x40"
_GS_RHYTHM = 0x15
_XG_HEAD = b"\x43"
_XG_PART = b"\x4c\x08"
_XG_MODE = 0x07


class _Changes(msgspec.Struct):
    """The values that a channel takes on, with the ticks from which they hold."""

    ticks: list[int] = []
    values: list[int] = []

    def most(self, onsets: np.ndarray) -> tuple[int | None, int]:
        """The value under which most of some notes begin, None where none is set, and how many there are in use."""
        if not self.ticks:
            return None, 0
        places = np.clip(np.searchsorted(self.ticks, onsets, side="right") - 1, 0, None)
        counts = np.bincount(np.asarray(self.values)[places])
        return int(counts.argmax()), int(np.count_nonzero(counts))


class Instrument(msgspec.Struct, frozen=True):
    """The instrument that plays some notes.

    Attributes:
        program: the General MIDI program, 0-127, of most of them; 0 where none is set.
        programs: how many there are.
        is_drum: whether it is a drum kit.
    """

    program: int
    programs: int
    is_drum: bool


class Channels(msgspec.Struct, frozen=True):
    """The instruments of a file's channels.

    Attributes:
        by_track: the programs and banks that each track sets, by (track, controller or -1 for programs, channel).
        anywhere: those of all tracks together, by (controller or -1, channel).
        rhythm: whether a channel is said to be a drum kit or not to be one, where a system message says so.
        is_gs: whether the file is written for GS, in which bank 127 is no drum kit.
    """

    by_track: dict[tuple[int, int, int], _Changes]
    anywhere: dict[tuple[int, int], _Changes]
    rhythm: dict[int, bool]
    is_gs: bool

    def instrument(self, track: int, channel: int, onsets: np.ndarray) -> Instrument:
        """The instrument of a track's notes on a channel.

        Args:
            track: the track's number, from 0.
            channel: 0-15.
            onsets: source ticks of the notes, int64 (notes,), at least one.
        """
        program, programs = self._changes(track, -1, channel).most(onsets)
        bank, _ = self._changes(track, _BANK_CONTROLLER, channel).most(onsets)
        said = self.rhythm.get(channel)
        if said is not None:
            is_drum = said
        elif bank == _GM2_DRUM_BANK or (bank == _XG_DRUM_BANK and not self.is_gs):
            is_drum = True
        else:
            is_drum = channel == DRUM_CHANNEL and bank != _GM2_BANK
        return Instrument(program or 0, programs, is_drum)

    def _changes(self, track: int, what: int, channel: int) -> _Changes:
        own = self.by_track.get((track, what, channel))
        return own or self.anywhere.get((what, channel), _Changes())


def channels_of(tracks: Sequence[TrackEvents]) -> Channels:
    """The instruments of the channels in some tracks, which sound together."""
    by_track: dict[tuple[int, int, int], _Changes] = {}
    timed: dict[tuple[int, int], list[tuple[int, int]]] = {}
    rhythm: dict[int, bool] = {}
    is_gs = False
    for number, events in enumerate(tracks):
        kinds = events.statuses >> 4
        is_bank = (kinds == _CONTROL) & (events.first == _BANK_CONTROLLER)
        for index in np.flatnonzero((kinds == _PROGRAM) | is_bank).tolist():
            is_program = bool(kinds[index] == _PROGRAM)
            what, channel = -1 if is_program else _BANK_CONTROLLER, int(events.statuses[index] & 15)
            value = int(events.first[index] if is_program else events.second[index])
            tick = int(events.ticks[index])
            changes = by_track.setdefault((number, what, channel), _Changes([], []))
            changes.ticks.append(tick)
            changes.values.append(value)
            timed.setdefault((what, channel), []).append((tick, value))
        for _, kind, data in events.metas:
            if kind == SYSTEM_EXCLUSIVE:
                is_gs = is_gs or (data[:1] == _GS_HEAD and data[2:8] == _GS_RESET)
                rhythm.update(_rhythm_part(data))
    anywhere = {}
    for key, pairs in timed.items():
        pairs.sort(key=lambda pair: pair[0])
        anywhere[key] = _Changes([tick for tick, _ in pairs], [value for _, value in pairs])
    return Channels(by_track, anywhere, rhythm, is_gs)


def _rhythm_part(data: bytes) -> dict[int, bool]:
    """The channel that a system message makes a drum kit or an instrument; none where it does neither."""
    if data[:1] == _GS_HEAD and data[2:5] == _GS_ADDRESS and len(data) >= 8:
        block, what, value = data[5], data[6], data[7]
        if block >> 4 == 1 and what == _GS_RHYTHM:
            # Block 0 is channel 10, and the nine channels before it follow.
            number = block & 15
            return {DRUM_CHANNEL if number == 0 else number - 1 if number <= DRUM_CHANNEL else number: value > 0}
    if data[:1] == _XG_HEAD and data[2:4] == _XG_PART and len(data) >= 7 and data[5] == _XG_MODE and data[4] < 16:
        return {data[4]: data[6] > 0}
    return {}
