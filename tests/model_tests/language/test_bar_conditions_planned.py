"""Bar conditions of cells that are planned, beside those of the same cells read back."""

from collections.abc import Iterator

import msgspec
import numpy as np
import pytest

from corpus.pieces import Piece, PieceSection
from model.language.bar_conditions import PlacedSection, bar_conditions
from model.language.conditions import BACKBEAT, BAR_COLUMNS, HALF_TIME, KINDS, bar_feels
from model.language.events import encode_phrase
from model.protocol import CellRef
from model.training.windows import WINDOW_BARS, cut_windows
from model.writing.fill import Filler
from song.drums import KICK, SNARE
from song.notes import Note, Phrase, some_bars
from song.parts import PARTS, Part
from song.scales import TONIC_NAMES
from song.sections import Constraints, Section, SectionKind, Song, WobbleRange
from song.time import TICKS_PER_BAR, TICKS_PER_QUARTER
from tests.model_tests.starter_set import starter_pieces

FEEL, LABEL = (list(BAR_COLUMNS).index(name) for name in ("feel", "label"))


def planned(filler: Filler, song: Song, part: Part, labels: np.ndarray) -> np.ndarray:
    """The bar conditions of a cell of a song's first section, as it is written to a form of these labels."""
    job = filler._job(song, CellRef(0, part), 0, None, frozenset())
    job = msgspec.structs.replace(job, plan=msgspec.structs.replace(job.plan, labels=tuple(labels.tolist())))
    return np.asarray(filler._row(song, job, 0, 0).conditions)


def cells() -> Iterator[tuple[Piece, Song, Part]]:
    """Cells of the starter set, each as a piece of its own and as an empty song that asks for it."""
    for piece in starter_pieces():
        for section in piece.sections:
            if not 8 <= section.bars <= WINDOW_BARS:
                continue
            for part, whole in piece.parts.items():
                phrase = some_bars(whole, section.start_bar, section.bars)
                alone = msgspec.structs.replace(
                    piece,
                    bars=section.bars,
                    sections=(PieceSection(0, section.bars, section.kind),),
                    parts={part: phrase},
                )
                rates = tuple(sorted({wobble.rate for wobble in phrase.wobbles}))
                mode = "minor" if piece.minor else "major"
                song = Song(
                    style=dict(piece.style),
                    key=f"{TONIC_NAMES[piece.tonic_class or 0]} {mode}",
                    sections=(Section(section.kind, section.bars, Constraints(wobble=WobbleRange(rates, 0.8))),),
                )
                yield alone, song, part


def test_a_cell_that_is_planned_and_the_same_cell_read_back_have_the_same_conditions(tiny_filler: Filler) -> None:
    compared = {part: set[SectionKind]() for part in PARTS}
    for piece, song, part in cells():
        window = next(cut_windows([piece]), None)
        if window is None or len(window.bar) < piece.bars:
            # It hardly sounds, or is too busy for one window.
            continue
        asked = planned(tiny_filler, song, part, window.bar[:, LABEL])
        # The feel of drums is heard in them, and asked for by what is usual: the next test holds the two together.
        asked[:, FEEL] = window.bar[:, FEEL]
        np.testing.assert_array_equal(asked, window.bar, f"{piece.name} {song.sections[0].kind} {part}")
        compared[part].add(song.sections[0].kind)
    assert all(len(kinds) >= 3 for kinds in compared.values()), compared


@pytest.mark.parametrize(("style", "snares", "feel"), [("dubstep", (2,), HALF_TIME), ("house", (1, 3), BACKBEAT)])
def test_a_feel_that_is_asked_for_is_the_one_that_is_heard(
    tiny_filler: Filler, style: str, snares: tuple[int, ...], feel: int
) -> None:
    notes = [
        Note(bar * TICKS_PER_BAR + beat * TICKS_PER_QUARTER, pitch, 24, 110)
        for bar in range(16)
        for pitch, beats in ((KICK, (0,)), (SNARE, snares))
        for beat in beats
    ]
    phrase = Phrase(16, tuple(sorted(notes)))
    song = Song(style={style: 1.0}, sections=(Section(SectionKind.DROP, 16, Constraints()),))
    heard = bar_feels(encode_phrase(Part.DRUMS, phrase, 0), 16)
    assert set(heard.tolist()) == {feel}
    asked = planned(tiny_filler, song, Part.DRUMS, np.ones(16, int))[:, FEEL]
    # The last bar of eight may turn: nothing is asked of it.
    assert asked.tolist() == ([feel] * 7 + [0]) * 2


def test_sections_that_began_before_and_end_after_are_placed_by_their_own_bars() -> None:
    sections = [PlacedSection(-3, 8, SectionKind.BUILD), PlacedSection(5, 16, SectionKind.DROP)]
    rows = bar_conditions(Part.LEAD, np.ones(7, int), sections, first_bar=3)
    column = {name: rows[:, index].tolist() for index, name in enumerate(BAR_COLUMNS)}
    build, drop = (KINDS.index(kind) + 1 for kind in (SectionKind.BUILD, SectionKind.DROP))
    assert column["kind"] == [build] * 5 + [drop] * 2
    assert column["phrase_place"] == [3, 4, 5, 6, 7, 0, 1]
    assert column["section_place"] == [4, 5, 6, 7, 8, 1, 2]
    assert column["bars_left"] == [5, 4, 3, 2, 1, 9, 9]
