"""Judgements that weigh feature vectors beside what the network hears."""

from pathlib import Path

import numpy as np
import pytest

from model.critic.frames import take_frames
from model.critic.judge import (
    GENERATED,
    Critic,
    CriticCard,
    CriticConfig,
    CriticInput,
    CriticNetwork,
    critic_path,
    load_critic,
    save_critic,
)
from model.critic.measures import Weighing, generated_logit, measure
from model.language.frames import MARGIN_BARS, blank_frames
from model.training.critic_weighing import weigh
from song.parts import Part
from song.scales import parse_key
from tests.model_tests.drawn_networks import drawn
from tests.model_tests.weighed_takes import bass, examples

SMALL = CriticConfig(width=8, within=8, across=8)


def test_a_critic_with_measures_is_read_as_it_was_written_and_weighs_them(tmp_path: Path) -> None:
    weights = tmp_path / "own.safetensors"
    network, card, fitted = drawn(CriticNetwork, SMALL), CriticCard(SMALL), weigh(examples(30))
    save_critic(critic_path(weights), network, card, fitted)
    critic = load_critic(weights)
    assert critic is not None
    plain = Critic(network, card)
    frames = blank_frames(4)
    for straight in (True, False):
        numbers = measure(Part.BASS, bass(900, straight=straight), 0)
        heard, alone = (one.judge([CriticInput(Part.BASS, frames, numbers)])[0] for one in (critic, plain))
        assert (heard.faults[GENERATED] < alone.faults[GENERATED]) == straight
    (by_frames,), (too,) = critic.judge([CriticInput(Part.BASS, frames)]), plain.judge([CriticInput(Part.BASS, frames)])
    assert by_frames.real == pytest.approx(too.real, abs=0.01)


def log_odds(likely: list[float]) -> np.ndarray:
    return np.log(np.array(likely)) - np.log1p(-np.array(likely))


def test_merit_goes_by_the_choices_and_whether_it_is_generated_by_the_measures() -> None:
    network, card, fitted = (
        drawn(CriticNetwork, SMALL, 3),
        CriticCard(SMALL),
        weigh(examples(30)),
    )
    key, some = parse_key("C minor"), []
    for seed in range(900, 908):
        phrase = bass(seed, straight=seed % 2 == 0)
        frames = take_frames(blank_frames(4 + 2 * MARGIN_BARS), Part.BASS, phrase, key)
        some.append(CriticInput(Part.BASS, frames, measure(Part.BASS, phrase, 0)))
    heard = log_odds([one.faults[GENERATED] for one in Critic(network, card).judge(some)])
    assert heard.std() > 1e-4, "the network hears no difference"
    alone, beside = (
        np.array([generated_logit(one, Part.BASS, take.measures) for take in some], float) for one in fitted
    )
    judged = Critic(network, card, fitted).judge(some)
    np.testing.assert_allclose(log_odds([one.faults[GENERATED] for one in judged]), (heard + alone) / 2, atol=1e-6)
    np.testing.assert_allclose(log_odds([one.merit for one in judged]), -(heard + beside) / 2, atol=1e-6)
    # A critic of before has learned no choices.
    for one in Critic(network, card, Weighing(fitted.measures, {})).judge(some):
        assert one.merit == pytest.approx(1 - one.faults[GENERATED])
