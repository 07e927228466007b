"""Features of pairs side by side."""

import numpy as np

from model.evaluation.telling.features import GROUPS, measure_pairs
from tests.model_tests.told_drops import BAR, beats, line, told


def test_every_group_has_features_and_a_pair_a_row() -> None:
    pair = (told(bass=beats(4, 4, 4, 4)), told(bass=beats(2, 4, 2, 4)))
    found = measure_pairs([pair, pair])
    assert set(found.groups) == set(GROUPS)
    assert found.real.shape == found.composed.shape == (2, len(found.names))
    evenness = found.of_group("evenness")
    column = evenness.names.index("bass: different counts")
    assert (evenness.real[0, column], evenness.composed[0, column]) == (1 / 4, 2 / 4)
    assert list(found.groups) == sorted(found.groups, key=list(GROUPS).index)


def test_a_number_that_one_of_a_pair_lacks_is_taken_from_the_other() -> None:
    several = told(lead=line(1, (0, 60), (24, 62), (48, 64)))
    found = measure_pairs([(several, told(lead=line(1, (0, 60)))), (several, several)])
    column = found.names.index("lead: moves that go up")
    assert np.isnan([found.real[0, column], found.composed[0, column]]).all()
    assert (found.real[1, column], found.composed[1, column]) == (1, 1)


def test_what_a_pair_has_not_says_nothing_of_the_other_pairs() -> None:
    bass, lead = told(bass=beats(1, 2)), told(lead=line(2, (0, 60), (BAR, 60)))
    found = measure_pairs([(bass, bass), (lead, lead)])
    column = found.names.index("bass: silent bars")
    assert found.real[0, column] == 0
    assert np.isnan(found.real[1, column])
