"""Patches that a part may have, as far as the app has to know them: their names, and how each sounds in a line.

The sound process reads them whole and says what is wrong with one; here no array is made.
"""

from pathlib import Path

import sound
from song.errors import UserError
from song.files import read_text
from song.parts import Part
from song.patch_names import check_patch_name
from song.toml_text import MAX_TOML_BYTES, parse_toml

_SHIPPED = Path(next(iter(sound.__path__))) / "patches"
_SUFFIX = ".toml"
_MOST = 1000


def offered_patches(part: Part, folder: Path | None = None) -> dict[str, str]:
    """The names of the patches of a part, each with how it sounds; the user's own before ours of the same name.

    Args:
        part: the part.
        folder: the user's own; one that is not there, or cannot be read, has none.
    """
    found: dict[str, str] = {}
    for place in (_SHIPPED, folder):
        try:
            paths = sorted(place.glob(f"*{_SUFFIX}"))[:_MOST] if place is not None else []
        except OSError:
            continue
        for path in paths:
            found.pop(path.stem, None)
            try:
                check_patch_name(path.stem)
                table = parse_toml(read_text(path, MAX_TOML_BYTES))
            except UserError:
                continue
            if table.get("part") == part.value:
                found[path.stem] = str(table.get("about", ""))
    return found


def check_offered(name: str, offered: dict[str, str], part: Part) -> None:
    """See that a patch is among those that a part may have; none at all is the usual one of the style.

    Raises:
        UserError: naming those there are.
    """
    if name and name not in offered:
        raise UserError(f"the {part} has no patch {name}: write one of {', '.join(offered)}, or nothing")
