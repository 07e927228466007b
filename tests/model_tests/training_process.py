"""`dropsmith train` as a process of its own, on three small files and with a tiny network: to be killed, or joined."""

import os
import re
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import orbax.checkpoint as ocp

from model.training.checkpoints import RECORD
from tests.places import ROOT

STEPS = 50
"""With a checkpoint every 25."""
_PATIENCE_SECONDS = 900


class Training:
    """A run in progress."""

    def __init__(self, folder: Path, name: str, *words: str, devices: int = 1) -> None:
        """Start it in a folder that has music in `midi`; its weights go to NAME.safetensors."""
        self.state = folder / f"{name}.training"
        self._record_before = self._record()
        command = ["train", "midi", "--no-starter", "--events", "192"]
        flags = f"{os.environ.get('XLA_FLAGS', '')} --xla_force_host_platform_device_count={devices}"
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "XLA_FLAGS": flags, "JAX_PLATFORMS": "cpu"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "model", *command, "--steps", str(STEPS), "--out", f"{name}.safetensors", *words],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    def finish(self) -> str:
        """Wait for its end; what it said."""
        return self.process.communicate(timeout=_PATIENCE_SECONDS)[1]

    def wait_for(self, there: Callable[[], bool], what: str) -> None:
        """Wait for something to be on the disk."""
        late = time.monotonic() + _PATIENCE_SECONDS
        while True:
            ended = self.process.poll() is not None
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

    def is_writing(self) -> bool:
        """True while a checkpoint is half there."""
        return any("tmp" in path.name for path in self.state.glob("[0-9]*"))

    def kill(self) -> None:
        """End it as nothing can prevent."""
        self.process.send_signal(signal.SIGKILL)
        self.process.communicate(timeout=_PATIENCE_SECONDS)

    def kill_while_writing(self) -> bool:
        """Kill it in the middle of a checkpoint's write; False where the last was over before the kill came."""
        while True:
            self.wait_for(lambda: self.is_writing() or self.process.poll() is not None, "a checkpoint being written")
            if self.process.poll() is not None:
                self.finish()
                return False
            self.process.send_signal(signal.SIGSTOP)
            os.waitid(os.P_PID, self.process.pid, os.WSTOPPED | os.WNOWAIT)
            if self.is_writing():
                self.kill()
                return self.is_writing()
            self.process.send_signal(signal.SIGCONT)

    def fill_the_disk(self) -> None:
        """From now on the system refuses the bytes of its files beyond a few, as those of a full disk."""
        resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, (100, resource.RLIM_INFINITY))


def checkpoint(state: Path, step: int) -> list[np.ndarray]:
    """All arrays of a checkpoint: parameters, averages, the optimizer's state, the best so far."""
    with ocp.CheckpointManager(state.resolve()) as manager:
        found = manager.restore(step, args=ocp.args.StandardRestore())
    return [np.asarray(found[name]) for name in sorted(found)]


def held_out_curve(said: str) -> dict[int, float]:
    """The held-out losses that a run has told, by step."""
    return {int(step): float(nats) for step, nats in re.findall(r"step (\d+): held-out loss ([\d.]+)", said)}
