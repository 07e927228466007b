"""Ten songs of every kind for export tests, made by chance from fixed seeds, at the edges of what a song may be."""

import random
from functools import cache

from song.edits.takes import add_takes
from song.notes import RATES, SHAPES, Note, Phrase, Wobble
from song.parts import PART_SPECS, PARTS, Part
from song.sections import Constraints, Section, SectionKind, Song, Take, WobbleRange, number_sections
from song.styles import STYLES
from song.time import TICKS_PER_BAR

_DRUMS = (36, 38, 42, 46, 49, 39, 35, 51)
_KEYS = ("F minor", "C# major", "E phrygian", "G dorian", "A harmonic minor", "D chromatic", "Eb major")


def phrase(chance: random.Random, part: Part, bars: int, share: float = 0.8, rates: tuple[str, ...] = ()) -> Phrase:
    """A phrase in which a share of the bars has music; some of it repeats, some lies off the grid."""
    spec = PART_SPECS[part]
    notes: set[Note] = set()
    for bar in range(bars):
        if chance.random() > share:
            continue
        for _ in range(chance.randint(1, 8)):
            onset = bar * TICKS_PER_BAR + chance.choice((24 * chance.randrange(16), chance.randrange(TICKS_PER_BAR)))
            pitch = chance.choice(_DRUMS) if part is Part.DRUMS else chance.randint(spec.low, spec.high)
            length = min(chance.choice((6, 24, 48, 192, 700)), bars * TICKS_PER_BAR - onset)
            notes.add(Note(onset, pitch, length, chance.randint(1, 127)))
    wobbles = []
    if part is Part.BASS and rates:
        for start in range(0, bars * TICKS_PER_BAR, 2 * TICKS_PER_BAR):
            length = min(2 * TICKS_PER_BAR, bars * TICKS_PER_BAR - start)
            wobble = Wobble(start, length, chance.choice(rates), chance.choice((0.35, 0.8, 1.0)), chance.choice(SHAPES))
            wobbles.append(wobble)
    return Phrase(bars, tuple(sorted(notes)), tuple(wobbles))


def song_of(
    seed: int,
    bars: tuple[int, ...],
    tempi: tuple[tuple[float, float], ...] = ((140.0, 140.0),),
    names: tuple[str, ...] = ("",),
    share: float = 0.8,
    **facts: object,
) -> Song:
    """A song of so many sections, whose tempi and names go round; every second section is the one before once more."""
    chance = random.Random(seed)
    kinds = tuple(SectionKind)
    song = Song(
        **{"title": f"Song {seed}", "key": _KEYS[seed % len(_KEYS)], "seed": seed, **facts},
        sections=tuple(
            Section(
                kinds[(index * 2) % 5],
                length,
                Constraints(
                    tempo_bpm=tempi[index % len(tempi)],
                    key=_KEYS[(seed + index) % len(_KEYS)] if index % 3 == 2 else None,
                    wobble=WobbleRange(("1/8",)),
                ),
                name=names[index % len(names)],
            )
            for index, length in enumerate(bars)
        ),
    )
    song = number_sections(song)
    for index, section in enumerate(song.sections):
        for part in PARTS:
            repeated = index % 2 and song.sections[index - 1].bars == section.bars
            take = song.sections[index - 1].cell(part).take if repeated else None
            rates = tuple(chance.sample(RATES, 3))
            fresh = Take(phrase(chance, part, section.bars, share, rates))
            song = add_takes(song, index, part, (take or fresh,))
    return song


@cache
def made_songs() -> dict[str, Song]:
    """Songs by what is odd about them."""
    styles = {f"style {style}": {style: 1.0} for style in STYLES}
    songs = {
        "plain": song_of(1, (8, 8, 16, 16, 4)),
        "odd bars": song_of(2, (3, 5, 7, 1, 11), names=("", "Hook", "")),
        "ramps": song_of(3, (4, 8, 8, 4), ((140.0, 140.0), (140.0, 174.5), (174.5, 174.5), (87.25, 60.0))),
        "one bar": song_of(4, (1,)),
        "999 bars": song_of(5, (128,) * 7 + (103,), ((150.0, 150.0), (75.5, 75.5)), share=0.2),
        "300 BPM": song_of(6, (2, 2), ((300.0, 300.0), (300.0, 40.0))),
        "without sub": song_of(7, (4, 4), sub=False, muted=(Part.CHORDS,)),
        "128 sections": song_of(8, (1,) * 128, ((140.0, 140.0), (141.0, 141.0))),
        "emoji": song_of(9, (4, 2), names=("🚌 night", 'a/b\\c:d*e?"<>|'), title="🔥/\\:CON " * 40),
        "silent": number_sections(
            Song(title="Silent", sections=(Section(SectionKind.BREAK, 4), Section(SectionKind.DROP, 3)))
        ),
    }
    return songs | {name: song_of(20 + at, (2, 3), style=style) for at, (name, style) in enumerate(styles.items())}
