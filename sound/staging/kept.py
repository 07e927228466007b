"""The folder of what is rendered for as long as it may be heard."""

from pathlib import Path

import platformdirs


def kept_folder() -> Path | None:
    """Our folder among the caches, which are on a disk where a system's own for passing files may be in memory.

    Returns None where it cannot be made: then the system's has to do.
    """
    folder = Path(platformdirs.user_cache_dir("dropsmith", appauthor=False)) / "sound"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError:
        return None
    return folder
