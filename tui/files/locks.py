"""Locks on open files: a lock file beside each, so that no second app writes over what the first has written.

The operating system holds the lock for as long as its owner lives, so that one left by a crash is free at once. What
the lock file says, a process and a host, is for people; it decides only where the system's locks do not reach: on a
file system that knows none, and where another machine left it.
"""

import errno
import os
import socket
import sys
import time
import weakref
from pathlib import Path
from typing import Annotated

import msgspec

from song.errors import UserError

if sys.platform != "win32":
    import fcntl

_HELD = (errno.EAGAIN, errno.EACCES)
_LET_GO_SECONDS, _LOOK_SECONDS = 1.0, 0.02
"""The longest wait for a lock whose owner is dead, and the time between two tries: a process that the owner was just
starting holds it until it has become what was started."""


class Holder(msgspec.Struct, frozen=True):
    """The holder of a lock: a process id, 1 or more, and the name of its machine."""

    pid: Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
    host: str

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host}"


class HeldError(UserError):
    """Another app has the file open."""

    def __init__(self, path: Path, holder: Holder | None) -> None:
        self.holder = holder
        advice = ""
        if holder is not None and holder.host != socket.gethostname():
            advice = f"; if that one is gone, delete {lock_path(path).name}"
        super().__init__(f"{path.name} is open elsewhere ({holder or 'another Dropsmith'}){advice}")


class FileLock:
    """A file that is ours until `release`, the end of the process, or until nobody refers to this any more.

    Attributes:
        path: the file, not its lock file.
        held: whether others are kept out; not so where no lock file can be made, for nothing can be written there.
    """

    def __init__(self, path: Path, descriptor: int | None) -> None:
        self.path = path
        self.held = descriptor is not None
        self._end = weakref.finalize(self, _let_go, lock_path(path), descriptor)

    def release(self) -> None:
        """Let others have the file; nothing where that was done before."""
        self.held = False
        self._end()


def lock_path(path: Path) -> Path:
    """The lock file of a file, beside it; of a link, beside what it points at."""
    # Not Path.resolve, which raises for links in a circle.
    target = Path(os.path.realpath(path))
    return target.with_name(f".{target.name}.lock")


def take_lock(path: Path) -> FileLock:
    """Take the lock of a file, which need not exist.

    Raises:
        HeldError: where another app has it, in this process or in another one.
    """
    where = lock_path(path)
    # Windows has no such locks: there, the last of two apps to save is the one whose song stays.
    while sys.platform != "win32":
        descriptor = _open(where)
        if descriptor is None:
            break
        try:
            _lock(descriptor, path)
            # The one who had it may have removed the file after it was opened here.
            if not _is_at(descriptor, where):
                os.close(descriptor)
                continue
            _sign(descriptor)
        except HeldError:
            os.close(descriptor)
            raise
        return FileLock(path, descriptor)
    return FileLock(path, None)


def _open(where: Path) -> int | None:
    for flags in (os.O_RDWR | os.O_CREAT, os.O_RDONLY):
        try:
            return os.open(where, flags, 0o666)
        except OSError:
            continue
    return None


def _lock(descriptor: int, path: Path) -> None:
    """Lock an open lock file.

    Raises:
        HeldError: where another has locked it, or says on another machine that it has.
    """
    holder = _holder(descriptor)
    elsewhere = holder is not None and holder.host != socket.gethostname()
    if sys.platform == "win32":
        return
    late = time.monotonic() + _LET_GO_SECONDS
    while True:
        is_gone = holder is not None and not elsewhere and not _is_alive(holder.pid)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in _HELD and is_gone and time.monotonic() < late:
                time.sleep(_LOOK_SECONDS)
                continue
            if error.errno in _HELD or elsewhere or (holder is not None and not is_gone):
                raise HeldError(path, holder) from error
            return
        if elsewhere:
            raise HeldError(path, holder)
        return


def _holder(descriptor: int) -> Holder | None:
    try:
        return msgspec.json.decode(os.pread(descriptor, 4096, 0), type=Holder)
    # A ValueError too where it is no text.
    except (OSError, ValueError, RecursionError):
        return None


def _sign(descriptor: int) -> None:
    # A full disk keeps the name out, not the lock.
    try:
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, msgspec.json.encode(Holder(os.getpid(), socket.gethostname())), 0)
    except OSError:
        return


def _is_at(descriptor: int, where: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), where.stat())
    except OSError:
        return False


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _let_go(where: Path, descriptor: int | None) -> None:
    if descriptor is None:
        return
    try:
        if _is_at(descriptor, where):
            where.unlink()
    except OSError:
        # It cannot be removed, and need not be: unlocked, it keeps nobody out.
        pass
    finally:
        os.close(descriptor)
