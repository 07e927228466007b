"""The phrase on the screen: its page, the wobble and other parts' notes, clicks, any size."""

import pytest

from song.edits.constraints import set_chord_beats, set_chords
from song.edits.takes import replace_cell
from song.notes import Note, Phrase
from song.parts import PARTS, Part
from song.sections import Cell, Take
from tests.tui_tests.driving import LARGE, SMALL, bars_shown, filled_song, running, short_song
from tests.tui_tests.example_songs import bass_song, lead_of
from tui.glyphs import ASCII, UNICODE
from tui.widgets.canvas import Canvas


async def test_the_phrase_turns_its_page_with_the_bar_and_marks_it() -> None:
    async with running("--silent", song=filled_song()) as app:
        await app.press("right")
        assert bars_shown(app) == ["▼3", "4"]
        await app.press(".", ".")
        assert bars_shown(app) == ["▼5", "6"]
        await app.press(".")
        assert bars_shown(app) == ["5", "▼6"]


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


async def test_the_wobble_lies_under_the_bass() -> None:
    async with running(song=short_song()) as app:
        await app.press("right", "down", "f")
        await app.until_written()
        assert app.work.part is Part.BASS
        labels = [words[1] for row in app.rows("phrase")[2:] if len(words := row.split()) > 1]
        assert labels[-3:] == ["rate", "depth", "wobble"]


async def test_a_click_edits_the_phrase_where_it_is() -> None:
    async with running("--silent", song=bass_song()) as app:
        await app.press("down")
        row = next(y for y, text in enumerate(app.rows("phrase")) if " F2 " in text)
        await app.pilot.click("#phrase", offset=(10 + 4, row))
        assert app.main.editing
        assert (app.main.editor.tick, app.main.editor.pitch) == (4 * 24, 41)


@pytest.mark.parametrize("size", [SMALL, LARGE, (160, 50), (60, 16), (40, 12), (20, 5)], ids=str)
async def test_the_notes_are_drawn_within_any_size(size: tuple[int, int]) -> None:
    async with running("--silent", size=size, song=filled_song()) as app:
        await app.press("right")
        for part in PARTS:
            assert (app.work.part, app.work.bar, app.main.ghost) == (part, 0, None)
            await app.press("enter", "g", "b", "end", "pageup", "enter", "z")
            for canvas in app.main.query(Canvas):
                for y in range(canvas.size.height):
                    assert canvas.render_line(y).cell_length == canvas.size.width
            assert app.main.ghost is not None
            app.main.ghost = None
            await app.press("escape", "escape", "left", "right", "down")


async def test_ascii_edits_without_a_unicode_character() -> None:
    async with running("--silent", song=filled_song(), glyphs=ASCII) as app:
        await app.press("down", "enter", "enter", "5", "b", "g", "g")
        for canvas in app.main.query(Canvas):
            assert app.text(canvas.id or "").isascii()


async def test_the_chords_of_each_bar_stand_over_its_notes() -> None:
    song = set_chord_beats(set_chords(filled_song(), 1, "i VI III VII"), 1, 2)
    async with running("--silent", song=song) as app:
        await app.press("right", "down")
        assert app.work.part is Part.BASS
        ruler = app.rows("phrase")[1]
        assert ruler.split()[1:] == ["▼3", "Fm", "Db", "4", "Ab", "Eb"]
        # The second half's chord stands over the second half.
        roll = next(row for row in app.rows("phrase")[2:] if UNICODE.bar in row[2:])
        first_bar = roll.index(UNICODE.bar, 2)
        assert ruler[first_bar + 9 :].startswith("Db")
        await app.press("up")
        assert bars_shown(app) == ["▼3", "4"]
