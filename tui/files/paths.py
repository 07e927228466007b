"""Paths of the app's files: songs, exports, autosaves."""

import os
import re
from collections.abc import Callable
from pathlib import Path

from platformdirs import user_config_dir, user_state_dir

from song.errors import UserError
from song.files import MIDI_SUFFIXES, SONG_SUFFIX, is_there

_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
_LONGEST_STEM_BYTES = 120


def file_stem(title: str) -> str:
    """A title as a file name without suffix that every system takes, "song" where nothing is left of it."""
    stem = os.fsencode(_UNSAFE.sub(" ", title).strip(" ."))[:_LONGEST_STEM_BYTES]
    return stem.decode(errors="ignore").strip(" .") or "song"


def free_path(folder: Path, stem: str, suffix: str) -> Path:
    """A path in a folder at which there is no file yet: STEM.SUFFIX, or STEM-2.SUFFIX and so on."""
    path, number = folder / f"{stem}{suffix}", 2
    while is_there(path):
        path, number = folder / f"{stem}-{number}{suffix}", number + 1
    return path


def current_folder() -> Path:
    """The folder that the app was started in.

    Raises:
        UserError: where it is there no more.
    """
    try:
        return Path.cwd()
    except OSError as error:
        raise UserError("the folder that Dropsmith was started in is gone: S saves the song elsewhere") from error


def absolute(path: Path) -> Path:
    """A path that holds wherever the current folder goes.

    Raises:
        UserError: where that is gone already.
    """
    return path if path.is_absolute() else current_folder() / path


def is_same(one: Path | None, other: Path | None) -> bool:
    """True where two paths lead to one file, by whatever names; where both are none."""
    if one is None or other is None:
        return one is other
    return os.path.realpath(one) == os.path.realpath(other)


def typed_path(text: str) -> Path:
    """The song file that a typed name means: ~ is the home folder, and ".drop" is added where it is left out.

    Raises:
        UserError: for no name, the name of a folder, or a home folder that is not known.
    """
    name = Path(text.strip())
    _check_name(text)
    try:
        path = name.expanduser()
        is_folder = text.rstrip().endswith(os.sep) or path.is_dir()
    except RuntimeError as error:
        raise UserError(f"{name.parts[0]} is nobody's home folder; write it out") from error
    except OSError as error:
        raise UserError(f"cannot write {name}: {error.strerror}; choose another name") from error
    if is_folder:
        raise UserError(f"{path} is a folder; add a file name")
    if path.suffix != SONG_SUFFIX:
        path = path.with_name(f"{path.name}{SONG_SUFFIX}")
    return absolute(path)


def _check_name(text: str) -> None:
    if not text.strip():
        raise UserError("type a name")
    if "\0" in text:
        raise UserError("no name has a NUL in it: type another")


def openable_path(text: str) -> Path:
    """The file that a typed name means to open: ~ is the home folder.

    Raises:
        UserError: for no name, or one that is neither a song's nor a MIDI file's.
    """
    name = text.strip()
    _check_name(name)
    try:
        path = absolute(Path(name).expanduser())
    except RuntimeError as error:
        raise UserError(f"{Path(name).parts[0]} is nobody's home folder; write it out") from error
    if path.suffix.lower() not in (SONG_SUFFIX, *MIDI_SUFFIXES):
        raise UserError(f"{path.name} is no song: songs end in {SONG_SUFFIX}, MIDI files in {MIDI_SUFFIXES[0]}")
    return path


def autosave_folder() -> Path:
    """The folder for the work of running apps until it is saved; it is made.

    Raises:
        OSError: where it cannot be made.
    """
    return state_folder("autosave")


def state_folder(name: str) -> Path:
    """A folder of ours for what is kept from one start to the next; it is made.

    Raises:
        OSError: where it cannot be made.
    """
    folder = Path(user_state_dir("dropsmith", appauthor=False)) / name
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def patch_folder() -> Path:
    """The folder of the user's own patches, beside the settings; it need not be there."""
    return Path(user_config_dir("dropsmith", appauthor=False)) / "patches"


def short_path(path: Path) -> str:
    """A path as people write it: from the current folder, or with ~ for the home folder, where that is shorter."""
    shown = str(path)
    for folder, prefix in ((_or_none(Path.cwd), ""), (_or_none(Path.home), "~/")):
        if folder is not None and path.is_relative_to(folder):
            shown = min(shown, f"{prefix}{path.relative_to(folder)}", key=len)
    return shown


def _or_none(folder: Callable[[], Path]) -> Path | None:
    try:
        return folder()
    except (OSError, RuntimeError):
        return None
