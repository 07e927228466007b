"""JAX's devices in this process, and what the process keeps: compiled programs and freed memory."""

import contextlib
import ctypes
import os
import platform
import warnings
from pathlib import Path

import jax
import platformdirs

MOST_CORES = 16
"""Cores that a batch is split over at most: beyond that each has too few of its rows."""
_ARENA_MAX, _MMAP_THRESHOLD, _TRIM_THRESHOLD = -8, -3, -1
"""Numbers of mallopt's parameters. Source: glibc, malloc/malloc.h."""


def describe_device() -> str:
    """The device that fills run on, for people: "cpu", or an accelerator's name."""
    device = jax.devices()[0]
    return "cpu" if device.platform == "cpu" else f"{device.platform} ({device.device_kind})"


def describe_machine() -> str:
    """The kind of machine in a line: what has to be the same for training and measuring to give the same bytes."""
    count = jax.device_count()
    devices = f"{describe_device()}, {count} device{'s' if count > 1 else ''}"
    return f"{devices}, {platform.machine()}, {_cores()} cores, jax {jax.__version__}"


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def use_every_core() -> None:
    """Make each core of a CPU a device of its own with one thread; to be called before JAX computes anything.

    An LSTM's products are too small to share out one by one: JAX's own threads cost more there than they bring, where a
    core that has rows of its own waits for the others once a step. What the user has set in XLA_FLAGS stays. Without
    effect on accelerators, and where JAX has computed something already.
    """
    flags = os.environ.get("XLA_FLAGS", "")
    if "xla_cpu_multi_thread_eigen" not in flags:
        os.environ["XLA_FLAGS"] = f"{flags} --xla_cpu_multi_thread_eigen=false".strip()
    if "xla_force_host_platform_device_count" not in flags:
        with contextlib.suppress(RuntimeError):
            jax.config.update("jax_num_cpu_devices", min(_cores(), MOST_CORES))  # type: ignore[no-untyped-call]  # as below


def keep_compiled_programs() -> Path | None:
    """Let JAX keep compiled programs in a folder that only the user can read, and return it; None where there is none.

    Whoever can write that folder can run code as the user, so one that others may write is not used.
    """
    folder = Path(platformdirs.user_cache_dir("dropsmith")) / "compiled"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.stat()
    except OSError:
        return None
    if status.st_uid != os.getuid() or status.st_mode & 0o022:
        return None
    jax.config.update("jax_compilation_cache_dir", str(folder))  # type: ignore[no-untyped-call]  # JAX has no types here
    # The default of one second would leave out every program of a network this small.
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.0)  # type: ignore[no-untyped-call]  # as above
    # Where the disk is full they are compiled anew each time, which is no news beside what else will be said.
    warnings.filterwarnings("ignore", message="Error (reading|writing) persistent compilation cache entry")
    return folder


def keep_freed_memory() -> bool:
    """Let the process keep the memory that it frees, and return whether it will; to be called before JAX is used.

    A training step on a CPU takes and frees some hundred megabytes. Given back to the system each time, they come again
    as pages to be cleared, which is a quarter of a step's work. Only glibc can be told so.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return False
    most = 2**31 - 1
    # One arena for all threads: only the main one can hold a block as large as a step's.
    return all(
        mallopt(name, value) for name, value in ((_ARENA_MAX, 1), (_MMAP_THRESHOLD, most), (_TRIM_THRESHOLD, most))
    )
