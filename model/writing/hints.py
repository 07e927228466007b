"""Conditioning overrides when section kind or mode is unknown: a song may mirror music that is known only in part."""

import msgspec


class Hints(msgspec.Struct, frozen=True):
    """Facts about the music that a song mirrors, where the song's plan would say more or less.

    Attributes:
        kinds_known: False where nobody knows what the sections do; their kinds in the plan are then not told. A plan
            has to name kinds, and a rock song that is asked for as a drop comes back as one.
        minor: the mode, told where the plan's key is chromatic and has none; None where it is not known.
    """

    kinds_known: bool = True
    minor: bool | None = None


NO_HINTS = Hints()
