"""While the engine writes: bars arrive, keys answer, and a cancel keeps what has come."""

from model.protocol import CellRef
from song.edits.takes import set_bars, set_locked
from song.parts import PARTS, Part
from song.sections import SectionKind
from tests.tui_tests.driving import DROP_DRUMS, held, running, short_song
from tests.tui_tests.sizes import SIZES
from tui.view import EngineState


@SIZES
async def test_bars_arrive_in_the_grid_the_phrase_and_the_status(size: tuple[int, int]) -> None:
    async with running("--hold-after=2", size=size, song=short_song()) as app:
        await app.press("right", "f")
        await held(app, DROP_DRUMS, 2)
        assert "░" in app.text("grid")
        assert "2 of 4 bars" in app.rows("phrase")[0]
        assert any(glyph in app.text("phrase") for glyph in "▫▪■")
        assert "DROP drums 2/4" in app.text("status")
        assert app.taken() == 0


async def test_cells_that_wait_look_different_from_empty_ones() -> None:
    async with running("--hold-after=1", song=short_song()) as app:
        await app.press("right", "F")
        await held(app, DROP_DRUMS, 1)
        rows = app.rows("grid")
        assert all("┄" in rows[PARTS.index(part)] for part in (Part.BASS, Part.CHORDS, Part.LEAD))
        await app.press("down")
        assert "Waiting for its turn" in app.text("phrase")
        assert "1/4" in app.text("status")


@SIZES
async def test_keys_answer_while_everything_is_being_written(size: tuple[int, int]) -> None:
    async with running("--hold-after=3", size=size, song=short_song()) as app:
        await app.press("A")
        await held(app, CellRef(0, Part.BASS), 1)
        assert app.taken() == 1
        await app.press("right", "t", "+", "down", "l", "?", "escape", "n")
        assert app.work.selected_section.constraints.tempo_bpm == (141, 141)
        assert app.cell().locked
        assert app.view.writing.busy
        await app.press("u", "u")
        assert app.work.selected_section.constraints.tempo_bpm == (140, 140)
        assert app.view.writing.busy


async def test_a_cell_that_is_being_written_is_not_asked_for_twice() -> None:
    async with running("--hold-after=1", song=short_song()) as app:
        await app.press("right", "f")
        await held(app, DROP_DRUMS, 1)
        await app.press("f")
        assert "written already" in app.text("status")
        assert app.view.writing.total == 1


async def test_escape_stops_the_fill_and_keeps_what_has_come() -> None:
    async with running("--hold-after=3", song=short_song()) as app:
        await app.press("A")
        await held(app, CellRef(0, Part.BASS), 1)
        await app.press("escape")
        await app.until(lambda: not app.view.writing.busy)
        assert "cancelled; what had come is kept" in app.text("status")
        assert len(app.song.sections[0].cells.drums.takes) == 1
        assert app.taken() == 1
        assert not app.view.failed
        assert app.engine is EngineState.READY
        await app.press("F")
        await app.until_written()
        assert app.taken() == 5


async def test_a_fill_asked_for_before_the_engine_is_ready_waits_and_can_be_cancelled() -> None:
    async with running("--silent", song=short_song()) as app:
        await app.press("A")
        assert "once the engine is ready" in app.text("status")
        assert len(app.view.writing.queued) == 12
        await app.press("escape")
        await app.until(lambda: not app.view.writing.busy)
        assert "cancelled" in app.text("status")


async def test_a_take_that_comes_after_its_section_changed_is_fitted() -> None:
    async with running(song=short_song()) as app:
        await app.until_ready()
        app.main.session.fill([DROP_DRUMS], 3)
        app.work.edit(lambda song: set_bars(song, 1, 2))
        await app.until_written()
        phrase = app.song.sections[1].cells.drums.phrase
        assert phrase is not None
        assert phrase.bars == 2


async def test_a_take_for_a_cell_that_was_locked_is_dropped_and_said() -> None:
    async with running(song=short_song()) as app:
        await app.until_ready()
        app.main.session.fill([DROP_DRUMS], 3)
        app.work.edit(lambda song: set_locked(song, 1, Part.DRUMS, True))
        await app.until(lambda: "a take was dropped" in app.main.note)
        assert app.song.sections[1].cells.drums.takes == ()


async def test_a_take_reaches_its_section_wherever_that_was_moved() -> None:
    async with running("--hold-after=1", song=set_bars(short_song(), 1, 1)) as app:
        await app.until_ready()
        app.main.session.fill([app.work.cell_ref], 3)
        await app.until(lambda: app.view.writing.drafts)
        await app.press(">", "a")
        (cell,) = app.view.writing.drafts
        assert cell.section == 1
        assert app.song.sections[1].kind is SectionKind.INTRO


async def test_undo_takes_back_what_the_user_did_and_leaves_what_is_being_written() -> None:
    async with running("--hold-after=3", song=short_song()) as app:
        await app.press("right", "A")
        await held(app, CellRef(0, Part.BASS), 1)
        await app.press("t", "+", "u")
        assert "undone: tempo of DROP from 141 BPM to 140 BPM" in app.text("status")
        assert app.work.selected_section.constraints.tempo_bpm == (140, 140)
        assert app.taken() == 1
        await app.press("U")
        assert "redone: tempo of DROP from 140 BPM to 141 BPM" in app.text("status")
        await app.press("u", "u")
        assert "nothing to undo but what is being written: esc stops that" in app.text("status")
        assert app.taken() == 1
        await app.press("escape")
        await app.until_written()
        await app.press("u")
        assert "undone: takes of drums in INTRO" in app.text("status")
        assert app.taken() == 0
        await app.press("U", "U")
        assert app.taken() == 1
        assert app.work.selected_section.constraints.tempo_bpm == (141, 141)
