"""A bundle: one folder with a song in several formats, written beside its place and put there whole.

What a user has put into an older bundle, or changed in it, is never lost: a folder that is replaced hands on every file
that is not as it was written. A list in the folder says how that was.
"""

import contextlib
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import msgspec

from song.errors import UserError
from song.export.arrangement import Arrangement
from song.export.bundle_files import BundleFile
from song.export.collector import collector_paused
from song.export.formats import ExportFormat
from song.export.samples import NO_SAMPLES, Samples
from song.file_names import file_stem
from song.files import umask
from song.sections import Song

WRITTEN = ".dropsmith.json"
"""The list of a bundle's files and the digests that they were written with."""
STEM_BYTES = 60
"""The longest name of a bundle: FL Studio refuses paths of more than 256 characters, and the name is in them twice."""
_LEFTOVER_SECONDS = 60.0
_OLD = ".old.tmp"
_DIGEST_LETTERS = 32


class Written(msgspec.Struct, frozen=True):
    """A bundle that was written: its folder, the number of its files, and what was kept of an older one."""

    folder: Path
    files: int
    kept: tuple[str, ...] = ()


def bundle_folder(song: Song, parent: Path) -> Path:
    """The folder that a song's bundle is written to."""
    return parent / file_stem(song.title, STEM_BYTES)


def bundle_files(
    song: Song, formats: Iterable[ExportFormat], credits: tuple[str, ...] = (), samples: Samples = NO_SAMPLES
) -> Iterator[BundleFile]:
    """The files of a bundle, format by format.

    Args:
        song: the song.
        formats: rows of `song.export.formats.FORMATS`.
        credits: as of `Arrangement`.
        samples: as of `Arrangement`.

    Raises:
        ValueError: where a note, a wobble or a tempo is out of range.
    """
    arrangement, stem = Arrangement(song, credits, samples), file_stem(song.title, STEM_BYTES)
    for one in formats:
        yield from one.files(arrangement, stem)


def check_bundle(song: Song, parent: Path, *, force: bool) -> None:
    """See before long work starts that a bundle can be written.

    Raises:
        UserError: where its place is taken or cannot be written.
    """
    folder = bundle_folder(song, parent)
    with _told(folder):
        if parent.exists() and not parent.is_dir():
            raise UserError(f"{parent} is no folder: give one for the bundle")
        if os.path.lexists(folder):
            _check_replaced(folder, force=force)
        above = parent
        while not above.exists() and above != above.parent:
            above = above.parent
        with tempfile.TemporaryDirectory(dir=above, prefix=".dropsmith."):
            pass


def write_bundle(
    song: Song,
    parent: Path,
    formats: Iterable[ExportFormat],
    *,
    force: bool = False,
    elsewhere: bool = False,
    credits: tuple[str, ...] = (),
    samples: Samples = NO_SAMPLES,
    step: Callable[[str], object] = lambda path: None,
) -> Written:
    """Write a bundle into a folder of the song's name: whole, or nothing of it.

    Args:
        song: the song.
        parent: where the folder goes; it is made where it is missing.
        formats: rows of `song.export.formats.FORMATS`.
        force: whether a folder of that name may be replaced; its user's files stay in it.
        elsewhere: whether the bundle goes to NAME-2 and so on where its place is taken; for long work, in which
            something may have come to stand there.
        credits: as of `Arrangement`.
        samples: as of `Arrangement`.
        step: told of each file before it is written.

    Raises:
        UserError: where it cannot be written; what was there stays as it was.
        ValueError: where a note, a wobble or a tempo is out of range.
    """
    folder = bundle_folder(song, parent)
    with collector_paused():
        files = list(bundle_files(song, formats, credits, samples))
    with _told(folder):
        parent.mkdir(parents=True, exist_ok=True)
        _mend(folder)
        if os.path.lexists(folder) and not force and elsewhere:
            folder = _free(folder)
        if os.path.lexists(folder):
            _check_replaced(folder, force=force)
        beside = Path(tempfile.mkdtemp(dir=parent, prefix=f".{folder.name}.", suffix=".tmp"))
        try:
            _fill(beside, files, step)
            kept = _hand_on(folder, beside, {file.path for file in files}) if folder.is_dir() else ()
            _swap(beside, folder)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    return Written(folder, len(files), kept)


