"""Styles of music by name. A song's style is a mixture of them; the model is conditioned on it."""

import math
from collections.abc import Mapping

from song.errors import UserError

STYLES = (
    "dubstep",
    "riddim",
    "melodic dubstep",
    "drum & bass",
    "trap",
    "house",
    "electronic",
    "rock",
    "funk",
    "jazz",
    "latin",
    "classical",
)
"""Every style a plan may name, in the order of the model's condition vector."""


MAX_STYLE_NAME = 40
"""Characters of the name of a style of the user's own."""


def own_style(text: str) -> str:
    """The name of a style of the user's own: in lower case, with single blanks.

    Raises:
        UserError: where it is empty, too long, or cannot be read on a screen.
    """
    name = " ".join(text.lower().split())
    if not name or len(name) > MAX_STYLE_NAME or not name.isprintable():
        raise UserError(f"the name of a style has 1-{MAX_STYLE_NAME} letters and signs that can be read")
    return name


def check_style(style: str | Mapping[str, float]) -> dict[str, float]:
    """A style as shares that add up to 1: a name alone, or names with weights above 0.

    Raises:
        UserError: for a name that is not in `STYLES`, or weights that are not above 0 and finite.
    """
    weights = {style: 1.0} if isinstance(style, str) else dict(style)
    for name in weights:
        if name not in STYLES:
            raise UserError(f'style "{name}" is not known: use one of {", ".join(STYLES)}')
    total = sum(weights.values())
    shares = {name: weight / total for name, weight in weights.items()} if total > 0 else {}
    # Beside a weight that is huge, the share of one above 0 may be none.
    if not shares or not all(share > 0 for share in shares.values()) or not math.isfinite(total):
        raise UserError("style needs at least one name, each with a weight above 0")
    return shares
