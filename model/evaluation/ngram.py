"""The baselines that the network has to beat: a unigram and an interpolated 5-gram over the choices of events.

A part is read as a row of tokens, the known choices of each event in turn (position, pitch, duration, velocity,
wobble, depth). Each order is mixed with the one below it by Witten-Bell's rule: the more often a context has been
followed by something new, the less its own counts weigh. One model a part. Imports NumPy but no JAX.

Source: Witten and Bell, "The zero-frequency problem", IEEE Transactions on Information Theory 37 (1991), method C.
"""

from collections.abc import Iterable

import numpy as np

from model.language.events import NEXT_BAR, PITCH, PITCH_TOKENS, POSITION, POSITION_TOKENS, REST_SIZES
from model.training.windows import Window

ORDER = 5
_STARTS = np.cumsum([1, POSITION_TOKENS, PITCH_TOKENS, *REST_SIZES])
"""First token of each choice; token 0 pads the start of a part."""
VOCABULARY = int(_STARTS[-1])
CHOICES = 2 + len(REST_SIZES)
"""Choices of an event: position, pitch, duration, velocity, wobble, depth."""
_BITS = 9
assert 1 << _BITS > VOCABULARY


def choice_tokens(events: np.ndarray, rest: np.ndarray) -> np.ndarray:
    """The token of every choice of events, -1 where it means nothing or is not known: int64 (N, CHOICES).

    Args:
        events: int array (N, COLUMNS), in the columns of `model.language.events`.
        rest: int array (N, 4), as a window has it.
    """
    is_note = events[:, POSITION] != NEXT_BAR
    columns = [events[:, POSITION] + _STARTS[0], np.where(is_note, events[:, PITCH] + _STARTS[1], -1)]
    columns += [np.where(rest[:, n] < size, rest[:, n] + _STARTS[2 + n], -1) for n, size in enumerate(REST_SIZES)]
    return np.stack(columns, axis=1).astype(np.int64)


def tokens_of(window: Window) -> np.ndarray:
    """The known choices of a window's events, in order: int64 (tokens,)."""
    flat = choice_tokens(window.events, window.rest).reshape(-1)
    return flat[flat >= 0]


def _grams(windows: Iterable[Window]) -> np.ndarray:
    """Every token with the four before it, packed into one number with the newest token lowest: int64 (tokens,)."""
    packed = []
    for window in windows:
        padded = np.concatenate([np.zeros(ORDER - 1, np.int64), tokens_of(window)])
        count = len(padded) - ORDER + 1
        gram = np.zeros(count, np.int64)
        for n in range(ORDER):
            gram = (gram << _BITS) | padded[n : n + count]
        packed.append(gram)
    return np.concatenate(packed) if packed else np.zeros(0, np.int64)


class NGram:
    """An interpolated n-gram of one part, from counts of its longest grams."""

    def __init__(self, grams: np.ndarray, counts: np.ndarray) -> None:
        """Set up.

        Args:
            grams: int64 (grams,), distinct and sorted 5-grams, packed as `_grams` packs them.
            counts: int64 (grams,), how often each was seen.
        """
        self.grams, self.counts = grams, counts
        self._orders = []
        for order in range(1, ORDER + 1):
            seen, which = np.unique(grams & ((1 << (_BITS * order)) - 1), return_inverse=True)
            seen_counts = np.bincount(which, weights=counts)
            contexts, context_of = np.unique(seen >> _BITS, return_inverse=True)
            totals = np.bincount(context_of, weights=seen_counts)
            kinds = np.bincount(context_of)
            self._orders.append((seen, seen_counts, contexts, totals, kinds))

    @classmethod
    def fit(cls, windows: Iterable[Window]) -> "NGram":
        """Count a part's windows, which should not overlap."""
        grams, counts = np.unique(_grams(windows), return_counts=True)
        return cls(grams, counts)

    def nats(self, windows: Iterable[Window], order: int) -> float:
        """Negative log-likelihood of windows in nats, with contexts of up to `order` - 1 tokens, order 1-5."""
        return float(-np.log(self.likelihoods(windows, order)).sum())

    def likelihoods(self, windows: Iterable[Window], order: int = ORDER) -> np.ndarray:
        """The likelihood of every token of windows: float64 (tokens,)."""
        grams = _grams(windows)
        likelihood = np.full(len(grams), 1.0 / VOCABULARY)
        for n in range(1, order + 1):
            seen, seen_counts, contexts, totals, kinds = self._orders[n - 1]
            wanted = grams & ((1 << (_BITS * n)) - 1)
            hits = _lookup(seen, seen_counts, wanted)
            total = _lookup(contexts, totals, wanted >> _BITS)
            kind = _lookup(contexts, kinds, wanted >> _BITS)
            known = total > 0
            mixed = (hits + kind * likelihood) / np.maximum(total + kind, 1)
            likelihood = np.where(known, mixed, likelihood)
        return likelihood


def _lookup(keys: np.ndarray, values: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    if not len(keys):
        return np.zeros(len(wanted))
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[at] == wanted, values[at], 0)
