"""Edits of the sound that parts have."""

import msgspec

from song.parts import Part
from song.patch_names import check_patch_name
from song.sections import Song


def set_patch(song: Song, part: Part, name: str) -> Song:
    """The song with another patch for a part.

    Args:
        song: the song.
        part: the part.
        name: the patch's; empty for the usual one of the song's style.

    Raises:
        UserError: where no patch can have that name.
    """
    if name:
        check_patch_name(name)
    patches = msgspec.structs.replace(song.patches, **{part.value: name})
    return msgspec.structs.replace(song, patches=patches)
