"""Writing files so that a crash leaves the old one or the new one, never half of either."""

import os
import tempfile
from pathlib import Path

from song.errors import UserError


def write_atomically(path: Path, data: bytes) -> None:
    """Put bytes in a file: a temporary file beside it, flushed to disk, takes its place.

    Raises:
        UserError: where the folder is missing or cannot be written, or the disk is full; an old file stays as it was.
    """
    temporary: Path | None = None
    try:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
        temporary = Path(name)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())
        temporary.replace(path)
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise UserError(
            f"cannot write {path}: {error.strerror or error}; choose another folder or free some space"
        ) from error


def check_writable(path: Path) -> None:
    """See before long work starts that a file can be written at a path.

    Raises:
        UserError: where its folder is missing, is not a folder or cannot be written, or the path is a folder.
    """
    if path.is_dir():
        raise UserError(f"cannot write {path}: it is a folder; add a file name")
    if not path.parent.is_dir():
        raise UserError(f"cannot write {path}: there is no folder {path.parent}; make it first")
    if path.exists() and not os.access(path, os.W_OK):
        raise UserError(f"cannot write {path}: permission denied; choose another path")
    try:
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise UserError(f"cannot write {path}: {error.strerror or error}; choose another folder") from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
