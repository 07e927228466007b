"""The constraints by keys: which is chosen, and how it is changed."""

import pytest

from song.parts import Part
from tests.tui_tests.driving import running, short_song
from tests.tui_tests.sizes import SIZES
from tui.fields import FIELDS, field
from tui.glyphs import UNICODE
from tui.widgets.chord_names import harmony_of


async def test_tab_walks_the_constraints_and_letters_pick_them() -> None:
    async with running("--silent", song=short_song()) as app:
        assert app.work.field_id == "bars"
        await app.press("tab")
        assert app.work.field_id == "tempo"
        await app.press("shift+tab", "shift+tab")
        assert app.work.field_id == "kind"
        for keys, field in (("t", "tempo"), ("t", "ramp"), ("b", "bars"), ("k", "key"), ("w", "wobble")):
            await app.press(keys)
            assert app.work.field_id == field
        await app.press("w", "w")
        assert app.work.field_id == "shape"
        for keys, field in (("C", "progression"), ("C", "chord-length"), ("C", "passing"), ("q", "theme")):
            await app.press(keys)
            assert app.work.field_id == field


async def test_a_progression_is_stepped_and_typed_and_stands_above_the_grid() -> None:
    async with running("--silent", song=short_song()) as app:
        await app.press("right", "C", "+")
        drawn = [chord.name for chord in harmony_of(app.song, 1)[0]]
        assert drawn
        assert " ".join(drawn[:2]) in app.rows("arrangement")[3]
        (row,) = [row for row in app.rows("constraints") if "chords go" in row]
        assert app.song.sections[1].constraints.chords in row
        await app.press("i", *["backspace"] * 40, *"i iv", "enter")
        assert "Fm Bbm" in app.rows("arrangement")[3]
        await app.press("i", *["backspace"] * 40, "enter")
        assert "harmony" not in app.text("arrangement")


@SIZES
async def test_the_chosen_field_is_seen_however_many_there_are(size: tuple[int, int]) -> None:
    async with running("--silent", size=size, song=short_song()) as app:
        for _ in FIELDS:
            (row,) = [row for row in app.rows("constraints")[1:] if UNICODE.pointer in row]
            one = field(app.work.field_id)
            assert (one.row or one.label) in row
            await app.press("tab")
        assert app.work.field_id == "bars"


async def test_d_picks_the_density_of_the_selected_part_then_of_all() -> None:
    async with running("--silent", song=short_song()) as app:
        await app.press("down", "d")
        assert app.work.field_id == "bass"
        await app.press("d")
        assert app.work.field_id == "density"


async def test_choosing_the_density_of_a_part_selects_the_part() -> None:
    async with running("--silent", song=short_song()) as app:
        await app.press("tab", "tab", "tab", "tab", "tab")
        assert app.work.field_id == "bass"
        assert app.work.part is Part.BASS


@pytest.mark.parametrize(
    ("keys", "shown"),
    [
        (("b", "+"), "5"),
        (("b", "minus"), "3"),
        (("b", "}"), "8"),
        (("t", "+"), "141 BPM"),
        (("t", "{"), "130 BPM"),
        (("t", "t", "right_square_bracket"), "141 BPM"),
        (("k", "equals_sign"), "C minor"),
        (("w", "w", "w", "+"), "square"),
        (("down", "k", "k", "+"), "bass in"),
        (("r", "+"), " A "),
        (("r", "r", "+"), "drums   free"),
        (("r", "r", "r", "+"), "3 bars"),
        (("y", "+"), "dubstep"),
        (("y", "y", "+"), "riddim"),
        (("h", "+"), "1.05"),
        (("K", "+"), "break"),
    ],
)
async def test_plus_and_minus_change_the_chosen_constraint(keys: tuple[str, ...], shown: str) -> None:
    async with running("--silent", song=short_song()) as app:
        await app.press("right")
        before = app.song
        await app.press(*keys)
        assert app.song != before
        (row,) = [row for row in app.rows("constraints") if row.startswith(" ▸")]
        assert shown in row
        await app.press("u")
        assert app.song == before


async def test_a_constraint_at_the_end_of_its_range_says_so() -> None:
    async with running("--silent", song=short_song()) as app:
        await app.press("minus", "minus")
        assert app.work.selected_section.bars == 1
        assert "bars goes no further" in app.text("status")
