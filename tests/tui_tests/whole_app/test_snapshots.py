"""The main screen with a song that is written: four pictures, compared character by character.

    pytest tests/tui_tests/whole_app/test_snapshots.py --snapshot-update

takes them anew after a change that is meant; look at what has changed before it is committed. What the screen says is
tested elsewhere, by its meaning.
"""

from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from song.edits.constraints import set_chords
from song.sections import SectionKind
from song.templates import song_from_form
from tests.tui_tests.driving import LARGE, SMALL, Driver, engine_command
from tests.tui_tests.pressing import Messages
from tui.app import DropsmithApp
from tui.glyphs import ASCII, UNICODE, Glyphs
from tui.workspace import Workspace

FORM = ((SectionKind.INTRO, 4), (SectionKind.BUILD, 4), (SectionKind.DROP, 8), (SectionKind.BREAK, 4))
CHORDS = {1: "VI VII", 2: "i VI III VII", 3: "VI III VII i"}
SEED = 140


async def write_everything(pilot: Pilot[str]) -> None:
    """Fill the song, and go to the bass of its drop."""
    assert isinstance(pilot.app, DropsmithApp)
    app = Driver(pilot.app, pilot, Messages())
    await app.until_ready()
    await app.press("A")
    await app.until_written()
    assert app.work.empty_cells() == 0
    await app.press("right", "right", "down", "w")


@pytest.mark.parametrize(
    ("size", "glyphs", "no_color"),
    [(SMALL, UNICODE, False), (LARGE, UNICODE, False), (SMALL, UNICODE, True), (SMALL, ASCII, False)],
    ids=["80x24", "120x40", "80x24-no-color", "80x24-ascii"],
)
def test_the_main_screen_looks_as_it_did(
    size: tuple[int, int],
    glyphs: Glyphs,
    no_color: bool,
    snap_compare: Callable[..., bool],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if no_color:
        monkeypatch.setenv("NO_COLOR", "1")
    song = song_from_form(FORM, title="Night bus", seed=SEED)
    for index, chords in CHORDS.items():
        song = set_chords(song, index, chords)
    workspace = Workspace(song)
    app = DropsmithApp(workspace, engine_command(), glyphs)
    assert snap_compare(app, terminal_size=size, run_before=write_everything)
