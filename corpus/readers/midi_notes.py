"""Notes of one MIDI track: which note-off ends which note-on.

Of notes of one pitch that sound at once the first to begin is the first to end.
"""

import msgspec
import numpy as np

from corpus.readers.midi_events import TrackEvents

_OFF, _ON = 8, 9


class PlayedNotes(msgspec.Struct, frozen=True):
    """The notes of a track, in the order of their onsets.

    Attributes:
        onsets, ends: source ticks, int64 (notes,); an end may be the onset itself.
        channels: 0-15, int64 (notes,).
        pitches: 0-127, int64 (notes,).
        velocities: 1-127, int64 (notes,).
        endless: which were never let go, and end where the track does: bool (notes,).
    """

    onsets: np.ndarray
    ends: np.ndarray
    channels: np.ndarray
    pitches: np.ndarray
    velocities: np.ndarray
    endless: np.ndarray


def played_notes(events: TrackEvents) -> PlayedNotes:
    """The notes that some events play."""
    kinds = events.statuses >> 4
    chosen = np.flatnonzero((kinds == _ON) | (kinds == _OFF))
    is_on = (kinds[chosen] == _ON) & (events.second[chosen] > 0)
    keys = (events.statuses[chosen] & 15).astype(np.int64) * 128 + events.first[chosen]
    order = np.argsort(keys, kind="stable")
    chosen, is_on, keys = chosen[order], is_on[order], keys[order]
    is_off = ~is_on & ~_is_idle(is_on, keys)
    # The so-manieth note-on of a pitch belongs to the so-manieth note-off that ends anything.
    ons, offs = np.flatnonzero(is_on), np.flatnonzero(is_off)
    on_ranks, off_ranks = _ranks(keys[ons]), _ranks(keys[offs])
    span = len(keys) + 1
    on_ids, off_ids = keys[ons] * span + on_ranks, keys[offs] * span + off_ranks
    places = np.searchsorted(off_ids, on_ids)
    ends_there = np.zeros(len(ons), bool)
    inside = places < len(off_ids)
    ends_there[inside] = off_ids[places[inside]] == on_ids[inside]
    ends = np.full(len(ons), events.end_tick, np.int64)
    ends[ends_there] = events.ticks[chosen[offs[places[ends_there]]]]
    sources = chosen[ons]
    by_onset = np.argsort(sources, kind="stable")
    sources = sources[by_onset]
    return PlayedNotes(
        events.ticks[sources].astype(np.int64),
        ends[by_onset],
        (events.statuses[sources] & 15).astype(np.int64),
        events.first[sources].astype(np.int64),
        events.second[sources].astype(np.int64),
        ~ends_there[by_onset],
    )


def _is_idle(is_on: np.ndarray, keys: np.ndarray) -> np.ndarray:
    """True for events, sorted by key, that let go of what does not sound: bool (events,)."""
    if not len(keys):
        return np.zeros(0, bool)
    # The notes that sound after each event, if every note-off ended one; below the least so far it ended none.
    balance = np.where(is_on, 1, -1).cumsum()
    is_first = np.append(True, keys[1:] != keys[:-1])
    group = is_first.cumsum() - 1
    before = np.where(is_first)[0]
    balance -= np.append(0, balance)[before][group]
    # Each key's own minimum, in one sweep: every key lies far below the one before.
    drop = group * (2 * len(keys) + 2)
    least = np.minimum.accumulate(np.minimum(balance, 0) - drop) + drop
    least_before = np.where(is_first, 0, np.append(0, least[:-1]))
    found: np.ndarray = ~is_on & (balance < least_before)
    return found


def _ranks(keys: np.ndarray) -> np.ndarray:
    """The place of each of some sorted keys among those that are the same, from 0."""
    if not len(keys):
        return np.zeros(0, np.int64)
    is_first = np.append(True, keys[1:] != keys[:-1])
    starts = np.flatnonzero(is_first)
    ranks: np.ndarray = np.arange(len(keys)) - starts[is_first.cumsum() - 1]
    return ranks
