"""Faults that a test gives a process of its own: each is called in that process, before it becomes the program.

`python -m tests.fault_injection NAME PROGRAM [ARGUMENT ...]` does so from the command line.
"""

import ctypes
import os
import resource
import signal
import sys

_PR_CAPBSET_DROP = 24
_CAP_DAC_OVERRIDE = 1
NO_MORE_THAN_BYTES = 1500

FULL_DISK, OBEDIENT, DEAF_TO_HANGUPS = (
    f"{__name__}:{name}" for name in ("fill_disk", "obey_permissions", "ignore_hangups")
)
"""The names by which `terminals.PtyProcess` finds them."""


def fill_disk() -> None:
    """No file of this process may grow beyond a size: the system refuses the bytes, as those of a full disk."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (NO_MORE_THAN_BYTES, resource.RLIM_INFINITY))


def obey_permissions() -> None:
    """Root loses the right to read and write everything, once the process is replaced: as everyone else."""
    if os.geteuid() == 0 and ctypes.CDLL(None).prctl(_PR_CAPBSET_DROP, _CAP_DAC_OVERRIDE, 0, 0, 0):
        raise OSError("root cannot be made to obey permissions here")


def ignore_hangups() -> None:
    """As under nohup."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)


if __name__ == "__main__":
    globals()[sys.argv[1]]()
    os.execvp(sys.argv[2], sys.argv[2:])
