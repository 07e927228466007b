"""A song's theme: the hook of one section, quoted by others as it is, thinned out, or in longer notes.

Nothing is sampled here. A quote is bars of the hook laid into another section, as far as that section's density, range
and scale have room for them; what stands around them is written by the model.
"""

from collections import Counter
from collections.abc import Sequence

import msgspec

from song.dice import Dice
from song.harmony import STRETCH_TICKS, section_harmony
from song.notes import Note, Phrase, cut_overlaps
from song.parts import Part
from song.scales import Key, parse_key, tonic_shift
from song.sections import Section, SectionKind, Song
from song.time import TICKS_PER_BAR, TICKS_PER_QUARTER
from song.variation import bars_outside, within_density

QUOTES = ("none", "whole", "thinned", "slow")
"""Ways to quote: not at all, note by note, with its weak notes left out, each bar stretched to two."""
USUAL_QUOTES = {
    SectionKind.INTRO: "thinned",
    SectionKind.BUILD: "whole",
    SectionKind.DROP: "none",
    SectionKind.BREAK: "whole",
    SectionKind.OUTRO: "thinned",
}
_DRAWN = {
    SectionKind.INTRO: ("thinned", "whole", "none"),
    SectionKind.BUILD: ("whole", "thinned"),
    SectionKind.BREAK: ("whole", "whole", "slow"),
    SectionKind.OUTRO: ("thinned", "whole", "none"),
}
_OWN_STREAM = 1 << 41
FIRST_DROP, NO_THEME = 0, -1
"""Values of `Song.theme` that are no section's id."""
HOOK_BARS = 4
_QUOTING = (Part.BASS, Part.LEAD)


class Quote(msgspec.Struct, frozen=True):
    """A cell's quotation.

    Attributes:
        section: index of the section that has the theme.
        part: the part that it is taken from.
        way: of `QUOTES`, not "none".
    """

    section: int
    part: Part
    way: str


def with_quotes(song: Song) -> Song:
    """The song with a way to quote, drawn by its seed, for each section that may."""
    dice = Dice(_OWN_STREAM + song.seed)
    sections = tuple(
        msgspec.structs.replace(
            section, constraints=msgspec.structs.replace(section.constraints, theme=dice.one_of(_DRAWN[section.kind]))
        )
        if section.kind in _DRAWN
        else section
        for section in song.sections
    )
    return msgspec.structs.replace(song, sections=sections)


def theme_section(song: Song) -> int | None:
    """Index of the section that has the theme: the one that is named, else the first drop; None where there is none."""
    if song.theme == NO_THEME:
        return None
    named = song.index_of(song.theme) if song.theme > 0 else None
    drops = (index for index, section in enumerate(song.sections) if section.kind is SectionKind.DROP)
    return next(drops, None) if named is None else named


def way_of(section: Section) -> str:
    """The way in which a section quotes: its own, else that of its kind."""
    return section.constraints.theme or USUAL_QUOTES[section.kind]


def quote_of(song: Song, index: int, part: Part) -> Quote | None:
    """The quotation that a cell is to have; None for cells without.

    A lead quotes the bass where the theme has no lead. Usually a later drop does not quote: it is a variation of the
    first.
    """
    home = theme_section(song)
    if home is None or home == index or part not in _QUOTING:
        return None
    section, source = song.sections[index], song.sections[home]
    way = way_of(section)
    if way == "none" or not section.constraints.density.of(part):
        return None
    if source.constraints.density.of(part):
        return Quote(home, part, way)
    sings_bass = part is Part.LEAD and source.constraints.density.of(Part.BASS) > 0
    return Quote(home, Part.BASS, way) if sings_bass else None


def hooks(phrase: Phrase) -> list[tuple[int, ...]]:
    """The four-bar blocks of a phrase that make its hook, the one that is heard most first; none without notes.

    A block counts with the notes of all bars that are one of its own again.

    Args:
        phrase: a bass or a lead.
    """
    bars = [tuple((one.onset_tick, one.pitch) for one in bar) for bar in _bars_of(phrase, range(phrase.bars))]
    heard = Counter(bars)
    blocks = [tuple(range(at, min(at + HOOK_BARS, phrase.bars))) for at in range(0, phrase.bars, HOOK_BARS)]

    def notes(block: Sequence[int]) -> int:
        return sum(len(bar) * heard[bar] for bar in {bars[at] for at in block})

    ranked = sorted((block for block in blocks if notes(block)), key=lambda block: (-notes(block), block))
    found: list[tuple[int, ...]] = []
    for block in ranked:
        if not any([bars[at] for at in block] == [bars[at] for at in other] for other in found):
            found.append(block)
    return found


