"""Where the app puts files: songs, exports, autosaves, and songs kept on quitting that have no file of their own."""

import re
import time
from pathlib import Path

from platformdirs import user_state_dir

_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
_LONGEST_STEM = 80


def file_stem(title: str) -> str:
    """A title as a file name without suffix that every system takes, "song" where nothing is left of it."""
    return _UNSAFE.sub(" ", title).strip(" .")[:_LONGEST_STEM].strip(" .") or "song"


def free_path(folder: Path, stem: str, suffix: str) -> Path:
    """A path in a folder at which there is no file yet: STEM.SUFFIX, or STEM-2.SUFFIX and so on."""
    path, number = folder / f"{stem}{suffix}", 2
    while path.exists():
        path, number = folder / f"{stem}-{number}{suffix}", number + 1
    return path


def autosave_folder() -> Path:
    """Where the work of running apps is kept until it is saved; it is made.

    Raises:
        OSError: where it cannot be made.
    """
    return _state_folder("autosave")


def kept_path(title: str) -> Path:
    """Where a song without a file is kept on quitting; its folder is made.

    Raises:
        OSError: where the folder cannot be made.
    """
    folder = _state_folder("kept")
    return free_path(folder, f"{file_stem(title)} {time.strftime('%Y-%m-%d %H%M%S')}", ".drop")


def _state_folder(name: str) -> Path:
    folder = Path(user_state_dir("dropsmith", appauthor=False)) / name
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def short_path(path: Path) -> str:
    """A path as people write it: from the current folder, or with ~ for the home folder, where that is shorter."""
    shown = str(path)
    for folder, prefix in ((Path.cwd(), ""), (Path.home(), "~/")):
        if path.is_relative_to(folder):
            shown = min(shown, f"{prefix}{path.relative_to(folder)}", key=len)
    return shown
