"""Batches for training and evaluation: windows side by side, padded to one of a few lengths, time first.

Batch number i of a training run depends on the windows, the seed and i alone, so a run that stops goes on with the very
batch it would have had. Imports NumPy but no JAX.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
import numpy as np

from model.language.conditions import (
    BAR_COLUMNS,
    HIDDEN_QUOTA,
    KINDS,
    LAGS,
    NO_PITCH,
    NO_POSITION,
    STEP_COLUMNS,
    note_pitch,
    part_index,
    quota_columns,
)
from model.language.events import BAR, PLACE, POSITION, POSITIONS, REST_SIZES
from model.language.frames import FRAME_COLUMNS, FRAMES_A_BAR, KIND, MARGIN_BARS, POSITIONS_A_FRAME, WRITTEN, hide_part
from model.training.windows import MAX_EVENTS, WINDOW_BARS, Window
from song.parts import PARTS
from song.styles import STYLES

LENGTHS = (48, 96, 160, 256, MAX_EVENTS)
"""Lengths in events that windows are padded to."""

FRAMES = (WINDOW_BARS + 2 * MARGIN_BARS) * FRAMES_A_BAR
"""Frames of a window and its margins."""

_CONDITIONS = ("quota_and_label", "quota", "label", "kind", "place", "style", "tempo", "feel", "mode")

Arrays = dict[str, np.ndarray]
"""A batch by the names that `collate` gives its arrays."""


class HideRates(msgspec.Struct, frozen=True):
    """Chance, 0-1, that each condition is hidden from the network in training, so that it also writes without it."""

    quota_and_label: float = 0.3
    quota: float = 0.1
    label: float = 0.1
    kind: float = 0.15
    place: float = 0.15
    style: float = 0.15
    tempo: float = 0.1
    feel: float = 0.25
    mode: float = 0.1
    others: float = 0.25  # every other part
    later: float = 0.4  # where others are shown, the parts that are written after this one
    some: float = 0.3  # where neither, each other part by itself
    margins: float = 0.6  # the part's own music in the bars before and after
    own_bars: float = 0.8  # every bar of the part itself; where some are shown, they are not learned from


ALL_SHOWN = HideRates(
    quota_and_label=0, quota=0, label=0, kind=0, place=0, style=0, tempo=0, feel=0, mode=0,
    others=0, later=0, some=0, margins=1, own_bars=1,
)  # fmt: skip
"""All that can be known of a part that is not written yet."""
SIDE_INFORMATION_HIDDEN = msgspec.structs.replace(ALL_SHOWN, quota_and_label=1, feel=1)
"""For fair comparison with models that get no density and no repeat labels; the other parts are shown."""


def padded_length(events: int) -> int:
    """The shortest of LENGTHS that holds so many events."""
    return next(length for length in LENGTHS if events <= length)


def collate(windows: Sequence[Window], length: int, hide: HideRates, rng: np.random.Generator) -> Arrays:
    """Windows as one batch of T events by B windows.

    Args:
        windows: B of them, none longer than `length`.
        length: T, in events.
        hide: how often conditions are hidden.
        rng: draws what is hidden, window by window.

    Returns:
        The fields of `model.network.Inputs`, (T, B, ...), "style" and "tempo" float32 and the others int32. The targets
        "position" and "pitch", int32 (T, B), and "rest", int32 (T, B, 4), whose values are not scored where they equal
        their size. "mask", float32 (T, B), 1 where an event is scored. "frames", float16 (B, FRAMES, FRAME_COLUMNS),
        the music around as far as it is seen.
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
        "frame": np.zeros((T, B), np.int32),
        "frames": np.zeros((B, FRAMES, FRAME_COLUMNS), np.float16),
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
    rates = {name: rate for name, rate in msgspec.structs.asdict(hide).items() if name in _CONDITIONS}
    hidden = dict(zip(rates, rng.random(len(rates)) < list(rates.values()), strict=True))
    for name in ("quota", "label"):
        hidden[name] |= hidden["quota_and_label"]
    bar = window.bar.copy()
    for name, column in (
        ("label", "label"), ("kind", "kind"), ("place", "section_place"), ("place", "bars_left"),
        ("feel", "feel"), ("mode", "mode"),
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
    reached = np.where((events[:, BAR] == np.roll(events[:, BAR], 1)) & (np.arange(N) > 0), np.roll(place, 1), 0)
    batch["frame"][:N, b] = (events[:, BAR] + MARGIN_BARS) * FRAMES_A_BAR + reached // POSITIONS_A_FRAME
    seen, kept = _visible(window, hide, rng)
    if hidden["kind"]:
        seen[:, KIND : KIND + len(KINDS)] = 0
    batch["frames"][b, : len(seen)] = seen
    batch["mask"][:N, b] = ~kept[events[:, BAR]]


def _visible(window: Window, hide: HideRates, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """A window's frames as the network gets to see them, and the bars of its own part among them: bool (K,)."""
    own, bars = window.part, len(window.onsets)
    frames = window.frames.copy()
    frames[:, WRITTEN + part_index(own)] = 1
    if rng.random() < hide.others:
        hidden = [part for part in PARTS if part is not own]
    elif rng.random() < hide.later:
        hidden = list(PARTS[part_index(own) + 1 :])
    else:
        hidden = [part for part in PARTS if part is not own and rng.random() < hide.some]
    for part in hidden:
        hide_part(frames, part)
    kept = np.zeros(bars, bool)
    if rng.random() >= hide.own_bars:
        kept = _kept_bars(bars, rng)
    elif rng.random() < hide.margins:
        hide_part(frames, own)
    within = np.zeros(len(frames), bool)
    within[MARGIN_BARS * FRAMES_A_BAR : (MARGIN_BARS + bars) * FRAMES_A_BAR] = np.repeat(~kept, FRAMES_A_BAR)
    hide_part(frames, own, within)
    return frames, kept


def _kept_bars(bars: int, rng: np.random.Generator) -> np.ndarray:
    """Bars that stay while others are written anew: all but one stretch, or pairs here and there; never all."""
    if rng.random() < 0.5:
        first, last = np.sort(rng.choice(bars + 1, 2, replace=False))
        places = np.arange(bars)
        return (places < first) | (places >= last)
    kept: np.ndarray = np.repeat(rng.random(-(-bars // 2)) < 0.5, 2)[:bars]
    return kept & ~kept.all()


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
    """Every window once, in pairs of some windows and their batch, as `collate` makes it.

    Batches are padded to few shapes with rows of the first window whose mask is 0.

    Args:
        windows: what to judge by.
        hide: how often conditions are hidden, drawn alike in every call.
        events_a_batch: events in a batch, its padding included.
    """
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