def quoted(song: Song, index: int, part: Part, quote: Quote, source: Phrase) -> tuple[Phrase, frozenset[int]]:
    """The quotation laid into a section: a phrase of its length, and the bars of it that are to stay.

    Bars go that leave the section's range or scale, those of a bass that begin on no tone of the chord there, and those
    that its density has no room for; all of them where a form is asked for note by note.

    Args:
        song: holds the section.
        index: the section's.
        part: whose quotation it is.
        quote: what is quoted, and how.
        source: the music that it is taken from.
    """
    section = song.sections[index]
    shift = tonic_shift(part, parse_key(song.key_of(index)).tonic_class) - tonic_shift(
        quote.part, parse_key(song.key_of(quote.section)).tonic_class
    )
    laid: list[Note] = []
    places: dict[int, int] = {}
    # A hook laid over a form would make bars differ that are to be one.
    blocks = hooks(source) if section.constraints.form_of(part) is None else []
    for number, start in enumerate(_starts(section) if blocks else ()):
        for offset, bar in enumerate(_said(source, blocks[number % len(blocks)], quote.way)):
            at = start + offset
            if at < section.bars:
                places[at] = len({one.onset_tick for one in bar})
                laid += [msgspec.structs.replace(one, onset_tick=one.onset_tick + at * TICKS_PER_BAR) for one in bar]
    pitched = _in_range(laid, shift, *section.constraints.pitch_range(part))
    phrase = Phrase(section.bars, cut_overlaps(tuple(pitched), section.length_ticks))
    key = parse_key(song.key_of(index))
    outside = bars_outside(phrase, section, part, key, song.style_of(index))
    if part is Part.BASS:
        outside |= _off_the_chord(phrase, section, key)
    for lost in outside:
        places.pop(lost, None)
    if song.gap_after(index):
        places.pop(section.bars - 1, None)
    return phrase, within_density([frozenset({bar}) for bar in places], places, section, part)


def _off_the_chord(phrase: Phrase, section: Section, key: Key) -> frozenset[int]:
    """The bars whose first beat has a note that is no tone of the chord that sounds."""
    chords, sounding = section_harmony(section, key)
    return frozenset(
        note.onset_tick // TICKS_PER_BAR
        for note in phrase.notes
        if note.onset_tick % TICKS_PER_BAR == 0
        and chords
        and note.pitch % 12 not in chords[sounding[note.onset_tick // STRETCH_TICKS]].tones
    )


def _starts(section: Section) -> tuple[int, ...]:
    """The bars on which the hook begins: where eight bars begin, and an intro comes to it late."""
    if section.kind is SectionKind.INTRO:
        return (section.bars // 2,)
    return tuple(range(0, max(section.bars - HOOK_BARS, 0) + 1, 8)) if section.bars >= HOOK_BARS else (0,)


def _bars_of(phrase: Phrase, bars: Sequence[int]) -> list[list[Note]]:
    """The notes of some bars, each counted from its own bar line and not beyond the next."""
    found: list[list[Note]] = []
    for bar in bars:
        first = bar * TICKS_PER_BAR
        found.append(
            [
                msgspec.structs.replace(
                    note,
                    onset_tick=note.onset_tick - first,
                    duration_ticks=min(note.duration_ticks, first + TICKS_PER_BAR - note.onset_tick),
                )
                for note in phrase.notes
                if first <= note.onset_tick < first + TICKS_PER_BAR
            ]
        )
    return found


def _slow(note: Note) -> Note:
    return msgspec.structs.replace(note, onset_tick=note.onset_tick * 2, duration_ticks=note.duration_ticks * 2)


def _halves(bar: Sequence[Note]) -> tuple[list[Note], list[Note]]:
    first = [note for note in bar if note.onset_tick < TICKS_PER_BAR]
    second = [
        msgspec.structs.replace(note, onset_tick=note.onset_tick - TICKS_PER_BAR)
        for note in bar
        if note.onset_tick >= TICKS_PER_BAR
    ]
    first = [
        msgspec.structs.replace(note, duration_ticks=min(note.duration_ticks, TICKS_PER_BAR - note.onset_tick))
        for note in first
    ]
    return first, second


def _said(source: Phrase, block: Sequence[int], way: str) -> list[list[Note]]:
    """Four bars of the hook as they are quoted."""
    bars = _bars_of(source, block)
    if way == "slow":
        halves = [_halves([_slow(note) for note in bar]) for bar in bars[: HOOK_BARS // 2]]
        return [list(half) for pair in halves for half in pair]
    return [_thinned(bar) for bar in bars] if way == "thinned" else bars


def _thinned(bar: Sequence[Note]) -> list[Note]:
    """A bar without the weaker third of its onsets."""
    onsets = sorted({note.onset_tick for note in bar}, key=lambda tick: (_weakness(tick), tick))
    stay = set(onsets[: (len(onsets) * 2 + 2) // 3])
    return [note for note in bar if note.onset_tick in stay]


def _weakness(tick: int) -> int:
    """The weakness of a place in a bar, 0-4: beat 1, beat 3, 2 and 4, eighths, the rest."""
    for weakness, grid in enumerate((TICKS_PER_BAR, TICKS_PER_BAR // 2, TICKS_PER_QUARTER, TICKS_PER_QUARTER // 2)):
        if tick % grid == 0:
            return weakness
    return 4


def _in_range(notes: Sequence[Note], shift: int, low: int, high: int) -> list[Note]:
    """The notes shifted, all by the octaves that bring them within a range as far as octaves can."""
    if not notes:
        return []
    lowest, highest = (pick(note.pitch for note in notes) + shift for pick in (min, max))
    octaves = 0
    while lowest + octaves < low:
        octaves += 12
    while highest + octaves > high and lowest + octaves - 12 >= low:
        octaves -= 12
    moved = [msgspec.structs.replace(note, pitch=note.pitch + shift + octaves) for note in notes]
    return [note for note in moved if 0 <= note.pitch <= 127]
