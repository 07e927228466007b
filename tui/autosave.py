"""Unsaved work, kept in a file of the state folder, so that a crash, a kill or a lost line costs no music.

One autosave a song file, one a session without a file (or with one that is not ours to write). It is there exactly
while there is something unsaved. A thread looks at the song and writes: no key waits for it, edits in a row become one
write, and no edit can forget to report itself. What an app left behind that did not end well is found here at the next
start, and where its song is opened; the file is claimed by its lock, and written over by nobody until the user has
decided.
"""

import contextlib
import os
import threading
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes

import msgspec

from song.errors import UserError
from song.file_names import file_stem
from song.files import SONG_SUFFIX, read_file, write_atomically
from song.limits import MAX_SONG_BYTES
from song.sections import Song
from song.store import SCHEMA_VERSION, decode_song, load_song
from tui.files.kept import kept_path
from tui.files.locks import FileLock, HeldError, take_lock
from tui.files.opened_file import OpenedFile, with_sections
from tui.files.paths import autosave_folder, short_path
from tui.workspace import Workspace

INTERVAL_SECONDS = 0.4
"""Time between two looks at the song: with the writing itself well within the second that may be lost."""

_INTERVAL_IN_TROUBLE_SECONDS = 2.0
_SESSION = "session-"


class UnsavedWork(msgspec.Struct, frozen=True):
    """Unsaved work that an app left behind.

    Attributes:
        lock: the claim on its file.
        song: the song as it was.
        written_at: when, in seconds since 1970.
        path: the song's own file, there or not; None where it has none, or none that was ours to write.
    """

    lock: FileLock
    song: Song
    written_at: float
    path: Path | None = None


class _Kept(msgspec.Struct, frozen=True):
    """The contents of an autosave: a song file's, and the path of that file, percent-encoded, empty for none."""

    dropsmith: int
    of: str
    song: Song


class _Origin(msgspec.Struct, frozen=True):
    of: str = ""


