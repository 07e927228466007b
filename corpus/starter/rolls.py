"""Starter phrases and tracks drawn with characters, for a person to read in a terminal."""

from collections.abc import Mapping, Sequence
from math import ceil

from corpus.starter.phrases import StarterPhrase
from corpus.starter.pieces import track_piece
from corpus.starter.tracks import PhraseRun, StarterTrack
from song.drums import LANES
from song.notes import Note
from song.parts import PART_SPECS, PARTS, Part
from song.scales import FLAT_NAMES
from song.time import QUARTERS_PER_BAR, TICKS_PER_QUARTER, ticks_to_bar

LEVELS = "▁▂▃▄▅▆▇█"
"""Signs for the velocity of a drum and for the onsets of a bar, from the least to the most."""
_GRIDS = (4, 6, 8, 12)
"""Columns a quarter that a roll may have; finer places than twelfths stand in the column they fall in."""
_LABEL_WIDTH = 10


def phrase_roll(phrase: StarterPhrase, width: int = 100) -> list[str]:
    """The lines of a picture of a phrase: a row for each drum or pitch, with 1, 2, 4 or 8 bars side by side.

    A drum is a block as high as it is loud. A note is █ where it starts (▓ at a plain velocity, ▒ a soft one) and ─
    where it is held. Under a bass stands the wobble: each rate where it sets in, without its "1/".
    """
    grid = _grid(phrase)
    columns = grid * QUARTERS_PER_BAR
    beside = max(bars for bars in (1, 2, 4, 8) if bars == 1 or _LABEL_WIDTH + 1 + bars * (columns + 1) <= width)
    rows = _drum_rows(phrase, grid) if phrase.part is Part.DRUMS else _pitch_rows(phrase, grid)
    if phrase.phrase.wobbles:
        rows["wobble"] = _wobble_row(phrase, grid)
    lines = []
    for first in range(0, phrase.phrase.bars, beside):
        bars = range(first, min(first + beside, phrase.phrase.bars))
        numbers = "".join(f" {f'bar {bar + 1}':<{columns}}" for bar in bars)
        lines.append(" " * _LABEL_WIDTH + numbers.rstrip())
        for label, signs in rows.items():
            pieces = [signs[bar * columns : (bar + 1) * columns] for bar in bars]
            if all(sign in "· " for piece in pieces for sign in piece):
                continue
            lines.append(f"{label:<{_LABEL_WIDTH}}|" + "|".join("".join(piece) for piece in pieces) + "|")
        lines.append("")
    return lines[:-1]


def track_form(track: StarterTrack, phrases: Mapping[str, StarterPhrase]) -> list[str]:
    """The lines of a track's form: its sections, and a row a part with one block a bar, as high as the bar is busy.

    Args:
        track: the track.
        phrases: the phrases that it plays, by name.
    """
    piece = track_piece(track, phrases)
    styles = ", ".join(track.styles)
    lines = [f"track {track.name}: {styles}, {track.key}, {track.tempo_bpm:g} BPM, {piece.bars} bars"]
    widest = max(section.bars + ceil(section.bars / 4) for section in track.sections)
    start = 0
    for section in track.sections:
        low, high = section.tempo_bpm
        tempo = f"{low:g}" if low == high else f"{low:g}-{high:g}"
        lines += ["", f"bar {start + 1:<4} {section.kind} {section.bars}, {tempo} BPM"]
        for part in PARTS:
            if part not in section.parts:
                continue
            onsets = {note.onset_tick for note in piece.parts[part].notes} if part in piece.parts else set()
            blocks = _bar_blocks(onsets, part, start, section.bars)
            lines.append(f"  {part:<7} {blocks:<{widest}} {_line_text(section.parts[part])}")
        start += section.bars
    return lines


def _grid(phrase: StarterPhrase) -> int:
    """The fewest columns a quarter in which every note and wobble has a place, or the most there are."""
    if phrase.phrase.wobbles:
        return _GRIDS[-1]
    ticks = {note.onset_tick for note in phrase.phrase.notes}
    return next((grid for grid in _GRIDS if all(tick * grid % TICKS_PER_QUARTER == 0 for tick in ticks)), _GRIDS[-1])


def _empty_row(phrase: StarterPhrase, grid: int) -> list[str]:
    beat = ["·", *[" "] * (grid - 1)]
    return beat * QUARTERS_PER_BAR * phrase.phrase.bars


def _column(tick: int, grid: int) -> int:
    return tick * grid // TICKS_PER_QUARTER


def _drum_rows(phrase: StarterPhrase, grid: int) -> dict[str, list[str]]:
    lanes = {pitch: name for name, pitch in LANES.items()}
    played = {note.pitch for note in phrase.phrase.notes}
    rows = {lanes[pitch]: _empty_row(phrase, grid) for pitch in lanes if pitch in played}
    for note in phrase.phrase.notes:
        rows[lanes[note.pitch]][_column(note.onset_tick, grid)] = LEVELS[(note.velocity - 1) * len(LEVELS) // 127]
    return rows


def _pitch_rows(phrase: StarterPhrase, grid: int) -> dict[str, list[str]]:
    notes = phrase.phrase.notes
    rows = {pitch: _empty_row(phrase, grid) for pitch in sorted({note.pitch for note in notes}, reverse=True)}
    for note in notes:
        first, last = _column(note.onset_tick, grid), _column(note.end_tick - 1, grid)
        rows[note.pitch][first : last + 1] = [_onset_sign(note), *"─" * (last - first)]
    return {f"{FLAT_NAMES[pitch % 12]}{pitch // 12 - 1}": row for pitch, row in rows.items()}


def _onset_sign(note: Note) -> str:
    return "█" if note.velocity > 108 else "▓" if note.velocity > 78 else "▒"


def _wobble_row(phrase: StarterPhrase, grid: int) -> list[str]:
    row = [" "] * grid * QUARTERS_PER_BAR * phrase.phrase.bars
    before = None
    for wobble in phrase.phrase.wobbles:
        first, last = _column(wobble.onset_tick, grid), _column(wobble.end_tick - 1, grid)
        goes_on = before is not None and before.rate == wobble.rate and before.end_tick == wobble.onset_tick
        name = "" if goes_on else wobble.rate.removeprefix("1/")
        row[first : last + 1] = list(name.ljust(last - first + 1, "~")[: last - first + 1])
        before = wobble
    return row


def _bar_blocks(onsets: set[int], part: Part, start_bar: int, bars: int) -> str:
    """One block a bar, a space after every fourth; a bar without an onset is a dot."""
    counts = [0] * bars
    for tick in onsets:
        bar = ticks_to_bar(tick) - start_bar
        if 0 <= bar < bars:
            counts[bar] += 1
    highest = PART_SPECS[part].high_onsets
    blocks = [LEVELS[min(7, int(count * 8 / (highest + 1)))] if count else "·" for count in counts]
    return " ".join("".join(blocks[at : at + 4]) for at in range(0, bars, 4))


def _line_text(line: Sequence[PhraseRun]) -> str:
    return " ".join((played.name or "rest") + (f"*{played.times}" if played.times > 1 else "") for played in line)
