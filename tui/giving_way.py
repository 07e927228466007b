"""Has the engine give way to the app where both want the processor: no key is to wait for a network."""

import contextlib
import os
from pathlib import Path

NICENESS = 7
"""How much nicer than the app its engine is: beside as busy an other it still gets a sixth of a processor."""


def give_way(pid: int) -> None:
    """Lower the priority of a process, which was just started in a session of its own; where that cannot be, nothing.

    Args:
        pid: the process.
    """
    if not hasattr(os, "setpriority"):
        return
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, pid, os.getpriority(os.PRIO_PROCESS, pid) + NICENESS)
    # Linux divides its processors among sessions first, where niceness within one counts for nothing.
    with contextlib.suppress(OSError):
        Path(f"/proc/{pid}/autogroup").write_text(str(NICENESS))
