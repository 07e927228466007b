"""Reader of `*.phrases` files of the starter notation: phrases, or mistakes with line and column.

Lanes are read by `corpus.starter.lanes`, tracks by `corpus.starter.tracks`.
"""

import re
from collections.abc import Callable
from typing import TypeVar

import msgspec

from corpus.starter.lanes import drum_notes, heard, pitched_notes, wobble_stretches
from corpus.starter.text import Bar, Mistake, NotationError, Word, content_lines, setting_of, split_bars
from song.drums import LANES
from song.limits import MAX_TEMPO_BPM, MIN_TEMPO_BPM
from song.notes import SHAPES, Note, Phrase, Wobble, cut_overlaps
from song.parts import PART_SPECS, Part
from song.scales import SCALES
from song.sections import SectionKind
from song.styles import STYLES
from song.time import TICKS_PER_BAR, TICKS_PER_QUARTER

T = TypeVar("T")

STARTER_SCALES = tuple(scale for scale in SCALES if scale != "chromatic")
_HEADER = re.compile(r"\[(\w+) ([a-z0-9]+(?:-[a-z0-9]+)*)\]")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_REQUIRED = ("kinds", "styles", "energy", "tempo")
_OPTIONAL = {
    Part.DRUMS: ("swing",),
    Part.BASS: ("scale", "shape"),
    Part.CHORDS: ("scale",),
    Part.LEAD: ("scale",),
}


class StarterPhrase(msgspec.Struct, frozen=True):
    """A phrase of the starter set.

    Attributes:
        part: the part that plays it.
        name: no other phrase has it.
        kinds: the section kinds it suits, at least one.
        styles: names of `song.styles.STYLES`, at least one.
        energy: 0-1 inclusive.
        tempo_bpm: the lowest and the highest tempo it works at.
        phrase: the music, in C.
        scale: the scale it is written in; "minor" for drums.
        source: where its heading stands, as FILE:LINE.
    """

    part: Part
    name: str
    kinds: tuple[SectionKind, ...]
    styles: tuple[str, ...]
    energy: float
    tempo_bpm: tuple[float, float]
    phrase: Phrase
    scale: str = "minor"
    source: str = ""


class _Block(msgspec.Struct):
    """A phrase while it is being read."""

    part: Part
    name: str
    line: int
    values: dict[str, Word] = msgspec.field(default_factory=dict)
    lanes: dict[str, list[Bar]] = msgspec.field(default_factory=dict)
    broken: bool = False


def parse_phrases(text: str, file_name: str = "") -> tuple[list[StarterPhrase], list[Mistake]]:
    """The phrases of a file, and everything in it that cannot be read; a phrase with a mistake is left out.

    Args:
        text: the file.
        file_name: kept with each phrase, to find it again.
    """
    mistakes: list[Mistake] = []
    phrases: list[StarterPhrase] = []
    for block in _blocks(text, mistakes):
        try:
            phrase = _finish(block, file_name, mistakes)
        except NotationError as error:
            mistakes.append(error.mistake)
        else:
            if phrase is not None:
                phrases.append(phrase)
    return phrases, sorted(mistakes, key=lambda mistake: (mistake.line, mistake.column))


def tempo_range(word: Word) -> tuple[float, float]:
    """A tempo as 140 or 138-150, the first number first.

    Raises:
        NotationError: where it cannot be read or lies outside what a song allows.
    """
    numbers = [number.strip() for number in word.text.split("-")]
    if len(numbers) > 2 or not all(_NUMBER.fullmatch(number) for number in numbers):
        raise word.error(f'tempo "{word.text}" is not a number of BPM or a range such as 138-150')
    first, last = float(numbers[0]), float(numbers[-1])
    if not all(MIN_TEMPO_BPM <= tempo <= MAX_TEMPO_BPM for tempo in (first, last)):
        raise word.error(f"tempo {word.text} lies outside {MIN_TEMPO_BPM:.0f}-{MAX_TEMPO_BPM:.0f}")
    return first, last


def style_names(word: Word) -> tuple[str, ...]:
    """Names of styles with commas between them.

    Raises:
        NotationError: for a name that is not known.
    """
    return _names(word, STYLES, "style")


def _blocks(text: str, mistakes: list[Mistake]) -> list[_Block]:
    blocks: list[_Block] = []
    lost = True
    for number, line in content_lines(text):
        try:
            if line.lstrip().startswith("["):
                lost = True
                blocks.append(_header(line, number))
                lost = False
            elif not blocks:
                raise NotationError(number, 1, "a phrase begins with its part and name, such as [drums half-time]")
            elif not lost:
                _take_line(blocks[-1], line, number)
        except NotationError as error:
            mistakes.append(error.mistake)
            if blocks and not lost:
                blocks[-1].broken = True
    return blocks


def _header(line: str, number: int) -> _Block:
    match = _HEADER.fullmatch(line.strip())
    column = line.index("[") + 1
    if not match:
        raise NotationError(number, column, "a heading is [part name], the name in lower case with hyphens")
    if match[1] not in tuple(Part):
        raise NotationError(number, column + 1, f'part "{match[1]}" is not one of {", ".join(Part)}')
    return _Block(Part(match[1]), match[2], number)


