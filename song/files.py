"""Writing files so that a crash leaves the old one or the new one, never half of either.

Only files are written. A new file takes the place of what stands under its name, so that a pipe, a socket or a device
would be gone; written into instead, it could be neither checked beforehand nor read back. They are refused.
"""

import contextlib
import os
import stat
import tempfile
import time
from pathlib import Path

from song.errors import UserError

_KINDS = {
    stat.S_IFDIR: "a folder; add a file name",
    stat.S_IFIFO: "a pipe, not a file; give another name",
    stat.S_IFSOCK: "a socket, not a file; give another name",
    stat.S_IFCHR: "a device, not a file; give another name",
    stat.S_IFBLK: "a device, not a file; give another name",
}
_LEFTOVER_SECONDS = 60.0

# It can only be read by changing it, so once, while there is one thread.
_UMASK = os.umask(0o077)
os.umask(_UMASK)

SONG_SUFFIX = ".drop"
"""The ending of songs' files."""
MIDI_SUFFIXES = (".mid", ".midi")
"""Endings of MIDI files; the first is the one that is written."""


def write_atomically(path: Path, data: bytes) -> None:
    """Put bytes in a file: a temporary file beside it, flushed to disk, takes its place. A link stays a link.

    Raises:
        UserError: where the folder is missing or cannot be written, the disk is full, or what stands there is no file
            that may be written; what was there stays as it was.
    """
    temporary: Path | None = None
    try:
        target, mode = _target(path)
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=_prefix(target), suffix=".tmp")
        temporary = Path(name)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(new_file_mode() if mode is None else mode)
        temporary.replace(target)
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise UserError(
            f"cannot write {path}: {error.strerror or error}; choose another folder or free some space"
        ) from error


def new_file_mode() -> int:
    """The permissions that a new file has."""
    return 0o666 & ~_UMASK


def check_writable(path: Path) -> None:
    """See before long work starts that a file can be written at a path.

    Raises:
        UserError: where its folder is missing, is not a folder or cannot be written, or what stands there is no file
            that may be written.
    """
    try:
        target, _mode = _target(path)
        if not target.parent.is_dir():
            folder = target.parent if path.is_symlink() else path.parent
            raise UserError(f"cannot write {path}: there is no folder {folder}; make it first")
        with tempfile.TemporaryFile(dir=target.parent):
            pass
    except OSError as error:
        raise UserError(f"cannot write {path}: {error.strerror or error}; choose another folder") from error


def check_is_file(path: Path) -> None:
    """See that a path may be read as a file: a pipe would be waited on for ever. Nothing where nothing is there.

    Raises:
        UserError: where it is something else.
    """
    with contextlib.suppress(OSError, ValueError):
        kind = _KINDS.get(stat.S_IFMT(path.stat().st_mode))
        if kind is not None:
            raise UserError(f"cannot open {path}: it is {kind}")


def read_file(path: Path, most_bytes: int) -> bytes:
    """Read a file whole.

    Args:
        path: where.
        most_bytes: the largest that is read.

    Raises:
        UserError: where it is not there, is no file, is larger or cannot be read.
    """
    check_is_file(path)
    try:
        with path.open("rb") as file:
            data = file.read(most_bytes + 1)
    except (OSError, ValueError) as error:
        raise UserError(f"cannot open {path}: {getattr(error, 'strerror', None) or error}") from error
    if len(data) > most_bytes:
        raise UserError(f"cannot open {path}: it is over {most_bytes / 1_000_000:g} MB")
    return data


def read_text(path: Path, most_bytes: int) -> str:
    """Read a file of UTF-8 text, with or without the mark at its start that some editors on Windows put there.

    Raises:
        UserError: as `read_file`, and where it is no such text.
    """
    try:
        return read_file(path, most_bytes).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserError(f"{path}: not UTF-8 text at byte {error.start}; save it as UTF-8") from error


def is_there(path: Path) -> bool:
    """True where something stands at a path, as far as can be told."""
    try:
        path.stat()
    except (OSError, ValueError):
        # ValueError: no path has a NUL in it.
        return False
    return True


def mark_of(path: Path) -> tuple[int, ...] | None:
    """A mark that changes with a file: time of change in ns, size, inode; None where there is none to be seen."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def remove_leftovers(path: Path) -> None:
    """Remove what a kill in the middle of a write has left beside a file, a minute ago or longer."""
    target = _through_links(path)
    with contextlib.suppress(OSError):
        for left in target.parent.iterdir():
            if left.name.startswith(_prefix(target)) and left.suffix == ".tmp":
                with contextlib.suppress(FileNotFoundError):
                    if time.time() - left.stat().st_mtime > _LEFTOVER_SECONDS:
                        left.unlink()


def _target(path: Path) -> tuple[Path, int | None]:
    """The path to be replaced, at the end of all links, and its mode, None where nothing is there.

    Raises:
        UserError: where something else than a writable file stands there.
        OSError: where that cannot be seen.
    """
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return _through_links(path), None
    kind = _KINDS.get(stat.S_IFMT(mode))
    if kind is not None:
        raise UserError(f"cannot write {path}: it is {kind}")
    if not os.access(path, os.W_OK):
        raise UserError(f"cannot write {path}: permission denied; choose another path")
    return _through_links(path), mode & 0o777


def _through_links(path: Path) -> Path:
    # Path.resolve raises for links in a circle, and not the same error in every version.
    return Path(os.path.realpath(path))


def _prefix(target: Path) -> str:
    return f".{target.name}."
