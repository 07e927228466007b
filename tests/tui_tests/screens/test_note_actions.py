"""Editing notes by keys: what each key does to the phrase, marks, bars kept from fills, ghosts."""

import pytest

from song.notes import Note, Phrase, Wobble
from song.parts import Part
from song.sections import Take
from song.store import decode_song, encode_song
from song.time import TICKS_PER_BAR as BAR
from tests.tui_tests.driving import LARGE, SMALL, Driver, bars_shown, filled_song, running
from tests.tui_tests.example_songs import bass_song, lead_of

SIZES = pytest.mark.parametrize("size", [SMALL, LARGE, (60, 16)], ids=["80x24", "120x40", "60x16"])


def notes(app: Driver) -> tuple[Note, ...]:
    phrase = app.cell().phrase
    return phrase.notes if phrase is not None else ()


@SIZES
async def test_enter_edits_the_phrase_and_escape_leaves_it(size: tuple[int, int]) -> None:
    async with running("--silent", size=size, song=bass_song()) as app:
        await app.press("down")
        before = app.text("keys")
        await app.press("enter")
        assert app.main.editing
        assert (app.main.editor.tick, app.main.editor.pitch) == (0, 41)
        assert app.text("keys") != before
        assert "enter Note" in app.text("keys")
        await app.press("right", "up")
        assert (app.main.editor.tick, app.main.editor.pitch) == (24, 42)
        assert app.work.part is Part.BASS
        await app.press("escape")
        assert not app.main.editing
        await app.press("up")
        assert app.work.part is Part.DRUMS
        assert app.song == bass_song()


async def test_a_hit_is_put_into_an_empty_cell_and_taken_away() -> None:
    async with running("--silent", song=bass_song()) as app:
        await app.press("enter", "right", "right", "enter")
        assert notes(app) == (Note(48, 38, 24, 100),)
        assert app.cell().take == Take(Phrase(4, notes(app)), edited=(0,), kept=(0,))
        assert "■" in app.text("phrase")
        await app.press("down", "space")
        assert {note.pitch for note in notes(app)} == {36, 38}
        await app.press("space", "up", "enter")
        assert notes(app) == ()
        await app.press("u", "u", "u", "u")
        assert app.song == bass_song()


@pytest.mark.parametrize(
    ("keys", "first"),
    [
        (("K",), Note(0, 42, 48, 100)),
        (("J", "J"), Note(0, 39, 48, 100)),
        (("}",), Note(0, 53, 48, 100)),
        (("L", "L"), Note(48, 41, 48, 100)),
        (("L", "H"), Note(0, 41, 48, 100)),
        ((">",), Note(0, 41, 72, 100)),
        (("<",), Note(0, 41, 24, 100)),
        (("+", "+"), Note(0, 41, 48, 116)),
        (("minus",), Note(0, 41, 48, 92)),
        (("t", "L"), Note(32, 41, 48, 100)),
    ],
)
async def test_a_note_is_changed_and_undone(keys: tuple[str, ...], first: Note) -> None:
    async with running("--silent", song=bass_song()) as app:
        await app.press("down", "enter", *keys)
        assert notes(app)[0] == first
        assert app.cell().take is not None
        await app.press(*"u" * len(keys))
        assert app.song == bass_song()


async def test_marked_bars_are_changed_together() -> None:
    async with running("--silent", song=bass_song()) as app:
        await app.press("down", "enter", "b", ".")
        assert app.main.editor.marked == (0, 1)
        assert "▸" in app.rows("phrase")[1]
        await app.press("K", "-")
        assert notes(app) == (Note(0, 42, 48, 92), Note(BAR, 45, 48, 52))
        take = app.cell().take
        assert take is not None
        assert (take.edited, take.kept) == ((0, 1), (0, 1))
        await app.press("x")
        assert notes(app) == ()
        await app.press("x")
        assert "no note in these bars" in app.text("status")
        await app.press("escape")
        assert app.main.editing
        assert app.main.editor.marked is None


async def test_humanize_and_quantize_are_each_others_way_back_in_time() -> None:
    async with running("--silent", song=bass_song()) as app:
        await app.press("down", "enter", "b", ".", "z")
        assert notes(app) != bass_song().sections[0].cells.bass.takes[0].phrase.notes
        await app.press("q")
        assert [note.onset_tick for note in notes(app)] == [0, BAR]
        await app.press("q")
        assert "on the grid already" in app.text("status")


