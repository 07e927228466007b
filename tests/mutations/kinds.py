"""The table of all kinds of input; `run.py` reads it, and imports nothing of what it names."""

import random
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from tests.mutations.mutate import Files, Form


class Inputs(NamedTuple):
    """The inputs of a kind, once its room is imported.

    Attributes:
        make: gives valid inputs; it may write below the folder that it is given.
        use: reads an input that lies in the working folder, which is the current one.
        forms: mutations by the ending of a file's name; any other is mutated as bytes.
    """

    make: Callable[[Path], list[Files]]
    use: Callable[[Path, random.Random], None]
    forms: Mapping[str, Form]


class Kind(NamedTuple):
    """A kind of input.

    Attributes:
        room: module of this package.
        make, use: names of functions in it.
        writes: beginnings of the names, below the working folder, of files that may be written.
        count: how many are tried in a run of all tests.
    """

    room: str
    make: str
    use: str
    writes: tuple[str, ...]
    count: int

    def inputs(self) -> Inputs:
        """Import the room: what one kind needs is not loaded for another."""
        room = import_module(f"tests.mutations.{self.room}")
        return Inputs(getattr(room, self.make), getattr(room, self.use), room.FORMS)


KINDS: dict[str, Kind] = {
    "midi": Kind("music", "make_midi", "use_midi", ("library/",), 60),
    "lmms": Kind("music", "make_lmms", "use_music", ("library/",), 120),
    "table": Kind("music", "make_table", "use_music", ("library/",), 60),
    "song": Kind("songs", "make_songs", "use_song", ("state/",), 150),
    "lock": Kind("songs", "make_locked", "use_song", ("state/", ".in.drop.lock"), 100),
    "shown": Kind("songs", "make_songs", "use_shown", ("state/", "in.drop", ".in.drop.lock"), 25),
    "plan": Kind("songs", "make_plans", "use_plan", (), 300),
    "left": Kind("left", "make_left", "use_left", ("state/",), 60),
    "settings": Kind("settings", "make_settings", "use_settings", (), 200),
    "recent": Kind("settings", "make_recent", "use_recent", ("state/dropsmith/recent/",), 200),
    "library": Kind("library", "make_library", "use_library", ("library/",), 40),
    "weights": Kind("weights", "make_weights", "use_weights", (), 60),
    "checkpoints": Kind("checkpoints", "make_checkpoints", "use_checkpoints", ("run/",), 25),
    "requests": Kind("requests", "make_requests", "use_requests", (), 100),
    "answers": Kind("answers", "make_answers", "use_answers", (), 80),
    "machines": Kind("machines", "make_machines", "use_machines", (), 200),
    "played": Kind("played", "make_played", "use_played", (), 80),
    "server": Kind("server", "make_requests", "use_requests", (), 200),
    "page": Kind("server", "make_page_requests", "use_page_requests", (), 200),
}
