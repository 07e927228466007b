"""Song files with their locks, as they are opened and shown, and plans of songs."""

import asyncio
import contextlib
import json
import random
import socket
from pathlib import Path

from textual.worker import WorkerFailed

from song.plan import load_plan
from song.store import load_song
from tests.mutations.mutate import Files
from tests.mutations.reading import check_song, refused, song_files
from tests.mutations.texts import mutate_json, mutate_toml
from tests.places import ROOT
from tests.tui_tests.driving import running
from tui.workspace import Workspace

FORMS = {".drop": mutate_json, ".lock": mutate_json, ".toml": mutate_toml}

_PLAN = b"""title = "All"
style = { dubstep = 0.8, classical = 0.2 }
key = "F# phrygian"
tempo = [138, 142]
seed = 7
sub = false
theme = "First"
[[section]]
kind = "drop"
bars = 8
name = "First"
tempo = 150
key = "A minor"
density = { drums = 0.7, bass = 0.8 }
wobble = { rates = ["1/8", "1/8T"], depth = 0.9, shape = "saw" }
form = "AABA"
form_bars = 2
temperature = 0.9
style = "trap"
range = { bass = ["C2", "C3"] }
chords = "i bII VImaj7 vdim"
chord_beats = 2
passing = true
[[section]]
kind = "outro"
bars = 4
form = { drums = "AAAB", bass = "AB" }
density = 0.3
theme = "slow"
chords = "free"
passing = false
"""


def make_songs(_folder: Path) -> list[Files]:
    return [{"in.drop": data} for data in song_files()]


def make_locked(_folder: Path) -> list[Files]:
    locks = [{"pid": 1, "host": socket.gethostname()}, {"pid": 9, "host": "studio"}]
    return [{".in.drop.lock": json.dumps(one).encode(), "in.drop": song_files()[1]} for one in locks]


def use_song(folder: Path, _rng: random.Random) -> None:
    """Load a song, and open it as the app does."""
    song = refused(lambda: load_song(folder / "in.drop"))
    if song is not None:
        check_song(song)
    work = refused(lambda: Workspace.open(folder / "in.drop"))
    if work is not None:
        work.file.close()


def use_shown(_folder: Path, rng: random.Random) -> None:
    """Open a song in the app, and press some keys."""
    path = Path("in.drop")
    if refused(lambda: load_song(path)) is None:
        return
    size = rng.choice(((80, 24), (40, 10), (160, 50)))
    keys = rng.choices(("right", "down", "enter", "]", "plus", "u", "escape", "s", "tab", "j", "t"), k=6)

    async def look() -> None:
        async with running("--silent", path=path, size=size) as app:
            await app.press(*keys)

    with contextlib.suppress(WorkerFailed):
        refused(lambda: asyncio.run(look()))


def make_plans(_folder: Path) -> list[Files]:
    paths = [*sorted((ROOT / "song" / "plans").glob("*.toml")), *sorted((ROOT / "docs" / "songs").glob("*.toml"))]
    return [{"in.toml": data} for data in (_PLAN, *(path.read_bytes() for path in paths))]


def use_plan(folder: Path, _rng: random.Random) -> None:
    song = refused(lambda: load_plan(folder / "in.toml"))
    if song is not None:
        check_song(song)
