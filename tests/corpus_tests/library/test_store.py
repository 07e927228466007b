"""The library as a whole: one writer, listing and removing, duplicates, and families that hold together."""

import pytest

from corpus.families import split_of
from corpus.library.store import default_library, pieces, writing
from song.errors import UserError
from tests.corpus_tests.library_music import corpus, fill, melody, midi, told


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


def test_the_environment_names_the_library(tmp_path, monkeypatch):
    monkeypatch.setenv("DROPSMITH_LIBRARY", str(tmp_path / "mine"))
    assert default_library() == tmp_path / "mine"
    monkeypatch.delenv("DROPSMITH_LIBRARY")
    assert default_library().parts[-2:] == ("dropsmith", "library")
