"""The n-grams are proper distributions and learn what repeats."""

import numpy as np
import pytest

from corpus.pieces import Piece
from model.evaluation.ngram import ORDER, VOCABULARY, NGram, tokens_of
from model.training.windows import Window, cut_windows
from song.notes import Note, Phrase
from song.parts import Part


def windows(pitches: list[int], name: str = "a") -> list[Window]:
    notes = tuple(Note(n * 96, pitch, 96, 90) for n, pitch in enumerate(pitches))
    bars = -(-len(pitches) // 4)
    piece = Piece(name, "test", name, "train", name, {}, 120.0, 0, True, bars, {Part.LEAD: Phrase(bars, notes)})
    return list(cut_windows([piece]))


def test_a_unigram_costs_what_its_counts_say() -> None:
    learned = windows([72, 74, 76, 77] * 4)
    model = NGram.fit(learned)
    tokens = np.concatenate([tokens_of(window) for window in learned])
    kinds, counts = np.unique(tokens, return_counts=True)
    total, new = len(tokens), len(kinds)
    probability = {kind: (count + new / VOCABULARY) / (total + new) for kind, count in zip(kinds, counts, strict=True)}
    wanted = -sum(np.log(probability[token]) for token in tokens)
    assert model.nats(learned, 1) == pytest.approx(wanted)


def test_longer_contexts_help_on_music_that_repeats() -> None:
    model = NGram.fit(windows([72, 74, 76, 77] * 8))
    heldout = windows([72, 74, 76, 77] * 2)
    costs = [model.nats(heldout, order) for order in range(1, ORDER + 1)]
    assert costs == sorted(costs, reverse=True)
    assert costs[-1] < costs[0] / 3


def test_what_was_never_seen_has_a_finite_cost() -> None:
    cost = NGram.fit(windows([72] * 8)).nats(windows([61, 99, 100, 84]), ORDER)
    assert np.isfinite(cost)
    assert cost > 0
