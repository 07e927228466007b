"""Chords as people name them, "Fm Db Ab Eb", turned into the numerals that a song keeps."""

import re

from song.errors import UserError
from song.harmony import parse_progression, progression_text
from song.limits import MAX_CHORDS
from song.scales import SHARP_NAMES, Key

_NAME = re.compile(r"([A-G])([#b♯♭]?)((?:maj|min|m|M|-)?)(.*)")
_NUMERALS = ("I", "II", "III", "IV", "V", "VI", "VII")
_QUALITIES = {
    "": "", "5": "5", "6": "6", "7": "7", "9": "9", "add9": "add9", "sus2": "sus2", "sus4": "sus4", "sus": "sus4",
    "dim": "dim", "°": "dim", "o": "dim", "aug": "aug", "+": "aug", "maj7": "maj7", "M7": "maj7",
}  # fmt: skip
"""Qualities as they follow a root and its "m", and as numerals have them."""


def typed_progression(text: str, key: Key) -> str:
    """The progression that was typed, as it is kept: numerals with a blank between, each spelled one way.

    Args:
        text: roman numerals, as `song.harmony.parse_progression` reads them, or names such as "Fm Db7 Absus4"; both may
            stand in one progression.
        key: the key that holds, which names are numbered in.

    Raises:
        UserError: for what is neither, none at all, or more than may be asked for.
    """
    # Between chords a dash parts them; behind a root it means minor.
    words = [word for word in re.split(r"[\s,|–—]+|-(?=[A-G#bIViv])", text) if word.strip("-")]
    if len(words) <= MAX_CHORDS:
        words = [_numeral(word, key) if word[0] in "ABCDEFG" else word for word in words]
    return progression_text(" ".join(words))


def _numeral(name: str, key: Key) -> str:
    match = _NAME.fullmatch(name)
    letter, accidental, third, rest = match.groups() if match else ("C", "", "", name)
    is_minor = third in ("m", "min", "-")
    quality = _QUALITIES.get({"maj": "maj", "M": "maj"}.get(third, "") + rest if rest or not third else rest)
    if not match or quality is None or (quality in ("dim", "aug", "sus2", "sus4", "5") and third):
        known = ", ".join(sorted({one for one in _QUALITIES.values() if one}))
        raise UserError(
            f'"{name}" is no chord: write names such as Fm Db7 Absus4, a root with m for minor and one of {known} '
            "behind, or roman numerals such as i VI III VII"
        )
    accidental = {"♯": "#", "♭": "b"}.get(accidental, accidental)
    root = (SHARP_NAMES.index(letter) + {"#": 1, "b": -1, "": 0}[accidental]) % 12
    # In a minor key the second and fifth steps are lowered, the third, sixth and seventh raised.
    lowered = not key.is_minor or (root - key.tonic_class) % 12 in (1, 6)
    for before in ("", "b", "#") if lowered else ("", "#", "b"):
        for numeral in _NUMERALS:
            found = before + (numeral.lower() if is_minor or quality == "dim" else numeral) + quality
            if parse_progression(found, key)[0].root == root:
                return found
    raise UserError(f'"{name}" has no numeral in {key}: write another chord, or another scale as the key')
