"""The music of a training run: the library, the starter set and files that are named; and its statistics."""

import pytest

from corpus.families import SPLITS
from corpus.library.records import record_paths
from corpus.library.store import pieces
from corpus.pieces import Piece, PieceSection
from model.training.dataset import drum_prior_of, feels_of, forms_of, gather, kicks_of, separate_windows
from model.writing.drum_prior import ALL_MUSIC, drum_prior_logits
from model.writing.planning import read_row
from song.errors import UserError
from song.notes import Note, Phrase
from song.parts import Part
from song.sections import SectionKind
from tests.corpus_tests.library_music import corpus, fill, midi


def test_the_library_is_learned_from_beside_the_starter_set(tmp_path):
    library = tmp_path / "library"
    corpus(library, "add", fill(tmp_path / "mine", 30), "--artist", "Someone", "--style", "riddim")
    fill(tmp_path / "theirs", 1, first=40)
    corpus(library, "add", tmp_path / "theirs")
    everything = gather([], library=library)
    assert set(everything.notes_by_source()) == {"mine", "starter", "theirs"}
    held_out = {piece.name for piece in everything.validation if piece.source != "starter"}
    assert held_out == {piece.name for piece in pieces(library, "validation")}
    counts = [len(list(pieces(library, split))) for split in SPLITS]
    assert sum(counts) == 31
    assert len([piece for piece in everything.train if piece.source != "starter"]) == counts[0]
    one = gather([], with_starter=False, library=library, artist="Someone")
    assert set(one.notes_by_source()) == {"mine"}
    assert all(piece.style == {"riddim": 1.0} for piece in one.train)
    with pytest.raises(UserError, match='the library has nothing of "Nobody"'):
        gather([], library=library, artist="Nobody")
    # Files that are named are read as they are, without the library.
    (tmp_path / "new.mid").write_bytes(midi(seed=77))
    assert {piece.name for piece in gather([tmp_path / "new.mid"], with_starter=False).train} <= {"new.mid"}
    damaged = next(iter(record_paths(library)))
    damaged.write_bytes(b"")
    assert "is damaged: add its folder again" in gather([], library=library).refusals[0].reason


def test_an_empty_library_leaves_the_starter_set(tmp_path):
    assert set(gather([], library=tmp_path / "none").notes_by_source()) == {"starter"}


def house(bars: int = 32) -> Piece:
    """A drop of drums: four kicks a bar, and snares on 2 and 4."""
    hits = [(beat * 96, 36) for beat in range(4)] + [(96, 38), (288, 38)]
    notes = [Note(bar * 384 + tick, pitch, 24, 110) for bar in range(bars) for tick, pitch in hits]
    drums = Phrase(bars, tuple(sorted(notes)))
    sections = (PieceSection(0, bars, SectionKind.DROP),)
    return Piece(
        "song", "mine", "song", "train", "", {"house": 1.0}, 128.0, 0, True, bars, {Part.DRUMS: drums}, sections
    )


def test_the_drums_of_separate_windows_are_counted_bar_by_bar() -> None:
    windows = separate_windows([house(30)])
    assert [len(window.onsets) for window in windows] == [16, 14]
    assert feels_of(windows)["house drop"] == (0.0, 30.0, 0.0)
    assert kicks_of(windows)["house drop"] == (30.0,) * 6
    prior = drum_prior_of(windows, {})
    assert set(prior) == {ALL_MUSIC, "house"}
    position, _ = drum_prior_logits(prior, {"house": 1.0})
    assert not position.any(), "by itself a style has nothing to stand out from"


def test_a_form_is_taken_over_sixteen_bars_or_eight_and_not_over_silence() -> None:
    forms = forms_of(separate_windows([house(30)]))
    rows = [read_row(row) for row in forms["drums drop"]]
    assert {len(row.labels) for row in rows} == {16, 8}
    assert all(set(row.shares) == {1.0} for row in rows), "the same bar throughout"
    silent = house(16).parts[Part.DRUMS]
    some = tuple(note for note in silent.notes if note.onset_tick < 6 * 384)
    quiet = Piece("s", "mine", "s", "train", "", {}, 128.0, 0, True, 16, {Part.DRUMS: Phrase(16, some)})
    assert separate_windows([quiet])
    assert forms_of(separate_windows([quiet])) == {}