def _take_line(block: _Block, line: str, number: int) -> None:
    stroke = line.find("|")
    if stroke < 0:
        name, value = setting_of(line, number)
        allowed = (*_REQUIRED, *_OPTIONAL[block.part])
        if name.text not in allowed:
            raise name.error(f'"{name.text}" is not one of {", ".join(allowed)}')
        if name.text in block.values:
            raise name.error(f'"{name.text}" is given twice')
        block.values[name.text] = value
        return
    name = Word(line[:stroke].strip(), number, len(line) - len(line.lstrip()) + 1)
    lanes: tuple[str, ...] = tuple(LANES) if block.part == Part.DRUMS else ("notes",)
    lanes = (*lanes, "wobble") if block.part == Part.BASS else lanes
    if name.text not in lanes:
        raise name.error(f'lane "{name.text}" is not one of {", ".join(lanes)}')
    bars = block.lanes.setdefault(name.text, [])
    bars.extend(split_bars(line[stroke:], number, stroke + 1, bars[-1] if bars else None))


def _finish(block: _Block, file_name: str, mistakes: list[Mistake]) -> StarterPhrase | None:
    heading = Word(block.name, block.line, 1)

    def read(name: str, reader: Callable[[Word], T], default: T) -> T:
        try:
            return reader(block.values[name]) if name in block.values else default
        except NotationError as error:
            mistakes.append(error.mistake)
            block.broken = True
            return default

    kinds: tuple[SectionKind, ...] = read("kinds", _kinds, ())
    styles: tuple[str, ...] = read("styles", style_names, ())
    energy = read("energy", _energy, 0.0)
    tempo = read("tempo", _sorted_tempo, (0.0, 0.0))
    swing = read("swing", _swing, 50.0)
    scale = read("scale", lambda word: _one_of(word, STARTER_SCALES, "scale"), "minor")
    shape = read("shape", lambda word: _one_of(word, SHAPES, "shape"), "triangle")
    notes, wobbles = _music(block, swing, scale, shape, mistakes)
    missing = [name for name in _REQUIRED if name not in block.values]
    if block.broken:
        return None
    if missing:
        raise heading.error(f"{block.name} has no line {missing[0]} = ...")
    lengths = {name: len(bars) for name, bars in block.lanes.items()}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{name} {bars}" for name, bars in lengths.items())
        raise heading.error(f"the lanes of {block.name} differ in bars: {told}")
    if not notes:
        raise heading.error(f"{block.name} has no notes")
    bars = next(iter(lengths.values()))
    phrase = Phrase(bars, cut_overlaps(tuple(notes), bars * TICKS_PER_BAR), wobbles)
    source = f"{file_name}:{block.line}"
    return StarterPhrase(block.part, block.name, kinds, styles, energy, tempo, phrase, scale, source)


def _music(
    block: _Block, swing: float, scale: str, shape: str, mistakes: list[Mistake]
) -> tuple[list[Note], tuple[Wobble, ...]]:
    """The notes and wobbles of a block; a bar that cannot be read is a mistake and the others are still looked at."""
    notes: list[Note] = []
    wobbles: list[Wobble] = []
    if block.part == Part.DRUMS:
        for lane, bars in block.lanes.items():
            for index, bar in enumerate(bars):
                try:
                    notes.extend(drum_notes(bar, index * TICKS_PER_BAR, LANES[lane], swing))
                except NotationError as error:
                    mistakes.append(error.mistake)
                    block.broken = True
        if not block.broken:
            _check_hands(block, notes)
        return notes, ()
    for lane, bars in block.lanes.items():
        try:
            if lane == "notes":
                notes = pitched_notes(bars, block.part, scale)
            else:
                wobbles = wobble_stretches(bars, shape)
        except NotationError as error:
            mistakes.append(error.mistake)
            block.broken = True
    return notes, heard(wobbles, notes)


def _check_hands(block: _Block, notes: list[Note]) -> None:
    most = PART_SPECS[Part.DRUMS].polyphony
    onsets = [note.onset_tick for note in notes]
    crowded = sorted({onset for onset in onsets if onsets.count(onset) > most})
    if crowded:
        bar, tick = divmod(crowded[0], TICKS_PER_BAR)
        place = f"bar {bar + 1}, beat {tick // TICKS_PER_QUARTER + 1}"
        raise NotationError(block.line, 1, f"more than {most} drums at once in {block.name}, {place}: leave one out")


def _kinds(word: Word) -> tuple[SectionKind, ...]:
    return tuple(SectionKind(name) for name in _names(word, tuple(SectionKind), "section kind"))


def _names(word: Word, allowed: tuple[str, ...], what: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in word.text.split(","))
    for name in names:
        if name not in allowed:
            raise word.error(f'{what} "{name}" is not one of {", ".join(allowed)}')
    return names


def _one_of(word: Word, allowed: tuple[str, ...], what: str) -> str:
    if word.text not in allowed:
        raise word.error(f'{what} "{word.text}" is not one of {", ".join(allowed)}')
    return word.text


def _energy(word: Word) -> float:
    if not _NUMBER.fullmatch(word.text) or float(word.text) > 1:
        raise word.error(f'energy "{word.text}" is not a number from 0 to 1')
    return float(word.text)


def _swing(word: Word) -> float:
    if not _NUMBER.fullmatch(word.text) or not 50 <= float(word.text) <= 75:
        raise word.error(f'swing "{word.text}" is not a number from 50 (straight) to 75')
    return float(word.text)


def _sorted_tempo(word: Word) -> tuple[float, float]:
    low, high = tempo_range(word)
    if low > high:
        raise word.error(f"tempo {word.text} has the higher number first")
    return low, high
