"""`dropsmith export`: what it writes, and what it refuses."""

import os
from pathlib import Path

import msgspec
import pytest

from song.export.bundle import WRITTEN
from song.sections import Section, SectionKind, Song
from song.store import save_song
from tests.song_tests.export.made_songs import made_songs
from tui.cli import main

SONG = made_songs()["one bar"]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    save_song(tmp_path / "a.drop", SONG)
    return tmp_path


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def failing(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["export", *words]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    (line,) = printed.err.splitlines()
    return line


def test_a_song_becomes_a_folder_named_by_its_title(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "a.drop", "--out", "made"]) == 0
    assert names(here / "made") == {"Song 4"}
    assert {"Song 4.flp", "Song 4.mid", "clips", "ARRANGEMENT.html"} <= names(here / "made" / "Song 4")
    assert "Groove" in (here / "made" / "Song 4" / "ARRANGEMENT.txt").read_text()
    (line,) = capsys.readouterr().out.splitlines()
    assert line == f"{Path('made', 'Song 4')}: {sum(len(files) for _, _, files in os.walk(here / 'made')) - 1} files"


def test_only_what_is_chosen_is_written(here: Path) -> None:
    assert main(["export", "a.drop", "--only", "flp,midi"]) == 0
    assert names(here / "Song 4") == {"Song 4.flp", "Song 4.mid", WRITTEN}


def test_a_folder_that_is_there_stays_without_force(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "a.drop", "--only", "midi"]) == 0
    (here / "Song 4" / "mine.wav").write_bytes(b"RIFF")
    capsys.readouterr()
    assert "is there already: give another folder with --out, or --force" in failing(capsys, "a.drop")
    assert names(here / "Song 4") == {"Song 4.mid", "mine.wav", WRITTEN}
    assert main(["export", "a.drop", "--only", "flp", "--force"]) == 0
    assert names(here / "Song 4") == {"Song 4.flp", "mine.wav", WRITTEN}
    assert "1 of the files there were yours, and are kept: mine.wav" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("no.drop",), "no.drop"),
        (("a.mid",), "a.mid is no song: songs end in .drop"),
        (("a.drop", "--only", "wav"), '"wav" is no format: use all or some of midi, flp'),
        (("a.drop", "--only", ""), "name what to write"),
        (("a.drop", "--out", "a.drop"), "a.drop is no folder"),
        (("empty.drop",), "empty.drop has no notes to export: fill its cells first"),
        (("muted.drop",), "muted.drop: every part that has notes is muted"),
        ((), "the following arguments are required: SONG.drop"),
    ],
)
def test_what_cannot_be_exported_says_why_in_a_line(
    words: tuple[str, ...], said: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save_song(here / "empty.drop", Song(sections=(Section(SectionKind.DROP, 1),)))
    save_song(here / "muted.drop", msgspec.structs.replace(SONG, muted=tuple(SONG.heard_parts())))
    before = names(here)
    if words:
        assert said in failing(capsys, *words)
    else:
        with pytest.raises(SystemExit):
            main(["export"])
        assert said in capsys.readouterr().err
    assert names(here) == before
