"""The `dropsmith` command as a user types it: a real process, without a terminal."""

import subprocess
import sys
from pathlib import Path


def dropsmith(*words: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command without a terminal."""
    return subprocess.run(
        [sys.executable, "-m", "tui", *words],
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def fails(done: subprocess.CompletedProcess[str]) -> str:
    """The one line of an error that a user made."""
    assert done.returncode == 2
    assert done.stdout == ""
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert "Traceback" not in lines[0]
    return lines[0]
