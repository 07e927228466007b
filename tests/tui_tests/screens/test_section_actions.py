"""The form by keys: sections, phrases carried to other sections, mute and solo."""

from song.parts import Part
from song.plan import parse_plan
from song.sections import SectionKind
from song.time import TICKS_PER_BAR
from tests.tui_tests.driving import Driver, filled_song, running, short_song
from tests.tui_tests.example_songs import three_takes


def kinds(app: Driver) -> list[SectionKind]:
    return [section.kind for section in app.song.sections]


async def test_a_adds_a_section_and_selects_it() -> None:
    async with running("--silent", song=short_song()) as app:
        before = app.song
        await app.press("a")
        assert kinds(app) == ["intro", "build", "drop", "outro"]
        assert app.work.section == 1
        assert "added BUILD" in app.text("status")
        assert "BUILD" in app.rows("constraints")[0]
        await app.press("u")
        assert app.song == before


async def test_capital_d_duplicates_a_section_with_its_takes() -> None:
    async with running("--silent", song=filled_song()) as app:
        await app.press("right", "D")
        assert kinds(app) == ["intro", "drop", "drop", "outro"]
        assert app.work.section == 2
        assert app.cell() == app.song.sections[1].cell(app.work.part)
        assert "copied to DROP 2" in app.text("status")


async def test_delete_removes_a_section_but_not_the_last() -> None:
    async with running("--silent", song=short_song()) as app:
        await app.press("right", "delete")
        assert kinds(app) == ["intro", "outro"]
        assert "removed DROP: u brings it back" in app.text("status")
        await app.press("backspace", "backspace")
        assert kinds(app) == ["intro"]
        assert "keeps one section" in app.text("status")
        await app.press("u", "u")
        assert app.song == short_song()


async def test_less_and_greater_move_a_section_and_it_stays_selected() -> None:
    async with running("--silent", song=short_song()) as app:
        await app.press(">", ">")
        assert kinds(app) == ["drop", "outro", "intro"]
        assert app.work.section == 2
        await app.press(">")
        assert "the last section already" in app.text("status")
        await app.press("<", "<", "<")
        assert kinds(app) == ["intro", "drop", "outro"]
        assert "the first section already" in app.text("status")


async def test_capital_r_names_a_section() -> None:
    async with running("--silent", song=short_song()) as app:
        await app.press("right", "R", *"Wub", "enter")
        assert app.song.section_names() == ["INTRO", "Wub", "OUTRO"]
        assert "Wub" in app.text("arrangement")
        await app.press("R", "x", "escape")
        assert app.song.section_names()[1] == "Wub"
        await app.press("R", *"y" * 41, "enter")
        assert "at most 40" in str(app.app.screen.query_one("#said").render())
        await app.press("escape")
        assert app.app.screen is app.main


async def test_what_was_being_written_does_not_come_to_another_arrangement() -> None:
    async with running("--bar-delay=0.01", song=short_song()) as app:
        await app.until_ready()
        await app.press("A", "T", "2")
        await app.until_written()
        assert not app.work.has_music()


async def test_c_and_v_carry_a_phrase_to_another_section() -> None:
    async with running("--silent", song=filled_song()) as app:
        await app.press("v")
        assert "nothing is copied" in app.text("status")
        await app.press("down", "c", "right", "down", "v")
        assert (app.work.section, app.work.part) == (1, Part.BASS)
        phrase = app.cell().phrase
        assert len(app.cell().takes) == 2
        assert phrase is not None
        assert [note.onset_tick for note in phrase.notes] == [0, 2 * TICKS_PER_BAR]
        await app.press("l", "v")
        assert "locked" in app.text("status")
        await app.press("l", "x", "c")
        assert "empty" in app.text("status")


async def test_m_mutes_and_capital_m_solos_and_both_say_what_is_exported() -> None:
    async with running("--silent", song=filled_song()) as app:
        await app.press("m")
        assert app.song.muted == (Part.DRUMS,)
        assert "heard and exported: bass, chords, lead" in app.text("status")
        assert app.rows("grid")[0].startswith("▸drums M")
        await app.press("m", "down", "M")
        assert app.song.solo == (Part.BASS,)
        assert app.rows("grid")[1].startswith("▸bass  S")
        await app.press("e")
        await app.until(lambda: app.main.note.startswith("exported"))
        assert "without drums and chords and lead (muted)" in app.view.note
        await app.press("m", "e")
        assert "every part is muted" in app.text("status")


async def test_brackets_lengthen_and_shorten_a_section() -> None:
    async with running("--silent", song=filled_song()) as app:
        bars = []
        for key in (")", ")", "(", "(", "(", "("):
            await app.press(key)
            bars.append(app.work.selected_section.bars)
        assert bars == [3, 4, 3, 2, 1, 1]
        assert "a section has 1 to 128 bars" in app.text("status")
        await app.press("u")
        assert app.work.selected_section.bars == 2


async def test_what_is_copied_is_what_is_seen() -> None:
    async with running("--silent", song=three_takes()) as app:
        await app.press("down", "n", "c", "right", "v")
        copied = app.song.sections[1].cells.bass.phrase
        assert copied is not None
        assert {note.pitch for note in copied.notes} == {42}


async def test_the_layout_of_a_plan_is_not_drawn_again() -> None:
    plan = parse_plan('[[section]]\nkind = "drop"\nbars = 4', "plan.toml", 7)
    async with running("--silent", song=plan) as app:
        before = app.song
        await app.press("L")
        assert app.song == before
        assert "T chooses an arrangement to draw from" in app.text("status")
