"""Other programs' files as songs: exports of ours as they were, projects of others arranged, and what says why not."""

from pathlib import Path

import pytest

from corpus.track_accounts import DERIVED
from song.errors import UserError
from song.export.arrangement import Arrangement
from song.export.flp.parts import FlChannel, FlClip, FlNote, FlPattern, FlProject
from song.export.flp.project import project_bytes
from song.export.formats import write_song
from song.files import DAWPROJECT_SUFFIX, FL_SUFFIX, MIDI_SUFFIXES
from song.parts import Part
from song.validation import find_problem
from tests.foreign_software import fl_saved
from tests.song_tests.export.made_songs import made_songs
from tests.tui_tests.driving import running, short_song
from tui.midi_import import import_song, song_from_midi

SONGS = made_songs()


@pytest.mark.parametrize("suffix", [*MIDI_SUFFIXES, FL_SUFFIX, DAWPROJECT_SUFFIX])
def test_an_export_opens_as_it_was(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"ramps{suffix}"
    write_song(SONGS["ramps"], path)
    back = song_from_midi(path)
    assert Arrangement(back).tracks == Arrangement(SONGS["ramps"]).tracks
    assert [section.constraints.tempo_bpm for section in back.sections] == [
        section.constraints.tempo_bpm for section in SONGS["ramps"].sections
    ]


@pytest.mark.parametrize("suffix", [*MIDI_SUFFIXES, FL_SUFFIX, DAWPROJECT_SUFFIX])
def test_the_account_of_an_export_has_no_spare_takes_and_knows_its_sub(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"plain{suffix}"
    write_song(SONGS["plain"], path)
    account = import_song(path).account
    assert [track.name for track in account.tracks][-1] == "Sub"
    assert account.tracks[-1].told == (DERIVED,)
    assert sum(track.spare for track in account.tracks) == 0


def test_a_project_of_somebody_else_becomes_a_song(tmp_path: Path) -> None:
    beat = tuple(FlNote(at, channel, 24, 60, 100) for at in range(0, 1536, 192) for channel in (0, 1))
    bass = tuple(FlNote(at, 2, 96, 36, 100) for at in range(0, 1536, 96))
    project = FlProject(
        150.0,
        (FlChannel("Kick 4"), FlChannel("snare"), FlChannel("Sub bass")),
        (FlPattern("beat", beat), FlPattern("bass", bass)),
        tuple(FlClip(at, 1536, track, track) for at in range(0, 6144, 1536) for track in (1, 2)),
    )
    path = tmp_path / "theirs.flp"
    path.write_bytes(project_bytes(project))
    song = song_from_midi(path)
    assert find_problem(song) is None
    assert (song.title, song.bars) == ("theirs", 16)
    assert {part for section in song.sections for part in Part if section.cell(part).phrase} >= {Part.DRUMS, Part.BASS}
    assert song.sections[0].constraints.tempo_bpm == (150.0, 150.0)


def test_a_project_that_fl_studio_saved_opens(tmp_path: Path) -> None:
    path = tmp_path / "saved.flp"
    path.write_bytes(fl_saved("FL 20.8.4.flp"))
    song = song_from_midi(path)
    assert find_problem(song) is None
    assert (song.bars, song.sections[0].constraints.tempo_bpm) == (4, (69.42, 69.42))


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.flp", b"words", "cannot open a.flp: it is no FL Studio project"),
        ("a.dawproject", b"words", "cannot open a.dawproject: it is no DAWproject file"),
        ("a.mid", b"words", "cannot open a.mid: it is not a MIDI file"),
    ],
)
def test_what_is_no_such_file_says_so(name: str, data: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(UserError, match=said):
        song_from_midi(tmp_path / name)


def test_a_file_of_200_mb_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.flp"
    with path.open("wb") as file:
        file.truncate(200_000_000)
    with pytest.raises(UserError, match="it is over 64 MB"):
        song_from_midi(path)


async def test_a_project_opens_in_the_app(tmp_path: Path) -> None:
    write_song(SONGS["plain"], tmp_path / "plain.flp")
    async with running("--silent", song=short_song()) as app:
        await app.press("I", *"plain.flp", "enter")
        await app.until(lambda: app.song.title == "plain")
        assert Arrangement(app.song).tracks == Arrangement(SONGS["plain"]).tracks
