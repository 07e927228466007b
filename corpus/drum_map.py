"""Which drum a percussion note means: General MIDI and electronic kits, brought down to the drums that are learned.

Whether a track is a drum track at all is decided in `corpus.analysis.roles`.
"""

DRUM_LANES: dict[str, int] = {
    "kick": 36,
    "snare": 38,
    "snare2": 40,
    "clap": 39,
    "rim": 37,
    "hat": 42,
    "pedal": 44,
    "open": 46,
    "ride": 51,
    "bell": 53,
    "crash": 49,
    "splash": 55,
    "china": 52,
    "high-tom": 50,
    "mid-tom": 47,
    "low-tom": 45,
    "floor-tom": 41,
    "tamb": 54,
    "cowbell": 56,
    "shaker": 70,
    "conga": 63,
    "clave": 75,
}
"""The lanes of the starter notation and the one General MIDI drum that each stands for."""

CANONICAL_DRUMS: tuple[int, ...] = tuple(sorted(DRUM_LANES.values()))
"""The drums that a piece of the corpus may hold, as General MIDI notes in ascending order."""

_SYNONYMS: dict[int, int] = {
    # Roland TD-11, beyond General MIDI: hat edge, hat open edge, tom rims.
    22: 42,
    26: 46,
    58: 41,
    # The GM2 additions below the kick: clicks and sticks read as a rim, a slap as a clap.
    28: 39,
    31: 37,
    32: 37,
    33: 37,
    35: 36,
    43: 41,
    48: 47,
    57: 49,
    59: 51,
    60: 63,
    61: 63,
    62: 63,
    64: 63,
    65: 63,
    66: 63,
    67: 56,
    68: 56,
    69: 70,
    73: 70,
    74: 70,
    76: 75,
    77: 75,
    80: 53,
    81: 53,
    82: 70,
}


def canonical_drum(pitch: int) -> int | None:
    """The drum of `CANONICAL_DRUMS` that a percussion note stands for, or None where it is no drum that is learned.

    On a TD-11 note 40 is the snare's rim and 55 and 52 are the rims of the two crashes; General MIDI calls these an
    electric snare, a splash and a china, and is followed: the difference is a colour, and the lanes keep it.

    Args:
        pitch: a MIDI note number 0-127.

    Source: General MIDI 1 and 2 percussion maps; the Groove MIDI Dataset's table of TD-11 notes (Gillick et al.,
    "Learning to Groove with Inverse Sequence Transformations", 2019).
    """
    return pitch if pitch in CANONICAL_DRUMS else _SYNONYMS.get(pitch)