class Autosave:
    """The autosave of a workspace: `find` and decide, then `start`, at last `close`; `find` again for another song.

    Attributes:
        trouble: why the song could not be kept when that was last tried, empty where it could.
        unreadable: why unsaved work that is there could not be offered, empty where there is none such.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.trouble = ""
        self.unreadable = ""
        self._work = workspace
        self._session = f"{_SESSION}{os.getpid()}-{time.time_ns()}{SONG_SUFFIX}"
        self._barred: set[str] = set()
        self._passed: set[str] = set()
        self._claim: FileLock | None = None
        self._offered: FileLock | None = None
        self._kept: Song | None = None
        self._discarded = False
        self._turn = threading.Lock()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        self._tell: Callable[[str], object] = lambda _: None

    def find(self, *, own: bool = False) -> UnsavedWork | None:
        """Unsaved work left behind: of this song, if any is; else the newest of any other.

        Only what no running app is writing, and nothing that the song's file has already. It is ours until `take`,
        `leave`, `pass_over` or `close`.

        Args:
            own: whether this song's alone is looked for.
        """
        for path in self._candidates(own=own):
            try:
                lock = take_lock(path)
            except HeldError:
                continue
            _sweep(path)
            # A kill may leave a lock file alone; to release it is to remove it.
            if path.exists():
                try:
                    data = read_file(path, MAX_SONG_BYTES)
                    song = with_sections(decode_song(data, "unsaved work"), "unsaved work")
                    found = UnsavedWork(lock, song, path.stat().st_mtime, _origin(data))
                    if not self._is_known(found):
                        self._offered = lock
                        return found
                    path.unlink()
                except (UserError, OSError, ValueError) as error:
                    # Of no use to this version, perhaps to a later one: what cannot be read is left alone.
                    self._barred.add(path.name)
                    self.unreadable = str(error)
            lock.release()
        return None

    def _is_known(self, found: UnsavedWork) -> bool:
        """True where the song's file has all of it."""
        if found.path is None or _name_for(found.path) == self._own_name():
            return found.song == self._work.song
        try:
            return load_song(found.path) == found.song
        except UserError:
            return False

    def pass_over(self, found: UnsavedWork) -> None:
        """Leave what was found where it is, to be offered when its song is opened, and at the next start."""
        self._barred.add(found.lock.path.name)
        self._passed.add(found.lock.path.name)
        self._offered = None
        found.lock.release()

    def take(self, found: UnsavedWork) -> None:
        """Go on with what was found; its file is this session's autosave from here on.

        What the autosave held until then has been kept, where another song was opened for this one.
        """
        with self._turn:
            self._remove()
            if self._claim is not None:
                self._claim.release()
            self._work.recover(found.song)
            self._claim, self._kept, self._offered = found.lock, found.song, None
            if found.lock.path.name in self._passed:
                self._passed.remove(found.lock.path.name)
                self._barred.remove(found.lock.path.name)
            if found.lock.path.name.startswith(_SESSION):
                self._session = found.lock.path.name

    def leave(self, found: UnsavedWork) -> Path:
        """Put what was found among the kept songs; returns where.

        Raises:
            UserError: where that cannot be done; it stays where it was, and is offered at the next start.
        """
        path = found.lock.path
        try:
            kept = kept_path(found.song.title)
            path.replace(kept)
            # It is kept from now on, however old it is.
            os.utime(kept)
        except OSError as error:
            self._barred.add(path.name)
            raise UserError(f"it stays at {short_path(path)}: {error.strerror or error}") from error
        finally:
            found.lock.release()
        return kept

    def start(self, tell: Callable[[str], object]) -> None:
        """Keep the song from here on, in a thread.

        Args:
            tell: is told, from that thread, why the song cannot be kept, and an empty text once it can.
        """
        self._tell = tell
        self._thread = threading.Thread(target=self._run, name="autosave", daemon=True)
        self._thread.start()

    def keep(self) -> bool:
        """Bring the autosave up to date now; any thread may call. Returns whether it holds something unsaved."""
        with self._turn:
            if self._discarded:
                return False
            try:
                self._keep()
                trouble = ""
            except Exception as error:
                # Whatever it is: a thread that ended here would keep nothing from then on, and nobody would know.
                reason = error.__cause__ if isinstance(error, UserError) else error
                trouble = (reason.strerror if isinstance(reason, OSError) else None) or str(error) or repr(error)
            if trouble != self.trouble:
                self.trouble = trouble
                self._tell(trouble)
            return self._kept is not None

    def close(self, *, discard: bool = False) -> bool:
        """Stop, with the autosave brought up to date, or removed because what it has is safe elsewhere.

        Returns whether it holds something unsaved.
        """
        self._ended.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()
        if discard:
            # What cannot be removed is offered at the next start: too much is better than too little.
            with self._turn, contextlib.suppress(OSError):
                self._discarded = True
                self._remove()
        holds = not discard and self.keep()
        for lock in (self._claim, self._offered):
            if lock is not None:
                lock.release()
        return holds

    def _run(self) -> None:
        while not self._ended.wait(_INTERVAL_IN_TROUBLE_SECONDS if self.trouble else INTERVAL_SECONDS):
            self.keep()

    def _keep(self) -> None:
        (song, file), before = self._work.unsaved(), self._claim
        if song is None:
            self._remove()
            return
        claim = self._claim_of(autosave_folder(), file)
        if claim is before and song is self._kept:
            return
        # Without line breaks, which only people need: this is done while keys are being pressed.
        origin = "" if claim.path.name.startswith(_SESSION) or file.path is None else quote(os.fsencode(file.path))
        write_atomically(claim.path, msgspec.json.encode(_Kept(SCHEMA_VERSION, origin, song)))
        self._claim, self._kept = claim, song
        if before is not None and before is not claim:
            before.path.unlink(missing_ok=True)
            before.release()

    def _remove(self) -> None:
        if self._kept is not None and self._claim is not None:
            self._claim.path.unlink(missing_ok=True)
        self._kept = None

    def _claim_of(self, folder: Path, file: OpenedFile) -> FileLock:
        """The claim on the file to write: the one there is, where it is still the right one."""
        name = self._name(file)
        if self._claim is not None and self._claim.path.name == name:
            return self._claim
        try:
            claim = take_lock(folder / name)
        except HeldError:
            # Two apps on a file in a folder that takes no lock file.
            self._barred.add(name)
            return self._claim_of(folder, file)
        _sweep(claim.path)
        if claim.path.exists():
            # It was not there when this session began, or the user would have been asked.
            kept = kept_path(claim.path.stem)
            claim.path.replace(kept)
            os.utime(kept)
        return claim

    def _name(self, file: OpenedFile) -> str:
        if file.path is not None and not file.read_only and (name := _name_for(file.path)) not in self._barred:
            return name
        return self._session

    def _own_name(self) -> str:
        """The name of the autosave of this song's file; empty where it has none that is ours to write."""
        file = self._work.file
        return _name_for(file.path) if file.path is not None and not file.read_only else ""

    def _candidates(self, *, own: bool) -> list[Path]:
        try:
            folder, mine = autosave_folder(), self._own_name()
            names = {path.name.removeprefix(".").removesuffix(".lock") for path in folder.glob(f"*{SONG_SUFFIX}*")}
            names = {name for name in names if name.endswith(SONG_SUFFIX)}
            # The claim of this very session is held already, and so passed over.
            names = (names & {mine}) - (self._barred - self._passed) if own else names - self._barred
            left = [folder / name for name in names]
            return sorted(left, key=lambda path: (path.name == mine, _written_at(path)), reverse=True)
        except OSError:
            return []


def _written_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _origin(data: bytes) -> Path | None:
    of = msgspec.json.decode(data, type=_Origin).of
    return Path(os.fsdecode(unquote_to_bytes(of))) if of else None


def autosave_of(path: Path) -> Path | None:
    """The autosave of a song file, where there is one."""
    try:
        autosave = autosave_folder() / _name_for(path)
    except OSError:
        return None
    return autosave if autosave.exists() else None


def _name_for(path: Path) -> str:
    target = Path(os.path.realpath(path))
    return f"{file_stem(target.stem)[:40]}-{sha256(os.fsencode(target)).hexdigest()[:12]}{SONG_SUFFIX}"


def _sweep(path: Path) -> None:
    """Remove what a kill in the middle of a write has left beside an autosave."""
    with contextlib.suppress(OSError):
        for left in path.parent.iterdir():
            if left.name.startswith(f".{path.name}.") and left.suffix == ".tmp":
                left.unlink(missing_ok=True)
