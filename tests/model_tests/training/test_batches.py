"""Batches of windows: drawn by seed and number, padded, and with conditions and parts hidden."""

import msgspec
import numpy as np
import pytest

from model.language.conditions import HIDDEN_QUOTA
from model.language.frames import FRAMES_A_BAR, KNOWN, MARGIN_BARS, content_columns
from model.training.batches import (
    ALL_SHOWN,
    LENGTHS,
    HideRates,
    TrainingBatches,
    collate,
    evaluation_batches,
    padded_length,
)
from model.training.windows import Window
from song.parts import PARTS
from tests.model_tests.training_windows import short_windows


@pytest.fixture(scope="module")
def windows() -> list[Window]:
    return short_windows()


def test_a_batch_depends_on_seed_and_number_alone(windows: list[Window]) -> None:
    def source(seed: int) -> TrainingBatches:
        return TrainingBatches(windows, batches=10, events_a_batch=400, seed=seed)

    first, again = source(1)[7], source(1)[7]
    assert all((first[name] == again[name]).all() for name in first)
    assert any(first["event"].shape != other["event"].shape or (first["event"] != other["event"]).any()
               for other in (source(1)[8], source(2)[7]))  # fmt: skip


def test_hidden_conditions_are_hidden_and_padding_is_masked(windows: list[Window]) -> None:
    everything = HideRates(1, 1, 1, 1, 1, 1, 1)
    batch = collate(windows[:2], 48, everything, np.random.default_rng(0))
    assert (batch["quota"] == HIDDEN_QUOTA).all()
    assert (batch["style"] == 0).all()
    assert (batch["tempo"] == 0).all()
    assert batch["mask"].sum() == sum(len(window.events) for window in windows[:2])


def test_a_window_is_padded_to_the_shortest_length_that_holds_it() -> None:
    assert [padded_length(events) for events in (1, LENGTHS[0], LENGTHS[0] + 1, LENGTHS[-1])] == [
        LENGTHS[0], LENGTHS[0], LENGTHS[1], LENGTHS[-1],
    ]  # fmt: skip


def test_every_window_is_judged_once_and_rows_that_fill_up_are_masked(windows: list[Window]) -> None:
    some = windows[:7]
    batches = list(evaluation_batches(some, ALL_SHOWN, events_a_batch=3 * LENGTHS[0]))
    assert [len(own) for own, _ in batches] == [3, 3, 1]
    assert [id(window) for own, _ in batches for window in own] == [id(window) for window in some]
    assert {batch["mask"].shape for _, batch in batches} == {(LENGTHS[0], 3)}
    for own, batch in batches:
        events = [len(window.events) for window in own] + [0] * (3 - len(own))
        assert batch["mask"].sum(0).tolist() == events


def test_a_source_is_drawn_as_much_oftener_as_it_weighs(windows: list[Window]) -> None:
    rare = [msgspec.structs.replace(window, source="rare", tempo=window.tempo + 9) for window in windows]

    def share(weight: float) -> float:
        source = TrainingBatches(
            [*windows, *rare], batches=60, events_a_batch=960, seed=0, source_weights={"rare": weight}, hide=ALL_SHOWN
        )
        return float(np.mean([(source[n]["tempo"][0, :, 0] > 5).mean() for n in range(60)]))

    assert share(1) == pytest.approx(1 / 2, abs=0.06)
    assert share(1 / 3) == pytest.approx(1 / 4, abs=0.06)
    assert share(0) == 0


def test_a_row_sees_its_own_part_in_the_margins_alone_and_others_unless_they_are_hidden(
    windows: list[Window],
) -> None:
    window = next(one for one in windows if one.frames[:, KNOWN : KNOWN + len(PARTS)].any(0).sum() > 1)
    rows = slice(MARGIN_BARS * FRAMES_A_BAR, (MARGIN_BARS + len(window.onsets)) * FRAMES_A_BAR)
    hides = (msgspec.structs.replace(ALL_SHOWN, margins=0), msgspec.structs.replace(ALL_SHOWN, others=1))
    shown, hidden = (
        collate([window], LENGTHS[0], hide, np.random.default_rng(0))["frames"][0, : len(window.frames)]
        for hide in hides
    )
    for part in PARTS:
        seen, unseen = (frames[:, content_columns(part)] for frames in (shown, hidden))
        own = window.frames[:, content_columns(part)].copy()
        if part is window.part:
            own[rows] = 0
        np.testing.assert_array_equal(seen, own)
        assert not unseen.any()
