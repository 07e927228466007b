"""Kinds of files that are hard to open: each made here, with what has to come out of it."""

import re
from pathlib import Path

import pytest

from corpus.readers.sources import find_files, read_file
from corpus.track_accounts import account_lines
from song.errors import UserError
from song.validation import find_problem
from tests.corpus_tests.reading_kinds import KINDS, PAGE, Kind, account_of, outcome, page
from tui.midi_import import import_song


def written(kind: Kind, folder: Path) -> Path:
    path = folder / f"song{kind.suffix}"
    path.write_bytes(kind.data())
    return path


def refusal(path: Path) -> str:
    """Why a file is not opened; empty where it is."""
    try:
        import_song(path)
    except UserError as error:
        return str(error).removeprefix(f"cannot open {path.name}: ")
    return ""


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_each_kind_opens_as_it_should(kind: Kind, tmp_path: Path) -> None:
    assert outcome(written(kind, tmp_path)) == kind.out


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_adding_tells_the_same_as_opening_and_no_note_is_lost_without_a_word(kind: Kind, tmp_path: Path) -> None:
    path = written(kind, tmp_path)
    (file,), _ = find_files([path])
    reason = refusal(path)
    if reason:
        with pytest.raises(UserError, match=re.escape(reason)):
            read_file(file, path.read_bytes(), "", "song", {})
        return
    imported = import_song(path)
    read = read_file(file, path.read_bytes(), "", "song", {})
    assert account_lines(read.account) == account_of(path)
    assert find_problem(imported.song) is None
    for track in imported.account.tracks:
        assert track.notes == track.arrived + sum(loss.notes for loss in track.losses)
    takes = [
        take for index, part in imported.song.cell_refs() for take in imported.song.sections[index].cell(part).takes
    ]
    assert sum(len(take.phrase.notes) for take in takes) == imported.account.arrived


def test_the_page_is_what_the_command_writes() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()
