"""What `dropsmith train` learns from where no files are named: the library and the starter set."""

import pytest

from corpus.families import SPLITS
from corpus.library.records import record_paths
from corpus.library.store import pieces
from model.training.dataset import gather
from song.errors import UserError
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
