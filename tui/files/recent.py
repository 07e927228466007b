"""The songs that were open last, remembered in the state folder: a convenience that never stands in the way."""

import contextlib
from pathlib import Path

from song.errors import UserError
from song.files import is_there, read_file, write_atomically
from tui.files.paths import state_folder

MOST = 9
"""The most songs remembered: each has a digit for a key."""
_MOST_BYTES = 1_000_000


def recent_paths() -> list[Path]:
    """The files that were open last and are still there, the latest first."""
    # Here and not at the top: a start has no use for it.
    import json

    try:
        names = json.loads(read_file(_file(), _MOST_BYTES))
    except (OSError, UserError, ValueError, RecursionError):
        return []
    if not isinstance(names, list):
        return []
    return [path for name in names[:MOST] if isinstance(name, str) and is_there(path := Path(name))]


def remember(path: Path) -> None:
    """Put a file first among those that were open last."""
    import json

    paths = [path, *(other for other in recent_paths() if other != path)][:MOST]
    # Not being able to remember costs a keypress some other day, and no music.
    with contextlib.suppress(OSError, UserError):
        # In ASCII, with escapes for bytes of a name that is no text: msgspec refuses those.
        write_atomically(_file(), json.dumps([str(one) for one in paths]).encode())


def _file() -> Path:
    return state_folder("recent") / "songs.json"
