"""The files of a library: one for each file that was added, its account in front and its pieces behind.

A record says by a checksum whether it is whole. It is written at once or not at all, so that a process may end at any
moment. Which records there are and what they mean together is worked out in `corpus.library.store`.
"""

import hashlib
import struct
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import msgspec

from corpus.families import HASH_BYTES, SPLITS
from corpus.library.accounts import Account, Origin, PieceAccount, account_of
from corpus.pieces import FORMAT_VERSION, Piece
from song.errors import UserError
from song.files import write_atomically
from song.validation import find_phrase_problem

_MAGIC = b"dropsmith\n\x1a\n"
_HEAD = struct.Struct("<12sIIII")
"""Magic, format version, bytes of the account, checksum of the account, checksum of the pieces after it."""
_SUFFIX = ".piece"
_MAX_PIECES_BYTES = 1 << 30
"""No record holds more: a file of 8 MB makes far less."""


class _AnyAccount(msgspec.Struct):
    """The part of an account that every version writes."""

    origin: Origin


def record_path(folder: Path, location: bytes) -> Path:
    """Where the record of a location lies in a library."""
    name = hashlib.blake2b(location, digest_size=16).hexdigest()
    return folder / "files" / name[:2] / f"{name}{_SUFFIX}"


def record_paths(folder: Path) -> Iterator[Path]:
    """Every record of a library, in an order that never changes."""
    for group in sorted((folder / "files").glob("??")):
        yield from sorted(group.glob(f"*{_SUFFIX}"))


def sweep(folder: Path) -> None:
    """Remove what a process left half written when it was ended. Nobody else may be writing."""
    for left in (folder / "files").glob("??/.*.tmp"):
        left.unlink(missing_ok=True)


def write_record(folder: Path, account: Account, pieces: Sequence[Piece] = ()) -> bool:
    """Put the record of a file in the place of the one that there was, unless that says the same.

    Returns:
        Whether anything was written.

    Raises:
        UserError: where the library cannot be written; the old record stays as it was.
    """
    account = msgspec.structs.replace(account, pieces=tuple(account_of(piece) for piece in pieces))
    front = msgspec.msgpack.encode(account)
    body = zlib.compress(msgspec.msgpack.encode(list(pieces)), 1) if pieces else b""
    head = _HEAD.pack(_MAGIC, FORMAT_VERSION, len(front), zlib.crc32(front), zlib.crc32(body))
    path, record = record_path(folder, account.origin.location), head + front + body
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.read_bytes() == record:
            return False
    except OSError as error:
        raise UserError(
            f"cannot write {path}: {error.strerror or error}; name another folder with --library"
        ) from error
    write_atomically(path, record)
    return True


def read_account(path: Path) -> Account:
    """The account in a record, its pieces left where they are.

    Raises:
        UserError: where the record is gone or damaged, or another version of Dropsmith wrote it.
    """
    with _opened(path) as file:
        return _account(file, path)[0]


def read_pieces(path: Path) -> list[Piece]:
    """The pieces in a record, with the families and splits that they were read with.

    Raises:
        UserError: as `read_account` does.
    """
    with _opened(path) as file:
        account, checksum = _account(file, path)
        if not account.pieces:
            return []
        body = file.read()
        if zlib.crc32(body) != checksum:
            raise _damaged(path)
        unpacked = zlib.decompressobj().decompress(body, _MAX_PIECES_BYTES)
        found = msgspec.msgpack.decode(unpacked, type=list[Piece])
        if len(found) != len(account.pieces) or not all(map(_is_music, found)):
            raise _damaged(path)
        return found


def read_origin(path: Path) -> Origin:
    """Where the file of a record comes from, whichever version of Dropsmith wrote the record.

    Raises:
        UserError: where the record is gone or damaged.
    """
    with _opened(path) as file:
        return msgspec.msgpack.decode(_front(file, path)[0], type=_AnyAccount).origin


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        with path.open("rb") as file:
            yield file
    # Of what msgspec raises some is a ValueError of Python's: bytes that are no text, brackets that are too deep.
    except (OSError, zlib.error, ValueError, RecursionError) as error:
        raise _damaged(path) from error


def _damaged(path: Path) -> UserError:
    return UserError(f"the record {path.name} is damaged: add its folder again")


def _account(file: BinaryIO, path: Path) -> tuple[Account, int]:
    front, version, checksum = _front(file, path)
    if version != FORMAT_VERSION:
        raise UserError("another version of Dropsmith read it: read it anew with dropsmith corpus add --again")
    account = msgspec.msgpack.decode(front, type=Account)
    if account.split not in ("", *SPLITS) or not all(map(_is_sound, account.pieces)):
        raise _damaged(path)
    return account, checksum


def _is_music(piece: Piece) -> bool:
    """True where a piece's phrases are as long as it is, and hold what a phrase may."""
    return piece.bars >= 1 and all(
        phrase.bars == piece.bars and find_phrase_problem(phrase, piece.bars) is None for phrase in piece.parts.values()
    )


def _is_sound(piece: PieceAccount) -> bool:
    """True where a piece's account can be counted and compared; types alone do not say so."""
    return (
        (piece.tonic_class is None or 0 <= piece.tonic_class <= 11)
        and piece.sounding_bars.keys() <= piece.notes.keys()
        and piece.print.split in SPLITS
        and len(piece.print.bars) % HASH_BYTES == 0
    )


def _front(file: BinaryIO, path: Path) -> tuple[bytes, int, int]:
    """The account's bytes, the version that wrote them, and the checksum of the pieces behind them."""
    head = file.read(_HEAD.size)
    if len(head) < _HEAD.size:
        raise _damaged(path)
    magic, version, length, front_checksum, body_checksum = _HEAD.unpack(head)
    front = file.read(min(length, _MAX_PIECES_BYTES))
    if magic != _MAGIC or zlib.crc32(front) != front_checksum:
        raise _damaged(path)
    return front, version, body_checksum
