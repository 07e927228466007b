"""The lanes of the starter notation: bars between `|` signs, read into notes and wobbles.

The lines around them are read by `corpus.starter.phrases`; the notation is explained in `corpus/starter/README.md`.
"""

import re
from fractions import Fraction

import msgspec

from corpus.starter.text import Bar, NotationError, Word, is_empty
from song.drums import drum_length
from song.notes import RATE_TICKS, Note, Wobble
from song.parts import Part
from song.scales import SCALES
from song.time import QUARTERS_PER_BAR, STEPS_PER_BAR, TICKS_PER_BAR, TICKS_PER_QUARTER, TICKS_PER_STEP

GRID_TICKS = 4
"""Every onset and length is a multiple of this: 24 places a quarter is what the network can hold."""

DEPTH = 0.9
"""The depth of a wobble that gives none."""

ROOTS = {Part.BASS: 36, Part.CHORDS: 60, Part.LEAD: 72}
"""The pitch of degree 1 in C."""

RANGES = {Part.BASS: (31, 64), Part.CHORDS: (48, 84), Part.LEAD: (58, 96)}
"""The lowest and the highest pitch of a part in C, both inclusive."""

_VOICES = {Part.BASS: (1, 1), Part.CHORDS: (2, 5), Part.LEAD: (1, 2)}
_VELOCITIES = {"o": 40, "x": 96, "X": 122, **{str(digit): digit * 14 for digit in range(1, 10)}}
_ACCENTS = {"": 96, "!": 120, "?": 60}
_GROUP_SIZES = (1, 2, 3, 4, 6, 8, 12)
_DEGREE = re.compile(r"([b#]?)(\d{1,2})('*|,*)")
_LENGTH = re.compile(r"\d+/\d+|\d+(?:\.\d+)?")
_RATE = re.compile(r"([^@]+)(?:@(\d+(?:\.\d+)?))?")


def drum_notes(bar: Bar, start_tick: int, pitch: int, swing_percent: float) -> list[Note]:
    """The hits of one bar of a drum lane.

    Args:
        bar: four groups of signs.
        start_tick: where the bar begins.
        pitch: the lane's drum.
        swing_percent: where the second of two sixteenths falls in their eighth; groups of four signs swing, rolls and
            triplets do not. The place is rounded to `GRID_TICKS`, so that the swings there are lie 8.3 apart.

    Raises:
        NotationError: for a wrong number of groups, a group of an odd size, or an unknown sign.
    """
    if is_empty(bar):
        return []
    if len(bar.words) != QUARTERS_PER_BAR:
        raise bar.error(f"a drum bar has four groups, one a beat; this one has {len(bar.words)}")
    late = round(swing_percent / 100 * 2 * TICKS_PER_STEP / GRID_TICKS) * GRID_TICKS - TICKS_PER_STEP
    notes = []
    for beat, word in enumerate(bar.words):
        size = len(word.text)
        if size not in _GROUP_SIZES:
            raise word.error(f"a beat divides into 1, 2, 3, 4, 6, 8 or 12; this group has {size} signs")
        for index, sign in enumerate(word.text):
            if sign == ".":
                continue
            if sign not in _VELOCITIES:
                raise NotationError(word.line, word.column + index, f'sign "{sign}" is not one of . o x X 1-9')
            onset = start_tick + beat * TICKS_PER_QUARTER + index * TICKS_PER_QUARTER // size
            onset += late if size == 4 and index % 2 else 0
            notes.append(Note(onset, pitch, drum_length(pitch), _VELOCITIES[sign]))
    return notes


def pitched_notes(bars: list[Bar], part: Part, scale: str) -> list[Note]:
    """The notes of a `notes` lane, in C.

    Raises:
        NotationError: for a word that cannot be read, a pitch out of the part's range, too many or too few voices, a
            tie to nothing, or a bar whose lengths do not add up to 16.
    """
    notes: list[Note] = []
    sounding = 0
    for index, bar in enumerate(bars):
        at = index * TICKS_PER_BAR
        if is_empty(bar):
            sounding = 0
            continue
        for word in bar.words:
            head, ticks, accent = _split_word(word)
            if head == "~":
                if not sounding:
                    raise word.error("~ goes on with the note before, and there is none")
                if accent:
                    raise word.error("a tied note has no accent of its own: put it where the note starts")
                notes[-sounding:] = [
                    msgspec.structs.replace(note, duration_ticks=note.duration_ticks + ticks)
                    for note in notes[-sounding:]
                ]
            elif head == "r":
                sounding = 0
            else:
                pitches = _pitches(head, word, part, scale)
                notes.extend(Note(at, pitch, ticks, _ACCENTS[accent]) for pitch in pitches)
                sounding = len(pitches)
            at += ticks
        _check_full(bar, at - index * TICKS_PER_BAR)
    return notes


