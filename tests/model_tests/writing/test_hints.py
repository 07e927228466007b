"""Music that is known only in part is mirrored without telling more than is known."""

import msgspec
import numpy as np
import pytest

from model.language.conditions import BAR_COLUMNS, MAJOR, MINOR
from model.language.frames import GRID, KIND
from model.protocol import CellRef
from model.writing.fill import CellTakes, Filler
from model.writing.hints import NO_HINTS, Hints
from song.notes import Phrase
from song.parts import PARTS, Part
from song.sections import Constraints, Density, Section, SectionKind, Song

MODE = list(BAR_COLUMNS).index("mode")
KIND_COLUMNS = [list(BAR_COLUMNS).index(name) for name in ("kind", "section_place", "bars_left")]


def written(filler: Filler, song: Song, hints: Hints) -> dict[CellRef, Phrase]:
    cells = [CellRef(0, part) for part in PARTS]
    steps = filler.fill(song, cells, 1, 5, hints=hints)
    return {step.cell: step.takes[0].phrase for step in steps if isinstance(step, CellTakes)}


def song_of(*kinds: SectionKind) -> Song:
    constraints = Constraints(density=Density(0.5, 0.5, 0.4, 0.5))
    return Song(sections=tuple(Section(kind, 8, constraints) for kind in kinds), style={"dubstep": 1.0})


def test_kinds_that_nobody_knows_make_no_difference_and_known_ones_do(tiny_filler: Filler) -> None:
    unknown = Hints(kinds_known=False)
    # A build before a drop has a plan of its own: it grows, and its drums stop.
    build, rest = (song_of(kind, SectionKind.DROP) for kind in (SectionKind.BUILD, SectionKind.BREAK))
    assert written(tiny_filler, build, unknown) == written(tiny_filler, rest, unknown)
    told = written(tiny_filler, build, NO_HINTS), written(tiny_filler, rest, NO_HINTS)
    assert all(told[0][cell] != told[1][cell] for cell in told[0])


@pytest.mark.parametrize("kinds_known", [True, False])
def test_what_is_unknown_is_shown_as_in_training(tiny_filler: Filler, kinds_known: bool) -> None:
    job = tiny_filler._job(
        song_of(SectionKind.DROP), CellRef(0, Part.LEAD), 0, None, frozenset(), Hints(kinds_known=kinds_known)
    )
    row = tiny_filler._row(song_of(SectionKind.DROP), job, 0, 0)
    assert bool(row.conditions[:, KIND_COLUMNS].all()) == kinds_known
    assert bool(row.conditions[:, KIND_COLUMNS].any()) == kinds_known
    assert bool(np.asarray(row.frames)[:, KIND:GRID].any()) == kinds_known


@pytest.mark.parametrize(
    ("key", "minor", "mode"),
    [
        ("C chromatic", True, MINOR),
        ("C chromatic", False, MAJOR),
        ("C chromatic", None, 0),
        ("C minor", False, MINOR),
        ("C major", None, MAJOR),
    ],
)
def test_the_mode_is_told_where_the_key_has_none(tiny_filler: Filler, key: str, minor: bool | None, mode: int) -> None:
    song = msgspec.structs.replace(song_of(SectionKind.DROP), key=key)
    job = tiny_filler._job(song, CellRef(0, Part.LEAD), 0, None, frozenset(), Hints(minor=minor))
    assert set(tiny_filler._row(song, job, 0, 0).conditions[:, MODE]) == {mode}
