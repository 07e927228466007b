"""Intake of files into a library: read on all cores, with a record for each, refused ones too.

How one file is read is in `corpus.readers.sources`; nothing is decided here about what its music means.
"""

import hashlib
import os
from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path

import msgspec

from corpus.families import SPLITS
from corpus.library.accounts import Account, Origin
from corpus.library.records import read_account, read_origin, record_path, record_paths, write_record
from corpus.library.store import writing
from corpus.library.workers import run_guarded
from corpus.pieces import Piece, Refusal
from corpus.readers.music21_works import PREFIX, list_works, read_work
from corpus.readers.sources import SourceFile, bytes_of, family_name, find_files, read_file
from corpus.track_accounts import SongAccount
from song.errors import UserError

MOST_WORKERS = 8
"""With more, reading would not stay under 1 GB; eight read a thousand files in a few seconds."""
LARGE_BYTES = 1_000_000
"""Files from this size on are read one at a time."""
MAX_SECONDS = 60.0
"""Processor time for one file: the slowest of 1,771 measured takes under a second."""


class IntakeOptions(msgspec.Struct, frozen=True):
    """Options for all files that are added at once.

    Attributes:
        style: shares of styles, adding up to 1, for music whose style no table tells; None leaves what was said before.
        artist: whose they are; None leaves what was said before.
        again: whether files are read anew that did not change.
    """

    style: dict[str, float] | None = None
    artist: str | None = None
    again: bool = False


