"""Files of a training run: checkpoints to resume from, and a record of the run that they are of.

A checkpoint is written beside the last one and takes its place when it is whole, so that a kill at any moment leaves
one to resume from. Where the last has been damaged since, the one before serves: checksums of our own tell. Of several
processes the first alone reads and writes. Weights to use are `model.checkpoint`'s.
"""

import contextlib
import gc
import hashlib
import io
import logging
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

import jax
import msgspec
import numpy as np
import orbax.checkpoint as ocp
from flax import nnx

from model.checkpoint import parameter_shapes
from model.nn import data_parallel
from model.nn.optimizer import TrainState
from model.training.settings import TrainSettings
from model.training.windows import Window
from song.errors import UserError
from song.files import remove_leftovers, write_atomically

RECORD = "run.json"
"""The name of the record in a run's folder."""
CHECKSUMS = "checksums.json"
"""The name of the file with a digest of each checkpoint's files, by step."""
ASIDE = ".damaged"
"""The ending that the folder of a damaged checkpoint is given."""
_HALF_DONE_SECONDS = 0.2
_OPTIONS = {
    "train_steps": "--steps",
    "events_a_batch": "--events",
    "seed": "--seed",
    "hidden": "--hidden",
    "context": "--cell",
}
"""The options behind the settings that a resumed run must share. Its rate may be lowered, where it was too high."""


class RunRecord(msgspec.Struct, frozen=True):
    """Identity of the run that a folder is of.

    Attributes:
        settings: the run's.
        music: digest of the windows learned from and judged by.
        start: digest of the weights begun with, empty for random ones.
        finished: whether its weights were written.
        layout: digest of what the network's parameters are called, and of their shapes, in the order of its vector.
    """

    settings: TrainSettings
    music: str
    start: str = ""
    finished: bool = False
    layout: str = ""


class Best(NamedTuple):
    """The weights with the lowest held-out loss so far; without held-out windows, the last ones.

    Attributes:
        weights: averaged parameters, a NumPy vector, float32 (N,), as `model.nn.optimizer.as_vector` has them.
        nats: their held-out loss, a float64 scalar; infinite before the first look, nan without held-out windows.
        train_step: the step of that look, an int64 scalar.
    """

    weights: Any
    nats: Any
    train_step: Any


def digest_windows(*groups: Sequence[Window]) -> str:
    """First 16 hex digits of a digest of windows in their order and groups."""
    digest = hashlib.sha256()
    for windows in groups:
        digest.update(f"{len(windows)};".encode())
        for window in windows:
            digest.update(f"{window.source};{window.part.value};{len(window.events)};".encode())
            for values in (window.events, window.rest, window.bar, window.style, window.tempo):
                digest.update(values.tobytes())
    return digest.hexdigest()[:16]


def digest_weights(vector: np.ndarray) -> str:
    """First 16 hex digits of a digest of a network's parameters.

    Args:
        vector: float32 (N,), as `model.nn.optimizer.as_vector` has them.
    """
    return hashlib.sha256(vector.tobytes()).hexdigest()[:16]


def digest_layout(network: nnx.Module) -> str:
    """First 16 hex digits of a digest of the names and shapes of a network's parameters in their order."""
    return hashlib.sha256(repr(list(parameter_shapes(network).items())).encode()).hexdigest()[:16]


def read_record(folder: Path) -> RunRecord | None:
    """The record of the run in a folder, or None where there is no run.

    Raises:
        UserError: where what is there cannot be read.
    """
    path = folder / RECORD
    try:
        return msgspec.json.decode(path.read_bytes(), type=RunRecord) if path.exists() else None
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        wrong = "cannot be read" if isinstance(error, OSError) else "is damaged"
        raise UserError(f"{path} {wrong} ({error}): --out with another name starts anew, nothing is lost") from error


def mark_finished(folder: Path) -> None:
    """Note that the weights of the run in a folder were written."""
    record = read_record(folder)
    if record is not None:
        _write_record(folder, msgspec.structs.replace(record, finished=True))


