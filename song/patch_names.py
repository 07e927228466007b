"""Names of patches, the sounds of parts: the song keeps the name alone. What a patch is: `sound.patch`."""

import re

from song.errors import UserError

MAX_PATCH_NAME = 40
"""Characters of a patch's name."""
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")


def check_patch_name(name: str) -> str:
    """The name, where it may be that of a patch: a file's name on every system, without the ending.

    Raises:
        UserError: where it may not.
    """
    if len(name) > MAX_PATCH_NAME or not _NAME.fullmatch(name):
        raise UserError(
            f'"{name[: MAX_PATCH_NAME + 1]}" cannot be a patch: use a-z, 0-9, - and _, up to {MAX_PATCH_NAME} of them'
        )
    return name
