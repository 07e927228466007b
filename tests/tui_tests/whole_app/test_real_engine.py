"""The app with the real engine and the shipped weights: from an empty arrangement to a MIDI file in two keys."""

import asyncio
from pathlib import Path
from typing import NamedTuple

import mido
import pytest

from model.engine_client import LOCAL_ENGINE
from song.edits.notes import notes_in
from song.notes import Phrase
from song.parts import Part
from song.sections import Cell, SectionKind, Song
from song.templates import song_from_form
from song.variation import KEPT_SHARE, kept_bars
from tests.tui_tests import pressing
from tests.tui_tests.driving import running
from tui.view import EngineState

FORM = ((SectionKind.DROP, 4), (SectionKind.BREAK, 2), (SectionKind.DROP, 4))
PART, FIRST, LAST = Part.BASS, 0, 2
"""Two bars of the bass of the first drop written anew, then the last drop as a variation of it."""


class Session(NamedTuple):
    """The songs that one session comes to, and the file that it exports."""

    written: Song
    exported: Path
    refilled: Song
    varied: Song


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    folder = tmp_path_factory.mktemp("session")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("XDG_STATE_HOME", str(folder / "state"))
        patch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
        # A machine that has never run the engine compiles first.
        patch.setattr(pressing, "PATIENCE_SECONDS", 240)
        return asyncio.run(_session(folder))


async def _session(folder: Path) -> Session:
    async with running(song=song_from_form(FORM, title="Short"), command=LOCAL_ENGINE) as app:
        await app.press("A")
        await app.until(lambda: app.engine is EngineState.READY)
        await app.until_written()
        written = app.song
        await app.press("e")
        await app.until(lambda: (folder / "Short.mid").exists())
        await app.press("down", "enter", "home", ".", "b", ".", "f")
        assert app.work.part is PART
        await app.until_written()
        refilled = app.song
        await app.press("escape", "escape", "end", "V")
        await app.until_written()
        return Session(written, folder / "Short.mid", refilled, app.song)


def test_a_newcomer_writes_everything_and_exports_it(session: Session) -> None:
    for index, part in session.written.cell_refs():
        constraints = session.written.sections[index].constraints
        phrase = session.written.sections[index].cell(part).phrase
        assert phrase is not None
        asked = constraints.requested_onsets(part)
        assert abs(phrase.onsets_per_bar() - asked) <= max(0.15 * asked, 1)
    midi = mido.MidiFile(session.exported)
    assert [message.text for message in midi.tracks[0] if message.type == "marker"] == ["DROP 1", "BREAK", "DROP 2"]
    assert any(message.type == "note_on" for message in midi.tracks[1])


def starts(cell: Cell, bars: set[int]) -> list[tuple[int, int, int]]:
    """Notes but for their lengths: one that rings into a bar that is new ends where that has another."""
    phrase: Phrase | None = cell.phrase
    assert phrase is not None
    return [(note.onset_tick, note.pitch, note.velocity) for note in notes_in(phrase, bars)]


def test_bars_that_stay_are_heard_and_left_alone_by_the_engine(session: Session) -> None:
    before, after = (song.sections[FIRST].cell(PART) for song in (session.written, session.refilled))
    for bar in (0, 3):
        assert starts(after, {bar}) == starts(before, {bar})
    assert len(after.takes) == len(before.takes) + 1
    kept = set(kept_bars(4, KEPT_SHARE))
    varied = session.varied.sections[LAST].cell(PART)
    assert varied != session.refilled.sections[LAST].cell(PART)
    assert starts(varied, kept) == starts(after, kept)
