"""The file of the song that is open: what it has of the song, whether it is ours to write, and writing it.

Knows nothing of edits and of what is selected; those are the workspace's, which alone opens and saves it.
"""

import os
from pathlib import Path

from song.errors import UserError
from song.file_names import file_stem
from song.files import SONG_SUFFIX, mark_of, remove_leftovers
from song.outputs import SONG_FILE, check_kind
from song.sections import Song
from song.seeds import fresh_seed
from song.store import load_song, save_song
from song.templates import song_from_form
from tui.files.kept import keep_apart
from tui.files.locks import FileLock, HeldError, take_lock
from tui.files.paths import absolute, current_folder, free_path


class OpenedFile:
    """A song's file, or the want of one.

    Attributes:
        song: the song as the file has it, or as it was made where there is none yet.
        path: where the file is or will be; None until there is a name for it.
        read_only: why it is not to be written, empty where it may be.
        before: where `keep` has kept what the file held before.
    """

    def __init__(self, song: Song, path: Path | None = None) -> None:
        self.song = song
        self.path = path
        self.read_only = ""
        self.before: Path | None = None
        self._lock: FileLock | None = None
        self._seen: tuple[int, ...] | None = None

    @classmethod
    def open(cls, path: Path | None) -> "OpenedFile":
        """A file with its song; a ready-made arrangement where there is no path, or no file there yet.

        One that another app has open is not to be written.

        Raises:
            UserError: where it cannot be read or is not a valid song.
        """
        if path is None:
            return cls(song_from_form(seed=fresh_seed()))
        # The current folder may be gone later; and a name that is no text cannot stand in a song.
        given, path = path, absolute(path)
        title = path.stem.encode(errors="replace").decode()
        opened = cls(song_from_form(title=title, seed=fresh_seed()), path)
        # Before it is read, so that what is read here is what the other has last written.
        try:
            opened._lock = take_lock(path)
        except HeldError as error:
            opened.read_only = str(error)
        try:
            opened._seen = mark_of(path)
            # An error names it as the user did.
            opened.song = _song_of(given) or opened.song
        except UserError:
            opened.close()
            raise
        if not opened.read_only:
            remove_leftovers(path)
        return opened

    def close(self) -> None:
        """Let another app have the file."""
        if self._lock is not None:
            self._lock.release()

    def save(self, song: Song) -> Path:
        """Write a song to the file; where there is none it becomes TITLE.drop in the current folder. Returns the path.

        Raises:
            UserError: where it cannot be written, or another app has it open or has changed it meanwhile.
        """
        path = self.path or free_path(current_folder(), file_stem(song.title), SONG_SUFFIX)
        lock = self._own(path)
        if self._is_changed(path):
            raise UserError(f"not saved, S saves it elsewhere or over that: {path.name} was changed by another program")
        try:
            return self._write(song, path, lock)
        except UserError as error:
            # Without the path, which the screen has no room for beside the reason.
            reason = str(error).removeprefix(f"cannot write {path}: ")
            raise UserError(f"not saved, S saves it elsewhere: {reason}") from error

    def save_as(self, song: Song, path: Path) -> Path:
        """Write a song to another file, over what is there, and go on with that file. Returns the path.

        Raises:
            UserError: where it cannot be written, another app has it open, or what is there is no song; the file at
                hand stays the same then.
        """
        check_kind(path, SONG_FILE)
        if self.path is not None and os.path.realpath(path) == os.path.realpath(self.path):
            return self._write(song, self.path, self._own(self.path))
        return self._write(song, path, take_lock(path))

    def other_path(self, title: str) -> Path:
        """A name for the song that no file has yet, beside its file.

        Raises:
            UserError: where it has none, and the current folder is gone.
        """
        if self.path is None:
            return free_path(current_folder(), file_stem(title), SONG_SUFFIX)
        return free_path(self.path.parent, self.path.stem, SONG_SUFFIX)

    def keep(self, song: Song) -> Path:
        """Write a song where it can be found again: the file, else the folder for kept songs. Returns the path.

        Nobody has asked for the file to be written over: what it held is kept among those songs before.

        Raises:
            UserError: where neither can be written.
        """
        if self.path is not None and not self.read_only:
            try:
                if mark_of(self.path) is not None and self.song != song:
                    self.before = keep_apart(self.song, self.path.stem)
                return self.save(song)
            except UserError:
                return keep_apart(song, self.path.stem)
        return keep_apart(song, "" if self.path is None else self.path.stem)

    def _own(self, path: Path) -> FileLock:
        """The lock of a file, which is ours already or can be."""
        if self._lock is not None and self._lock.held and self._lock.path == path:
            return self._lock
        try:
            return take_lock(path)
        except HeldError as error:
            raise UserError(f"not saved, S saves it elsewhere: {error}") from error

    def _is_changed(self, path: Path) -> bool:
        """True where a program that asks for no lock, or had it, has changed the song there since we last looked."""
        mark = mark_of(path)
        if mark is None or mark == self._seen:
            return False
        try:
            return load_song(path) != self.song
        except UserError:
            return True

    def _write(self, song: Song, path: Path, lock: FileLock) -> Path:
        # Where this fails, a new lock goes with the last who refers to it, and the old one stays.
        save_song(path, song)
        if self._lock is not None and self._lock is not lock:
            self._lock.release()
        self._lock, self.read_only, self._seen = lock, "", mark_of(path)
        self.path, self.song = path, song
        return path


def _song_of(path: Path) -> Song | None:
    """The song of a file, None where there is none."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise UserError(f"cannot open {path}: {error.strerror}") from error
    return with_sections(load_song(path), path)


def with_sections(song: Song, name: object) -> Song:
    """A song that was read, which has to have a section: there would be nothing to select.

    Args:
        song: the song.
        name: what to call it in an error.

    Raises:
        UserError: where it has none.
    """
    if not song.sections:
        raise UserError(f"{name} has no sections: add one to its plan first")
    return song