async def test_digits_paint_the_wobble_beat_by_beat() -> None:
    async with running("--silent", song=bass_song()) as app:
        await app.press("enter", "5")
        assert "the wobble is the bass's" in app.text("status")
        await app.press("escape", "down", "enter", "5", "5", "6", "0")
        phrase = app.cell().phrase
        assert phrase is not None
        assert phrase.wobbles == (Wobble(0, 192, "1/8", 0.85), Wobble(192, 96, "1/8T", 0.85))
        assert "1/8" in app.rows("phrase")[-3]
        assert "85%" in app.rows("phrase")[-2]
        await app.press("home", "0")
        phrase = app.cell().phrase
        assert phrase is not None
        assert phrase.wobbles[0].onset_tick == 0
        await app.press("b", "2")
        assert app.cell().phrase is not None
        assert app.cell().phrase.wobbles == (Wobble(0, BAR, "1/4", 0.85),)


async def test_edited_bars_are_marked_and_kept_by_fills_until_they_are_freed() -> None:
    async with running(song=bass_song()) as app:
        await app.press("down", "enter", "K")
        assert "[1] ✎" in app.rows("phrase")[1]
        await app.press("escape", "f")
        await app.until_written()
        assert len(app.cell().takes) == 2
        assert [note for note in notes(app) if note.onset_tick < BAR] == [Note(0, 42, 48, 100)]
        assert [note for note in notes(app) if note.onset_tick >= BAR] != [Note(BAR, 44, 48, 60)]
        take = app.cell().take
        assert take is not None
        assert (take.edited, take.kept) == ((0,), (0,))
        await app.press("enter", "home", "l")
        assert "free: fills may write these bars" in app.text("status")
        assert "[1]" not in app.rows("phrase")[1]
        await app.press("l")
        assert app.cell().take == take


async def test_a_cell_of_kept_bars_alone_says_how_to_free_them() -> None:
    async with running(song=bass_song()) as app:
        await app.press("down", "enter", "b", "end", "l", "escape", "escape", "f")
        assert "every bar there is kept" in app.text("status")


