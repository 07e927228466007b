"""Drops written by hand, to be told from each other."""

from model.evaluation.telling.drop import ToldDrop
from song.notes import Note, Phrase
from song.parts import Part

BAR, BEAT, STEP = 384, 96, 24


def line(bars: int, *notes: tuple[int, int], length: int = STEP) -> Phrase:
    """Notes as (tick, pitch), of one length."""
    return Phrase(bars, tuple(sorted(Note(tick, pitch, length, 100) for tick, pitch in notes)))


def beats(*counts: int, pitch: int = 40) -> Phrase:
    """Bars with so many onsets each, on beats from the first on, then on sixteenths after them."""
    places = [0, 4, 8, 12, *(step for step in range(16) if step % 4)]
    ticks = [bar * BAR + place * STEP for bar, count in enumerate(counts) for place in places[:count]]
    return line(len(counts), *((tick, pitch) for tick in ticks))


def told(name: str = "song", tonic_class: int = 0, **parts: Phrase) -> ToldDrop:
    """A drop of some parts, as long as the first."""
    return ToldDrop(name, next(iter(parts.values())).bars, {Part(one): parts[one] for one in parts}, tonic_class)
