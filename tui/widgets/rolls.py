"""A phrase as lines of characters: drum grid, piano roll, velocities and wobble lane.

Pure: what is here knows phrases and glyphs, and neither widgets nor what is selected.
"""

from typing import NamedTuple

from song.drums import DRUM_ROWS
from song.export.wobble_cc import OPEN, filter_value
from song.notes import RATE_TICKS, Note, Phrase, Wobble
from song.scales import Key, pitch_name
from song.time import QUARTERS_PER_BAR, TICKS_PER_BAR
from tui.glyphs import Glyphs

Characters = list[tuple[str, str]]
"""Characters, one by one, each with its paint."""

_ALWAYS = ("hat", "snare", "kick")
_IN_ROWS = frozenset[int]().union(*(row.pitches for row in DRUM_ROWS))
_MEDIUM, _LOUD = 64, 96


class Line(NamedTuple):
    """A line of the roll: its label, a character for each step of the bars shown, and the pitches that it is of."""

    label: str
    label_paint: str
    characters: Characters
    pitches: frozenset[int] = frozenset()


COLUMNS_A_BAR = (8, 16, 32, 64)
"""Columns that a bar may be drawn in: eighths, sixteenths and so on; 16 where nobody has zoomed."""
USUAL_COLUMNS = 16


class Span(NamedTuple):
    """The bars that are shown.

    Attributes:
        first_bar: counted from 0.
        bars: how many.
        columns: of each, one of `COLUMNS_A_BAR`.
    """

    first_bar: int
    bars: int
    columns: int = USUAL_COLUMNS

    @property
    def steps(self) -> int:
        """Columns shown."""
        return self.bars * self.columns

    @property
    def step_ticks(self) -> int:
        """Ticks in a column."""
        return TICKS_PER_BAR // self.columns

    @property
    def start_tick(self) -> int:
        """The first tick shown."""
        return self.first_bar * TICKS_PER_BAR

    def step_of(self, tick: int) -> int:
        """The column a tick falls in, from 0; below 0 or past the last where it is not shown."""
        return (tick - self.start_tick) // self.step_ticks


def drum_lines(
    phrase: Phrase, span: Span, paint: str, glyphs: Glyphs, rows: int, shown: int | None = None
) -> list[Line]:
    """A drum grid: the drums that the phrase plays, and hat, snare and kick anyway.

    Args:
        shown: a drum that has to be seen, while the phrase is edited; then every drum has a row.
    """
    played = {note.pitch for note in phrase.notes}
    groups = [
        (row.glyph, row.pitches)
        for row in DRUM_ROWS
        if row.glyph in _ALWAYS or played & row.pitches or shown is not None
    ]
    other = frozenset(played - _IN_ROWS)
    if other:
        groups.insert(0, ("perc", other))
    first = max(0, len(groups) - rows)
    if shown is not None:
        first = min(first, next(index for index, (_, pitches) in enumerate(groups) if shown in pitches))
    lines = []
    for name, pitches in groups[first : first + rows]:
        characters = _grid(span, glyphs)
        for note in phrase.notes:
            if note.pitch in pitches:
                _put(characters, span.step_of(note.onset_tick), _hit(note, glyphs), _shade(paint, note))
        lines.append(Line(name, "muted", characters, pitches))
    return lines


def pitch_lines(phrase: Phrase, span: Span, paint: str, glyphs: Glyphs, rows: int, key: Key) -> list[Line]:
    """A piano roll: every semitone of the phrase's range where there are rows enough, else only the pitches it plays.

    Where even those are too many, two pitches share a row, and beyond that the lowest are left out.
    """
    pitches = sorted({note.pitch for note in phrase.notes}, reverse=True)
    if not pitches:
        return [Line("", "faint", _grid(span, glyphs)) for _ in range(rows)]
    chromatic = list(range(pitches[0], pitches[-1] - 1, -1))
    if len(chromatic) <= rows:
        above = (rows - len(chromatic)) // 2
        top = min(127, pitches[0] + above)
        pitches = list(range(top, max(-1, top - rows), -1))
    if len(pitches) <= rows:
        return [_pitch_line(phrase, span, paint, glyphs, pitch, key) for pitch in pitches]
    pairs = [pitches[at : at + 2] for at in range(0, len(pitches), 2)][:rows]
    return [_pair_line(phrase, span, paint, glyphs, pair, key) for pair in pairs]