class RecordChange(StrEnum):
    """The change to a file's record."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "as it was"


class IntakeResult(msgspec.Struct, frozen=True):
    """The outcome of taking in one file.

    Attributes:
        name: the source and the path below it.
        change: what became of its record.
        pieces: how many it gave.
        reason: why it was refused or partly used, or empty.
    """

    name: str
    change: RecordChange
    pieces: int
    reason: str


class _IntakeJob(msgspec.Struct, frozen=True):
    folder: Path
    file: SourceFile
    wish: IntakeOptions


def add(
    folder: Path,
    paths: Sequence[Path],
    wish: IntakeOptions,
    on_taken: Callable[[IntakeResult, int], None] | None = None,
    workers: int | None = None,
) -> list[Refusal]:
    """Take files and folders into a library. When it is ended, another call goes on where it was.

    Args:
        folder: the library, made where there is none.
        paths: files, folders that are searched to the bottom, or names such as music21:bach; none for everything that
            the library knows already.
        wish: what is said of all of them.
        on_taken: told what came of each file, and of how many in all.
        workers: processes at a time; as many as there are cores by default.

    Returns:
        The paths that lead to no music, with reasons.

    Raises:
        UserError: where the library cannot be written, somebody else is writing to it, or music21 brings no such work.
    """
    with writing(folder):
        files, works, refusals = _asked(paths) if paths else (*_known(folder), [])
        jobs = [_IntakeJob(folder, one, wish) for one in (*files, *works)]
        count = min(workers or _cores(), MOST_WORKERS, max(len(jobs), 1))
        for job, taken in run_guarded(take_in, jobs, count, MAX_SECONDS, _is_large):
            told = taken or _give_up(job)
            if on_taken is not None:
                on_taken(told, len(jobs))
    return refusals


def _asked(paths: Sequence[Path]) -> tuple[list[SourceFile], list[SourceFile], list[Refusal]]:
    """The files and the works of music21 that some paths stand for, and the paths that lead to none."""
    named = [path for path in paths if str(path).startswith(PREFIX)]
    files, refusals = find_files([path for path in paths if path not in named])
    works = dict.fromkeys(work for path in named for work in list_works(str(path)))
    return files, [_work(work) for work in works], refusals


def _work(name: str) -> SourceFile:
    source, _, below = name.partition("/")
    return SourceFile(Path(name), below, source, Path(name))


def take_in(job: _IntakeJob) -> IntakeResult:
    """Read one file and write its record, unless there is one that says the same.

    Raises:
        UserError: where the library cannot be written.
        MemoryError: where reading takes more than there is.
    """
    before = _before(job)
    file, origin = _joined(job, before)
    pieces: list[Piece] = []
    digest = ""
    opened = SongAccount()
    try:
        data = b"" if _is_work(file) else bytes_of(file)
        digest = _digest(file, data)
        if before is not None and not job.wish.again and before.origin == origin and before.digest == digest:
            return _told(before, RecordChange.SAME)
        if _is_work(file):
            _, pieces, refusals = read_work(str(file.path))
            reason = "; ".join(dict.fromkeys(refusal.reason for refusal in refusals))
        else:
            read = read_file(file, data, digest, family_name(file), origin.style)
            pieces, reason, opened = list(read.pieces), read.reason, read.account
    except UserError as error:
        reason = str(error)
    except MemoryError:
        raise
    except Exception as error:
        # One file must not keep the others out, whatever is wrong with it or with its reader.
        reason = f"its reader failed ({type(error).__name__}: {str(error)[:80]}): report it, and leave it out for now"
    return _write(job, origin, digest, reason, pieces, before, opened)


def _is_work(file: SourceFile) -> bool:
    return str(file.path).startswith(PREFIX)


def _digest(file: SourceFile, data: bytes) -> str:
    """SHA-256 of what is read, in hex; for a work of music21, which comes with the program, of its name."""
    return hashlib.sha256(str(file.path).encode() if _is_work(file) else data).hexdigest()


def _is_large(job: _IntakeJob) -> bool:
    try:
        return job.file.path.stat().st_size > LARGE_BYTES
    except OSError:
        return False  # What is wrong with it is told when it is opened.


def _give_up(job: _IntakeJob) -> IntakeResult:
    """Note that a file is too much for its reader."""
    before = _before(job)
    file, origin = _joined(job, before)
    try:
        digest = _digest(file, b"" if _is_work(file) else bytes_of(file))
    except UserError:
        digest = ""
    reason = "reading it takes too much time or memory, or ends the reader: cut it down to the music, or leave it out"
    return _write(job, origin, digest, reason, [], before)


def _write(
    job: _IntakeJob,
    origin: Origin,
    digest: str,
    reason: str,
    pieces: Sequence[Piece],
    before: Account | None,
    opened: SongAccount = SongAccount(),  # noqa: B008 - it is frozen
) -> IntakeResult:
    if not digest and before is not None and before.pieces:
        # It cannot be opened today; what it gave when it could is not thrown away for that.
        return IntakeResult(
            origin.full_name, RecordChange.SAME, len(before.pieces), f"{reason}; what was read before is kept"
        )
    split = origin.row.get("split", "")
    account = Account(
        origin,
        digest=digest,
        family="" if origin.row or _is_work(job.file) else family_name(job.file),
        split=split if split in SPLITS else "",
        reason=reason,
        opened=opened,
    )
    change = RecordChange.NEW if before is None else RecordChange.CHANGED
    if not write_record(job.folder, account, pieces):
        change = RecordChange.SAME
    return IntakeResult(origin.full_name, change, len(pieces), reason)


def _told(account: Account, change: RecordChange) -> IntakeResult:
    return IntakeResult(account.origin.full_name, change, len(account.pieces), account.reason)


def _before(job: _IntakeJob) -> Account | None:
    path = record_path(job.folder, os.fsencode(job.file.location))
    try:
        return read_account(path) if path.exists() else None
    except UserError:
        return None


def _joined(job: _IntakeJob, before: Account | None) -> tuple[SourceFile, Origin]:
    """A file with what is said of it now, and where nothing is said now, with what was said before."""
    file, wish = job.file, job.wish
    if before is not None and not file.row:
        # Added again as part of another folder, it stays where people know it.
        known = before.origin
        file = msgspec.structs.replace(file, name=known.name, source=known.source, row=known.row)
    style = wish.style if wish.style is not None else (before.origin.style if before else {})
    artist = wish.artist if wish.artist is not None else (before.origin.artist if before else "")
    return file, Origin(os.fsencode(file.location), file.name, file.source, file.row, style, artist)


def _known(folder: Path) -> tuple[list[SourceFile], list[SourceFile]]:
    """The files of a library that are still where they were, and the works of music21, as they were added."""
    files, works = [], []
    for path in record_paths(folder):
        try:
            origin = read_origin(path)
        except UserError:
            continue
        file = Path(os.fsdecode(origin.location))
        if str(file).startswith(PREFIX):
            works.append(_work(str(file)))
        elif file.is_file():
            files.append(SourceFile(file, origin.name, origin.source, file, origin.row))
    return files, works


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # macOS does not say which cores a process may use.
        return os.cpu_count() or 1
