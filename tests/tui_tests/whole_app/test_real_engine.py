"""The app with the real engine and the shipped weights: from an empty arrangement to a MIDI file in two keys."""

from pathlib import Path

import mido
import pytest

from model.engine_client import LOCAL_ENGINE
from song.edits.bars import variation_bars
from song.edits.notes import notes_in
from song.notes import Phrase
from song.sections import SectionKind
from song.templates import song_from_form
from tests.tui_tests import pressing
from tests.tui_tests.driving import running, short_song
from tui.view import EngineState


async def test_a_newcomer_writes_everything_and_exports_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A machine that has never run the engine compiles first.
    monkeypatch.setattr(pressing, "PATIENCE_SECONDS", 240)
    async with running(song=short_song(), command=LOCAL_ENGINE) as app:
        await app.press("A")
        await app.until(lambda: app.engine is EngineState.READY)
        await app.until_written()
        for index, part in app.song.cell_refs():
            constraints = app.song.sections[index].constraints
            phrase = app.song.sections[index].cell(part).phrase
            assert phrase is not None
            asked = constraints.requested_onsets(part)
            assert abs(phrase.onsets_per_bar() - asked) <= max(0.15 * asked, 1)
        await app.press("e")
        await app.until(lambda: (tmp_path / "Short.mid").exists())
    midi = mido.MidiFile(tmp_path / "Short.mid")
    assert [message.text for message in midi.tracks[0] if message.type == "marker"] == ["INTRO", "DROP", "OUTRO"]
    assert any(message.type == "note_on" for message in midi.tracks[1])


def starts(phrase: Phrase, bars: set[int]) -> list[tuple[int, int, int]]:
    """Notes but for their lengths: one that rings into a bar that is new ends where that has another."""
    return [(note.onset_tick, note.pitch, note.velocity) for note in notes_in(phrase, bars)]


async def test_bars_that_stay_are_heard_and_left_alone_by_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pressing, "PATIENCE_SECONDS", 240)
    form = [(SectionKind.DROP, 4), (SectionKind.BREAK, 2), (SectionKind.DROP, 4)]
    async with running(song=song_from_form(form), command=LOCAL_ENGINE) as app:
        await app.until(lambda: app.engine is EngineState.READY)
        await app.press("down", "f")
        await app.until_written()
        before = app.cell().phrase
        assert before is not None
        await app.press("enter", "home", ".", "b", ".", "f")
        await app.until_written()
        after = app.cell().phrase
        assert after is not None
        for bar in (0, 3):
            assert starts(after, {bar}) == starts(before, {bar})
        assert len(app.cell().takes) == 2
        await app.press("escape", "escape", "end", "V")
        await app.until_written()
        varied = app.cell().phrase
        assert varied is not None
        kept = set(variation_bars(4))
        assert starts(varied, kept) == starts(after, kept)
