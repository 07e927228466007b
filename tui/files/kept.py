"""Songs kept because nobody saved them: on quitting, on opening another, and unsaved work that was put aside.

They lie in a folder of their own until they are old, or until all of them take too much room: then the oldest go.
"""

import contextlib
import os
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec

from song.errors import UserError
from song.file_names import file_stem
from song.files import SONG_SUFFIX
from song.sections import Song
from song.store import save_song
from tui.files.paths import free_path, state_folder

MOST_DAYS = 365
MOST_BYTES = 100_000_000
"""All of them together; a song of 72 bars with a take in each cell has about 100 kB."""
SAFE_DAYS = 30
"""Songs younger than this stay, however much room they take."""
ALWAYS_STAY = 20
"""The latest songs stay, however old they are: a clock may be wrong."""
_SECONDS_A_DAY = 86_400


class KeptSongs(msgspec.Struct, frozen=True):
    """The kept songs: where they lie, how many they are and the bytes that they take."""

    folder: Path
    songs: int
    size: int


def kept_path(title: str) -> Path:
    """A path for a song to keep; its folder is made.

    Raises:
        OSError: where the folder cannot be made.
    """
    return free_path(_folder(), f"{file_stem(title)} {time.strftime('%Y-%m-%d %H%M%S')}", SONG_SUFFIX)


def keep_apart(song: Song, name: str = "") -> Path:
    """Keep a song; those whose time is over make room. Returns the path.

    Args:
        song: the song.
        name: of its file; empty where it has none, and its title names it.

    Raises:
        UserError: where it cannot be written.
    """
    try:
        path = kept_path(name or song.title)
    except OSError as error:
        raise UserError(f"cannot keep the song: {error.strerror or error}") from error
    save_song(path, song)
    prune(time.time())
    return path


def is_kept(path: Path) -> bool:
    """True for a song in the folder of kept ones."""
    with contextlib.suppress(OSError):
        return os.path.realpath(path.parent) == os.path.realpath(_folder())
    return False


def kept_paths() -> list[Path]:
    """The kept songs, the latest first; none where they cannot be seen."""
    try:
        return [path for _, _, path in sorted(_found(), reverse=True)]
    except OSError:
        return []


def kept_songs() -> KeptSongs:
    """The kept songs, counted.

    Raises:
        OSError: where that cannot be seen.
    """
    found = _found()
    return KeptSongs(_folder(), len(found), sum(size for _, size, _ in found))


def prune(now: float) -> list[Path]:
    """Remove kept songs whose time is over, the oldest first; returns them.

    Args:
        now: the time, in seconds since 1970.
    """
    removed = []
    with contextlib.suppress(OSError):
        found = sorted(_found())
        for path in _over(found[:-ALWAYS_STAY], sum(size for _, size, _ in found), now):
            path.unlink(missing_ok=True)
            removed.append(path)
    return removed


def _over(found: Sequence[tuple[float, int, Path]], size: int, now: float) -> list[Path]:
    """Those that are to go, of (time in seconds since 1970, bytes, path), the oldest first.

    Args:
        found: those that may go.
        size: bytes of all there are.
        now: the time, in seconds since 1970.
    """
    over = []
    for written, bytes_, path in found:
        days = (now - written) / _SECONDS_A_DAY
        if days > MOST_DAYS or (size > MOST_BYTES and days > SAFE_DAYS):
            over.append(path)
            size -= bytes_
    return over


def _folder() -> Path:
    return state_folder("kept")


def _found() -> list[tuple[float, int, Path]]:
    stats = [(path, path.stat()) for path in _folder().glob(f"*{SONG_SUFFIX}")]
    return [(stat.st_mtime, stat.st_size, path) for path, stat in stats]
