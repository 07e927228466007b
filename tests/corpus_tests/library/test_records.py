"""Records that are damaged, or written by another version."""

import pytest

from corpus.library.records import read_pieces, record_paths
from corpus.library.store import pieces
from song.errors import UserError
from tests.corpus_tests.library_music import contents, corpus, fill, told


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
