"""The status line: what is saved, what is being written, and how long that takes."""

import msgspec
import pytest

from tests.tui_tests.driving import DROP_DRUMS, INTRO_DRUMS, running, short_song
from tui.glyphs import ASCII, UNICODE, Glyphs
from tui.view import Draft, EngineState, EngineStatus, View, Writing
from tui.widgets.status import StatusLine

VIEW = View(short_song(), engine=EngineStatus(EngineState.READY, "cpu"))


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


def line(width: int, **fields: object) -> str:
    """The status line at a width, of a view with some fields changed."""
    (row,) = StatusLine().paint(msgspec.structs.replace(VIEW, **fields), width, 1)
    return "".join(text for text, _ in row.pieces)


def test_a_long_note_pushes_aside_what_is_known_anyway_and_is_itself_whole() -> None:
    note = "locked: l frees this cell"
    full = f" ● engine ready · cpu · new  {note}"
    assert line(80, note=note).rstrip() == full
    assert line(len(full) + 1, note=note).rstrip() == f" ● engine ready · new  {note}"
    assert line(len(note) + 14, note=note).rstrip() == f" ● · new  {note}"
    assert line(10, note=note).rstrip() == f" ●  {note}"


def test_what_is_being_written_gives_way_to_the_note() -> None:
    writing = Writing(frozenset({INTRO_DRUMS}))
    assert line(80, writing=writing).endswith("INTRO drums  1/1 soon ")
    assert "INTRO" not in line(80, writing=writing, note="x" * 70)


@pytest.mark.parametrize(
    ("seconds", "told"), [(None, "soon"), (0.2, "1 s"), (89.4, "89 s"), (90.0, "2 min"), (140.0, "2 min")]
)
def test_time_left_is_told_as_exactly_as_it_can_be_known(seconds: float | None, told: str) -> None:
    writing = Writing(frozenset({INTRO_DRUMS}), {DROP_DRUMS: Draft(3)}, 1, DROP_DRUMS, seconds)
    assert line(80, writing=writing).endswith(f"DROP drums 3/4  2/3 {told} ")


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII], ids=lambda glyphs: glyphs.name)
def test_every_state_of_the_engine_has_a_sign_of_its_own(glyphs: Glyphs) -> None:
    signs = {line(80, engine=EngineStatus(state), glyphs=glyphs)[1] for state in EngineState}
    assert len(signs) == len(EngineState)