def window_lines(phrase: Phrase, span: Span, paint: str, glyphs: Glyphs, pitches: range, key: Key) -> list[Line]:
    """A piano roll of every semitone of a range, the first uppermost."""
    return [_pitch_line(phrase, span, paint, glyphs, pitch, key) for pitch in pitches]


def folded_lines(phrase: Phrase, span: Span, paint: str, glyphs: Glyphs, rows: int, key: Key, shown: int) -> list[Line]:
    """A piano roll of the pitches in use alone, and of one that has to be seen.

    Args:
        rows: as many as there is room for; of more pitches those nearest to the one that is shown.
        shown: the pitch where the cursor is.
    """
    pitches = sorted({shown, *(note.pitch for note in phrase.notes)}, reverse=True)
    first = min(max(0, pitches.index(shown) - rows // 2), max(0, len(pitches) - rows))
    return [_pitch_line(phrase, span, paint, glyphs, pitch, key) for pitch in pitches[first : first + rows]]


def velocity_line(phrase: Phrase, span: Span, paint: str, glyphs: Glyphs, pitches: frozenset[int] | None) -> Line:
    """The loudest onset of each column as a height, the highest being 127.

    Args:
        pitches: those that count, or None for all.
    """
    characters = _grid(span, glyphs)
    loudest: dict[int, int] = {}
    for note in phrase.notes:
        step = span.step_of(note.onset_tick)
        if 0 <= step < span.steps and (pitches is None or note.pitch in pitches):
            loudest[step] = max(loudest.get(step, 0), note.velocity)
    for step, velocity in loudest.items():
        characters[step] = (glyphs.levels[velocity * len(glyphs.levels) // 128], paint)
    return Line("vel", "faint", characters)


def onset_line(phrase: Phrase, span: Span, label: str, glyphs: Glyphs) -> Line:
    """When a phrase starts a note, in one row: to be seen under another part."""
    characters = _grid(span, glyphs)
    for note in phrase.notes:
        _put(characters, span.step_of(note.onset_tick), _hit(note, glyphs), "muted")
    return Line(label, "muted", characters)


def with_ghost(lines: list[Line], phrase: Phrase, span: Span, glyphs: Glyphs) -> list[Line]:
    """The lines with another part's notes behind them, where they have its pitches and nothing stands there."""
    drawn = []
    for line in lines:
        characters = list(line.characters)
        for note in phrase.notes:
            if note.pitch in line.pitches:
                for step in _steps(span, note):
                    if characters[step][0] in (" ", glyphs.beat):
                        characters[step] = (glyphs.tail, "faint")
        drawn.append(line._replace(characters=characters))
    return drawn


def with_cursor(lines: list[Line], span: Span, tick: int, pitch: int, marked: tuple[int, int] | None) -> list[Line]:
    """The lines with the cursor at a tick and a pitch or drum, and marked bars behind them.

    Args:
        marked: the first and the last of the marked bars, from 0 at the section's start.
    """
    column, drawn = span.step_of(tick), []
    for line in lines:
        characters = list(line.characters)
        for step in range(len(characters)):
            bar = span.first_bar + step // span.columns
            if marked is not None and marked[0] <= bar <= marked[1]:
                characters[step] = (characters[step][0], f"{characters[step][1]} pick")
        if pitch in line.pitches and 0 <= column < len(characters):
            characters[column] = (characters[column][0], f"{characters[column][1]} cursor")
        drawn.append(line._replace(characters=characters))
    return drawn


def wobble_lines(phrase: Phrase, span: Span, paint: str, glyphs: Glyphs) -> list[Line]:
    """The bass filter's lane: which rate where, how deep, and how far the filter opens, higher being further."""
    rates, depths, curve = _grid(span, glyphs), _grid(span, glyphs), [(" ", "faint")] * span.steps
    onsets = sorted({note.onset_tick for note in phrase.notes})
    for wobble in phrase.wobbles:
        first, last = span.step_of(wobble.onset_tick), span.step_of(wobble.end_tick - 1)
        seen = range(max(0, first), min(span.steps - 1, last) + 1)
        _write(rates, seen, (wobble.rate, wobble.rate.removeprefix("1/")), glyphs.queued)
        _write(depths, seen, (f"{wobble.depth:.0%}", f"{100 * wobble.depth:.0f}"), glyphs.queued)
        for step in seen:
            curve[step] = (_lfo_glyph(wobble, onsets, span.start_tick + step * span.step_ticks, span, glyphs), paint)
    return [Line("rate", "faint", rates), Line("depth", "faint", depths), Line("wobble", "faint", curve)]


def _write(characters: Characters, steps: range, texts: tuple[str, ...], rest: str) -> None:
    """Write the first text that fits over some steps, the rest of them filled; else the filling alone."""
    shown = next((f"{text} " for text in texts if len(text) <= len(steps)), "")
    for at, step in enumerate(steps):
        characters[step] = (shown[at], "muted") if at < len(shown) else (rest, "faint")


def _lfo_glyph(wobble: Wobble, onsets: list[int], tick: int, span: Span, glyphs: Glyphs) -> str:
    """The filter's height at a column; one or two waves where as many cycles fall into it."""
    period = RATE_TICKS[wobble.rate]
    if period < 2 * span.step_ticks:
        return glyphs.waves[0] if period >= span.step_ticks else glyphs.waves[1]
    start = max([wobble.onset_tick, *(onset for onset in onsets if wobble.onset_tick <= onset <= tick)])
    value = filter_value(wobble, max(0, tick - start) % period)
    return glyphs.levels[min(len(glyphs.levels) - 1, value * len(glyphs.levels) // (OPEN + 1))]


def _pitch_line(phrase: Phrase, span: Span, paint: str, glyphs: Glyphs, pitch: int, key: Key) -> Line:
    characters = _grid(span, glyphs)
    for note in phrase.notes:
        if note.pitch == pitch:
            _draw_note(characters, span, note, _hit(note, glyphs), glyphs.tail, paint)
    return Line(pitch_name(pitch, key), _label_paint(pitch, key), characters, frozenset({pitch}))


def _pair_line(phrase: Phrase, span: Span, paint: str, glyphs: Glyphs, pair: list[int], key: Key) -> Line:
    characters = _grid(span, glyphs)
    upper, lower, both = (glyphs.halves[index] for index in range(3))
    for note in phrase.notes:
        if note.pitch in pair:
            own, other = (upper, lower) if note.pitch == pair[0] else (lower, upper)
            for step in _steps(span, note):
                mixed = both if characters[step][0] in (other, both) else own
                characters[step] = (mixed, _shade(paint, note))
    return Line(pitch_name(pair[-1], key), _label_paint(pair[-1], key), characters)


def _label_paint(pitch: int, key: Key) -> str:
    if pitch % 12 == key.tonic_class:
        return "strong"
    return "muted" if pitch % 12 in key.pitch_classes() else "faint"


def _steps(span: Span, note: Note) -> range:
    first, last = span.step_of(note.onset_tick), span.step_of(note.end_tick - 1)
    return range(max(0, first), min(span.steps - 1, last) + 1)


def _draw_note(characters: Characters, span: Span, note: Note, head: str, tail: str, paint: str) -> None:
    onset = span.step_of(note.onset_tick)
    for step in _steps(span, note):
        characters[step] = (head if step == onset else tail, _shade(paint, note))


def _put(characters: Characters, step: int, glyph: str, paint: str) -> None:
    if 0 <= step < len(characters):
        characters[step] = (glyph, paint)


def _shade(paint: str, note: Note) -> str:
    """A soft note is paler, a loud one bold."""
    if note.velocity < _MEDIUM:
        return paint.replace("kind-", "shade-")
    return f"{paint} strong" if note.velocity >= _LOUD else paint


def _hit(note: Note, glyphs: Glyphs) -> str:
    return glyphs.hits[(note.velocity >= _MEDIUM) + (note.velocity >= _LOUD)]


def _grid(span: Span, glyphs: Glyphs) -> Characters:
    columns_a_beat = span.columns // QUARTERS_PER_BAR
    return [(glyphs.beat if step % columns_a_beat == 0 else " ", "faint") for step in range(span.steps)]
