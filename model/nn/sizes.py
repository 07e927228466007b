"""Sizes that a network may have: what a file or a command asks for is held against these before anything is made."""

from typing import Annotated

import msgspec

MOST_UNITS = 2048
"""Units of a layer, inclusive; it has 1 at least."""
Units = Annotated[int, msgspec.Meta(ge=1, le=MOST_UNITS)]
Share = Annotated[float, msgspec.Meta(ge=0, lt=1)]
