"""Remarks on what a MIDI file holds beside notes and is not kept: pedals, bends, controllers, places between ticks."""

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from corpus.analysis.wobble_reading import CONTROLLERS
from corpus.readers.midi_events import TrackEvents
from corpus.tracks import RawTrack

SUSTAIN = 64
_PRESSED = 64
_CONTROL, _BEND = 0xB, 0xE
_NEUTRAL = 64
_BANKS = (0, 32)


def note_remarks(tracks: Sequence[RawTrack]) -> Iterator[str]:
    """Lines on notes that do not begin on our ticks."""
    moved = sum(sum(map(bool, track.offsets)) for track in tracks)
    if moved:
        notes = sum(len(track.notes) for track in tracks)
        yield f"{moved} of {notes} notes begin between two ticks of 96 a quarter: moved to the nearest"


def channel_remarks(events: TrackEvents, channel: int) -> Iterator[str]:
    """Remarks on what a track plays on a channel beside notes, in a few words each."""
    is_control = events.statuses == (_CONTROL << 4 | channel)
    if is_control.any():
        pedal = events.second[is_control & (events.first == SUSTAIN)] >= _PRESSED
        presses = int(np.count_nonzero(pedal & ~np.append(False, pedal[:-1])))
        if presses:
            yield f"the sustain pedal (CC {SUSTAIN}) lengthens nothing: pressed {presses} times"
        counts = Counter(events.first[is_control].tolist())
        others = sorted(set(counts) - {SUSTAIN, *_BANKS, *CONTROLLERS})
        if others:
            yield f"{sum(counts[one] for one in others)} values of CC {', '.join(map(str, others[:6]))} not kept"
    bends = events.statuses == (_BEND << 4 | channel)
    bent = int(np.count_nonzero(bends & ~((events.first == 0) & (events.second == _NEUTRAL))))
    if bent:
        yield f"{bent} pitch bends not kept"
