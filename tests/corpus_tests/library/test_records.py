"""Records that are damaged, or written by another version."""

import zlib

import msgspec
import pytest
from msgspec.structs import replace

from corpus.library.records import _HEAD, _MAGIC, read_account, read_origin, read_pieces, record_paths
from corpus.library.store import entries, pieces
from corpus.pieces import FORMAT_VERSION
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


@pytest.mark.parametrize("change", ["another length", "a note outside", "no piece"])
def test_pieces_that_are_no_music_are_damaged_though_their_checksums_fit(tmp_path, change):
    library = tmp_path / "library"
    corpus(library, "add", fill(tmp_path / "mine", 1))
    (path,) = record_paths(library)
    account, (piece,) = read_account(path), read_pieces(path)
    ((part, phrase),) = piece.parts.items()
    outside = replace(phrase, notes=(*phrase.notes, replace(phrase.notes[-1], onset_tick=10**6)))
    wrong = {
        "another length": [replace(piece, bars=piece.bars + 1)],
        "a note outside": [replace(piece, parts={part: outside})],
        "no piece": [],
    }[change]
    front, body = msgspec.msgpack.encode(account), zlib.compress(msgspec.msgpack.encode(wrong))
    head = _HEAD.pack(_MAGIC, FORMAT_VERSION, len(front), zlib.crc32(front), zlib.crc32(body))
    path.write_bytes(head + front + body)
    with pytest.raises(UserError, match="is damaged"):
        read_pieces(path)
    assert list(pieces(library)) == []


@pytest.mark.parametrize(
    ("changes", "print_changes"),
    [({}, {"split": "?"}), ({}, {"bars": b"1234567"}), ({"tonic_class": 12}, {}), ({"notes": {}}, {})],
)
def test_an_account_that_could_not_be_counted_or_compared_is_damaged_though_its_checksums_fit(
    tmp_path, changes, print_changes
):
    library = tmp_path / "library"
    corpus(library, "add", fill(tmp_path / "mine", 1))
    (path,) = record_paths(library)
    account = read_account(path)
    (piece,) = account.pieces
    piece = replace(piece, print=replace(piece.print, **print_changes), **changes)
    for wrong in (replace(account, pieces=(piece,)), replace(account, split="?")):
        front = msgspec.msgpack.encode(wrong)
        path.write_bytes(_HEAD.pack(_MAGIC, FORMAT_VERSION, len(front), zlib.crc32(front), zlib.crc32(b"")) + front)
        with pytest.raises(UserError, match="is damaged"):
            read_account(path)
        assert [entry.unread for entry in entries(library)] == [
            f"the record {path.name} is damaged: add its folder again"
        ]


@pytest.mark.parametrize(
    "front", [b"\x81\xa6origin\x83\xa8location\xc4\x01a\xa4name\xa1\xff", b"\x81\xa1x" + b"\x91" * 5000]
)
def test_a_record_of_what_is_no_account_is_damaged_though_its_checksums_fit(tmp_path, front):
    path = tmp_path / "a.piece"
    path.write_bytes(_HEAD.pack(_MAGIC, FORMAT_VERSION, len(front), zlib.crc32(front), zlib.crc32(b"")) + front)
    for read in (read_account, read_origin, read_pieces):
        with pytest.raises(UserError, match="is damaged: add its folder again"):
            read(path)