def wobble_stretches(bars: list[Bar], shape: str) -> list[Wobble]:
    """The stretches of a `wobble` lane, whether or not a note sounds under them.

    Raises:
        NotationError: for a word that cannot be read, an unknown rate, a depth over 1, a tie to nothing, or a bar
            whose lengths do not add up to 16.
    """
    wobbles: list[Wobble] = []
    running = False
    for index, bar in enumerate(bars):
        at = index * TICKS_PER_BAR
        if is_empty(bar):
            running = False
            continue
        for word in bar.words:
            head, ticks, accent = _split_word(word)
            if accent:
                raise word.error("a wobble has no accent: @0.6 sets its depth")
            if head == "~":
                if not running:
                    raise word.error("~ goes on with the wobble before, and there is none")
                last = wobbles[-1]
                wobbles[-1] = msgspec.structs.replace(last, duration_ticks=last.duration_ticks + ticks)
            elif head == "r":
                running = False
            else:
                rate, depth = _rate(head, word)
                wobbles.append(Wobble(at, ticks, rate, depth, shape))
                running = True
            at += ticks
        _check_full(bar, at - index * TICKS_PER_BAR)
    return wobbles


def heard(wobbles: list[Wobble], notes: list[Note]) -> tuple[Wobble, ...]:
    """The parts of some wobbles over which a note of a single voice sounds."""
    spans: list[tuple[int, int]] = []
    for note in sorted(notes):
        if spans and spans[-1][1] >= note.onset_tick:
            spans[-1] = (spans[-1][0], note.end_tick)
        else:
            spans.append((note.onset_tick, note.end_tick))
    found = []
    for wobble in wobbles:
        for start, end in spans:
            onset, stop = max(start, wobble.onset_tick), min(end, wobble.end_tick)
            if onset < stop:
                found.append(msgspec.structs.replace(wobble, onset_tick=onset, duration_ticks=stop - onset))
    return tuple(found)


def _split_word(word: Word) -> tuple[str, int, str]:
    """The name in a word, its length in ticks, and its accent."""
    head, colon, length = word.text.rpartition(":")
    accent = length[-1:] if length[-1:] in ("!", "?") else ""
    length = length.removesuffix(accent) if accent else length
    if not colon or not head or not _LENGTH.fullmatch(length):
        raise word.error(f'"{word.text}" is not of the form what:length, such as 1:4, r:2 or 1/8:4')
    try:
        ticks = Fraction(length) * TICKS_PER_STEP
    except ZeroDivisionError:
        raise word.error(f'"{length}" divides by nothing') from None
    if ticks <= 0:
        raise word.error(f'length "{length}" is nothing: leave the word out')
    if ticks % GRID_TICKS:
        raise word.error(f'length "{length}" lies between the places there are: use sixths or halves of a sixteenth')
    return head, int(ticks), accent


def _pitches(head: str, word: Word, part: Part, scale: str) -> list[int]:
    fewest, most = _VOICES[part]
    names = head.split("+")
    if not fewest <= len(names) <= most:
        wanted = {Part.BASS: "one note", Part.CHORDS: "two to five notes", Part.LEAD: "one note or two"}[part]
        raise word.error(f"{len(names)} at once: {part.value} has {wanted} at a time, joined by +")
    low, high = RANGES[part]
    pitches: list[int] = []
    for name in names:
        match = _DEGREE.fullmatch(name)
        degree = int(match[2]) if match else 0
        if not match or not 1 <= degree <= 15:
            raise word.error(f'"{name}" is not a degree from 1 to 15, with b or # before and \' or , after it')
        octave, step = divmod(degree - 1, 7)
        octave += match[3].count("'") - match[3].count(",")
        bent = {"": 0, "b": -1, "#": 1}[match[1]]
        pitch = ROOTS[part] + SCALES[scale][step] + 12 * octave + bent
        if not low <= pitch <= high:
            raise word.error(f'"{name}" is MIDI note {pitch}: {part.value} stays within {low}-{high} in C')
        if pitches and pitch <= pitches[-1]:
            raise word.error(f'"{name}" is not above the note before it: write chords from the lowest to the highest')
        pitches.append(pitch)
    return pitches


def _rate(head: str, word: Word) -> tuple[str, float]:
    match = _RATE.fullmatch(head)
    rate = match[1] if match else head
    if not match or rate not in RATE_TICKS:
        raise word.error(f'"{head}" is not a rate: 1/1, 1/2, 1/4, 1/8, 1/16 or 1/32, with . or T after it, then @depth')
    depth = float(match[2]) if match[2] else DEPTH
    if depth > 1:
        raise word.error(f"depth {match[2]} is over 1")
    return rate, depth


def _check_full(bar: Bar, ticks: int) -> None:
    if ticks != TICKS_PER_BAR:
        steps = Fraction(ticks, TICKS_PER_STEP)
        raise bar.error(f"the lengths add up to {steps}, and a bar is {STEPS_PER_BAR} sixteenths")
