"""The one place where evaluation asks for music: a song's cells filled, as phrases."""

from collections.abc import Collection

from model.protocol import CellRef
from model.writing.fill import CellTakes, Filler
from model.writing.hints import NO_HINTS, Hints
from song.notes import Phrase
from song.sections import Song


def generate(
    filler: Filler,
    song: Song,
    takes: int,
    seed: int,
    cells: Collection[CellRef] | None = None,
    hints: Hints = NO_HINTS,
) -> dict[CellRef, list[Phrase]]:
    """Write takes for a song's cells, all of them unless some are named; the best take comes first."""
    wanted = [CellRef(section, part) for section, part in song.cell_refs()] if cells is None else list(cells)
    written: dict[CellRef, list[Phrase]] = {}
    for step in filler.fill(song, wanted, takes, seed, hints=hints):
        if isinstance(step, CellTakes):
            written[step.cell] = [take.phrase for take in step.takes]
    return written