class Checkpoints:
    """The checkpoints of a run, to be used in a `with`."""

    def __init__(self, folder: Path, record: RunRecord) -> None:
        """Begin a run in a folder, or go on with the one that it has.

        Raises:
            UserError: where it holds another run, or cannot be written.
        """
        self._folder = folder
        self._manager: ocp.CheckpointManager | None = None
        if not data_parallel.is_first():
            return
        found = read_record(folder)
        if found is not None:
            _check_same(folder, found, record)
        try:
            folder.mkdir(exist_ok=True)
            self._manager = ocp.CheckpointManager(
                folder.resolve(), options=_options(), item_handlers=ocp.StandardCheckpointHandler()
            )
        except OSError as error:
            raise UserError(f"cannot write to {folder}: {error.strerror or error}; choose another --out") from error
        # Orbax reads something of every checkpoint at once, and raises errors of any kind where that is damaged.
        except Exception as error:
            raise UserError(
                f"the checkpoints in {folder} are damaged ({type(error).__name__}): delete that folder, or choose "
                "another --out"
            ) from error
        if found is None and self._manager.latest_step() is not None:
            raise UserError(
                f"{folder} holds checkpoints of an unknown run: delete that folder, or choose another --out"
            )
        for name in (RECORD, CHECKSUMS):
            remove_leftovers(folder / name)
        _write_record(folder, record)

    def __enter__(self) -> "Checkpoints":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._manager is not None:
            self._manager.close()

    def restore(
        self, state: TrainState, best: Best, tell: Callable[[str], None] = lambda line: None
    ) -> tuple[TrainState, Best]:
        """The last checkpoint that is whole, as NumPy arrays; what is given, where there is none.

        Args:
            state, best: of the shapes and types that a checkpoint has to have.
            tell: told in one line of checkpoints that are damaged; they are set aside.

        Raises:
            UserError: where there are checkpoints, and all are damaged.
        """
        tree = jax.device_get((state, best))
        if self._manager is not None and (steps := sorted(self._manager.all_steps(), reverse=True)):
            damaged = []
            for step in steps:
                found = self._read(step, _named_leaves(tree))
                if found is not None:
                    break
                damaged.append(step)
            else:
                raise UserError(
                    f"the checkpoint in {self._folder} is damaged, and there is none before it: delete that folder, "
                    "or choose another --out"
                )
            for one in damaged:
                tell(f"the checkpoint of step {one} in {self._folder} is damaged: that of step {step} is gone on from")
                self._set_aside(one)
            tree = jax.tree.unflatten(jax.tree.structure(tree), [found[name] for name in sorted(found)])
        restored: tuple[TrainState, Best] = data_parallel.from_first(tree)
        return restored

    def _read(self, step: int, wanted: dict[str, np.ndarray]) -> dict[str, np.ndarray] | None:
        """A checkpoint's arrays by name, of any shape, or None where it is not what was written or what is wanted."""
        with _unheard():
            found = self._read_aloud(step, wanted)
            if found is None:
                _await_threads()
        return found

    def _read_aloud(self, step: int, wanted: dict[str, np.ndarray]) -> dict[str, np.ndarray] | None:
        """Do the same, while Orbax and the libraries below it print whole tracebacks of what is damaged."""
        assert self._manager is not None
        try:
            # A checkpoint has none where a kill came between the two, or an earlier version wrote it.
            if _read_checksums(self._folder).get(str(step), now := _digest_files(self._folder / str(step))) != now:
                return None
            stored = self._manager.item_metadata(step)
            # Given what to restore into, Orbax takes any shape that it finds and casts any type, without a word.
            if {name: (one.shape, one.dtype) for name, one in stored.items()} != {
                name: (one.shape, one.dtype) for name, one in wanted.items()
            }:
                return None
            found = self._manager.restore(step, args=ocp.args.StandardRestore())
            arrays = {name: np.asarray(found[name]) for name in wanted}
        except PermissionError as error:
            raise UserError(f"cannot read {self._folder}: {error.strerror}; see who may read it") from error
        # Damaged bytes make Orbax and the libraries below it raise errors of any kind.
        except Exception:
            return None
        return arrays

    def _set_aside(self, step: int) -> None:
        assert self._manager is not None
        aside = self._folder / f"{step}{ASIDE}"
        try:
            for old in self._folder.glob(f"*{ASIDE}"):
                shutil.rmtree(old)
            (self._folder / str(step)).rename(aside)
        except OSError as error:
            raise UserError(f"cannot write to {self._folder}: {error.strerror}; choose another --out") from error
        self._manager.reload()

    def save(self, state: TrainState, best: Best) -> None:
        """Write a checkpoint of arrays in the process's own memory.

        Raises:
            UserError: where the disk is full or the folder cannot be written; the last checkpoint stays.
        """
        if self._manager is None:
            return
        last = self._manager.latest_step()
        try:
            with _untold():
                self._write(int(state.train_step), _named_leaves((state, best)))
            self._write_checksums(int(state.train_step))
        except (OSError, ValueError, RuntimeError) as error:
            kept = f"that of step {last} is kept" if last is not None else "there is none yet"
            raise UserError(
                f"cannot write a checkpoint to {self._folder} ({_reason(error)}); {kept}: free some space and give the "
                "same command again"
            ) from error

    def _write(self, step: int, arrays: dict[str, np.ndarray]) -> None:
        assert self._manager is not None
        try:
            self._manager.save(step, args=ocp.args.StandardSave(arrays))
            self._manager.wait_until_finished()
        except Exception:
            _await_threads()
            raise

    def _write_checksums(self, step: int) -> None:
        assert self._manager is not None
        kept = {str(one) for one in self._manager.all_steps()}
        sums = {name: digest for name, digest in _read_checksums(self._folder).items() if name in kept}
        sums[str(step)] = _digest_files(self._folder / str(step))
        write_atomically(self._folder / CHECKSUMS, msgspec.json.encode(sums) + b"\n")


