"""Music as evaluation asks for it: the wanted cells, the same for one seed."""

from model.evaluation.generation import generate
from model.protocol import CellRef
from model.training.plans import random_song
from model.writing.fill import Filler
from song.parts import Part


def test_takes_are_the_wanted_cells_alone_and_the_same_for_one_seed(tiny_filler: Filler) -> None:
    plan = random_song(1)
    cells = [CellRef(index, Part.DRUMS) for index in range(len(plan.sections))]
    one, same, other = (generate(tiny_filler, plan, 1, seed, cells) for seed in (1, 1, 2))
    assert one.keys() == set(cells)
    assert all(len(takes) == 1 for takes in one.values())
    assert one == same != other
