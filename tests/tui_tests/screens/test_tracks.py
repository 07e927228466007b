"""The screen that says which track of a file is what: what it tells, and what its keys choose."""

from pathlib import Path

import pytest
from textual.widgets import Static

from song.parts import Part
from tests.corpus_tests.made_midi import bass, drums, lead, midi, played
from tests.tui_tests.driving import Driver, running, short_song
from tui.midi_import import ImportChoices, read_choices
from tui.screens.tracks import TracksScreen


def write_band(folder: Path) -> Path:
    """Five tracks: two leads that play at once, and a riser of one note."""
    path = folder / "band.mid"
    riser = played([(0, 384, 60)], 5, 119, "Riser")
    path.write_bytes(midi(drums(4), bass(4), lead(4), lead(4, channel=4, name="Vox chop"), riser))
    return path


def shown(app: Driver) -> str:
    assert isinstance(app.app.screen, TracksScreen)
    return str(app.app.screen.query_one("#tracks", Static).content)


async def test_opening_shows_what_became_of_each_track(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_band(tmp_path)
    monkeypatch.chdir(tmp_path)
    async with running("--silent", song=short_song()) as app:
        await app.press("o", *"band.mid", "enter")
        text = shown(app)
        assert "all 113 notes of 5 tracks arrive, 16 in spare takes" in text
        assert "Vox chop" in text
        assert "all in spare takes" in text
        assert "written as drum 49" in text
        await app.press("escape")
        assert "opened band.mid: all 113 notes" in app.text("status")
        assert [len(app.song.sections[0].cell(part).takes) for part in Part] == [1, 1, 0, 2]


async def test_a_key_says_which_part_a_track_is_and_enter_opens_it_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_band(tmp_path)
    monkeypatch.chdir(tmp_path)
    async with running("--silent", song=short_song()) as app:
        await app.press("o", *"band.mid", "enter", "down", "down", "down", "c", "x")
        assert "was lead" in shown(app)
        assert "was drums" in shown(app)
        await app.press("enter")
        assert not isinstance(app.app.screen, TracksScreen)
        section = app.song.sections[0]
        assert [len(section.cell(part).takes) for part in Part] == [1, 1, 1, 1]
        assert section.cell(Part.CHORDS).takes[0].phrase.notes == section.cell(Part.LEAD).takes[0].phrase.notes
        await app.press("O")
        assert "left out" in shown(app)
        # What was chosen before still holds.
        await app.press("up", "up", "up", "up", "q", "enter")
        imported = app.work.imported
        assert imported is not None
        assert imported.choices == ImportChoices({3: Part.CHORDS, 4: None}, quantize=True)


async def test_enter_without_a_choice_leaves_the_song_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_band(tmp_path)
    monkeypatch.chdir(tmp_path)
    async with running("--silent", song=short_song()) as app:
        await app.press("o", *"band.mid", "enter")
        before = app.work.song
        await app.press("down", "enter")
        assert app.work.song is before


async def test_a_song_that_was_no_file_has_no_tracks_to_choose() -> None:
    async with running("--silent", song=short_song()) as app:
        await app.press("O")
        assert "not made of a MIDI file" in app.text("status")


async def test_many_tracks_scroll_and_all_are_reached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    leads = [lead(1, channel=index % 9, name=f"Lead {index}") for index in range(30)]
    (tmp_path / "many.mid").write_bytes(midi(*leads))
    monkeypatch.chdir(tmp_path)
    async with running("--silent", song=short_song()) as app:
        await app.press("o", *"many.mid", "enter")
        assert "Lead 29" not in shown(app)
        await app.press(*["pagedown"] * 4)
        assert "Lead 29" in shown(app)
        assert "of 30" in shown(app)


def test_choices_are_read_by_name_and_number(tmp_path: Path) -> None:
    path = write_band(tmp_path)
    assert read_choices(path, "vox CHOP=chords, 5=none,1=drums") == {3: Part.CHORDS, 4: None, 0: Part.DRUMS}
    assert read_choices(path, " ") == {}
