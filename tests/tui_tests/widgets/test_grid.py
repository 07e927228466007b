"""The grid: how each cell stands, told by glyph alone, and where there is room in words."""

import msgspec
import pytest

from model.protocol import CellRef
from song.edits.constraints import set_density
from song.edits.takes import replace_cell, set_locked
from song.notes import Phrase
from song.parts import Part
from song.sections import Cell, Song, Take
from tests.tui_tests.driving import LARGE, SMALL, running, short_song
from tests.tui_tests.example_songs import INTRO_BARS, lead_of
from tui.glyphs import ASCII, UNICODE, Glyphs
from tui.view import Draft, View, Writing
from tui.widgets.arrangement import section_columns
from tui.widgets.grid import PartGrid

VIEW = View(short_song(), section=1)
LEAD = CellRef(0, Part.LEAD)
IDLE = Writing()


def drawn(song: Song, glyphs: Glyphs, writing: Writing = IDLE, failed: frozenset[CellRef] = frozenset()) -> str:
    """The lead's cell in the intro, as one row of the grid; another cell is selected."""
    grid = PartGrid()
    view = msgspec.structs.replace(VIEW, song=song, glyphs=glyphs, writing=writing, failed=failed)
    column = section_columns(view, SMALL[0])[0]
    row = "".join(text for text, _ in grid.paint(view, SMALL[0], 4)[3].pieces)
    return row[column.x + 1 : column.x + column.width]


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII], ids=lambda glyphs: glyphs.name)
def test_every_state_of_a_cell_looks_different_without_a_colour(glyphs: Glyphs) -> None:
    empty, right = set_density(short_song(), 0, Part.LEAD, 0.5), lead_of(77)
    half = Draft(1, right.sections[0].cells.lead.takes[0].phrase.notes[:6])
    states = {
        "empty": drawn(empty, glyphs),
        "filled": drawn(right, glyphs),
        "silent": drawn(replace_cell(empty, 0, Part.LEAD, Cell((Take(Phrase(INTRO_BARS)),), 0)), glyphs),
        "not as asked": drawn(lead_of(78), glyphs),
        "locked": drawn(set_locked(right, 0, Part.LEAD, True), glyphs),
        "locked, not as asked": drawn(set_locked(lead_of(78), 0, Part.LEAD, True), glyphs),
        "locked, empty": drawn(set_locked(empty, 0, Part.LEAD, True), glyphs),
        "waiting": drawn(right, glyphs, Writing(queued=frozenset({LEAD}))),
        "half written": drawn(right, glyphs, Writing(drafts={LEAD: half})),
        "failed": drawn(empty, glyphs, failed=frozenset({LEAD})),
        "failed, filled": drawn(right, glyphs, failed=frozenset({LEAD})),
    }
    assert len(set(states.values())) == len(states), states
    width = len(states["empty"])
    assert states["half written"].count(glyphs.unwritten) == width - width // 2
    assert states["not as asked"][0] == states["locked, not as asked"][1] == glyphs.unlike
    assert glyphs.unlike not in states["filled"]


async def test_with_room_a_cell_says_in_words_what_is_not_as_asked() -> None:
    async with running("--silent", song=lead_of(78), size=LARGE) as app:
        await app.until(lambda: len(app.rows("grid")) == len(Part) * 3)
        assert "6.0 ≠ key" in app.rows("grid")[3 * 3 + 2]
        await app.press("down", "down", "down", "l")
        assert "locked" in app.rows("grid")[3 * 3 + 2]


async def test_the_selected_cell_has_edges_as_well_as_a_colour() -> None:
    async with running("--silent", song=short_song()) as app:
        await app.press("right", "down")
        row = app.rows("grid")[1]
        assert row.startswith("▸bass")
        assert (row.count("▐"), row.count("▌")) == (1, 1)
        assert all("▐" not in other for other in app.rows("grid")[2:])


async def test_a_density_changed_after_the_fill_shows_as_not_met() -> None:
    async with running(song=short_song()) as app:
        await app.press("right", "f")
        await app.until_written()
        assert "≠" not in app.text("grid") + app.text("constraints")
        await app.press("d", "}", "}")
        assert "≠" in app.rows("grid")[0]
        assert "≠" in app.text("constraints")
