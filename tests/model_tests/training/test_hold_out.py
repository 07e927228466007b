"""Something is held out of a small folder, by whole families, and parts are learned alone where that is asked for."""

import hashlib

import pytest

from corpus.pieces import Piece
from model.training.dataset import Dataset
from model.training.hold_out import hold_out_enough, notes_by_source, of_parts, own_first, starter_half
from model.training.windows import cut_windows
from song.notes import Note, Phrase
from song.parts import PARTS, Part


def piece(name: str, *, source: str = "mine", split: str = "train", family: str = "") -> Piece:
    kick = Phrase(4, tuple(Note(beat * 96, 36, 24, 100) for beat in range(16)))
    bass = Phrase(4, tuple(Note(beat * 96, 36 + beat % 3, 48, 100) for beat in range(0, 16, 2)))
    return Piece(
        name=name, source=source, family=family or name, split=split,
        digest=hashlib.sha256(name.encode()).hexdigest(), style={}, tempo_bpm=140, tonic_class=0, minor=True, bars=4,
        parts={Part.DRUMS: kick, Part.BASS: bass},
    )  # fmt: skip


def dataset(*pieces: Piece) -> Dataset:
    by_split = {split: tuple(piece for piece in pieces if piece.split == split) for split in ("train", "validation")}
    return Dataset(by_split["train"], by_split["validation"], ())


def names(pieces: tuple[Piece, ...]) -> set[str]:
    return {piece.name for piece in pieces}


@pytest.mark.parametrize(("files", "held_out"), [(1, 0), (2, 0), (3, 1), (6, 2), (9, 3), (30, 3)])
def test_of_a_small_folder_something_is_held_out(files: int, held_out: int) -> None:
    starter = piece("a track", source="starter"), piece("another", source="starter", split="validation")
    before = dataset(*starter, *(piece(f"song {n}") for n in range(files)))
    after = hold_out_enough(before)
    assert len(after.validation) == 1 + held_out
    assert names(after.train) | names(after.validation) == names(before.train) | names(before.validation)
    assert "a track" in names(after.train)
    assert hold_out_enough(before) == after


def test_versions_of_a_song_are_held_out_together() -> None:
    songs = [piece(f"song {n}, {m}", family=f"song {n}") for n in range(3) for m in range(2)]
    after = hold_out_enough(dataset(*songs))
    assert len(after.validation) == 2
    assert len({piece.family for piece in after.validation}) == 1


def test_where_enough_is_held_out_already_nothing_changes() -> None:
    songs = [piece(f"song {n}", split="validation" if n < 3 else "train") for n in range(20)]
    assert hold_out_enough(dataset(*songs)) == dataset(*songs)


def test_what_the_weights_have_heard_is_held_out_last() -> None:
    songs = [piece(f"song {n}") for n in range(9)]
    fresh = {f"song {n}" for n in (2, 5, 7)}
    heard = {song.digest[:16] for song in songs if song.name not in fresh}
    assert names(hold_out_enough(dataset(*songs), heard).validation) == fresh


def test_weights_that_know_the_starter_set_hear_it_half_the_time_and_are_judged_by_ones_own_music() -> None:
    starter, own = (list(cut_windows([piece("a song", source=source)])) for source in ("starter", "mine"))
    windows = [*starter * 5, *own]
    weights = starter_half(windows)
    share = {
        source: sum(len(one.events) for one in windows if one.source == source) * weights.get(source, 1)
        for source in ("starter", "mine")
    }
    assert share["starter"] == pytest.approx(share["mine"])
    assert starter_half(starter) == starter_half(own) == {}
    assert own_first(windows) == own
    assert own_first(starter) == starter


def test_parts_are_chosen_and_counted_alone() -> None:
    songs = (piece("a song"), piece("a track", source="starter"))
    windows = of_parts(list(cut_windows(songs)), (Part.DRUMS,))
    assert windows
    assert {window.part for window in windows} == {Part.DRUMS}
    assert notes_by_source(songs, (Part.DRUMS,)) == {"mine": 16, "starter": 16}
    assert notes_by_source(songs, PARTS) == {"mine": 24, "starter": 24}
    assert notes_by_source(songs, (Part.LEAD,)) == {}
