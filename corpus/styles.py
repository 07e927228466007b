"""Which of the styles that a song may name a tag of a source means."""

import re
from collections import defaultdict

from song.styles import STYLES

_WORDS: dict[str, tuple[str, ...]] = {
    "afrobeat": ("funk", "latin"),
    "afrocuban": ("latin",),
    "blues": ("rock", "jazz"),
    "breakbeat": ("drum & bass",),
    "country": ("rock",),
    "dance": ("house",),
    "disco": ("house", "funk"),
    "dnb": ("drum & bass",),
    "gospel": ("funk",),
    "halftime": ("dubstep",),
    "highlife": ("latin",),
    "hiphop": ("trap", "funk"),
    "jungle": ("drum & bass",),
    "metal": ("rock",),
    "middleeastern": ("latin",),
    "neworleans": ("funk",),
    "pop": ("electronic", "rock"),
    "punk": ("rock",),
    "reggae": ("latin", "dubstep"),
    "soul": ("funk",),
    "techno": ("house",),
    "trance": ("electronic",),
}
"""What is not a style of ours by name, and what it is nearest to."""


def style_of_tag(tag: str) -> dict[str, float]:
    """Shares of styles that a tag such as "funk", "jazz/funk" or "rock/halftime" means; empty where it means none.

    Every word that is known counts the same.
    """
    shares: dict[str, float] = defaultdict(float)
    words: list[str] = []
    for name in re.split(r"\s*[/,;_]\s*", tag.lower().strip()):
        words.extend([name] if name in STYLES else name.split())
    for word in (word for word in words if word in STYLES or word in _WORDS):
        styles = (word,) if word in STYLES else _WORDS[word]
        for style in styles:
            shares[style] += 1 / len(styles)
    total = sum(shares.values())
    return {style: share / total for style, share in shares.items()}
