"""The app with the real engine and the shipped weights: from an empty arrangement to a MIDI file in two keys."""

from pathlib import Path

import mido
import pytest

from model.engine_client import LOCAL_ENGINE
from tests.tui_tests import driving
from tests.tui_tests.driving import running, short_song
from tui.view import EngineState


async def test_a_newcomer_writes_everything_and_exports_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A machine that has never run the engine compiles first.
    monkeypatch.setattr(driving, "_PATIENCE_SECONDS", 240)
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
