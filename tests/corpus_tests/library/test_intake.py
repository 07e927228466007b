"""Adding and adding again, as a person does it: real files, real worker processes."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from corpus.library.intake import IntakeOptions, add
from corpus.library.records import read_account, read_pieces, record_paths
from corpus.library.store import entries, pieces
from tests.corpus_tests.library_music import contents, corpus, fill, midi, told
from tests.places import ROOT


def test_adding_the_same_folder_twice_changes_nothing(tmp_path, capsys):
    music, library = fill(tmp_path / "mine", 3), tmp_path / "library"
    (music / "words.mid").write_text("no music")
    assert corpus(library, "add", music, "--style", "trap", "--artist", "Someone", processes=True) == 0
    before = contents(library)
    assert len(before) == 4
    again = told(capsys, library, "add", music)
    assert "4 files" in again
    assert "0 new, 0 changed, 4 as it was" in again
    assert contents(library) == before
    # What was said the first time still holds, and part of the folder is no other folder.
    assert "3 as it was" in told(capsys, library, "add", *sorted(music.glob("*tune.mid")))
    assert contents(library) == before
    assert {(tuple(one.style), one.source) for one in pieces(library)} == {(("trap",), "mine")}
    assert [one.name for one in pieces(library, artist="Someone")] == ["a0tune.mid", "b1tune.mid", "c2tune.mid"]
    assert list(pieces(library, artist="Another")) == []


def test_what_changed_is_read_anew_and_what_can_be_read_no_more_is_kept(tmp_path, capsys):
    music, library = fill(tmp_path / "mine", 2), tmp_path / "library"
    corpus(library, "add", music)
    (music / "a0tune.mid").write_bytes(midi(seed=7, bpm=150))
    assert "0 new, 1 changed, 1 as it was" in told(capsys, library, "add", music)
    assert {one.tempo_bpm for one in pieces(library)} == {140.0, 150.0}
    assert "2 changed" in told(capsys, library, "add", music, "--style", "house")
    before = contents(library)
    (music / "b1tune.mid").write_bytes(bytes(9_000_000))
    assert "2 as it was" in told(capsys, library, "add", music, processes=True)
    (music / "a0tune.mid").unlink()
    assert "1 as it was" in told(capsys, library, "add", music)
    assert "1 files in" in told(capsys, library, "add", "--again")
    assert contents(library) == before


def test_a_run_that_was_killed_leaves_nothing_half_written_and_goes_on(tmp_path, capsys):
    music, library, undisturbed = fill(tmp_path / "mine", 60), tmp_path / "library", tmp_path / "undisturbed"
    command = [sys.executable, "-m", "tui", "corpus", "add", str(music), "--library", str(library)]
    for wanted in (1, 20):
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while len(list(record_paths(library))) < wanted and time.monotonic() < deadline and process.poll() is None:
            time.sleep(0.002)
        workers = _children(process.pid)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert workers
        _wait_until_gone(workers)
        for path in record_paths(library):
            assert len(read_pieces(path)) == len(read_account(path).pieces) == 1
    (library / "files" / "00").mkdir(exist_ok=True)
    (library / "files" / "00" / ".0.piece.x.tmp").write_bytes(b"half")
    assert "60 files" in told(capsys, library, "add", music)
    corpus(undisturbed, "add", music)
    assert {name: data for name, (data, _) in contents(library).items()} == {
        name: data for name, (data, _) in contents(undisturbed).items()
    }
    assert told(capsys, library, "doctor").endswith("60 files: 60 taken\n")


def _children(number):
    found = Path(f"/proc/{number}/task/{number}/children")
    if not found.exists():
        pytest.skip("needs Linux to see the worker processes")
    return [int(child) for child in found.read_text().split()]


def _wait_until_gone(numbers):
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{number}").exists() for number in numbers):
        assert time.monotonic() < deadline, "a worker outlived the process that it worked for"
        time.sleep(0.02)


def test_works_that_music21_brings_are_added_by_name(tmp_path, capsys):
    library = tmp_path / "library"
    assert corpus(library, "add", "music21:bach/bwv1.6", fill(tmp_path / "mine", 1), processes=True) == 0
    before = contents(library)
    assert "2 as it was" in told(capsys, library, "add", "music21:bach/bwv1.6", tmp_path / "mine")
    assert "2 files in" in told(capsys, library, "add", "--again")
    assert contents(library) == before
    (chorale,) = [one for one in pieces(library) if one.source == "music21:bach"]
    assert chorale.style == {"classical": 1.0}
    lines = told(capsys, library, "doctor", "music21:bach").splitlines()
    assert lines[0].startswith("music21:bach/bwv1.6: taken")
    assert lines[1].startswith("  21 bars, F major, ")
    assert "music21 brings nothing by" in told(capsys, library, "add", "music21:nobody")
    assert "1 files taken out" in told(capsys, library, "remove", "music21:bach/bwv1.6")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds what a process takes")
def test_a_file_that_takes_too_long_is_refused_by_itself(tmp_path, monkeypatch):
    monkeypatch.setattr("corpus.library.intake.MAX_SECONDS", 0.2)
    music, library = fill(tmp_path / "mine", 2), tmp_path / "library"
    notes = b"".join(bytes((1, pitch, 64, 1, pitch, 0)) for pitch in range(36, 84)) * 3000
    track = b"\0\x90\x3c\x40\x01\x3c\0" + notes + b"\0\xff\x2f\0"
    (music / "endless.mid").write_bytes(midi()[:14] + b"MTrk" + len(track).to_bytes(4, "big") + track)
    add(library, [music], IntakeOptions())
    assert len(list(pieces(library))) == 2
    (refused,) = [entry.account for entry in entries(library) if not entry.account.pieces]
    assert refused.origin.name == "endless.mid"
    assert "too much time or memory" in refused.reason
    # It is known from now on, and costs no time again until it changes.
    changes = []
    add(library, [music], IntakeOptions(), lambda taken, _: changes.append(taken.change.value))
    assert changes == ["as it was"] * 3
