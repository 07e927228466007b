"""The events of a MIDI file that hold for the whole: meters, tempi, keys, markers; and the names of its tracks.

Source: Standard MIDI Files 1.0, meta events 01-59.
"""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from corpus.analysis.tempi import tempo_of_micros
from corpus.readers.meters import Meter
from corpus.readers.midi_events import TrackEvents
from song.export.section_lines import read_text as read_section_text

_TEXT, _NAME, _INSTRUMENT, _MARKER, _CUE, _TEMPO, _METER, _KEY = 0x01, 0x03, 0x04, 0x06, 0x07, 0x51, 0x58, 0x59
_MOST_SHARPS = 7


class Conductor(msgspec.Struct, frozen=True):
    """The events of a file that hold for all of its tracks; ticks are the source's.

    Attributes:
        meters: (tick, meter), in order.
        tempi: (tick, quarters a minute above 0), in order.
        keys: (tick, sharps -7 to 7, whether it is minor), in order.
        markers: (tick, text), in order, those of one tick in the order of the file.
        cues: the cue points likewise.
        lost_tempi: tempo events of 0 or without a value.
    """

    meters: tuple[tuple[int, Meter], ...]
    tempi: tuple[tuple[int, float], ...]
    keys: tuple[tuple[int, int, bool], ...]
    markers: tuple[tuple[int, str], ...]
    cues: tuple[tuple[int, str], ...]
    lost_tempi: int


def conductor_of(tracks: Sequence[TrackEvents]) -> Conductor:
    """The meta events of some tracks, in one order."""
    metas = sorted(((tick, kind, data) for one in tracks for tick, kind, data in one.metas), key=_tick)
    meters, keys = [], []
    tempi: list[tuple[int, float]] = []
    lost = 0
    for tick, kind, data in metas:
        if kind == _METER and len(data) >= 2 and data[0] and data[1] <= 6:
            meters.append((tick, (data[0], 2 ** data[1])))
        elif kind == _TEMPO:
            micros = int.from_bytes(data[:3]) if len(data) >= 3 else 0
            lost += not micros
            tempi.extend([(tick, tempo_of_micros(micros))] if micros else [])
        elif kind == _KEY and len(data) >= 2:
            sharps = data[0] - 256 if data[0] > 127 else data[0]
            if abs(sharps) <= _MOST_SHARPS:
                keys.append((tick, sharps, data[1] == 1))
    markers, cues = (tuple(_texts(metas, wanted)) for wanted in (_MARKER, _CUE))
    # As `song.export` tells the kind of a section whose marker has a name of the user's.
    kinds = ((tick, read_section_text(text)[1]) for tick, text in _texts(metas, _TEXT))
    cues = (*cues, *((tick, kind.value) for tick, kind in kinds if kind is not None))
    return Conductor(tuple(meters), tuple(tempi), tuple(keys), markers, cues, lost)


def track_name(events: TrackEvents) -> str:
    """The name of a track, else its instrument's; empty where it has neither."""
    for wanted in (_NAME, _INSTRUMENT):
        found = next((read_text(data) for _, kind, data in events.metas if kind == wanted), "")
        if found:
            return found
    return ""


def read_text(data: bytes) -> str:
    """A text of a MIDI file: UTF-8, else Latin-1, without what some programs put after its end."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    return text.partition("\0")[0].strip()


def seconds(tempi: Sequence[tuple[int, float]], end: int, ticks_per_quarter: int, default_bpm: float) -> float:
    """The time that a file plays until a tick, in seconds."""
    total, at, bpm = 0.0, 0, default_bpm
    for tick, new_bpm in [*tempi, (end, default_bpm)]:
        tick = min(max(tick, at), end)
        total += (tick - at) * 60 / (bpm * ticks_per_quarter)
        at, bpm = tick, new_bpm
    return total


def _texts(metas: Iterable[tuple[int, int, bytes]], wanted: int) -> Iterator[tuple[int, str]]:
    return ((tick, read_text(data)) for tick, kind, data in metas if kind == wanted)


def _tick(meta: tuple[int, int, bytes]) -> int:
    return meta[0]
