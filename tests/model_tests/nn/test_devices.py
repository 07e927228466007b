"""The memory that a process has freed, kept where it is told to, so that the next step need not clear pages anew."""

import os
import platform
import subprocess
import sys

import jax
import pytest

from model.nn.devices import describe_device, describe_machine

TAKE_AND_FREE = """
import resource, sys, threading
from model.nn.devices import keep_freed_memory
if sys.argv[1] == "keep":
    assert keep_freed_memory()
faults = []
def work():
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        taken = b"x" * 100_000_000
        faults.append(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
        del taken
thread = threading.Thread(target=work)
thread.start()
thread.join()
print(faults[-1])
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc can be told to keep memory")
def test_memory_that_was_freed_is_kept_and_not_cleared_again() -> None:
    faults = {}
    # Pages of the usual size, whatever is set for the machine.
    environment = {**os.environ, "GLIBC_TUNABLES": ""}
    for how in ("keep", "leave"):
        words = [sys.executable, "-c", TAKE_AND_FREE, how]
        done = subprocess.run(words, capture_output=True, text=True, check=True, env=environment)
        faults[how] = int(done.stdout)
    assert faults["keep"] < 100 < faults["leave"] / 10


def test_the_kind_of_machine_is_told_in_one_line_that_stays_the_same() -> None:
    told = describe_machine()
    assert told == describe_machine()
    assert "\n" not in told
    for word in (describe_device(), platform.machine(), "cores", jax.__version__):
        assert word in told
