"""The panel of constraints: what is asked beside what the takes do."""

from song.parts import Part
from tests.tui_tests.driving import LARGE, running, short_song
from tests.tui_tests.example_songs import three_takes


async def test_what_the_takes_do_is_shown_beside_what_was_asked() -> None:
    async with running(size=LARGE, song=short_song()) as app:
        await app.press("right", "down", "f")
        await app.until_written()
        await app.press("w")
        (row,) = [row for row in app.rows("constraints") if row.startswith(" ▸")]
        assert "1/4 1/8 1/8T 1/16 got 1/" in row
        await app.press("k", "k")
        (row,) = [row for row in app.rows("constraints") if row.startswith(" ▸")]
        assert "G1 to E4 got" in row


async def test_density_steps_change_the_onsets_asked_at_once() -> None:
    async with running("--silent", song=short_song()) as app:
        await app.press("right", "d")
        before = app.song.sections[1].constraints.requested_onsets(Part.DRUMS)
        await app.press("+")
        after = app.song.sections[1].constraints.requested_onsets(Part.DRUMS)
        assert after > before
        (row,) = [row for row in app.rows("constraints") if row.startswith(" ▸")]
        assert f"{after:.1f}" in row


async def test_the_numbers_beside_the_constraints_are_those_of_the_take_that_is_seen() -> None:
    async with running("--silent", song=three_takes(), size=LARGE) as app:
        await app.press("down")
        (row,) = [row for row in app.rows("constraints") if row.startswith("   key")]
        assert "all within" in row
        await app.press("n")
        (row,) = [row for row in app.rows("constraints") if row.startswith("   key")]
        assert "1 outside≠" in row


async def test_the_form_of_the_selected_part_is_set_by_the_key_of_forms_pressed_again() -> None:
    async with running("--silent", song=three_takes(), size=LARGE) as app:
        await app.press("down", "r", "r", "+", "+", "+", "+", "+")
        (row,) = [row for row in app.rows("constraints") if row.startswith(" ▸")]
        asked = app.song.sections[0].constraints
        assert (asked.form, asked.form_of(Part.BASS), asked.form_of(Part.LEAD)) == (None, "AABA", None)
        assert "bass" in row
        assert "AABA got" in row
        (row,) = [row for row in app.rows("constraints") if row.startswith("   form")]
        assert "got" not in row, "that row is of parts without a form of their own"
