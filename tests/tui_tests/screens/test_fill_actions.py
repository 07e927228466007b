"""Fills by keys: a cell, a section, a part, the whole song; locks, clearing and variations."""

from song.layout import draw_layout
from song.parts import PARTS, Part
from song.sections import SectionKind
from song.templates import song_from_form
from song.time import TICKS_PER_BAR
from tests.tui_tests.driving import filled_song, one_note_take, running, short_song
from tests.tui_tests.sizes import SIZES


@SIZES
async def test_f_fills_the_cell_and_again_gives_another_take(size: tuple[int, int]) -> None:
    async with running(size=size, song=short_song()) as app:
        await app.press("right", "f")
        await app.until_written()
        (take,) = app.cell().takes
        assert app.taken() == 1
        assert (take.engine, take.weights) == ("fake 1", "0" * 8)
        await app.press("f")
        await app.until_written()
        assert len(app.cell().takes) == 2
        assert app.cell().chosen == 1
        assert app.cell().takes[0] == take
        assert app.cell().takes[0].phrase != app.cell().takes[1].phrase
        assert "take 2/2" in app.rows("phrase")[0]


async def test_capital_f_fills_the_section_and_shows_asked_beside_got() -> None:
    async with running(song=short_song()) as app:
        await app.press("right", "F")
        await app.until_written()
        section = app.work.selected_section
        assert all(len(section.cell(part).takes) == 1 for part in PARTS)
        assert app.taken() == len(PARTS)
        phrase = section.cells.drums.phrase
        assert phrase is not None
        (row,) = [row for row in app.rows("constraints") if " drums" in row]
        assert f"{section.constraints.requested_onsets(Part.DRUMS):.1f}" in row
        assert f"{phrase.onsets_per_bar():.1f}" in row


@SIZES
async def test_a_fills_everything_and_one_undo_takes_it_all_back(size: tuple[int, int]) -> None:
    async with running(size=size) as app:
        before = app.song
        await app.press("A")
        await app.until_written()
        assert app.taken() == 28
        assert app.work.empty_cells() == 0
        assert "press e to export" in app.text("status")
        filled = app.song
        await app.press("u")
        assert app.song == before
        await app.press("U")
        assert app.song == filled


async def test_a_again_keeps_the_layout_and_brings_other_notes() -> None:
    async with running(song=draw_layout("riddim", 4711)) as app:
        await app.press("A")
        await app.until_written()
        first = app.song
        await app.press("l", "A")
        await app.until_written()
        assert app.song.seed == 4711
        for before, after in zip(first.sections, app.song.sections, strict=True):
            assert before.constraints == after.constraints
        cells = [(first.sections[at].cell(part), app.song.sections[at].cell(part)) for at, part in first.cell_refs()]
        assert [(len(after.takes), after.chosen) for _, after in cells] == [(1, 0)] + [(2, 1)] * (len(cells) - 1)
        assert all(after.takes[0] == before.take for before, after in cells)
        assert any(after.takes[1].phrase != after.takes[0].phrase for _, after in cells[1:])


async def test_locked_cells_are_passed_over() -> None:
    async with running(song=filled_song()) as app:
        await app.press("l")
        assert app.cell().locked
        assert "locked" in app.rows("phrase")[0]
        assert "[" in app.rows("grid")[0]
        await app.press("f")
        assert "l frees this cell" in app.text("status")
        await app.press("x")
        assert "unlock it first" in app.text("status")
        await app.press("F")
        await app.until_written()
        assert [len(app.work.selected_section.cell(part).takes) for part in PARTS] == [1, 2, 2, 2]
        await app.press("l")
        assert not app.cell().locked


async def test_x_empties_the_cell_and_undo_brings_it_back() -> None:
    async with running("--silent", song=filled_song()) as app:
        await app.press("x")
        assert app.cell().chosen is None
        await app.press("u")
        assert app.cell().take == one_note_take(2)


async def test_capital_p_fills_a_part_across_sections() -> None:
    async with running(song=short_song()) as app:
        await app.press("down", "P")
        await app.until_written()
        assert [[len(section.cell(part).takes) for part in PARTS] for section in app.song.sections] == [
            [0, 1, 0, 0]
        ] * 3


async def test_capital_v_makes_a_variation_that_keeps_some_bars_and_undoes_as_one() -> None:
    form = [(SectionKind.DROP, 8), (SectionKind.BREAK, 2), (SectionKind.DROP, 8)]
    async with running(song=song_from_form(form)) as app:
        await app.press("end", "V")
        assert "no other drop with music" in app.text("status")
        await app.press("home", "F")
        await app.until_written()
        before = app.song
        await app.press("end", "V")
        await app.until_written()
        for part in PARTS:
            old, new = (app.song.sections[index].cell(part).phrase for index in (0, 2))
            assert old is not None
            assert new is not None
            bars = [[note for note in phrase.notes if note.onset_tick // TICKS_PER_BAR == 0] for phrase in (old, new)]
            assert bars[0] == bars[1]
            assert old != new
        await app.press("u")
        assert app.song == before


async def test_a_take_that_is_silent_is_a_take() -> None:
    async with running(song=short_song()) as app:
        assert app.song.sections[0].constraints.density.bass == 0
        await app.press("down", "f")
        await app.until_written()
        assert app.cell().chosen == 0
        assert "───" in app.rows("grid")[1]
