"""The critic's examples: real cells brought to what a take could be, and takes with the cell that they mirror."""

import numpy as np
import pytest

from model.critic.measures import measure
from model.training.critic_examples import (
    generated_examples,
    mirror_pieces,
    playable,
)
from model.writing.fill import Filler
from song.parts import PART_SPECS, Part
from song.scales import parse_key
from tests.model_tests.starter_set import starter_pieces


def test_real_music_is_brought_to_what_a_take_could_be() -> None:
    pieces = starter_pieces()[:3]
    for mirrored in mirror_pieces(pieces):
        scale = parse_key(mirrored.stretch.song.key).pitch_classes()
        for cell, phrase in playable(mirrored.stretch).items():
            spec = PART_SPECS[cell.part]
            for note in phrase.notes:
                assert spec.low <= note.pitch <= spec.high
                assert cell.part is Part.DRUMS or note.pitch % 12 in scale


def test_takes_know_the_measures_of_the_real_cell_that_they_were_written_for(
    tiny_filler: Filler, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirrored = next(iter(mirror_pieces([piece for piece in starter_pieces() if len(piece.parts) > 2])))
    stretch = mirrored.stretch
    tonic = parse_key(stretch.song.key).tonic_class
    measures = {
        cell: measure(cell.part, phrase, tonic, velocity_known=stretch.velocity_known)
        for cell, phrase in playable(stretch).items()
    }
    assert len({numbers.tobytes() for numbers in measures.values()}) == len(measures) > 3
    for among_real in (True, False):
        for cell, _, heard in generated_examples(tiny_filler, mirrored, 0, 2, among_real):
            assert heard[0].mirrors is not None
            assert all(one.mirrors is heard[0].mirrors for one in heard), "one array for all takes of a cell"
            np.testing.assert_array_equal(heard[0].mirrors, measures[cell])
    # What is denser than any plan can ask for is no example, and takes of it are compared with nothing.
    monkeypatch.setattr(
        "model.training.critic_examples._can_be_asked_for", lambda cell, phrase: cell.part is not Part.DRUMS
    )
    for cell, _, heard in generated_examples(tiny_filler, mirrored, 0, 1, False):
        assert (heard[0].mirrors is None) == (cell.part is Part.DRUMS)
