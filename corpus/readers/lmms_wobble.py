"""The oscillator on the filter cutoff of a track in an LMMS project.

Of the 638 projects measured 27 have one on 49 instruments, but nearly all of these are pads and leads: four basses
remain. No bass has a cutoff whose automation goes round at a musical rate, so automation is not read.

Source: LMMS's source: `EnvelopeAndLfoParameters` (an oscillation lasts 20 seconds times the speed, a hundredth of that
with its switch on) and `TempoSyncKnob` (modes), checked against the speeds that synced projects hold.
"""

import xml.etree.ElementTree as ET

from corpus.readers.lmms_xml import setting
from corpus.tracks import LowPass
from song.notes import RATE_TICKS
from song.time import TICKS_PER_BAR, TICKS_PER_QUARTER

_SYNC_RATES = {2: "1/1", 3: "1/2", 4: "1/4", 5: "1/8", 6: "1/16", 7: "1/32"}
_FREE, _CUSTOM = 0, 8
_SHAPES = {0: "sine", 1: "triangle", 2: "saw", 3: "square"}
_SLOWEST_SECONDS = 20.0
_NEARLY = 0.02
"""An oscillator that is not synced, but whose period is a musical one within this share, is heard as one."""


def low_pass(instrument_track: ET.Element, tempo_bpm: float) -> LowPass | None:
    """The oscillator on a track's filter cutoff, where there is one and its rate is a musical one.

    Args:
        instrument_track: the track's `instrumenttrack`.
        tempo_bpm: quarters a minute, above 0.
    """
    envelope = instrument_track.find("eldata/elcut")
    filters = instrument_track.find("eldata")
    if envelope is None or filters is None or setting(filters, "fwet", 0) == 0:
        return None
    depth = min(abs(setting(envelope, "lamt", 0)), 1.0)
    shape = _SHAPES.get(int(setting(envelope, "lshp", 0)))
    rate = _rate(envelope, tempo_bpm)
    return LowPass(rate, depth, shape) if depth > 0 and shape and rate else None


def _rate(envelope: ET.Element, tempo_bpm: float) -> str | None:
    mode = int(setting(envelope, "lspd_syncmode", setting(envelope, "syncmode", _FREE)))
    if mode in _SYNC_RATES:
        return _SYNC_RATES[mode]
    if mode == _CUSTOM:
        denominator = max(setting(envelope, "lspd_denominator", 4), 1)
        ticks = setting(envelope, "lspd_numerator", 4) / denominator * TICKS_PER_BAR
    elif mode == _FREE:
        seconds = setting(envelope, "lspd", 0) * _SLOWEST_SECONDS / (100 if setting(envelope, "x100", 0) else 1)
        ticks = seconds * tempo_bpm / 60 * TICKS_PER_QUARTER
    else:
        return None
    nearest = min(RATE_TICKS, key=lambda rate: abs(RATE_TICKS[rate] - ticks))
    return nearest if abs(RATE_TICKS[nearest] - ticks) <= _NEARLY * RATE_TICKS[nearest] else None
