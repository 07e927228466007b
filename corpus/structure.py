"""Which bars of a piece are which kind of section: markers named like sections are believed, and nothing else is."""

import re
from collections.abc import Sequence

from corpus.pieces import PieceSection
from song.sections import SectionKind

_WORDS = (
    (SectionKind.INTRO, r"intro\w*|opening"),
    (SectionKind.OUTRO, r"outro|coda|ending|end"),
    (SectionKind.BREAK, r"break\w*|bridge|interlude|verse|middle"),
    (SectionKind.BUILD, r"build\w*|rise|riser|pre-?(?:chorus|verse|drop)"),
    (SectionKind.DROP, r"drop|chorus|refrain|hook|main"),
)
_PATTERNS = [(kind, re.compile(rf"\b(?:{words})\b")) for kind, words in _WORDS]
_PRE = re.compile(r"\bpre-?(?:chorus|verse|drop)\b")


def kind_of(name: str) -> SectionKind | None:
    """The kind of section that a marker's name means, or None where it means none."""
    text = " ".join(re.sub(r"[_\d]+", " ", name.lower()).split())
    if _PRE.search(text):
        return SectionKind.BUILD
    return next((kind for kind, pattern in _PATTERNS if pattern.search(text)), None)


def sections_of(markers: Sequence[tuple[int, str]], bars: int) -> tuple[PieceSection, ...]:
    """The sections that some markers tell of; a stretch whose marker means no kind is left out.

    Args:
        markers: (bar from 0, name), in order.
        bars: length of the piece.
    """
    found = []
    for index, (start, name) in enumerate(markers):
        end = min(markers[index + 1][0] if index + 1 < len(markers) else bars, bars)
        start = max(start, 0)
        kind = kind_of(name)
        if kind is not None and end > start:
            found.append(PieceSection(start, end - start, kind))
    return tuple(found)
