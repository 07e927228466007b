"""Styles of music by its tag, as a song may name them; and by tempo, drums and guitars where there is no tag."""

import re
from collections import defaultdict
from collections.abc import Sequence

import msgspec

from corpus.tracks import RawTrack
from song.drums import KICK, SNARES_AND_CLAPS, TIME_KEEPERS
from song.notes import Note
from song.styles import STYLES
from song.time import TICKS_PER_BAR, TICKS_PER_QUARTER, TICKS_PER_STEP

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
"""Names that are no styles of ours, each with the styles that it is nearest to."""


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


def is_known_tag(tag: str) -> bool:
    """True where every word of a tag means a style, so that nothing of it is the user's own."""
    names = [name for name in re.split(r"\s*[/,;_]\s*", tag.lower().strip()) if name]
    words = [word for name in names for word in ([name] if name in STYLES else name.split())]
    return bool(words) and all(word in STYLES or word in _WORDS for word in words)


MIN_GROOVE_BARS = 8
"""Fewer bars with a kick or a snare are no groove to judge by."""
_CLEAR = 0.6
"""The share of those bars that a pattern must hold in."""
_BEATS = frozenset(range(0, TICKS_PER_BAR, TICKS_PER_QUARTER))
_TWO_FOUR = frozenset((TICKS_PER_QUARTER, 3 * TICKS_PER_QUARTER))
_THREE = 2 * TICKS_PER_QUARTER
_SYNCOPATED = frozenset(step * TICKS_PER_STEP for step in (5, 6, 7, 9, 10, 11))
_BUSY_HATS = 7.0
_DISTORTED = frozenset((29, 30))
_GUITAR_SHARE = 0.2


class Groove(msgspec.Struct, frozen=True):
    """Patterns of a drum part, as shares of its bars that have a kick or a snare.

    Attributes:
        bars: how many they are.
        four_on_the_floor: a kick on every beat.
        backbeat: a snare on 2 and 4 and none on 3.
        half_time: a snare on 3 and none on 2 and 4.
        two_step: a backbeat around a kick that is off the beat, with none on 3.
        hats: hats and rides a bar.
    """

    bars: int
    four_on_the_floor: float
    backbeat: float
    half_time: float
    two_step: float
    hats: float


def groove_of(drums: Sequence[Note]) -> Groove:
    """The groove of a drum part."""
    by_bar: dict[int, list[Note]] = defaultdict(list)
    for note in drums:
        by_bar[note.onset_tick // TICKS_PER_BAR].append(note)
    four = back = half = two_step = bars = 0
    hats = 0
    for notes in by_bar.values():
        kicks, snares, cymbals = (
            {note.onset_tick % TICKS_PER_BAR for note in notes if note.pitch in drums}
            for drums in ({KICK}, SNARES_AND_CLAPS, TIME_KEEPERS)
        )
        if not kicks and not snares:
            continue
        is_back = snares >= _TWO_FOUR and _THREE not in snares
        bars += 1
        four += kicks >= _BEATS
        back += is_back
        half += _THREE in snares and not snares & _TWO_FOUR
        two_step += is_back and 0 in kicks and _THREE not in kicks and bool(kicks & _SYNCOPATED)
        hats += len(cymbals)
    shares = [count / max(bars, 1) for count in (four, back, half, two_step, hats)]
    return Groove(bars, *shares)


def style_of_music(drums: Sequence[Note], tempo_bpm: float, tracks: Sequence[RawTrack] = ()) -> dict[str, float]:
    """Shares of styles that music without a tag speaks for by itself; empty where it is not clear, which is the rule.

    The first that fits: a fifth of the pitched notes on General MIDI's overdriven and distorted guitars is rock; a kick
    on every beat is house at 112-134 BPM and electronic up to 165; a snare on 3 alone is dubstep at 130-155, half of it
    trap under busy hats; a backbeat around an off-beat kick is drum & bass at 160-185. What is clear is in six bars of
    ten. It does not tell riddim or melodic dubstep from dubstep, and hears no funk, jazz, latin or classical at all.

    Args:
        drums: notes on the grid, the piece's own ticks.
        tempo_bpm: quarters a minute.
        tracks: of its source, for their programs.

    Source: measured. Of 30 starter tracks 22 got a style and all 22 were right (riddim and melodic dubstep counted as
    dubstep); of 1,008 acoustic grooves that are none of these styles 24 got one.
    """
    pitched = [(track.program, len(track.notes)) for track in tracks if not track.is_drum]
    distorted = sum(notes for program, notes in pitched if program in _DISTORTED)
    if distorted > _GUITAR_SHARE * sum(notes for _, notes in pitched):
        return {"rock": 1.0}
    groove = groove_of(drums)
    if groove.bars < MIN_GROOVE_BARS:
        return {}
    if groove.four_on_the_floor >= _CLEAR:
        return {"house": 1.0} if 112 <= tempo_bpm < 134 else {"electronic": 1.0} if 134 <= tempo_bpm <= 165 else {}
    if groove.half_time >= _CLEAR and 130 <= tempo_bpm <= 155:
        return {"dubstep": 0.5, "trap": 0.5} if groove.hats >= _BUSY_HATS else {"dubstep": 1.0}
    if groove.two_step >= _CLEAR and 160 <= tempo_bpm <= 185:
        return {"drum & bass": 1.0}
    return {}
