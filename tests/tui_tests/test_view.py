"""The view: cells told by their sections' ids, placed where the sections stand, and the music that a cell shows."""

import msgspec
import pytest

from model.protocol import CellRef
from song.edits.sections import delete_section, move_section
from song.notes import Note, Phrase
from song.parts import Part
from song.sections import CellKey, number_sections
from tests.tui_tests.driving import DROP_DRUMS, INTRO_DRUMS, filled_song, short_song
from tui.view import Draft, Outstanding, View, Writing, cell_key, placed_cells

SONG = number_sections(short_song())
INTRO, DROP = (CellKey(SONG.sections[index].id, Part.DRUMS) for index in (0, 1))
DRAFT = Draft(1, (Note(0, 38, 24, 90),))


def test_what_is_written_is_found_where_its_section_was_moved() -> None:
    outstanding = Outstanding(frozenset({INTRO}), {DROP: DRAFT}, done=3, current=DROP, seconds_left=9.0)
    moved = move_section(SONG, 0, 1)
    assert outstanding.placed(SONG) == Writing(frozenset({INTRO_DRUMS}), {DROP_DRUMS: DRAFT}, 3, DROP_DRUMS, 9.0)
    assert outstanding.placed(moved) == Writing(frozenset({DROP_DRUMS}), {INTRO_DRUMS: DRAFT}, 3, INTRO_DRUMS, 9.0)


def test_what_is_written_of_a_section_that_is_gone_is_left_out() -> None:
    outstanding = Outstanding(frozenset({INTRO}), {DROP: DRAFT}, done=3, current=DROP)
    placed = outstanding.placed(delete_section(SONG, 1))
    assert placed == Writing(frozenset({INTRO_DRUMS}), {}, 3, None)
    assert not placed.covers(DROP_DRUMS)
    assert placed_cells([INTRO, DROP], delete_section(SONG, 0)) == {INTRO_DRUMS}


def test_a_key_leads_back_to_its_cell() -> None:
    for index, part in SONG.cell_refs():
        assert placed_cells([cell_key(SONG, CellRef(index, part))], SONG) == {CellRef(index, part)}


@pytest.mark.parametrize(
    ("writing", "busy", "total"),
    [
        (Writing(), False, 0),
        (Writing(done=2), False, 2),
        (Writing(frozenset({INTRO_DRUMS}), done=2), True, 3),
        (Writing(frozenset({INTRO_DRUMS}), {DROP_DRUMS: DRAFT}, 2), True, 4),
    ],
)
def test_cells_that_wait_and_cells_that_are_begun_count_as_outstanding(
    writing: Writing, busy: bool, total: int
) -> None:
    assert (writing.busy, writing.total) == (busy, total)
    assert writing.covers(INTRO_DRUMS) == (INTRO_DRUMS in writing.queued)
    assert writing.covers(DROP_DRUMS) == (DROP_DRUMS in writing.drafts)


def test_what_has_been_done_is_counted_on_while_nothing_is_outstanding() -> None:
    assert Outstanding(done=5).placed(SONG) == Writing(done=5)


def test_a_cell_shows_what_is_arriving_in_place_of_its_take() -> None:
    view = View(number_sections(filled_song()), section=1)
    take = view.selected_section.cells.drums.take
    assert take is not None
    assert view.phrase_of(DROP_DRUMS) == take.phrase
    arriving = msgspec.structs.replace(view, writing=Writing(drafts={DROP_DRUMS: DRAFT}))
    assert arriving.phrase_of(DROP_DRUMS) == Phrase(4, DRAFT.notes)
    assert arriving.phrase_of(INTRO_DRUMS) == view.phrase_of(INTRO_DRUMS)
    assert View(SONG).phrase_of(INTRO_DRUMS) is None
