"""The app starts fast because it loads nothing heavy: seen in a fresh interpreter, from its own module list."""

import subprocess
import sys

import pytest

HEAVY = ("jax", "flax", "optax", "orbax", "music21", "symusic", "numpy", "aiohttp", "textual_serve")


@pytest.mark.parametrize("module", ["tui.app", "tui.cli", "tui.screens.help"])
def test_importing_the_app_loads_nothing_heavy(module: str) -> None:
    program = f"import sys, {module}; print(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert "textual" in loaded or module == "tui.cli"
    assert not set(HEAVY) & set(loaded)
