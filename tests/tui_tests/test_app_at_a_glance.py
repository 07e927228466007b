"""What is told at a glance: how each cell stands, energy and tempo of the sections, ghosts, and the status line."""

import msgspec
import pytest

from model.protocol import CellRef
from song.edits.constraints import set_density, set_tempo
from song.edits.takes import replace_cell, set_locked
from song.notes import Note, Phrase
from song.parts import Part
from song.sections import Cell, SectionKind, Song, Take
from song.templates import song_from_form
from song.time import TICKS_PER_BAR, TICKS_PER_STEP
from tests.tui_tests.driving import LARGE, SMALL, Driver, filled_song, running, short_song
from tui.glyphs import ASCII, UNICODE, Glyphs
from tui.view import Draft, View, Writing
from tui.widgets.arrangement import energy_curve, section_columns
from tui.widgets.grid import PartGrid

VAST = (160, 50)
INTRO_BARS, DROP_BARS = 2, 4
VIEW = View(short_song(), section=1)
LEAD = CellRef(0, Part.LEAD)
IDLE = Writing()


def onsets(bars: int, pitch: int, a_bar: int) -> Take:
    """A take of so many onsets in each bar."""
    notes = [
        Note(bar * TICKS_PER_BAR + step * TICKS_PER_STEP, pitch, TICKS_PER_STEP, 100)
        for bar in range(bars)
        for step in range(a_bar)
    ]
    return Take(Phrase(bars, tuple(notes)))


def lead_of(pitch: int) -> Song:
    """The short song with a lead in the intro that has its density, on one pitch."""
    song = set_density(short_song(), 0, Part.LEAD, 0.5)
    return replace_cell(song, 0, Part.LEAD, Cell((onsets(INTRO_BARS, pitch, 6),), 0))


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


def test_the_energy_is_that_of_what_is_written_else_what_is_asked() -> None:
    asked = short_song()
    for part in Part:
        asked = set_density(asked, 1, part, 0.5)
    assert energy_curve(asked.sections[1], 4) == pytest.approx([0.5] * 4)
    busy = replace_cell(asked, 1, Part.DRUMS, Cell((Take(Phrase(DROP_BARS, onsets(2, 36, 16).phrase.notes)),), 0))
    first, second, third, fourth = energy_curve(busy.sections[1], 4)
    assert first == second > 0.5
    assert third == fourth == pytest.approx(0.375)


async def test_tempo_is_shown_where_it_changes_and_in_the_narrowest_column_by_its_sign() -> None:
    song = song_from_form(((SectionKind.INTRO, 2), (SectionKind.BUILD, 8), (SectionKind.DROP, 64)))
    song = set_tempo(set_tempo(song, 1, 140, 174), 2, 174, 174)
    async with running("--silent", song=song, size=LARGE) as app:
        assert app.rows("arrangement")[1].split()[2:] == ["▼1", "♩", "3", "↗174", "11"]
        await app.pilot.resize_terminal(40, 12)
        await app.until(lambda: app.main.size.width == 40)
        assert app.rows("arrangement")[1].split()[2:] == ["▼1", "♩", "3", "↗", "11"]


async def test_g_cycles_the_ghosts_of_the_other_parts() -> None:
    async with running("--silent", song=filled_song()) as app:
        await app.press("down")
        seen = []
        for _ in range(4):
            await app.press("g")
            seen.append((app.view.ghost, app.rows("phrase")[-1].split()[1:2]))
        assert [ghost for ghost, _ in seen] == [Part.DRUMS, Part.CHORDS, Part.LEAD, None]
        labels = [row.split()[1] for row in app.rows("phrase") if len(row.split()) > 1]
        assert not {"drums", "chords", "lead"} & set(labels[2:])


async def test_a_ghost_lies_behind_the_notes_where_it_has_their_pitches() -> None:
    song = replace_cell(lead_of(77), 0, Part.CHORDS, Cell((Take(Phrase(2, (Note(0, 76, 384, 90),))),), 0))
    async with running("--silent", song=song, size=LARGE) as app:
        await app.press("up", "down", "down", "down")
        assert app.work.part is Part.LEAD
        (row,) = [row for row in app.rows("phrase") if " E5 │" in row]
        assert UNICODE.tail not in row
        await app.press("g", "g", "g")
        assert app.view.ghost is Part.CHORDS
        (row,) = [row for row in app.rows("phrase") if " E5 │" in row]
        assert row.count(UNICODE.tail) == 16


async def test_an_empty_ghost_says_so() -> None:
    async with running("--silent", song=lead_of(77)) as app:
        await app.press("g")
        assert "ghost of the bass: empty here" in app.text("status")


async def test_the_status_line_says_new_unsaved_and_saved() -> None:
    async with running("--silent", song=short_song()) as app:
        assert "new" in app.text("status")
        await app.press("+")
        assert "unsaved" in app.text("status")
        await app.press("s", "right")
        assert "saved" in app.text("status")
        assert "unsaved" not in app.text("status")


async def test_what_waits_is_named_before_its_first_bar_comes() -> None:
    async with running("--silent", song=short_song()) as app:
        for keys, told in ((("f",), "INTRO drums"), (("down", "P"), "3 sections"), (("A",), "3 sections")):
            await app.press(*keys, "right", "left")
            assert told in app.text("status"), keys
        assert "soon" in app.text("status")


async def test_a_vast_screen_has_constraints_takes_and_phrase_at_once() -> None:
    async with running("--silent", song=filled_song(), size=VAST) as app:
        assert {name: bool(app.text(name).strip()) for name in ("constraints", "takes", "phrase")} == {
            "constraints": True,
            "takes": True,
            "phrase": True,
        }
        await app.press("z")
        assert not app.main.query_one("#takes").display
        assert app.main.query_one("#constraints").display


async def test_on_a_narrow_screen_the_phrase_is_seen_while_it_is_edited() -> None:
    async with running("--silent", song=filled_song(), size=(40, 12)) as app:
        await app.press("enter")
        await app.until(lambda: app.text("phrase").strip())
        assert app.main.editing
        await app.press("escape")
        await app.until(lambda: app.text("constraints").strip())
        assert not app.main.query_one("#phrase").display


async def start_text(app: Driver) -> str:
    await app.until(lambda: app.app.screen is not app.main)
    return str(app.app.screen.query_one("#start").render())


@pytest.mark.parametrize("size", [(40, 12), SMALL, LARGE], ids=str)
async def test_the_start_screen_fits(size: tuple[int, int]) -> None:
    async with running("--silent", size=size) as app:
        await app.press("T")
        shown = app.app.screen.query_one("#start")
        lines = (await start_text(app)).splitlines()
        assert len(lines) <= shown.content_size.height
        assert max(len(line) for line in lines) <= shown.content_size.width
        assert "writes" in lines[-1]
        assert [line.split()[0] for line in lines if line[:1].isdigit()] == ["1", "2", "3", "4", "5", "6"]
