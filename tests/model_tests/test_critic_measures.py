"""The feature vectors that the critic weighs beside what its network hears."""

from pathlib import Path

import numpy as np
import pytest
from flax import nnx
from safetensors.numpy import load_file, save_file

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
from model.critic.measures import Weighing, as_arrays, from_arrays, generated_logit, measure
from model.language.frames import MARGIN_BARS, blank_frames
from model.training.critic_examples import UNKNOWN_CLASS, Example
from model.training.critic_weighing import weigh
from song.errors import UserError
from song.notes import Note, Phrase
from song.parts import PARTS, Part
from song.scales import parse_key
from song.time import TICKS_PER_BAR, TICKS_PER_STEP

SMALL = CriticConfig(width=8, within=8, across=8)


def bass(seed: int, *, straight: bool) -> Phrase:
    """Four bars on eighths, or as many notes anywhere."""
    rng = np.random.default_rng(seed)
    steps = range(0, 64, 2) if straight else sorted(rng.choice(64, 32, replace=False).tolist())
    notes = [Note(step * TICKS_PER_STEP, int(36 + rng.integers(12)), TICKS_PER_STEP, 90) for step in steps]
    return Phrase(4, tuple(notes))


def example(
    seed: int, *, real: bool, source: str = "starter", part: Part = Part.BASS, mirrors: np.ndarray | None = None
) -> Example:
    return Example(
        part=part,
        source=source,
        group=str(seed),
        real=real,
        frames=blank_frames(4),
        kind=UNKNOWN_CLASS,
        style=np.zeros(8, np.float32),
        measures=measure(part, bass(seed, straight=real), 0),
        mirrors=mirrors,
    )


def examples(count: int, source: str = "starter") -> list[Example]:
    """Real cells and a take of each."""
    real = [example(seed, real=True, source=source) for seed in range(count)]
    takes = [example(seed, real=False, source=source, mirrors=one.measures) for seed, one in enumerate(real)]
    return [*real, *takes]


@pytest.mark.parametrize("part", PARTS)
def test_every_take_of_a_part_has_as_many_numbers(part: Part) -> None:
    drum = (Note(0, 36, 24, 100),)
    long, short = bass(0, straight=True), Phrase(1, (Note(0, 48, 24, 100),))
    if part is Part.DRUMS:
        long, short = Phrase(16, (*drum, Note(TICKS_PER_BAR, 38, 24, 90))), Phrase(1, drum)
    numbers = [measure(part, phrase, 3, velocity_known=known) for phrase in (long, short) for known in (True, False)]
    assert len({one.shape for one in numbers}) == 1
    assert np.isnan(numbers[1]).sum() == np.isnan(numbers[0]).sum() + 8


@pytest.mark.parametrize("way", Weighing._fields)
def test_takes_that_were_not_learned_from_are_told(way: str) -> None:
    fitted = getattr(weigh(examples(40)), way)
    assert fitted.keys() == {Part.BASS}
    for seed in range(100, 130):
        real, take = (
            generated_logit(fitted, Part.BASS, measure(Part.BASS, bass(seed, straight=straight), 0))
            for straight in (True, False)
        )
        assert real is not None
        assert take is not None
        assert real < take
        assert real < 0 < take


def test_a_collection_without_takes_teaches_nothing() -> None:
    """Else what sets the collection apart would seem to be what sets real music apart."""
    odd = [example(seed, real=True, source="odd") for seed in range(500, 540)]
    with_odd, without = weigh([*examples(40), *odd]), weigh(examples(40))
    for one, other in zip(with_odd, without, strict=True):
        np.testing.assert_array_equal(one[Part.BASS].weights, other[Part.BASS].weights)


def test_takes_of_cells_that_nobody_wrote_teach_no_choice() -> None:
    strays = [example(seed, real=False) for seed in range(500, 540)]
    with_strays, without = weigh([*examples(40), *strays]), weigh(examples(40))
    np.testing.assert_array_equal(with_strays.choices[Part.BASS].weights, without.choices[Part.BASS].weights)
    assert not np.array_equal(with_strays.measures[Part.BASS].weights, without.measures[Part.BASS].weights)


def test_too_little_or_nothing_known_is_no_opinion() -> None:
    assert weigh(examples(5)) == ({}, {})
    fitted = weigh(examples(30)).measures
    assert generated_logit(fitted, Part.BASS, None) is None
    assert generated_logit(fitted, Part.LEAD, np.zeros(3)) is None


def test_a_critic_with_measures_is_read_as_it_was_written_and_weighs_them(tmp_path: Path) -> None:
    weights = tmp_path / "own.safetensors"
    network, card, fitted = CriticNetwork(SMALL, rngs=nnx.Rngs(0)), CriticCard(SMALL), weigh(examples(30))
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
    network, card, fitted = CriticNetwork(SMALL, rngs=nnx.Rngs(3)), CriticCard(SMALL), weigh(examples(30))
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
    save_critic(path, CriticNetwork(SMALL, rngs=nnx.Rngs(0)), CriticCard(SMALL), weigh(examples(30)))
    network = {key: value for key, value in load_file(path).items() if not key.endswith("scale")}
    save_file(network, path, {"card": "{}"})
    with pytest.raises(UserError, match="damaged"):
        load_critic(weights)
