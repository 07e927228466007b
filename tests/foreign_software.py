"""Software that others wrote and that is no dependency: fetched once by its pinned hash, and never committed.

PyFLP is under the GPL: it is imported by tests alone. Its source distribution holds files that FL Studio 20.8.4 saved.
"""

import importlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.places import ROOT

_KEPT = ROOT / ".pytest_cache" / "foreign"
_PYFLP = "pyflp==2.2.1 --hash=sha256:f0926b8a8cb4832e3f33a711c7d43ded27d18a6dafef2497c45ce2e9acd9e8ad"
_NEEDED = (
    "construct==2.10.70 --hash=sha256:c80be81ef595a1a821ec69dc16099550ed22197615f4320b57cc9ce2a672cb30",
    "construct-typing==0.8.1 --hash=sha256:9b5845dbaf959c9d960f5105f9ab3533227c4da2b76baa57d1f1c0aa2a088cdb",
    "arrow==1.4.0 --hash=sha256:749f0769958ebdc79c173ff0b0670d59051a535fa26e8eba02953dc19eb43205",
    "python-dateutil==2.9.0.post0 --hash=sha256:a8b2bc7bffae282281c8140a97d3aa9c14da0b136dfe83f850eea9a5f7470427",
)
_SECONDS = 120


@cache
def pyflp_source() -> Path:
    """The folder of PyFLP's source distribution; the test is skipped where it cannot be had."""
    folder = _KEPT / "pyflp-2.2.1"
    if not folder.exists():
        with tempfile.TemporaryDirectory() as scratch:
            _pip("download", "--no-binary=pyflp", "--dest", scratch, lines=(_PYFLP,))
            (archive,) = Path(scratch).glob("*.tar.gz")
            with tarfile.open(archive) as opened:
                opened.extractall(scratch, filter="data")
            _keep(Path(scratch) / "pyflp-2.2.1", folder)
    return folder


@cache
def pyflp() -> Any:
    """PyFLP, with what it needs on Python 3.11.7 and 3.12; the test is skipped where it cannot be had."""
    source, needed = pyflp_source(), _KEPT / "pyflp-needs"
    if not needed.exists():
        with tempfile.TemporaryDirectory() as scratch:
            target = Path(scratch) / "target"
            _pip("install", "--target", str(target), lines=_NEEDED)
            _keep(target, needed)
    for folder in (source, needed):
        if str(folder) not in sys.path:
            sys.path.append(str(folder))
    events = importlib.import_module("pyflp._events")
    # Its enumerations have a member "_" that these Pythons leave out.
    events.EventEnum._member_map_.setdefault("_", None)
    return importlib.import_module("pyflp")


def fl_saved(name: str) -> bytes:
    """A file that FL Studio saved: its path below PyFLP's test assets."""
    return (pyflp_source() / "tests" / "assets" / name).read_bytes()


def _pip(*arguments: str, lines: tuple[str, ...]) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        wanted = Path(scratch) / "requirements.txt"
        wanted.write_text("\n".join(lines) + "\n")
        command = [sys.executable, "-m", "pip", arguments[0], "--quiet", "--no-deps", "--require-hashes"]
        command += ["--retries", "1", *arguments[1:], "--requirement", str(wanted)]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=_SECONDS)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            said = (getattr(error, "stderr", None) or b"").decode(errors="replace").strip().splitlines()
            pytest.skip(f"{lines[0].split()[0]} cannot be had: {said[-1] if said else error}")


def _keep(made: Path, kept: Path) -> None:
    """Move a folder to its place; another process may have been first."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=kept.parent) as beside:
        shutil.move(made, Path(beside) / "whole")
        try:
            (Path(beside) / "whole").rename(kept)
        except OSError:
            if not kept.exists():
                raise
