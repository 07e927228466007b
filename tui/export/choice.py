"""The choice of formats that an export of the app writes: asked once, and remembered in the settings."""

from pathlib import Path

from song.export.formats import ALL, DEFAULT_FORMAT, FORMATS, read_keys
from tui.settings import remember

OFFERED = ALL
"""The words that stand in the line to begin with."""
QUESTION = "What an export writes, from now on"


def hint() -> str:
    """The words that may be written, for the line below."""
    rest = " ".join(one.key for one in FORMATS)
    return f"{ALL}, or some of: {rest}; settings.toml keeps it"


def choose(text: str, path: Path | None = None) -> tuple[str, ...]:
    """Take a choice as it is written, and remember it.

    Args:
        text: keys of formats with commas or blanks between.
        path: the settings; None for the user's own.

    Raises:
        UserError: for a key that no format has, or settings that cannot be written.
    """
    keys = read_keys(text)
    remember("export", keys, path)
    return keys


def is_one_file(keys: tuple[str, ...]) -> bool:
    """True where an export is the one file that lies beside the song, not a folder."""
    return keys == (DEFAULT_FORMAT.key,)