def _await_threads() -> None:
    """Wait for what Orbax has half done: it goes on for a moment in threads, and is told of as it ends."""
    gc.collect()
    time.sleep(_HALF_DONE_SECONDS)


@contextlib.contextmanager
def _unheard() -> Iterator[None]:
    """Let nothing at all be printed on stderr by Python."""
    with _untold(), contextlib.redirect_stderr(io.StringIO()):
        yield


@contextlib.contextmanager
def _untold() -> Iterator[None]:
    """Let nothing be told of errors in the threads of Orbax and the libraries below it, by log or by hook."""
    logs = [logging.getLogger(name) for name in ("absl", "asyncio")]
    levels = [log.level for log in logs]
    hooks = sys.excepthook, sys.unraisablehook
    for log in logs:
        log.setLevel(logging.CRITICAL + 1)
    sys.excepthook, sys.unraisablehook = lambda *_: None, lambda _: None
    try:
        yield
    finally:
        sys.excepthook, sys.unraisablehook = hooks
        for log, level in zip(logs, levels, strict=True):
            log.setLevel(level)


def _read_checksums(folder: Path) -> dict[str, str]:
    """Digests of checkpoints' files, by step; none where they cannot be read: then Orbax's own checks have to do."""
    try:
        return msgspec.json.decode((folder / CHECKSUMS).read_bytes(), type=dict[str, str])
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}


def _digest_files(folder: Path) -> str:
    """SHA-256 in hex of the names and bytes of all files below a folder."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name, data = path.relative_to(folder).as_posix(), path.read_bytes()
        digest.update(f"{name};{len(data)};".encode() + data)
    return digest.hexdigest()


def _options() -> ocp.CheckpointManagerOptions:
    alone = ocp.options.MultiprocessingOptions(
        primary_host=0, active_processes={0}, barrier_sync_key_prefix="checkpoints"
    )
    return ocp.CheckpointManagerOptions(
        max_to_keep=2,
        # The folder is made already, and Orbax does not make one for some of the processes.
        create=False,
        # What a kill in the middle of a write has left.
        cleanup_tmp_directories=True,
        enable_async_checkpointing=False,
        **({"multiprocessing_options": alone} if jax.process_count() > 1 else {}),
    )


def _check_same(folder: Path, found: RunRecord, record: RunRecord) -> None:
    def flat(settings: TrainSettings) -> dict[str, Any]:
        plain: dict[str, Any] = msgspec.to_builtins(settings)
        return {**plain.pop("network"), **plain}

    theirs, ours = flat(found.settings), flat(record.settings)
    # How often a source is drawn follows from the music, which is told by itself.
    free = {"learning_rate", "source_weights"} if found.music != record.music else {"learning_rate"}
    other = [name for name in ours if name not in free and theirs[name] != ours[name]]
    differences = [
        f"{_OPTIONS[name]} {theirs[name]}, not {ours[name]}" if name != "context" else "another --cell"
        for name in other
        if name in _OPTIONS
    ]
    if len(differences) < len(other) or found.layout != record.layout:
        differences.append("settings of another version")
    if found.start != record.start:
        differences.append("another --from")
    if found.music != record.music:
        differences.append("other music to learn from")
    if differences:
        raise UserError(
            f"{folder} holds another run ({'; '.join(differences)}): choose another --out, or delete that folder"
        )


def _write_record(folder: Path, record: RunRecord) -> None:
    write_atomically(folder / RECORD, msgspec.json.format(msgspec.json.encode(record), indent=1) + b"\n")


def _named_leaves(tree: Any) -> dict[str, Any]:
    """A tree's arrays under names that sort in their order: plain data, whatever Flax or Optax call their types."""
    return {f"{n:04d}": np.asarray(leaf) for n, leaf in enumerate(jax.tree.leaves(tree))}


def _reason(error: BaseException) -> str:
    """The system's own words for an error; the first line of one that a library has wrapped."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error).strip().splitlines()[0]
