"""The feature vectors that the critic weighs beside what its network hears."""

from pathlib import Path

import numpy as np
import pytest
from flax import nnx
from safetensors.numpy import load_file, save_file

from model.critic import Critic, CriticCard, CriticConfig, CriticNetwork, Hearing, critic_path, load_critic, save_critic
from model.critic_data import UNKNOWN_KIND, Example
from model.critic_measures import as_arrays, fit_measures, from_arrays, generated_logit, measure
from model.frames import blank_frames
from song.errors import UserError
from song.notes import Note, Phrase
from song.parts import PARTS, Part
from song.time import TICKS_PER_BAR, TICKS_PER_STEP

SMALL = CriticConfig(width=8, within=8, across=8)


def bass(seed: int, *, straight: bool) -> Phrase:
    """Four bars on eighths, or as many notes anywhere."""
    rng = np.random.default_rng(seed)
    steps = range(0, 64, 2) if straight else sorted(rng.choice(64, 32, replace=False).tolist())
    notes = [Note(step * TICKS_PER_STEP, int(36 + rng.integers(12)), TICKS_PER_STEP, 90) for step in steps]
    return Phrase(4, tuple(notes))


def example(seed: int, *, real: bool, source: str = "starter", part: Part = Part.BASS) -> Example:
    return Example(
        part=part,
        source=source,
        group=str(seed),
        real=real,
        frames=blank_frames(4),
        kind=UNKNOWN_KIND,
        style=np.zeros(8, np.float32),
        measures=measure(part, bass(seed, straight=real), 0),
    )


def examples(count: int, source: str = "starter") -> list[Example]:
    return [example(seed, real=real, source=source) for real in (True, False) for seed in range(count)]


@pytest.mark.parametrize("part", PARTS)
def test_every_take_of_a_part_has_as_many_numbers(part: Part) -> None:
    drum = (Note(0, 36, 24, 100),)
    long, short = bass(0, straight=True), Phrase(1, (Note(0, 48, 24, 100),))
    if part is Part.DRUMS:
        long, short = Phrase(16, (*drum, Note(TICKS_PER_BAR, 38, 24, 90))), Phrase(1, drum)
    numbers = [measure(part, phrase, 3, velocity_known=known) for phrase in (long, short) for known in (True, False)]
    assert len({one.shape for one in numbers}) == 1
    assert np.isnan(numbers[1]).sum() == np.isnan(numbers[0]).sum() + 8


def test_takes_that_were_not_learned_from_are_told() -> None:
    fitted = fit_measures(examples(40))
    assert fitted.keys() == {Part.BASS}
    for straight in (True, False):
        logits = [
            generated_logit(fitted, Part.BASS, measure(Part.BASS, bass(seed, straight=straight), 0))
            for seed in range(100, 130)
        ]
        right = [logit is not None and (logit < 0) == straight for logit in logits]
        assert np.mean(right) > 0.9


def test_a_collection_without_takes_teaches_nothing() -> None:
    """Else what sets the collection apart would seem to be what sets real music apart."""
    odd = [example(seed, real=True, source="odd") for seed in range(500, 540)]
    with_odd, without = fit_measures([*examples(40), *odd]), fit_measures(examples(40))
    np.testing.assert_array_equal(with_odd[Part.BASS].weights, without[Part.BASS].weights)


def test_too_little_or_nothing_known_is_no_opinion() -> None:
    assert fit_measures(examples(5)) == {}
    fitted = fit_measures(examples(30))
    assert generated_logit(fitted, Part.BASS, None) is None
    assert generated_logit(fitted, Part.LEAD, np.zeros(3)) is None


def test_a_critic_with_measures_is_read_as_it_was_written_and_weighs_them(tmp_path: Path) -> None:
    weights = tmp_path / "own.safetensors"
    network, card, fitted = CriticNetwork(SMALL, rngs=nnx.Rngs(0)), CriticCard(SMALL), fit_measures(examples(30))
    save_critic(critic_path(weights), network, card, fitted)
    critic = load_critic(weights)
    assert critic is not None
    plain = Critic(network, card)
    frames = blank_frames(4)
    for straight in (True, False):
        numbers = measure(Part.BASS, bass(900, straight=straight), 0)
        heard, alone = (one.judge([Hearing(Part.BASS, frames, numbers)])[0] for one in (critic, plain))
        assert (heard.unlike_generated > alone.unlike_generated) == straight
    (by_frames,), (too,) = critic.judge([Hearing(Part.BASS, frames)]), plain.judge([Hearing(Part.BASS, frames)])
    assert by_frames.real == pytest.approx(too.real, abs=0.01)


def test_measures_that_do_not_fit_are_said(tmp_path: Path) -> None:
    flat = as_arrays(fit_measures(examples(30)))
    assert from_arrays(dict(flat)).keys() == {Part.BASS}
    name = next(iter(flat))
    for wrong in (
        {**flat, name: flat[name][:-1]},
        {key: value for key, value in flat.items() if key != name},
        {**flat, "measures/flute/mean": flat[name]},
    ):
        with pytest.raises(ValueError, match="measures"):
            from_arrays(dict(wrong))
    weights = tmp_path / "own.safetensors"
    path = critic_path(weights)
    save_critic(path, CriticNetwork(SMALL, rngs=nnx.Rngs(0)), CriticCard(SMALL), fit_measures(examples(30)))
    network = {key: value for key, value in load_file(path).items() if not key.endswith("scale")}
    save_file(network, path, {"card": "{}"})
    with pytest.raises(UserError, match="damaged"):
        load_critic(weights)
