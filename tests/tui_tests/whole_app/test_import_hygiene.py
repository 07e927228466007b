"""The app starts fast because it loads nothing heavy: seen in a fresh interpreter, from its own module list."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = (
    "jax",
    "flax",
    "optax",
    "orbax",
    "music21",
    "symusic",
    "numpy",
    "aiohttp",
    "textual_serve",
    "soundfile",
    "scipy",
    "miniaudio",
)
LATER = ("tomllib", "json", "importlib.resources", "zipfile", "tui.screens.help", "tui.screens.recovery", "tui.serve")


@pytest.mark.parametrize("module", ["tui.app", "tui.cli", "tui.screens.help"])
def test_importing_the_app_loads_nothing_heavy(module: str) -> None:
    program = f"import sys, {module}; print(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert "textual" in loaded or module == "tui.cli"
    assert not set(HEAVY) & set(loaded)


def test_a_start_loads_nothing_that_the_first_frame_has_no_use_for(tmp_path: Path) -> None:
    program = """
import sys
import tui.cli
from tui.app import DropsmithApp
from tui.settings import load_settings
from tui.workspace import Workspace
DropsmithApp(Workspace.open(None), settings=load_settings())
print(*sys.modules)
"""
    environment = {**os.environ, "XDG_CONFIG_HOME": str(tmp_path)}
    started = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment
    )
    loaded = started.stdout.split()
    assert "tui.screens.main" in loaded
    assert not set(LATER) & set(loaded)
