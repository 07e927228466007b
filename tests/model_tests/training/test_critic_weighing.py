"""Weighings of the critic's measures, fitted to real cells and takes."""

import numpy as np
import pytest

from model.critic.measures import Weighing, generated_logit, measure
from model.training.critic_weighing import weigh
from song.parts import Part
from tests.model_tests.weighed_takes import bass, example, examples


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
