"""Takes are seen before they are accepted: what sounds stays until then. And what the list says of each."""

import msgspec

from song.edits.takes import replace_cell
from song.notes import Note, Phrase
from song.parts import Part
from song.sections import Cell, Song, Take
from tests.tui_tests.driving import LARGE, SMALL, Driver, filled_song, running, short_song

INTRO_BARS = 2


def take(pitch: int, **facts: object) -> Take:
    """One note, in the first bar of the intro."""
    return msgspec.structs.replace(Take(Phrase(INTRO_BARS, (Note(0, pitch, 96, 100),)), seed=pitch), **facts)


def three_takes(*, locked: bool = False) -> Song:
    """The short song with three takes of one bass note each in the intro, the second of which sounds."""
    takes = (take(41), take(43, weights="0" * 8, critic=0.83, nats_per_note=1.25), take(42))
    return replace_cell(short_song(), 0, Part.BASS, Cell(takes, 1, locked))


def rolled(app: Driver) -> str:
    """The label of the row that a note is drawn in."""
    (row,) = [row for row in app.rows("phrase")[2:] if "■" in row]
    return row.split()[1]


async def test_n_and_p_show_takes_and_what_sounds_stays() -> None:
    async with running("--silent", song=three_takes()) as app:
        await app.press("n")
        assert "no other take" in app.text("status")
        await app.press("down")
        shown = []
        for key in ("n", "n", "n", "p"):
            await app.press(key)
            shown.append((app.work.looked_at, app.cell().chosen, rolled(app)))
        assert shown == [(2, 1, "Gb2"), (0, 1, "F2"), (None, 1, "G2"), (0, 1, "F2")]
        assert app.song == app.work.history.present
        assert not app.work.history.past


async def test_space_lets_the_take_that_is_seen_sound_and_undo_brings_the_other_back() -> None:
    async with running("--silent", song=three_takes()) as app:
        await app.press("down", "space")
        assert "n shows the next one" in app.text("status")
        await app.press("n")
        assert "take 3 of 3: space takes it, esc leaves it" in app.text("status")
        assert "take 3/3, 2 sounds" in app.rows("phrase")[0]
        await app.press("space")
        assert app.cell().chosen == 2
        assert app.work.looked_at is None
        assert "take 3/3" in app.rows("phrase")[0]
        assert "sounds" not in app.rows("phrase")[0]
        await app.press("u")
        assert app.cell().chosen == 1


async def test_enter_takes_it_too_and_only_then_edits() -> None:
    async with running("--silent", song=three_takes()) as app:
        await app.press("down", "n", "enter")
        assert app.cell().chosen == 2
        assert not app.main.editing
        await app.press("enter")
        assert app.main.editing


async def test_escape_leaves_it_without_stopping_what_is_written() -> None:
    async with running("--hold-after", "1", song=three_takes()) as app:
        await app.until_ready()
        await app.press("f")
        await app.until(lambda: app.view.writing.drafts)
        await app.press("down", "n", "escape")
        assert app.work.looked_at is None
        assert app.cell().chosen == 1
        assert app.view.writing.busy
        await app.press("escape")
        await app.until(lambda: not app.view.writing.busy)


async def test_going_elsewhere_leaves_it() -> None:
    for keys in (("up",), ("right", "left"), ("D",), ("x",), ("enter", "n", "up")):
        async with running("--silent", song=three_takes()) as app:
            await app.press("down", "n", *keys)
            assert app.work.looked_at is None, keys


async def test_a_locked_cell_shows_its_takes_and_keeps_the_one_that_sounds() -> None:
    async with running("--silent", song=three_takes(locked=True)) as app:
        await app.press("down", "n")
        assert app.work.looked_at == 2
        await app.press("space")
        assert "locked" in app.text("status")
        assert app.cell().chosen == 1


