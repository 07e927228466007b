"""Likelihood of music that weights have not seen: nats a note for each part, beside the baselines."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import jax
import msgspec
import numpy as np
from flax import nnx

from model.evaluation.ngram import ORDER
from model.evaluation.ngram_copy import CopyNGram
from model.language.events import HOLD, NEXT_BAR
from model.loss import event_nats
from model.network import Network
from model.training.batches import ALL_SHOWN, SIDE_INFORMATION_HIDDEN, HideRates, evaluation_batches
from model.training.windows import Window
from song.parts import PARTS, Part


class PartScore(msgspec.Struct, frozen=True):
    """Nats a note of one part.

    A window's whole cost, bar lines included, is divided by its notes.

    Attributes:
        model: the network, with density and repeat labels hidden from it.
        ngram5: the interpolated 5-gram.
        copying: the interpolated 5-gram with copies of the bar one, two and four back.
        unigram: the unigram.
        notes: how many notes were scored.
        model_told: the network when it is told the true density and repeat labels, which nobody knows beforehand.
    """

    model: float
    ngram5: float
    copying: float
    unigram: float
    notes: int
    model_told: float


def score_parts(
    network: Network, baselines: Mapping[Part, CopyNGram], windows: Sequence[Window]
) -> dict[str, PartScore]:
    """The score of every part that has notes in the windows, which should not overlap."""
    groups = {part.value: [window for window in windows if window.part is part] for part in PARTS}
    return score_groups(network, baselines, groups)


def score_groups(
    network: Network, baselines: Mapping[Part, CopyNGram], groups: Mapping[str, Sequence[Window]]
) -> dict[str, PartScore]:
    """The score of every group of windows that has notes; the windows of a group are of one part.

    A window may be in several groups.
    """
    windows = list({id(window): window for group in groups.values() for window in group}.values())
    hidden, told = (
        nats_by_window(network, windows, SIDE_INFORMATION_HIDDEN),
        nats_by_window(network, windows, ALL_SHOWN),
    )
    scores = {}
    for name, group in groups.items():
        notes = sum(window.notes for window in group)
        if not notes:
            continue
        baseline = baselines.get(group[0].part)
        scores[name] = PartScore(
            model=sum(hidden[id(window)] for window in group) / notes,
            ngram5=baseline.ngram.nats(group, ORDER) / notes if baseline else float("nan"),
            copying=baseline.nats(group) / notes if baseline else float("nan"),
            unigram=baseline.ngram.nats(group, 1) / notes if baseline else float("nan"),
            notes=notes,
            model_told=sum(told[id(window)] for window in group) / notes,
        )
    return scores


def typical_nats(network: Network, windows: Sequence[Window]) -> dict[str, float]:
    """Nats a note that the network finds in real music, told its density and labels, for each part."""
    nats = nats_by_window(network, windows, ALL_SHOWN)
    return {
        part.value: float(np.median([nats[id(window)] / window.notes for window in group]))
        for part in PARTS
        if (group := [window for window in windows if window.part is part and window.notes])
    }


def nats_by_window(network: Network, windows: Sequence[Window], hide: HideRates) -> dict[int, float]:
    """Nats of each window in all, by the window's id: those of `score_windows`."""
    return {window: nats for window, (nats, _) in score_windows(network, windows, hide).items()}


def score_windows(network: Network, windows: Sequence[Window], hide: HideRates) -> dict[int, tuple[float, int]]:
    """Nats of each window in all and the notes that were scored, by the window's id.

    Args:
        network: in inference mode.
        windows: what to score.
        hide: what the network is not told; bars of the part itself that it is shown are not scored.
    """
    graph, weights = nnx.split(network)
    found: dict[int, tuple[float, int]] = {}
    for some, batch in evaluation_batches(windows, hide):
        is_note = (batch["position"] != NEXT_BAR) & (batch["pitch"] != HOLD)
        notes = (is_note & (batch["mask"] > 0)).sum(0).tolist()
        nats = np.asarray(_by_row(graph, weights, batch)).tolist()
        found.update((id(window), (cost, count)) for window, cost, count in zip(some, nats, notes, strict=False))
    return found


@partial(jax.jit, static_argnums=0)
def _by_row(graph: Any, weights: Any, batch: Any) -> jax.Array:
    return event_nats(nnx.merge(graph, weights), batch).sum((0, 2))
