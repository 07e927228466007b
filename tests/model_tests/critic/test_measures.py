"""The feature vectors that the critic weighs beside what its network hears, and their weighings on the disk."""

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from model.critic.judge import (
    CriticCard,
    CriticConfig,
    CriticNetwork,
    critic_path,
    load_critic,
    save_critic,
)
from model.critic.measures import as_arrays, from_arrays, generated_logit, measure
from model.training.critic_weighing import weigh
from song.errors import UserError
from song.notes import Note, Phrase
from song.parts import PARTS, Part
from song.time import TICKS_PER_BAR
from tests.model_tests.drawn_networks import drawn
from tests.model_tests.weighed_takes import bass, examples

SMALL = CriticConfig(width=8, within=8, across=8)


@pytest.mark.parametrize("part", PARTS)
def test_every_take_of_a_part_has_as_many_numbers(part: Part) -> None:
    drum = (Note(0, 36, 24, 100),)
    long, short = bass(0, straight=True), Phrase(1, (Note(0, 48, 24, 100),))
    if part is Part.DRUMS:
        long, short = Phrase(16, (*drum, Note(TICKS_PER_BAR, 38, 24, 90))), Phrase(1, drum)
    numbers = [measure(part, phrase, 3, velocity_known=known) for phrase in (long, short) for known in (True, False)]
    assert len({one.shape for one in numbers}) == 1
    assert np.isnan(numbers[1]).sum() == np.isnan(numbers[0]).sum() + 8


def test_too_little_or_nothing_known_is_no_opinion() -> None:
    assert weigh(examples(5)) == ({}, {})
    fitted = weigh(examples(30)).measures
    assert generated_logit(fitted, Part.BASS, None) is None
    assert generated_logit(fitted, Part.LEAD, np.zeros(3)) is None


def test_measures_that_do_not_fit_are_said(tmp_path: Path) -> None:
    flat = as_arrays(weigh(examples(30)))
    assert [found.keys() for found in from_arrays(dict(flat))] == [{Part.BASS}] * 2
    for name in (min(flat), max(flat)):
        way = name.partition("/")[0]
        for wrong in (
            {**flat, name: flat[name][:-1]},
            {key: value for key, value in flat.items() if key != name},
            {**flat, f"{way}/flute/mean": flat[name]},
        ):
            with pytest.raises(ValueError, match=way):
                from_arrays(dict(wrong))
    weights = tmp_path / "own.safetensors"
    path = critic_path(weights)
    save_critic(path, drawn(CriticNetwork, SMALL), CriticCard(SMALL), weigh(examples(30)))
    network = {key: value for key, value in load_file(path).items() if not key.endswith("scale")}
    save_file(network, path, {"card": "{}"})
    with pytest.raises(UserError, match="damaged"):
        load_critic(weights)
