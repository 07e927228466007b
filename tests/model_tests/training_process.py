"""`dropsmith train` as a process of its own, on three small files and with a tiny network: to be killed, or joined."""

import multiprocessing
import multiprocessing.forkserver
import os
import re
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import orbax.checkpoint as ocp

from model.training.checkpoints import RECORD
from tests.model_tests import trainer
from tests.places import ROOT

STEPS = 50
"""With a checkpoint every 25."""
_PATIENCE_SECONDS = 900
_MARK = "left_by_a_kill"


_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.model_tests.trainer"])
"""Processes that begin where all that training needs is imported: that takes longer than such a run itself."""


def end_forks() -> None:
    """End the process that they are made of, which nobody waits for otherwise."""
    multiprocessing.forkserver._forkserver._stop()


def words_of(name: str, *words: str) -> list[str]:
    """Words of the command that trains on `midi` and writes NAME.safetensors."""
    files = ("midi", "--no-starter", "--out", f"{name}.safetensors")
    return ["train", *files, "--events", "192", "--steps", str(STEPS), *words]


class Training:
    """A run in progress."""

    def __init__(
        self, folder: Path, name: str, *words: str, devices: int = 1, full_disk: bool = False, as_typed: bool = False
    ) -> None:
        """Start it in a folder that has music in `midi`; its weights go to NAME.safetensors.

        Where its disk is full there is room for the record of a run, and not for the arrays of a checkpoint. What it
        compiles has no room either, and would stay cut off where other tests look for it: have it compiled before.
        As a user types it the command imports everything itself.
        """
        self.state = folder / f"{name}.training"
        self._record_before = self._record()
        flags = f"{os.environ.get('XLA_FLAGS', '')} --xla_force_host_platform_device_count={devices}"
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "XLA_FLAGS": flags, "JAX_PLATFORMS": "cpu"}
        ours, theirs = _FORKS.Pipe(duplex=False)
        command = words_of(name, *words)
        program = [sys.executable, "-m", "model"] if as_typed else []
        self.process = _FORKS.Process(
            target=trainer.run, args=(folder, environment, program, command, theirs, full_disk), daemon=True
        )
        self.process.start()
        theirs.close()
        self._lines: list[str] = []
        # Its end is waited for in other ways; and a pipe that nobody empties would stop it.
        self._listener = threading.Thread(target=self._listen, args=(os.dup(ours.fileno()),), daemon=True)
        self._listener.start()

    def _listen(self, said: int) -> None:
        with os.fdopen(said) as file:
            for line in file:
                self._lines.append(line)

    @property
    def code(self) -> int | None:
        """The exit status; None while it runs, and below 0 where a signal has ended it."""
        return self.process.exitcode

    @property
    def _pid(self) -> int:
        assert self.process.pid is not None
        return self.process.pid

    def said(self) -> str:
        """Its words until now."""
        return "".join(self._lines)

    def finish(self) -> str:
        """Wait for its end; what it said."""
        self.process.join(_PATIENCE_SECONDS)
        self._listener.join(_PATIENCE_SECONDS)
        return self.said()

    def wait_for(self, there: Callable[[], bool], what: str) -> None:
        """Wait for something to be on the disk."""
        late = time.monotonic() + _PATIENCE_SECONDS
        while True:
            ended = self.code is not None
            if there():
                return
            assert not ended, f"ended before there was {what}: {self.finish()}"
            assert time.monotonic() < late, f"no {what}"
            time.sleep(0.002)

    def has_begun(self) -> bool:
        """True once its folder is cleared and its record written there, the last file before the next checkpoint."""
        return self._record() not in (None, self._record_before)

    def _record(self) -> int | None:
        path = self.state / RECORD
        return path.stat().st_ino if path.exists() else None

    def steps_kept(self) -> list[int]:
        """The steps of the checkpoints that are whole."""
        return sorted(int(path.name) for path in self.state.glob("[0-9]*") if path.name.isdigit())

    def _stands_still(self) -> bool:
        """True once all of its threads are stopped."""
        states = [path.read_text().rpartition(")")[2] for path in Path(f"/proc/{self._pid}/task").glob("*/stat")]
        return all(state.split()[0] == "T" for state in states)

    def is_writing(self) -> bool:
        """True while a checkpoint is half there."""
        return bool(self._half_written())

    def mark_half_written(self) -> None:
        """Make what a kill has left known from what a later process has half written at the moment."""
        for path in self._half_written():
            (path / _MARK).touch()

    def marked(self) -> list[Path]:
        """The marked folders that are still there."""
        return [path.parent for path in self.state.glob(f"*/{_MARK}")]

    def _half_written(self) -> list[Path]:
        return [path for path in self.state.glob("[0-9]*") if "tmp" in path.name]

    def kill(self) -> None:
        """End it as nothing can prevent."""
        os.kill(self._pid, signal.SIGKILL)
        self.finish()

    def forget(self) -> None:
        """Remove all that it has written, once it has ended."""
        shutil.rmtree(self.state)
        for path in self.state.parent.glob(f"{self.state.stem}.*"):
            path.unlink()

    def kill_while_writing(self) -> bool:
        """Kill it in the middle of a checkpoint's write; False where the last was over before the kill came."""
        while True:
            self.wait_for(lambda: self.is_writing() or self.code is not None, "a checkpoint being written")
            if self.code is not None:
                self.finish()
                return False
            os.kill(self._pid, signal.SIGSTOP)
            self.wait_for(self._stands_still, "a stop")
            if self.is_writing():
                self.kill()
                return self.is_writing()
            os.kill(self._pid, signal.SIGCONT)


def checkpoint(state: Path, step: int) -> list[np.ndarray]:
    """All arrays of a checkpoint: parameters, averages, the optimizer's state, the best so far."""
    with ocp.CheckpointManager(state.resolve()) as manager:
        found = manager.restore(step, args=ocp.args.StandardRestore())
    return [np.asarray(found[name]) for name in sorted(found)]


def held_out_curve(said: str) -> dict[int, float]:
    """The held-out losses that a run has told, by step."""
    return {int(step): float(nats) for step, nats in re.findall(r"step (\d+): held-out loss ([\d.]+)", said)}
