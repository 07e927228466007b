"""The `dropsmith` command as a user types it: a real process without a terminal, or a call of what it runs."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

import pytest

from tui.cli import main


def dropsmith(
    *words: str, cwd: Path | None = None, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the command without a terminal, in this environment and what is added to it."""
    return subprocess.run(
        [sys.executable, "-m", "tui", *words],
        cwd=cwd,
        env=os.environ | (environment or {}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def dropsmith_here(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str
) -> subprocess.CompletedProcess[str]:
    """Run the command within this process, which is far cheaper; what it would become is called instead."""
    capsys.readouterr()
    monkeypatch.setattr(os, "execv", _call)
    code: object
    try:
        code = main(words)
    except SystemExit as end:
        code = end.code
    out, err = capsys.readouterr()
    assert isinstance(code, int)
    return subprocess.CompletedProcess(words, code, out, err)


def _call(_path: str, command: Sequence[str]) -> NoReturn:
    from model.commands.cli import main as model_main

    python, flag, module, *words = command
    assert (python, flag, module) == (sys.executable, "-m", "model")
    raise SystemExit(model_main(words))


def fails(done: subprocess.CompletedProcess[str]) -> str:
    """The one line of an error that a user made."""
    assert done.returncode == 2
    assert done.stdout == ""
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert "Traceback" not in lines[0]
    return lines[0]
