"""Batches for training and evaluation: windows side by side, padded to one of a few lengths, time first.

Batch number i of a training run depends on the windows, the seed and i alone, so a run that stops goes on with the very
batch it would have had. Imports NumPy but no JAX.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
import numpy as np

from model.features import (
    BAR_COLUMNS,
    HIDDEN_QUOTA,
    LAGS,
    NO_PITCH,
    NO_POSITION,
    STEP_COLUMNS,
    part_index,
)
from model.vocabulary import BAR, PLACE, POSITION, POSITIONS, REST_SIZES
from model.windows import MAX_EVENTS, Window, note_pitch, quota_columns
from song.styles import STYLES

LENGTHS = (48, 96, 160, 256, MAX_EVENTS)
"""Lengths in events that windows are padded to."""

Arrays = dict[str, np.ndarray]


class HideRates(msgspec.Struct, frozen=True):
    """How often each condition is hidden from the network in training, so that it also writes without it: 0-1."""

    quota_and_label: float = 0.3
    quota: float = 0.1
    label: float = 0.1
    kind: float = 0.15
    place: float = 0.15
    style: float = 0.15
    tempo: float = 0.1


ALL_SHOWN = HideRates(0, 0, 0, 0, 0, 0, 0)
SIDE_INFORMATION_HIDDEN = HideRates(1, 1, 1, 0, 0, 0, 0)
"""For fair comparison with models that get no density and no repeat labels."""


def padded_length(events: int) -> int:
    """The shortest of LENGTHS that holds so many events."""
    return next(length for length in LENGTHS if events <= length)


def collate(windows: Sequence[Window], length: int, hide: HideRates, rng: np.random.Generator) -> Arrays:
    """Windows as one batch.

    Returns:
        The fields of `network.Inputs`, int32 or float32 and (T, B, ...), and the targets: "position", "pitch" and
        "rest" int32, with "mask" (T, B) 1 where there is an event. A "rest" equal to its size is not scored.
    """
    T, B, L = length, len(windows), len(LAGS)
    nothing = np.array([NO_POSITION, NO_PITCH, *REST_SIZES], np.int32)
    batch: Arrays = {
        "event": np.tile(nothing, (T, B, 1)),
        "place": np.full((T, B), POSITIONS, np.int32),
        "bar": np.zeros((T, B, len(BAR_COLUMNS)), np.int32),
        "quota": np.full((T, B, len(STEP_COLUMNS)), HIDDEN_QUOTA, np.int32),
        "lag_position": np.full((T, B, L), NO_POSITION, np.int32),
        "lag_pitch": np.full((T, B, L), NO_PITCH, np.int32),
        "lag_match": np.zeros((T, B, L), np.int32),
        "lag_rest": np.tile(nothing[2:], (T, B, L, 1)),
        "part": np.zeros((T, B), np.int32),
        "style": np.zeros((T, B, len(STYLES)), np.float32),
        "tempo": np.zeros((T, B, 2), np.float32),
        "position": np.zeros((T, B), np.int32),
        "pitch": np.full((T, B), NO_PITCH, np.int32),
        "rest": np.tile(nothing[2:], (T, B, 1)),
        "mask": np.zeros((T, B), np.float32),
    }
    for b, window in enumerate(windows):
        _put(batch, b, window, hide, rng)
    return batch


def _put(batch: Arrays, b: int, window: Window, hide: HideRates, rng: np.random.Generator) -> None:
    events, N = window.events, len(window.events)
    pitch = note_pitch(events)
    batch["event"][1:N, b] = np.column_stack([events[:, POSITION], pitch, window.rest])[:-1]
    place = np.where(events[:, PLACE] >= 0, events[:, PLACE], POSITIONS)
    batch["place"][1:N, b] = place[:-1]
    rates = msgspec.structs.asdict(hide)
    hidden = dict(zip(rates, rng.random(len(rates)) < list(rates.values()), strict=True))
    for name in ("quota", "label"):
        hidden[name] |= hidden["quota_and_label"]
    bar = window.bar.copy()
    for name, column in (
        ("label", "label"), ("kind", "kind"), ("place", "section_place"), ("place", "bars_left"),
    ):  # fmt: skip
        if hidden[name]:
            bar[:, list(BAR_COLUMNS).index(column)] = 0
    batch["bar"][:N, b] = bar[events[:, BAR]]
    if not hidden["quota"]:
        batch["quota"][:N, b] = quota_columns(window.onsets, events, window.used)
    batch["lag_position"][:N, b] = window.lag_position
    batch["lag_pitch"][:N, b] = window.lag_pitch
    batch["lag_match"][:N, b] = window.lag_match
    batch["lag_rest"][:N, b] = window.lag_rest
    batch["part"][:, b] = part_index(window.part)
    if not hidden["style"]:
        batch["style"][:, b] = window.style
    if not hidden["tempo"]:
        batch["tempo"][:, b] = window.tempo
    batch["position"][:N, b] = events[:, POSITION]
    batch["pitch"][:N, b] = pitch
    batch["rest"][:N, b] = window.rest
    batch["mask"][:N, b] = 1


class TrainingBatches:
    """Every batch of a training run by its number, as Grain reads a source: `source[i]`, `len(source)`."""

    def __init__(
        self,
        windows: Sequence[Window],
        *,
        batches: int,
        events_a_batch: int,
        seed: int,
        source_weights: Mapping[str, float] | None = None,
        hide: HideRates | None = None,
    ) -> None:
        """Set up a run.

        Args:
            windows: what to learn from; at least one.
            batches: batches in the run.
            events_a_batch: events in a batch, its padding included.
            seed: 0 or more.
            source_weights: how much more often than others a source's windows are drawn, 1 unless named.
            hide: how often conditions are hidden; as `HideRates` has it unless given.
        """
        self._count, self._events, self._seed, self._hide = batches, events_a_batch, seed, hide or HideRates()
        weights = source_weights or {}
        groups: dict[int, list[Window]] = {}
        for window in windows:
            groups.setdefault(padded_length(len(window.events)), []).append(window)
        self._groups = {length: groups[length] for length in sorted(groups)}
        self._shares = {
            length: np.array([weights.get(window.source, 1.0) * len(window.events) for window in group])
            for length, group in self._groups.items()
        }
        totals = np.array([shares.sum() for shares in self._shares.values()])
        self._length_shares = totals / totals.sum()

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: int) -> Arrays:
        rng = np.random.Generator(np.random.Philox(key=[self._seed, index]))
        length = list(self._groups)[rng.choice(len(self._groups), p=self._length_shares)]
        group, shares = self._groups[length], self._shares[length]
        chosen = rng.choice(len(group), size=max(self._events // length, 1), p=shares / shares.sum())
        return collate([group[n] for n in chosen], length, self._hide, rng)


def evaluation_batches(
    windows: Sequence[Window], hide: HideRates, events_a_batch: int = 8192
) -> Iterator[tuple[list[Window], dict[str, Any]]]:
    """Every window once, the batches padded with masked rows to few shapes: pairs of (windows, batch)."""
    rng = np.random.default_rng(0)
    groups: dict[int, list[Window]] = {}
    for window in windows:
        groups.setdefault(padded_length(len(window.events)), []).append(window)
    for length, group in sorted(groups.items()):
        size = max(events_a_batch // length, 1)
        for first in range(0, len(group), size):
            some = group[first : first + size]
            batch = collate(some + some[:1] * (size - len(some)), length, hide, rng)
            batch["mask"][:, len(some) :] = 0
            yield some, batch