def _check_replaced(folder: Path, *, force: bool) -> None:
    if not folder.is_dir() or folder.is_symlink():
        raise UserError(f"{folder} is no folder, and stays: give another folder with --out, or rename the song")
    if not force:
        raise UserError(f"{folder} is there already: give another folder with --out, or --force to replace it")


def _free(folder: Path) -> Path:
    number = 2
    while os.path.lexists(folder.with_name(f"{folder.name}-{number}")):
        number += 1
    return folder.with_name(f"{folder.name}-{number}")


def _fill(beside: Path, files: Iterable[BundleFile], step: Callable[[str], object]) -> None:
    beside.chmod(0o777 & ~umask())
    folders = {beside}
    digests = {}
    for path, data in files:
        step(path)
        place = beside / path
        if place.parent not in folders:
            place.parent.mkdir(parents=True, exist_ok=True)
            folders.add(place.parent)
        with place.open("xb") as file:
            file.write(data)
        digests[path] = _digest(data)
    (beside / WRITTEN).write_bytes(msgspec.json.encode(digests))


def _hand_on(folder: Path, beside: Path, written: set[str]) -> tuple[str, ...]:
    """Put the user's files of an older bundle into the new one; those in the way of a new file get a name of their own.

    Returns the paths under which they lie then.
    """
    try:
        known = msgspec.json.decode((folder / WRITTEN).read_bytes(), type=dict[str, str])
    except (OSError, msgspec.MsgspecError):
        known = {}
    kept = []
    for root, folders, names in os.walk(folder):
        for name in [*names, *(one for one in folders if (Path(root) / one).is_symlink())]:
            place = Path(root) / name
            path = place.relative_to(folder).as_posix()
            if path == WRITTEN or _is_as_written(place, known.get(path)):
                continue
            to, number = beside / path, 2
            while os.path.lexists(to):
                to, number = beside / Path(path).with_name(f"{place.stem}-{number}{place.suffix}"), number + 1
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(place, to, follow_symlinks=False)
            kept.append(to.relative_to(beside).as_posix())
        for name in folders:
            # An empty folder of the user's is one of his things too.
            place = Path(root) / name
            if not place.is_symlink() and not any(place.iterdir()):
                (beside / place.relative_to(folder)).mkdir(parents=True, exist_ok=True)
    return tuple(sorted(kept))


def _is_as_written(place: Path, digest: str | None) -> bool:
    return digest is not None and not place.is_symlink() and _digest(place.read_bytes()) == digest


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:_DIGEST_LETTERS]


def _swap(beside: Path, folder: Path) -> None:
    """Put a folder in the place of another; where that fails the other is back in its place."""
    if not os.path.lexists(folder):
        beside.rename(folder)
        return
    old = beside.with_suffix(_OLD)
    folder.rename(old)
    try:
        beside.rename(folder)
    except OSError:
        old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _mend(folder: Path) -> None:
    """Put right what a kill has left: an older bundle that is nowhere else, and half of a new one of a minute ago."""
    pattern = f".{_escaped(folder.name)}.*"
    if not os.path.lexists(folder):
        for old in folder.parent.glob(f"{pattern}{_OLD}"):
            old.rename(folder)
            break
    for left in folder.parent.glob(f"{pattern}.tmp"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > _LEFTOVER_SECONDS:
                shutil.rmtree(left, ignore_errors=True)


def _escaped(name: str) -> str:
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)


@contextlib.contextmanager
def _told(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or error
        raise UserError(f"cannot write {folder}: {reason}; choose another folder or free some space") from error
