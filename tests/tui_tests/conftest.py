"""A folder of its own for every test of the app."""

import gc
from pathlib import Path

import pytest


@pytest.fixture(scope="session", autouse=True)
def _little_to_look_through() -> None:
    """Spare the collector of garbage all that is imported: an app makes so much that it would look often."""
    gc.freeze()


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that the app writes land in a folder of the test's own, and nobody's settings are read."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    # What runs tests side by side sets the last two: every terminal would seem to have that size, and keep it.
    for name in ("NO_COLOR", "COLUMNS", "LINES"):
        monkeypatch.delenv(name, raising=False)
