"""The library: everything that was added to learn from, kept in a folder of records.

Nothing is kept beside the records: which files are the same, which pieces are versions of one music and which split
each goes to is worked out from all of them each time, so that it never depends on the order in which they were added.
How files get in is in `corpus.library.intake`.
"""

import errno
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec
from platformdirs import user_data_path

from corpus.families import Print, families_of, settle, split_of
from corpus.library.accounts import Account, Origin
from corpus.library.records import read_account, read_origin, read_pieces, record_paths, sweep
from corpus.pieces import Piece, Refusal
from song.errors import UserError

if sys.platform != "win32":
    import fcntl

ENVIRONMENT_NAME = "DROPSMITH_LIBRARY"


class Entry(msgspec.Struct, frozen=True):
    """A file of the library, seen beside all the others.

    Attributes:
        account: what came of it.
        same_as: the file with the same bytes that is learned from in its stead, or empty.
        settled: family and split of each of its pieces; none where another file stands for it.
        unread: why its record cannot be read, or empty.
    """

    account: Account
    same_as: str = ""
    settled: tuple[tuple[str, str], ...] = ()
    unread: str = ""


def default_library() -> Path:
    """The folder that the environment names, else the user's own."""
    named = os.environ.get(ENVIRONMENT_NAME)
    return Path(named) if named else user_data_path("dropsmith", appauthor=False) / "library"


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Be the only one who writes to a library, made where there is none.

    Raises:
        UserError: where somebody else is writing, or it cannot be written.
    """
    try:
        (folder / "files").mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise UserError(
            f"cannot write the library {folder}: {error.strerror or error}; name another with --library"
        ) from error
    try:
        _lock(descriptor, folder)
        sweep(folder)
        yield
    finally:
        # The lock goes with the descriptor, also when the process is killed.
        os.close(descriptor)


def _lock(descriptor: int, folder: Path) -> None:
    # Windows has no such lock: there, two runs at once may do the same work twice, no more.
    if sys.platform == "win32":
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        # Some network file systems know no locks; nothing is lost there but work done twice.
        if error.errno in (errno.EAGAIN, errno.EACCES):
            raise UserError(f"another dropsmith is writing to the library {folder}: wait until it has ended") from error


def entries(folder: Path) -> Iterator[Entry]:
    """Every file of a library, by source and name."""
    for row in _survey(folder):
        account = row.account
        if not row.unread:
            try:
                account = read_account(row.path)
            except UserError:
                continue  # It was removed since.
        yield Entry(account, row.same_as, row.settled, row.unread)


def pieces(folder: Path, split: str | None = None, artist: str = "") -> Iterator[Piece]:
    """The pieces of a library that are learned from, by source and name, each with its family and its split.

    Args:
        folder: the library.
        split: "train", "validation" or "test"; all of them where it is None.
        artist: whose pieces alone; everybody's where it is empty.
    """
    for row in _survey(folder):
        if (artist and row.account.origin.artist != artist) or all(
            split not in (None, given) for _, given in row.settled
        ):
            continue
        try:
            found = read_pieces(row.path)
        except UserError:
            continue  # It was removed since, or is damaged, which doctor tells.
        for piece, (family, given) in zip(found, row.settled, strict=True):
            if split in (None, given):
                yield msgspec.structs.replace(piece, family=family, split=given)


def unread_files(folder: Path) -> list[Refusal]:
    """The files of a library whose records cannot be read, with what to do about it."""
    return [Refusal(row.account.origin.full_name, row.unread) for row in _survey(folder) if row.unread]


def remove(folder: Path, names: Sequence[str]) -> dict[str, int]:
    """Take files out of a library: those at a path or below it, or those of a source.

    Args:
        folder: the library.
        names: paths, or sources as `dropsmith corpus list` names them.

    Returns:
        How many files went, by name.

    Raises:
        UserError: where a name means nothing in the library; nothing is removed then.
    """
    with writing(folder):
        going: dict[str, list[Path]] = {name: [] for name in names}
        for path in record_paths(folder):
            try:
                origin = read_origin(path)
            except UserError:
                continue
            for name in names:
                if is_named(origin, name):
                    going[name].append(path)
        for name, paths in going.items():
            if not paths:
                raise UserError(f'nothing in the library is called "{name}": see dropsmith corpus list')
        for path in {path for paths in going.values() for path in paths}:
            path.unlink(missing_ok=True)
    return {name: len(paths) for name, paths in going.items()}


def is_named(origin: Origin, name: str) -> bool:
    """True where a file lies at a path or below it, or is of a source that is called so."""
    places = (os.fsencode(name), os.fsencode(Path(name).resolve()))
    location = origin.location
    below = any(location == place or location.startswith(place.rstrip(b"/") + b"/") for place in places)
    return below or name == origin.source


class _RecordRow(msgspec.Struct):
    """The facts that have to be known of every record at once."""

    path: Path
    account: Account
    prints: tuple[Print, ...] = ()
    same_as: str = ""
    settled: tuple[tuple[str, str], ...] = ()
    unread: str = ""

    def key(self) -> tuple[str, str, bytes]:
        origin = self.account.origin
        return (origin.source, origin.name, origin.location)


def _survey(folder: Path) -> list[_RecordRow]:
    """Every record by source and name, its account without what it tells of pieces, so that all fit in memory."""
    rows = sorted((_row(path) for path in record_paths(folder)), key=_RecordRow.key)
    first_with: dict[str, _RecordRow] = {}
    counted = []
    for row in rows:
        if not row.prints:
            continue
        first = first_with.setdefault(row.account.digest, row)
        if first is row:
            counted.append(row)
        else:
            row.same_as = first.account.origin.full_name
    families = iter(families_of([row.account.family for row in counted if row.account.family]))
    prints = []
    for row in counted:
        family = next(families) if row.account.family else ""
        for one in row.prints:
            name = family or one.family
            prints.append(msgspec.structs.replace(one, family=name, split=row.account.split or split_of(name)))
    settled = iter(settle(prints))
    for row in counted:
        row.settled = tuple(next(settled) for _ in row.prints)
        row.prints = ()
    return rows


def _row(path: Path) -> _RecordRow:
    try:
        account = read_account(path)
    except UserError as error:
        try:
            origin = read_origin(path)
        except UserError:
            origin = Origin(b"", path.name, "")
        return _RecordRow(path, Account(origin), unread=str(error))
    brief = msgspec.structs.replace(account, origin=msgspec.structs.replace(account.origin, row={}), pieces=())
    return _RecordRow(path, brief, tuple(piece.print for piece in account.pieces))
