"""The 5-gram with copying: at each token, what going on as one, two or four bars ago would give, beside the counts.

Loop music repeats, and counts of five tokens cannot see a bar back. Each token's likelihood is a mixture of the
5-gram's and of three copies, each of which is certain of one token or has nothing to say. The shares depend on which
choice of an event it is and on how long each copy has been right; they are learned by expectation-maximization on music
that the counts were not taken from. Imports NumPy but no JAX.
"""

from collections.abc import Sequence

import msgspec
import numpy as np

from corpus.families import hash_share
from model.evaluation.ngram import CHOICES, NGram, choice_tokens
from model.language.conditions import MATCH_LIMIT, look_back
from model.language.events import BAR, NEXT_BAR, PITCH, PLACE, POSITION, REST_SIZES, SAME_ONSET
from model.training.windows import Window

COPIED_LAGS = (1, 2, 4)
"""Bars that each copy looks back."""
_LAG_COLUMNS = slice(0, len(COPIED_LAGS))
"""Columns of these lags in what `model.language.conditions.look_back` gives."""
RUN_BOUNDS = (1, 3, MATCH_LIMIT)
"""Events in a row that a copy has been right from which on it stands one level higher."""
LEVELS = len(RUN_BOUNDS) + 2
"""Level 0 is a copy with nothing to say; then one for each stretch of runs between the bounds."""
SHARES = (CHOICES * LEVELS ** len(COPIED_LAGS), 1 + len(COPIED_LAGS))
"""Shape of the shares: for each bucket the 5-gram's and the copies'."""
_ITERATIONS = 40
_HELD_OUT_SHARE = 0.15


class CopyForecast(msgspec.Struct, frozen=True):
    """Forecast of the copies for a window's T tokens.

    Attributes:
        tokens: int64 (T, 3), the token that each copy gives, -1 where it has nothing to say.
        bucket: int64 (T,), which shares apply: the choice and the level of each copy in one number.
        right: bool (T, 3), whether the copy gives the token that comes.
    """

    tokens: np.ndarray
    bucket: np.ndarray
    right: np.ndarray


def foretell(window: Window) -> CopyForecast:
    """Foretell each token of a window by going on as one, two and four bars ago."""
    events, N, L = window.events, len(window.events), len(COPIED_LAGS)
    actual = choice_tokens(events, window.rest)
    aligned, position, match = (array[:, _LAG_COLUMNS] for array in look_back(events))
    position_right = (aligned >= 0) & (position == events[:, [POSITION]])
    source = _at_this_place(events)
    there = source >= 0
    copied_rest = np.where(there[..., None], window.rest[source], np.array(REST_SIZES))
    same_pitch = there & (events[source, PITCH] == events[:, [PITCH]])
    grid = np.full((N, CHOICES, L), -1, np.int64)
    runs = np.zeros((N, CHOICES, L), np.int64)
    for lag in range(L):
        # The choices of the events that this copy gives, in the columns of a row of events.
        as_copied = events.copy()
        as_copied[:, POSITION] = np.where(aligned[:, lag] >= 0, position[:, lag], 0)
        grid[:, 0, lag] = np.where(aligned[:, lag] >= 0, choice_tokens(as_copied, window.rest)[:, 0], -1)
        as_copied = events.copy()
        as_copied[:, PITCH] = events[source[:, lag], PITCH]
        rest = choice_tokens(as_copied, copied_rest[:, lag])
        grid[:, 1:, lag] = np.where(there[:, [lag]], rest[:, 1:], -1)
        went_so = np.where(position_right[:, lag], match[:, lag] + 1, 0)
        runs[:, 0, lag] = match[:, lag]
        runs[:, 1, lag] = went_so
        runs[:, 2:, lag] = np.where(same_pitch[:, lag], went_so, 0)[:, None]
    levels = np.where(grid >= 0, 1 + np.digitize(runs, RUN_BOUNDS), 0)
    choices = np.broadcast_to(np.arange(CHOICES), (N, CHOICES))
    bucket = choices.copy()
    for lag in range(L):
        bucket = bucket * LEVELS + levels[..., lag]
    known = actual.reshape(-1) >= 0
    tokens = grid.reshape(-1, L)[known]
    return CopyForecast(tokens, bucket.reshape(-1)[known], tokens == actual.reshape(-1)[known][:, None])


