"""Sound files: their kinds, reading one, writing one whole or not at all. soundfile is imported nowhere else."""

import contextlib
import io
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from song.errors import UserError
from song.files import check_is_file, check_writable, new_file_mode
from song.outputs import FileKind
from sound.rates import SAMPLE_RATE

_MOST_WAV_FRAMES = (2**32 - 4096) // 6


class AudioKind(Struct, frozen=True):
    """A kind of sound file.

    Attributes:
        kind: its endings, and how one is recognized.
        container, encoding: libsndfile's names.
    """

    kind: FileKind
    container: str
    encoding: str


def _is_wav(head: bytes) -> bool:
    return head[:4] in (b"RIFF", b"RF64") and head[8:12] == b"WAVE"


AUDIO_KINDS = (
    AudioKind(FileKind("a WAV file", (".wav",), _is_wav), "WAV", "PCM_24"),
    AudioKind(FileKind("a FLAC file", (".flac",), lambda head: head[:4] == b"fLaC"), "FLAC", "PCM_24"),
    AudioKind(FileKind("an Ogg file", (".ogg",), lambda head: head[:4] == b"OggS"), "OGG", "VORBIS"),
)
"""Every kind that is written; the first is the usual one."""


def kind_of(path: Path) -> AudioKind:
    """The kind that a file's ending asks for.

    Raises:
        UserError: where there is none of that ending.
    """
    suffix = path.suffix.lower()
    for one in AUDIO_KINDS:
        if suffix in one.kind.suffixes:
            return one
    endings = ", ".join(one.kind.suffixes[0] for one in AUDIO_KINDS)
    raise UserError(f"cannot write {path}: the name of a sound file ends in one of {endings}")


class AudioFacts(NamedTuple):
    """The rate in frames a second, the channels and the frames of a sound file."""

    rate: int
    channels: int
    frames: int


def audio_facts(path: Path) -> AudioFacts:
    """The facts that a sound file gives of itself.

    Raises:
        UserError: where it is none that can be read.
    """
    with _opened(path) as file:
        return AudioFacts(int(file.samplerate), int(file.channels), int(file.frames))


def read_audio(path: Path, frames: int) -> NDArray[np.float32]:
    """The first frames of a sound file, (N, C), at its own rate.

    Args:
        path: of any kind that libsndfile reads.
        frames: the most that are read.

    Raises:
        UserError: where it cannot be read.
    """
    with _opened(path) as file:
        return np.asarray(file.read(frames, dtype="float32", always_2d=True))


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[Any]:
    check_is_file(path)
    import soundfile

    try:
        with soundfile.SoundFile(str(path)) as file:
            yield file
    except (RuntimeError, OSError, ValueError, TypeError, MemoryError) as error:
        raise UserError(f"{path.name}: no sound file that can be read; save it anew as WAV, or take it away") from error


def flac_bytes(frames_Nx2: NDArray[np.int16]) -> bytes:
    """Frames as a FLAC file of 16 bits at `SAMPLE_RATE`, in memory.

    Args:
        frames_Nx2: (N, 2).
    """
    import soundfile

    out = io.BytesIO()
    soundfile.write(out, np.ascontiguousarray(frames_Nx2), SAMPLE_RATE, "PCM_16", format="FLAC")
    return out.getvalue()


def wav_bytes(frames_Nx2: NDArray[np.float32]) -> bytes:
    """Frames as a WAV file of 24 bits at `SAMPLE_RATE`, in memory.

    Args:
        frames_Nx2: (N, 2), -1 to 1.
    """
    import soundfile

    out = io.BytesIO()
    soundfile.write(out, np.ascontiguousarray(frames_Nx2), SAMPLE_RATE, "PCM_24", format="WAV")
    return out.getvalue()


class AudioWriter:
    """A sound file that appears under its name when it is complete, and not at all where it is not."""

    def __init__(self, path: Path, frames: int) -> None:
        """Begin the file.

        Args:
            path: where; its ending says of which kind it is.
            frames: how many it will have.

        Raises:
            UserError: where it cannot be written.
        """
        import soundfile

        self._path = path
        self._kind = kind_of(path)
        check_writable(path)
        self._target = Path(os.path.realpath(path))
        self._temporary: Path | None = None
        try:
            descriptor, name = tempfile.mkstemp(dir=self._target.parent, prefix=f".{self._target.name}.", suffix=".tmp")
            os.close(descriptor)
            self._temporary = Path(name)
            self._file: Any = soundfile.SoundFile(
                name, "w", SAMPLE_RATE, 2, self._kind.encoding, format=_container(self._kind, frames)
            )
        except (OSError, RuntimeError) as error:
            self._remove()
            raise _cannot_write(path, error) from error

    def write(self, block_Nx2: NDArray[np.float32]) -> None:
        """Add a block, (N, 2).

        Raises:
            UserError: where there is no room for it.
        """
        try:
            self._file.write(block_Nx2)
        except (OSError, RuntimeError, AssertionError) as error:
            raise _cannot_write(self._path, error) from error

    def commit(self) -> None:
        """Complete the file and put it in its place.

        Raises:
            UserError: where that cannot be done; what was there stays.
        """
        assert self._temporary is not None
        try:
            frames = self._file.frames
            self._file.close()
            import soundfile

            if soundfile.info(str(self._temporary)).frames != frames:
                raise OSError("not all of it could be written")
            with self._temporary.open("rb") as file:
                os.fsync(file.fileno())
            mode = self._target.stat().st_mode & 0o777 if self._target.exists() else new_file_mode()
            self._temporary.chmod(mode)
            self._temporary.replace(self._target)
            self._temporary = None
        except (OSError, RuntimeError) as error:
            raise _cannot_write(self._path, error) from error

    def __enter__(self) -> "AudioWriter":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(OSError, RuntimeError):
            self._file.close()
        self._remove()

    def _remove(self) -> None:
        if self._temporary is not None:
            self._temporary.unlink(missing_ok=True)
            self._temporary = None


def _container(kind: AudioKind, frames: int) -> str:
    """The kind's container; a WAV file of more bytes than it can count to is RF64, which fewer programs read."""
    return "RF64" if kind.container == "WAV" and frames > _MOST_WAV_FRAMES else kind.container


def _cannot_write(path: Path, error: BaseException) -> UserError:
    reason = getattr(error, "strerror", None) or "the disk is full or cannot be written"
    return UserError(f"cannot write {path}: {reason}; choose another folder or free some space")