@SIZES
async def test_f_in_the_notes_writes_the_marked_bars_anew_and_no_others(size: tuple[int, int]) -> None:
    async with running(song=bass_song(), size=size) as app:
        await app.press("down", "enter", ".", "b", ".", "f")
        await app.until_written()
        phrase = app.cell().phrase
        assert phrase is not None
        by_bar = [[note for note in phrase.notes if note.onset_tick // BAR == bar] for bar in range(4)]
        assert by_bar[0] == [Note(0, 41, 48, 100)]
        assert by_bar[1] != [Note(BAR, 44, 48, 60)]
        assert by_bar[2]
        assert by_bar[3] == []
        await app.press("u")
        assert app.song == bass_song()


async def test_f_in_the_notes_leaves_kept_bars_and_fills_an_empty_cell() -> None:
    async with running(song=bass_song()) as app:
        await app.press("down", "enter", "K", "f")
        assert "kept: l frees these bars" in app.text("status")
        await app.press("escape", "down", "enter", "f")
        await app.until_written()
        assert len(app.cell().takes) == 1


async def test_a_locked_cell_is_not_edited() -> None:
    async with running("--silent", song=bass_song()) as app:
        await app.press("l", "enter")
        assert not app.main.editing
        assert "l frees this cell" in app.text("status")


async def test_there_is_a_word_where_there_is_no_note() -> None:
    async with running("--silent", song=bass_song()) as app:
        await app.press("down", "enter", "up", "x")
        assert "no note here: enter puts one" in app.text("status")
        await app.press("escape", "up", "enter", "enter", "K")
        assert "drums have no pitch" in app.text("status")


async def test_the_cursor_stays_in_the_section_and_the_part() -> None:
    async with running("--silent", song=bass_song()) as app:
        await app.press("down", "enter", "end", *["right"] * 20, *["pageup"] * 5)
        assert (app.main.editor.tick, app.main.editor.pitch) == (4 * BAR - 24, 64)
        assert app.rows("phrase")[1].split()[1:] == ["3", "▼4"]
        await app.press("home", *["left"] * 20, *["pagedown"] * 9)
        assert (app.main.editor.tick, app.main.editor.pitch) == (0, 31)
        await app.press("escape", "b", "minus", "minus", "enter", "end", "right", *["right"] * 16)
        assert app.main.editor.tick == 2 * BAR - 24


async def test_g_shows_when_another_part_plays() -> None:
    async with running("--silent", song=filled_song()) as app:
        await app.press("enter", "g")
        (row,) = [row for row in app.rows("phrase")[1:] if " bass " in row]
        assert "■" in row
        await app.press("g", "g", "g")
        assert app.main.ghost is None


async def test_what_was_edited_by_hand_survives_a_file_and_undo_goes_back_across_it() -> None:
    async with running("--silent", song=bass_song()) as app:
        await app.press("down", "enter", "K", "s", "K")
        take = app.cell().take
        assert take is not None
        assert take.edited == (0,)
        assert decode_song(encode_song(app.song), "a.drop") == app.song
        await app.press("u", "u")
        assert app.song == bass_song()
        await app.press("U", "U")
        assert app.cell().take == take


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


async def test_an_empty_ghost_says_so() -> None:
    async with running("--silent", song=lead_of(77)) as app:
        await app.press("g")
        assert "ghost of the bass: empty here" in app.text("status")


async def test_editing_begins_where_one_stands_and_leaves_one_where_it_ended() -> None:
    async with running("--silent", song=filled_song()) as app:
        await app.press("right", ".", ".", "enter")
        assert app.main.editor.tick == 2 * BAR
        await app.press(".")
        assert app.view.bar == 3
        assert bars_shown(app)[1] == "▼6"
        await app.press("escape")
        assert not app.main.editing
        assert app.work.bar == 3


async def test_capital_z_gives_the_notes_the_whole_screen_and_back() -> None:
    async with running("--silent", size=SMALL, song=bass_song()) as app:
        await app.press("down", "enter")
        before = app.text("phrase").splitlines()
        await app.press("Z")
        whole = app.text("phrase").splitlines()
        assert len(whole) > 1.5 * len(before)
        assert any(line.lstrip("\u2502 ").startswith("vel") for line in whole)
        assert "1 1/2" in whole[-1], "the legend of the digits"
        assert not app.main.query_one("#arrangement").display
        await app.press("Z")
        assert app.main.query_one("#arrangement").display
        assert app.text("phrase").splitlines() == before


async def test_zooming_shows_more_bars_or_finer_ones_and_keeps_the_place() -> None:
    async with running("--silent", size=LARGE, song=bass_song()) as app:
        await app.press("down", "enter", "Z")
        usual = bars_shown(app)
        await app.press("@")
        assert bars_shown(app) >= usual
        await app.press("#", "#", "#")
        assert bars_shown(app) < usual
        assert "a column is a 1/64" in app.text("status")
        await app.press("#")
        assert "no further" in app.text("status")
        assert app.main.editor.tick == 0


async def test_bars_go_from_cell_to_cell_by_c_and_v() -> None:
    async with running("--silent", song=bass_song()) as app:
        await app.press("down", "enter", "v")
        assert "nothing is copied" in app.text("status")
        await app.press("c", "escape", "down", "down", "enter", "v")
        assert app.work.part is Part.LEAD
        assert [note.onset_tick for note in notes(app)] == [0]
        await app.press("u")
        assert notes(app) == ()


@pytest.mark.parametrize("key", ["C", "r", "_", "*", "%", "|", "d", "D", "w"])
async def test_each_reshaping_key_changes_the_bar_and_can_be_taken_back(key: str) -> None:
    async with running("--silent", song=bass_song()) as app:
        # A wobble on the first beat, and back to it.
        await app.press("down", "enter", "5", *["left"] * 4)
        before = app.song
        await app.press(key)
        assert app.song != before, app.text("status")
        await app.press("u")
        assert app.song == before


async def test_folding_rows_changes_no_music() -> None:
    async with running("--silent", song=bass_song()) as app:
        await app.press("down", "enter")
        before, rows = app.song, app.text("phrase")
        await app.press("F")
        assert app.text("phrase") != rows
        await app.press("F")
        assert (app.song, app.text("phrase")) == (before, rows)