def _at_this_place(events: np.ndarray) -> np.ndarray:
    """For each event and lag, the event of that earlier bar at the place chosen: int64 (N, L), -1 where none is.

    Of a chord's notes it is the lowest that lies above the note before.
    """
    N, L = len(events), len(COPIED_LAGS)
    keys = np.where(
        events[:, POSITION] == NEXT_BAR, 1 << 20, events[:, PLACE].astype(np.int64) * 256 + events[:, PITCH]
    )
    bars = events[:, BAR].astype(np.int64)
    order = (bars << 21) + keys
    above = np.where(events[:, POSITION] == SAME_ONSET, np.roll(events[:, PITCH], 1).astype(np.int64) + 1, 0)
    source = np.full((N, L), -1, np.int64)
    for column, lag in enumerate(COPIED_LAGS):
        found = np.searchsorted(order, ((bars - lag) << 21) + events[:, PLACE].astype(np.int64) * 256 + above)
        at = np.minimum(found, N - 1)
        same = (found < N) & (bars[at] == bars - lag) & (events[at, PLACE] == events[:, PLACE])
        is_note = (events[:, POSITION] != NEXT_BAR) & (events[at, POSITION] != NEXT_BAR)
        source[:, column] = np.where(same & is_note, at, -1)
    return source


class CopyNGram:
    """An interpolated 5-gram and three copies, mixed."""

    def __init__(self, ngram: NGram, shares: np.ndarray) -> None:
        """Set up.

        Args:
            ngram: the counts.
            shares: float64 (CHOICES * LEVELS**3, 4), for each bucket the 5-gram's and the copies', adding up to 1.
        """
        self.ngram, self.shares = ngram, shares

    @classmethod
    def fit(cls, windows: Sequence[Window], ngram: NGram | None = None) -> "CopyNGram":
        """Learn from a part's windows, which should not overlap.

        The shares are learned on some of the pieces with counts of the others; the counts that are kept are of all.
        """
        apart = [hash_share(_piece_name(window)) < _HELD_OUT_SHARE for window in windows]
        held = [window for window, is_apart in zip(windows, apart, strict=True) if is_apart]
        rest = [window for window, is_apart in zip(windows, apart, strict=True) if not is_apart]
        return cls(ngram or NGram.fit(windows), learn_shares(NGram.fit(rest), held))

    def nats(self, windows: Sequence[Window]) -> float:
        """Negative log-likelihood of windows in nats."""
        return float(-np.log(self.likelihoods(windows)).sum())

    def likelihoods(self, windows: Sequence[Window]) -> np.ndarray:
        """The likelihood of every token of windows: float64 (tokens,)."""
        counted = self.ngram.likelihoods(windows)
        if not len(counted):
            return counted
        bucket, right = _stacked(windows)
        return np.asarray((self.shares[bucket] * np.column_stack([counted, right])).sum(1))


def learn_shares(ngram: NGram, windows: Sequence[Window]) -> np.ndarray:
    """The shares under which windows that the counts are not of are likeliest: float64 (CHOICES * LEVELS**3, 4)."""
    shares = _even_shares()
    prior = shares.copy()
    counted = ngram.likelihoods(windows)
    if not len(counted):
        return shares
    bucket, right = _stacked(windows)
    likely = np.column_stack([counted, right])
    for _ in range(_ITERATIONS):
        parts = shares[bucket] * likely
        parts /= parts.sum(1, keepdims=True)
        totals = prior.copy()
        for column in range(parts.shape[1]):
            totals[:, column] += np.bincount(bucket, weights=parts[:, column], minlength=len(shares))
        shares = totals / totals.sum(1, keepdims=True)
    return shares


def _even_shares() -> np.ndarray:
    """Shares that are the same for all that have something to say; a copy without a token has none."""
    buckets = np.arange(CHOICES * LEVELS ** len(COPIED_LAGS))
    columns = [np.ones(len(buckets))]
    for lag in reversed(range(len(COPIED_LAGS))):
        columns.append((buckets // LEVELS**lag % LEVELS > 0).astype(float))
    shares = np.column_stack(columns)
    return shares / shares.sum(1, keepdims=True)


def _stacked(windows: Sequence[Window]) -> tuple[np.ndarray, np.ndarray]:
    foretold = [foretell(window) for window in windows]
    return np.concatenate([one.bucket for one in foretold]), np.concatenate([one.right for one in foretold])


def _piece_name(window: Window) -> str:
    return window.source + "/" + window.name.rpartition(" bar ")[0]
