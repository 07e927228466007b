"""Songs filled, for tests: what comes out, and which cells there are."""

from model.protocol import CellRef
from model.writing.fill import CellTakes, Filler
from song.sections import Song


def fill(filler: Filler, song: Song, cells: list[CellRef], takes: int = 1, seed: int = 0) -> dict[CellRef, CellTakes]:
    return {step.cell: step for step in filler.fill(song, cells, takes, seed) if isinstance(step, CellTakes)}


def every_cell(song: Song) -> list[CellRef]:
    return [CellRef(index, part) for index, part in song.cell_refs()]
