"""What the writer of a song's cells is told beside the song, so that it writes the like of music known only in part."""

import msgspec


class Hints(msgspec.Struct, frozen=True):
    """What is known of music that a song mirrors, where its plan would say more or less.

    Attributes:
        kinds_known: False where nobody knows what the sections do; their kinds in the plan are then not told. A plan
            has to name kinds, and a rock song that is asked for as a drop comes back as one.
        minor: the mode, told where the plan's key is chromatic and has none; None where it is not known.
    """

    kinds_known: bool = True
    minor: bool | None = None


NO_HINTS = Hints()
