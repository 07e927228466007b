"""The settings, and the list of recent songs."""

import json
import random
from pathlib import Path

from tests.mutations.mutate import Files
from tests.mutations.reading import refused
from tests.mutations.texts import mutate_json, mutate_toml
from tests.tui_tests.driving import short_song
from tui.actions import MAIN_ACTIONS
from tui.app import DropsmithApp
from tui.files.recent import recent_paths, remember
from tui.keymaps import shown_keys
from tui.settings import load_settings
from tui.workspace import Workspace

FORMS = {".toml": mutate_toml, ".json": mutate_json}


def make_settings(_folder: Path) -> list[Files]:
    texts = (
        b'keys = "vim"\ntheme = "ansi-dark"\nengine = ["ssh", "gpubox", "dropsmith", "engine"]\ntakes = 4\n',
        b'takes = 2\n[bindings]\n"section.add" = "a,insert"\n"song.save" = "ctrl+s,f2"\n"app.quit" = "ctrl+q"\n',
        b'keys = "usual"\nbindings = { "notes.mark" = "comma" }\n',
    )
    return [{"config/dropsmith/settings.toml": text} for text in texts]


def use_settings(_folder: Path, _rng: random.Random) -> None:
    """Load the settings, make an app of them, and name its keys."""
    settings = refused(load_settings)
    if settings is not None:
        refused(lambda: DropsmithApp(Workspace(short_song()), settings=settings))
        for action in MAIN_ACTIONS:
            shown_keys(action, settings.keymap())


def make_recent(folder: Path) -> list[Files]:
    paths = [str(folder / "in.drop"), "/nowhere/a.drop", "b\udcff.drop", "x" * 5000]
    return [{"state/dropsmith/recent/songs.json": json.dumps(paths[:end]).encode()} for end in (1, 2, 4)]


def use_recent(folder: Path, _rng: random.Random) -> None:
    """Read the list, and put a song on it."""
    recent_paths()
    song = folder / "in.drop"
    song.write_bytes(b"{}")
    remember(song)
    assert recent_paths()[0] == song
    song.unlink()
