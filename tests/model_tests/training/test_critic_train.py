"""Training of the critic: its batches, what it learns from them, and nothing to learn from."""

import msgspec
import numpy as np
import pytest

from model.critic.judge import (
    FAULTS,
    Critic,
    CriticCard,
    CriticConfig,
    CriticInput,
)
from model.metrics.logistic import area_under_curve
from model.training.critic_corruption import SHUFFLED, corrupt
from model.training.critic_examples import (
    UNKNOWN_CLASS,
    Example,
)
from model.training.critic_train import FAULT_OF, CriticBatches, CriticSettings, train_critic
from song.errors import UserError
from tests.model_tests.critic_cells import starter_examples


@pytest.fixture(scope="module")
def starter() -> dict[str, list[Example]]:
    return starter_examples()


def test_a_batch_depends_on_seed_and_number_alone(starter: dict[str, list[Example]]) -> None:
    settings = CriticSettings(rows=8)
    one, other = CriticBatches(starter["train"], settings), CriticBatches(starter["train"], settings)
    one.batch(0)
    for here, there in zip(one.batch(3), other.batch(3), strict=True):
        np.testing.assert_array_equal(here, there)


def test_what_stands_against_real_music_comes_with_it(starter: dict[str, list[Example]]) -> None:
    takes = [msgspec.structs.replace(one, real=False) for one in starter["train"]]
    batch = CriticBatches([*starter["train"], *takes], CriticSettings(rows=24)).batch(1)
    there = batch.there.any(1)
    is_real = there & (batch.fault.sum(1) == 0)
    assert is_real.sum() == 24
    assert (batch.fault.sum(1) <= 1).all()
    for fault in range(len(FAULTS)):
        wrong = batch.fault[:, fault] == 1
        assert wrong.any(), FAULTS[fault]
        assert batch.counts[wrong, fault].sum() == batch.counts[is_real, fault].sum()
    assert not batch.counts[~there].any()
    assert (batch.kind[~is_real] == UNKNOWN_CLASS).all()
    assert not batch.style[~is_real].any()


def test_it_learns_to_hear_shuffled_bars_in_music_that_it_has_not_heard(starter: dict[str, list[Example]]) -> None:
    settings = CriticSettings(
        CriticConfig(width=16, within=4, across=8, dropout=0.1),
        train_steps=60,
        rows=4,
        wrong=1,
        corruptions=(SHUFFLED,),
        learning_rate=1e-2,
        warmup_steps=5,
        smoothing=0.0,
        tell=0.0,
    )
    losses: list[float] = []
    network, taken = train_critic(starter["train"], settings, on_report=lambda _, loss: losses.append(loss))
    assert taken == 60
    assert losses[-1] < losses[0]
    critic, rng = Critic(network, CriticCard(settings.critic)), np.random.default_rng(0)
    pairs = [
        (one, wrong)
        for one in starter["held out"]
        if (wrong := corrupt(one.frames, one.part, SHUFFLED, one.frames, rng)) is not None
    ]
    whole = critic.judge([CriticInput(one.part, one.frames) for one, _ in pairs])
    shuffled = critic.judge([CriticInput(one.part, wrong) for one, wrong in pairs])
    heard = np.array([1 - one.faults[FAULT_OF[SHUFFLED]] for one in [*whole, *shuffled]])
    assert area_under_curve(heard, np.arange(len(heard)) < len(pairs)) > 0.6


def test_nothing_real_to_learn_from_is_said() -> None:
    with pytest.raises(UserError, match="no real music"):
        train_critic([], CriticSettings())
