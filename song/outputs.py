"""Output files of commands, checked before long work starts: nothing that somebody has made is written over unasked.

A file is written over only on demand, and one of another kind never: a name that was mistyped, or completed by a shell,
must not cost a song. Nor is one that comes to stand there while the work goes on. What writes them is in `song.files`.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec

from song.errors import UserError
from song.files import (
    DAWPROJECT_SUFFIX,
    FL_SUFFIX,
    MIDI_SUFFIXES,
    SONG_SUFFIX,
    check_writable,
    is_there,
    mark_of,
    write_atomically,
)

_HEAD_BYTES = 65536


class FileKind(msgspec.Struct, frozen=True):
    """A kind of file that commands write.

    Attributes:
        name: the kind with its article.
        suffixes: endings of such files, in lower case with the dot; the first is proposed.
        recognizes: tells by the first 64 kB of a file whether it is one; by an empty one too.
    """

    name: str
    suffixes: tuple[str, ...]
    recognizes: Callable[[bytes], bool]


def _json_with(*keys: str) -> Callable[[bytes], bool]:
    """Tell JSON that has one of some keys, and is neither a song nor the card of weights."""
    wanted = [f'"{key}"'.encode() for key in keys]

    def recognizes(head: bytes) -> bool:
        return _is_json(head) and not _is_song(head) and b'"network"' not in head and any(key in head for key in wanted)

    return recognizes


def _is_json(head: bytes) -> bool:
    return head.lstrip()[:1] == b"{"


def _is_song(head: bytes) -> bool:
    return _is_json(head) and b'"dropsmith"' in head[:200]


MIDI_FILE = FileKind("a MIDI file", MIDI_SUFFIXES, lambda head: head[:4] == b"MThd")
FL_PROJECT_FILE = FileKind("an FL Studio project", (FL_SUFFIX,), lambda head: head[:4] == b"FLhd")
DAWPROJECT_FILE = FileKind(
    "a DAWproject file", (DAWPROJECT_SUFFIX,), lambda head: head[:4] == b"PK\x03\x04" and b"metadata.xml" in head[:200]
)
REAPER_FILE = FileKind("a REAPER project", (".rpp",), lambda head: head[:15] == b"<REAPER_PROJECT")
SONG_FILE = FileKind("a song", (SONG_SUFFIX,), _is_song)
FIGURES = FileKind("a report", (".json",), _json_with("weights", "benchmark", "tables"))
PAGE = FileKind("a page", (".md",), lambda head: head[:2] == b"# ")
WEIGHTS = FileKind("a file of weights", (".safetensors",), lambda head: head[8:9] == b"{")
CARD = FileKind("a card of weights", (".json",), lambda head: _is_json(head) and b'"network"' in head)


def check_output(path: Path, kind: FileKind, *, force: bool) -> None:
    """See that a file may be written.

    Args:
        path: where.
        kind: the kind that it is to be.
        force: whether one of that kind may be written over.

    Raises:
        UserError: where its name is that of another kind, something is there that is to stay, or nothing can be
            written there.
    """
    check_writable(path)
    if path.suffix.lower() not in kind.suffixes:
        raise UserError(f"cannot write {path}: the name of {kind.name} ends in {kind.suffixes[0]}")
    if not is_there(path):
        return
    check_kind(path, kind)
    if not force:
        raise UserError(f"{path} is there already: give another name, or --force to write over it")


def check_kind(path: Path, kind: FileKind) -> None:
    """See that what stands at a path, if anything does, is of a kind, or empty.

    Raises:
        UserError: where it is something else, or cannot be read.
    """
    # A pipe would be waited on for ever; who writes refuses it, as all that is no file.
    if not path.is_file():
        return
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except OSError as error:
        raise UserError(f"cannot write {path}: {error.strerror or error}; give another name") from error
    if head and not kind.recognizes(head):
        raise UserError(f"cannot write {path}: what is there is not {kind.name}; give another name")


def check_apart(files: Mapping[str, Path | None]) -> None:
    """See that options name files of their own.

    Args:
        files: by option, as the user typed it; None where one is left out.

    Raises:
        UserError: where two are one file, by whatever name.
    """
    found: dict[str, str] = {}
    for option, path in files.items():
        if path is None:
            continue
        other = found.setdefault(os.path.realpath(path), option)
        if other != option:
            raise UserError(f"{option} and {other} are one file, {path}: give each its own")


class Output:
    """A file that a command may write, as it stood when that was checked, with those that go beside it under its name.

    What comes to stand there, or changes, while the command works is somebody's: the output goes beside it then.
    """

    def __init__(self, path: Path, files: Callable[[Path], Sequence[Path]] = lambda path: (path,)) -> None:
        """See how things stand.

        Args:
            path: where it is to go.
            files: all that is written for a path, itself among them.
        """
        self._path, self._files = path, files
        self._marks = [mark_of(one) for one in files(path)]

    def place(self, tell: Callable[[str], object]) -> Path:
        """The path to write to now: the one that was asked for, or NAME-2 and so on where nothing stands.

        Args:
            tell: told in one line of another path.
        """
        now = [mark_of(one) for one in self._files(self._path)]
        if all(mark in (None, before) for mark, before in zip(now, self._marks, strict=True)):
            return self._path
        path, number = self._path, 2
        while any(map(is_there, self._files(path))):
            path, number = self._path.with_name(f"{self._path.stem}-{number}{self._path.suffix}"), number + 1
        tell(f"{self._path} has changed meanwhile, and stays: {path} is written in its place")
        return path

    def write(self, data: bytes, tell: Callable[[str], object]) -> Path:
        """Write the file alone, at its place, which is returned; it may be written again.

        Raises:
            UserError: where it cannot be written.
        """
        path = self.place(tell)
        write_atomically(path, data)
        self._path, self._marks = path, [mark_of(one) for one in self._files(path)]
        return path
