"""Limits that every input keeps to, and the memory of a process."""

import re
import resource
from pathlib import Path

MOST_SECONDS = 10.0
"""For one input, by the clock."""
MOST_BYTES = 1_000_000_000
"""Of memory that a process holds at once, whatever it reads."""
MOST_LETTERS = 2000
"""Of the line that an input is refused with."""


def peak_bytes(pid: int | str = "self") -> int:
    """The most memory that a process has held; not what its parent had as it was started, as ru_maxrss would tell."""
    try:
        found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    except OSError:
        found = None
    return int(found[1]) * 1024 if found else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