async def test_while_notes_are_edited_n_leaves_them_first() -> None:
    async with running("--silent", song=three_takes()) as app:
        await app.press("down", "enter", "n")
        assert not app.main.editing
        assert app.work.looked_at == 2


async def test_what_is_copied_is_what_is_seen() -> None:
    async with running("--silent", song=three_takes()) as app:
        await app.press("down", "n", "c", "right", "v")
        copied = app.song.sections[1].cells.bass.phrase
        assert copied is not None
        assert {note.pitch for note in copied.notes} == {42}


async def test_the_numbers_beside_the_constraints_are_those_of_the_take_that_is_seen() -> None:
    async with running("--silent", song=three_takes(), size=LARGE) as app:
        await app.press("down")
        (row,) = [row for row in app.rows("constraints") if row.startswith("   key")]
        assert "all within" in row
        await app.press("n")
        (row,) = [row for row in app.rows("constraints") if row.startswith("   key")]
        assert "1 outside≠" in row


async def test_z_shows_the_takes_in_place_of_the_constraints_and_back() -> None:
    async with running(size=LARGE, song=short_song()) as app:
        await app.press("right", "z")
        await app.until(lambda: app.text("takes"))
        assert "none yet: f writes one" in app.text("takes")
        for _ in range(3):
            await app.press("f")
            await app.until_written()
        rows = app.rows("takes")
        assert "takes of drums" in rows[0]
        assert rows[1].split() == ["take", "score", "got", "copied", "seed"]
        seeds = [take.seed for take in app.cell().takes]
        for number, (row, seed) in enumerate(zip(rows[2:5], seeds, strict=True), 1):
            assert str(seed) in row
            assert f" {number} " in row
        assert rows[4].startswith(" ▸  3 ●")
        await app.press("p")
        assert app.rows("takes")[3].startswith(" ▸  2  ")
        assert app.rows("takes")[4].startswith("    3 ●")
        await app.press("z")
        assert app.main.query_one("#constraints").display
        assert not app.main.query_one("#takes").display


async def test_below_the_list_is_the_report_on_the_take_that_is_seen() -> None:
    for size in (SMALL, LARGE):
        async with running("--silent", song=three_takes(), size=size) as app:
            await app.press("down", "z")
            await app.until(lambda: app.text("takes"))
            report = app.text("takes")
            assert "score   83% real, 1.25 nats a note" in report
            assert "key     all within of F minor" in report
            assert "seed    43" in report
            await app.press("n")
            report = app.text("takes")
            assert "key     1 outside ≠ of F minor" in report
            assert "written by hand" in report


async def test_the_longest_copied_run_is_told_with_where_it_is_from() -> None:
    copy = take(41, weights="0" * 8, copied_notes=7, copied_from="starter: four-teeth, bar 3")
    song = replace_cell(short_song(), 0, Part.BASS, Cell((copy,), 0))
    async with running("--silent", song=song) as app:
        await app.press("down", "z")
        await app.until(lambda: app.text("takes"))
        assert "copied  7 notes" in app.text("takes")
        assert "starter: four-teeth, bar 3" in app.text("takes")


async def test_a_click_shows_a_take_and_a_second_one_takes_it() -> None:
    async with running("--silent", size=LARGE, song=three_takes()) as app:
        await app.press("down", "z")
        await app.until(lambda: app.text("takes"))
        await app.pilot.click("#takes", offset=(5, 4))
        assert (app.work.looked_at, app.cell().chosen) == (2, 1)
        await app.pilot.click("#takes", offset=(5, 4))
        assert (app.work.looked_at, app.cell().chosen) == (None, 2)


async def test_a_take_says_that_it_was_edited_and_does_not_do_what_is_asked() -> None:
    async with running("--silent", size=LARGE, song=filled_song()) as app:
        await app.press("right", "z", "enter", "enter")
        (row,) = [row for row in app.rows("takes") if row.startswith(" ▸")]
        assert "1 ●✎" in row
        assert "≠" in row
        assert "hand" in row
