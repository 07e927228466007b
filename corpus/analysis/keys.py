"""The key of a piece, by how long each pitch class sounds in it.

Each part's way from C to a key is `song.scales.tonic_shift`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from corpus.tracks import KeyChange
from song.notes import Note
from song.parts import Part
from song.scales import Key, signature_key

MAJOR_PROFILE = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
MINOR_PROFILE = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)
"""The fit of each pitch class to a key on C. Source: Krumhansl and Kessler, "Tracing the dynamic changes in perceived
tonal organization in a spatial representation of musical keys", Psychological Review 89 (1982), the probe-tone ratings.
"""

_LONGEST_TICKS = 384
"""A drone counts as a bar at most each time it starts."""
_BASS_WEIGHT = 2.0
"""A bass note says more about the key than a note above it."""

_KEYS = [(tonic, minor) for minor in (False, True) for tonic in range(12)]
_PROFILES = np.array([np.roll(MINOR_PROFILE if minor else MAJOR_PROFILE, tonic) for tonic, minor in _KEYS])
_CENTRED = _PROFILES - _PROFILES.mean(axis=1, keepdims=True)
_UNIT_PROFILES = _CENTRED / np.linalg.norm(_CENTRED, axis=1, keepdims=True)


_UNMEANT = Key("C", "major")
_DOUBT = 0.15
"""Notes whose best key correlates so much better than C major contradict a signature of it."""

CLOSE = 0.03
"""Where the second-best key correlates as nearly as this to the best, the key is ambiguous: in 17% of 641 pieces."""


def find_key(parts: Mapping[Part, Iterable[Note]]) -> tuple[int | None, bool]:
    """The tonic's pitch class, 0-11, and whether the mode is minor; (None, True) where nothing is pitched.

    The key whose profile correlates best with the durations of the pitch classes in bass, chords and lead.

    Source: the Krumhansl-Schmuckler key-finding algorithm (Krumhansl, "Cognitive Foundations of Musical Pitch", 1990).
    """
    return find_key_and_doubt(parts)[:2]


def find_key_and_doubt(parts: Mapping[Part, Iterable[Note]]) -> tuple[int | None, bool, bool]:
    """The key that `find_key` gives, and what `is_ambiguous` says of it."""
    fits = _fits(parts)
    if fits is None:
        return None, True, False
    second, best = np.sort(fits)[-2:]
    return *_KEYS[int(np.argmax(fits))], bool(best - second < CLOSE)


def signed_key(
    signatures: Sequence[KeyChange], end_tick: int, parts: Mapping[Part, Iterable[Note]], *, is_ours: bool = False
) -> Key | None:
    """The key of the signature that lasts longest, or None where there is none or it says nothing.

    Many programs write C major for want of anything else: it is believed where the notes fit it nearly as well as
    their best key, and in a file of ours.

    Args:
        signatures: in order.
        end_tick: where the piece ends.
        parts: its notes.
        is_ours: whether Dropsmith wrote the file.
    """
    lasting: Counter[Key] = Counter()
    for index, one in enumerate(signatures):
        stop = signatures[index + 1].tick if index + 1 < len(signatures) else end_tick
        lasting[signature_key(one.sharps, one.minor)] += max(min(stop, end_tick) - one.tick, 0)
    if not lasting:
        return None
    key = max(lasting, key=lambda one: lasting[one])
    if key == _UNMEANT and not is_ours:
        fits = _fits(parts)
        if fits is not None and float(fits.max() - fits[_KEYS.index((0, False))]) > _DOUBT:
            return None
    return key


def is_ambiguous(parts: Mapping[Part, Iterable[Note]]) -> bool:
    """True where another key fits all but as well as the one that `find_key` gives; False where nothing is pitched."""
    return find_key_and_doubt(parts)[2]


def _fits(parts: Mapping[Part, Iterable[Note]]) -> np.ndarray | None:
    """The correlation of each of `_KEYS` with what sounds, -1 to 1, float64 (24,); None where nothing is pitched."""
    weights = np.zeros(12)
    for part, notes in parts.items():
        if part is not Part.DRUMS:
            weight = _BASS_WEIGHT if part is Part.BASS else 1.0
            for note in notes:
                weights[note.pitch % 12] += weight * min(note.duration_ticks, _LONGEST_TICKS)
    if not weights.any():
        return None
    centred = weights - weights.mean()
    # All twelve alike fit no key better than another.
    fits: np.ndarray = _UNIT_PROFILES @ centred / max(float(np.linalg.norm(centred)), 1e-9)
    return fits
