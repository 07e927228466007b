"""Files of the song that the page offers: mix and stems as `dropsmith render` writes them, MIDI, and the bundle.

Each is made when it is first asked for, in a folder that goes with the process. A name has the hash of the song as it
was, so that nothing is ever written over while it is read.
"""

import io
import threading
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

from song.errors import UserError
from song.export.bundle import bundle_files
from song.export.formats import DEFAULT_FORMAT, chosen_formats, write_song
from song.files import write_atomically
from song.parts import Part
from song.sections import Song
from sound.bounce import DROP_LUFS, bounce
from sound.patch import Patches
from sound.render import Rendering, whole_song
from sound.sampling.samples import song_samples

MIX, MIDI, BUNDLE = "mix", "midi", "bundle"
_SUFFIXES = {MIDI: DEFAULT_FORMAT.suffix, BUNDLE: ".zip"}


class Downloads:
    """The files of one song after another."""

    def __init__(self, folder: Path | None = None, patch_folder: Path | None = None) -> None:
        """Make the folder.

        Args:
            folder: where it is made; None for the system's folder for such.
            patch_folder: the user's own patches.

        Raises:
            OSError: where it cannot be made.
        """
        self._folder = TemporaryDirectory(prefix="dropsmith-", dir=folder, ignore_cleanup_errors=True)
        self._patch_folder = patch_folder
        self._lock = threading.Lock()

    def file(self, song: Song, digest: str, what: str) -> Path:
        """The file of a song; takes as long as its rendering where it is asked for first.

        Args:
            song: as it is.
            digest: tells it from every other.
            what: `MIX`, `MIDI`, `BUNDLE` or the name of a part.

        Raises:
            UserError: where it cannot be made.
        """
        with self._lock:
            made = self._path(digest, what)
            if not made.exists():
                self._make(song, digest, what)
        return made

    def close(self) -> None:
        """Remove them all."""
        self._folder.cleanup()

    def _path(self, digest: str, what: str) -> Path:
        return Path(self._folder.name) / f"{digest}-{what}{_SUFFIXES.get(what, '.wav')}"

    def _make(self, song: Song, digest: str, what: str) -> None:
        # One song's files are enough: they are as large as all of its sound.
        for old in Path(self._folder.name).iterdir():
            if not old.name.startswith(digest):
                old.unlink(missing_ok=True)
        try:
            if what == MIDI:
                write_song(song, self._path(digest, MIDI))
                return
            if what == BUNDLE:
                write_atomically(self._path(digest, BUNDLE), _zipped(song, self._patch_folder))
                return
            rendering = Rendering(song, Patches(song, self._patch_folder), whole_song(song))
            stems = {part: self._path(digest, part.value) for part in Part}
            bounce(song, rendering, self._path(digest, MIX), stems, DROP_LUFS)
        except ValueError as error:
            raise UserError(f"this song cannot be written: {error}") from error


def _zipped(song: Song, patch_folder: Path | None) -> bytes:
    """The folder that `dropsmith export` writes of a song, in one file: the same song, the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in bundle_files(song, chosen_formats(), (), song_samples(song, patch_folder)):
            packed.writestr(zipfile.ZipInfo(file.path), file.data, zipfile.ZIP_DEFLATED)
    return out.getvalue()
