"""Adding, adding again, listing and removing, as a person does it: real files, real worker processes."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from corpus.families import split_of
from corpus.library.records import read_account, read_pieces, record_paths
from corpus.library.store import default_library, pieces, writing
from song.errors import UserError
from tests.corpus_tests.library_music import contents, corpus, fill, melody, midi, told

ROOT = Path(__file__).parents[2]


def test_adding_the_same_folder_twice_changes_nothing(tmp_path, capsys):
    music, library = fill(tmp_path / "mine", 3), tmp_path / "library"
    (music / "words.mid").write_text("no music")
    assert corpus(library, "add", music, "--style", "trap", "--artist", "Someone") == 0
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
    assert "2 as it was" in told(capsys, library, "add", music)
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


def test_two_that_write_at_once_are_told_apart(tmp_path):
    with writing(tmp_path), pytest.raises(UserError, match="another dropsmith is writing"), writing(tmp_path):
        pass


def _named_for(split, start):
    """A file name whose family by itself goes to a split."""
    return next(f"{start}{tail}" for tail in (chr(97 + a) + chr(97 + b) for a in range(26) for b in range(26))
                if split_of(f"mine/{start}{tail}") == split)  # fmt: skip


def settled(library):
    return sorted((one.name, one.family, one.split) for one in pieces(library))


def test_families_hold_together_however_they_are_added(tmp_path):
    music, whole, parted = tmp_path / "mine", tmp_path / "whole", tmp_path / "parted"
    music.mkdir()
    tune = melody(1, bars=12)
    names = [_named_for("train", "first"), _named_for("test", "second"), _named_for("validation", "third")]
    variant = [*tune[:64], *melody(2, bars=4)]
    for name, pitches in zip(names, (tune, [pitch + 5 for pitch in tune], variant), strict=True):
        (music / f"{name}.mid").write_bytes(midi(pitches))
    (music / f"{names[0]}-v2.mid").write_bytes(midi(melody(3)))
    (music / f"{_named_for('train', 'other')}.mid").write_bytes(midi(melody(4)))
    corpus(whole, "add", music)
    corpus(parted, "add", music / f"{names[0]}.mid", music / f"{names[0]}-v2.mid")
    assert {split for _, _, split in settled(parted)} == {"train"}
    corpus(parted, "add", music / f"{names[2]}.mid")
    corpus(parted, "add", music)
    assert settled(whole) == settled(parted)
    # The transposed tune, the tune with four other bars and the named version follow the one that is held out.
    families = {family for name, family, split in settled(whole) if split == "test"}
    assert len(families) == 1
    assert [split for _, _, split in settled(whole)].count("test") == 4
    assert {one.split for one in pieces(whole, "train")} == {"train"}
    assert len(list(pieces(whole))) == len(list(pieces(whole, "train"))) + 4


def test_the_same_bytes_elsewhere_are_learned_from_once(tmp_path, capsys):
    library = tmp_path / "library"
    fill(tmp_path / "mine", 2)
    fill(tmp_path / "backup", 1)
    corpus(library, "add", tmp_path / "mine", tmp_path / "backup")
    assert len(list(pieces(library))) == 2
    assert "it is the same file as backup/a0tune.mid, which is taken" in told(capsys, library, "doctor", "mine")
    assert "1 files taken out" in told(capsys, library, "remove", tmp_path / "backup")
    assert [one.source for one in pieces(library)] == ["mine", "mine"]


def test_list_and_remove_by_name_and_path(tmp_path, capsys):
    library = tmp_path / "library"
    corpus(library, "add", fill(tmp_path / "one", 2), "--style", "dnb", "--artist", "A")
    corpus(library, "add", fill(tmp_path / "two", 1, first=5))
    listed = told(capsys, library, "list").splitlines()
    assert [line.split()[:2] for line in listed[1:]] == [["one", "2"], ["two", "1"]]
    assert "drum & bass" in listed[1]
    assert str(tmp_path / "one") in listed[1]
    assert 'nothing in the library is called "three"' in told(capsys, library, "remove", "two", "three")
    assert len(list(pieces(library))) == 3
    assert "two: 1 files taken out" in told(capsys, library, "remove", "two")
    assert "taken out" in told(capsys, library, "remove", tmp_path / "one" / "a0tune.mid")
    assert [one.name for one in pieces(library)] == ["b1tune.mid"]


def test_works_that_music21_brings_are_added_by_name(tmp_path, capsys):
    library = tmp_path / "library"
    assert corpus(library, "add", "music21:bach/bwv1.6", fill(tmp_path / "mine", 1)) == 0
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


def test_mistakes_are_one_line(tmp_path, capsys):
    library = tmp_path / "library"
    assert "the library is empty" in told(capsys, library, "doctor")
    assert "the library is empty" in told(capsys, library, "list")
    assert 'style "polka" is not known' in told(capsys, library, "add", tmp_path, "--style", "polka")
    assert "needs a PATH" in told(capsys, library, "add")
    assert "nothing to learn from was found" in told(capsys, library, "add", tmp_path / "nowhere")
    (tmp_path / "file").write_text("")
    assert "cannot write the library" in told(capsys, tmp_path / "file" / "library", "add", tmp_path)


def test_the_environment_names_the_library(tmp_path, monkeypatch):
    monkeypatch.setenv("DROPSMITH_LIBRARY", str(tmp_path / "mine"))
    assert default_library() == tmp_path / "mine"
    monkeypatch.delenv("DROPSMITH_LIBRARY")
    assert default_library().parts[-2:] == ("dropsmith", "library")


def test_a_damaged_record_and_one_of_another_version_are_told_and_read_anew(tmp_path, capsys):
    music, library = fill(tmp_path / "mine", 3), tmp_path / "library"
    corpus(library, "add", music)
    before = contents(library)
    damaged, other, _ = record_paths(library)
    damaged.write_bytes(damaged.read_bytes()[:-7])
    data = bytearray(other.read_bytes())
    data[12] += 1
    other.write_bytes(bytes(data))
    # The account in front of a record may be whole while the notes behind it are not.
    assert len(list(pieces(library))) == 1
    assert "another version of Dropsmith read it" in told(capsys, library, "doctor", "--trouble")
    told(capsys, library, "add", "--again")
    assert {name: data for name, (data, _) in contents(library).items()} == {
        name: data for name, (data, _) in before.items()
    }


def test_no_flipped_byte_of_a_record_is_believed(tmp_path):
    library = tmp_path / "library"
    corpus(library, "add", fill(tmp_path / "mine", 1))
    (path,) = record_paths(library)
    whole = path.read_bytes()
    assert len(list(pieces(library))) == len(read_pieces(path)) == 1
    for at in (3, 13, 17, 22, 26, 60, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x10]) + whole[at + 1 :])
        with pytest.raises(UserError):
            read_pieces(path)
        assert list(pieces(library)) == []
