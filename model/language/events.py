"""The network's language: a phrase as a row of events, and back.

One event is one step of the LSTM: a note, a change of wobble under a held note ("hold"), or a bar line. Each event is
a row of small integers, the columns below. Pitches of bass, chords and lead are shifted so that the tonic is C and the
part lies in its usual octave; drums have tokens of their own. Imports NumPy but no JAX.
"""

import itertools
from collections.abc import Sequence

import numpy as np

from song.drums import LEARNED_DRUMS, drum_length
from song.notes import RATES, Note, Phrase, Wobble, cut_overlaps
from song.parts import Part
from song.time import TICKS_PER_BAR

TICKS_PER_POSITION = 4
POSITIONS = TICKS_PER_BAR // TICKS_PER_POSITION
"""Places in a bar where a note may start: 24 a quarter, so that sixteenths, triplets and thirty-seconds have one."""

SAME_ONSET = POSITIONS
NEXT_BAR = POSITIONS + 1
POSITION_TOKENS = POSITIONS + 2

FIRST_DRUM = 128
HOLD = FIRST_DRUM + len(LEARNED_DRUMS)
PITCH_TOKENS = HOLD + 1

DURATION_TICKS = (8, 12, 16, 24, 32, 36, 48, 64, 72, 96, 128, 144, 192, 240, 288, 384, 576, 768)

VELOCITY_BINS = 8
VELOCITY_STEP = 16
NO_WOBBLE = 0
WOBBLE_TOKENS = 1 + len(RATES)
DEPTHS = (0.25, 0.5, 0.75, 1.0)

REST_SIZES = (len(DURATION_TICKS), VELOCITY_BINS, WOBBLE_TOKENS, len(DEPTHS))
"""Values of duration, velocity, wobble and depth: what an event has beside its position and pitch."""

POSITION, PITCH, DURATION, VELOCITY, WOBBLE, DEPTH, BAR, PLACE = range(8)
"""Columns of an event: position token, pitch token, duration, velocity, wobble and depth bins, the bar it stands in
(a bar line stands in the bar it closes), and its place 0-95 in that bar (-1 for a bar line)."""
COLUMNS = 8

_DRUM_TOKEN = {pitch: FIRST_DRUM + index for index, pitch in enumerate(LEARNED_DRUMS)}
_LOG_DURATIONS = np.log(DURATION_TICKS)
_RATE_TOKEN = {rate: index + 1 for index, rate in enumerate(RATES)}

_HOME_PITCH = {Part.BASS: 42, Part.CHORDS: 64, Part.LEAD: 76}
"""Where the median pitch of a part is folded to, by octaves, when learning; what the starter set is written around."""


def octave_fold(part: Part, pitches: Sequence[int]) -> int:
    """Semitones, a multiple of 12, that bring the median of a part's pitches nearest to where the part usually lies."""
    if part is Part.DRUMS or not pitches:
        return 0
    return 12 * round((_HOME_PITCH[part] - float(np.median(pitches))) / 12)


def encode_phrase(part: Part, phrase: Phrase, shift: int) -> np.ndarray:
    """A phrase as events, one bar line closing each bar.

    Args:
        part: whose phrase it is.
        shift: semitones added to every pitch first; what then lies outside 0-127 moves by octaves.

    Returns:
        int16 array, shape (events, COLUMNS), ordered by bar, place and pitch.
    """
    rows: dict[tuple[int, int, int], tuple[int, ...]] = {}
    for note in phrase.notes:
        pitch = _pitch_token(part, note.pitch + (0 if part is Part.DRUMS else shift))
        place = round(note.onset_tick / TICKS_PER_POSITION)
        if pitch is None or place >= phrase.bars * POSITIONS:
            continue
        bar, place = divmod(place, POSITIONS)
        wobble, depth = _wobble_at(phrase.wobbles, note.onset_tick)
        rows[bar, place, pitch] = (
            _duration_bin(note.duration_ticks), min(note.velocity // VELOCITY_STEP, VELOCITY_BINS - 1), wobble, depth,
        )  # fmt: skip
    if part is Part.BASS:
        _add_holds(rows, phrase)
    events: list[tuple[int, ...]] = []
    closed, last_place = 0, -1
    for bar, place, pitch in sorted(rows):
        while closed < bar:
            events.append((NEXT_BAR, 0, 0, 0, 0, 0, closed, -1))
            closed, last_place = closed + 1, -1
        position = SAME_ONSET if place == last_place else place
        events.append((position, pitch, *rows[bar, place, pitch], bar, place))
        last_place = place
    events.extend((NEXT_BAR, 0, 0, 0, 0, 0, bar, -1) for bar in range(closed, phrase.bars))
    return np.array(events, np.int16).reshape(-1, COLUMNS)


def decode_events(part: Part, events: np.ndarray, bars: int, shift: int, depth: float, shape: str) -> Phrase:
    """The phrase that a row of events stands for.

    Args:
        part: whose phrase it is.
        events: int array, shape (events, COLUMNS); positions past the last bar line are ignored.
        bars: bars of the phrase.
        shift: semitones added to every pitch.
        depth: wobble depth, 0-1, that the deepest depth bin means.
        shape: the wobbles' shape.
    """
    end = bars * TICKS_PER_BAR
    notes: list[Note] = []
    changes: list[tuple[int, int, float]] = []
    for row in events.tolist():
        if row[POSITION] == NEXT_BAR or row[BAR] >= bars:
            continue
        onset = (row[BAR] * POSITIONS + row[PLACE]) * TICKS_PER_POSITION
        if part is Part.BASS:
            changes.append((onset, row[WOBBLE], depth * DEPTHS[row[DEPTH]]))
        if row[PITCH] == HOLD:
            continue
        velocity = min(row[VELOCITY] * VELOCITY_STEP + VELOCITY_STEP // 2, 127)
        if part is Part.DRUMS:
            drum = LEARNED_DRUMS[row[PITCH] - FIRST_DRUM]
            notes.append(Note(onset, drum, drum_length(drum), velocity))
        else:
            notes.append(Note(onset, row[PITCH] + shift, DURATION_TICKS[row[DURATION]], velocity))
    if part is not Part.DRUMS:
        notes = _one_after_another(notes)
    kept = cut_overlaps(tuple(notes), end)
    return Phrase(bars, kept, _wobbles(changes, kept, shape))


def _pitch_token(part: Part, pitch: int) -> int | None:
    if part is Part.DRUMS:
        return _DRUM_TOKEN.get(pitch)
    while pitch < 0:
        pitch += 12
    while pitch > 127:
        pitch -= 12
    return pitch


def _duration_bin(ticks: int) -> int:
    return int(np.argmin(np.abs(_LOG_DURATIONS - np.log(max(ticks, 1)))))


def _wobble_at(wobbles: Sequence[Wobble], tick: int) -> tuple[int, int]:
    for wobble in wobbles:
        if wobble.onset_tick <= tick < wobble.end_tick:
            return _RATE_TOKEN[wobble.rate], _depth_bin(wobble.depth)
    return NO_WOBBLE, 0


def _depth_bin(depth: float) -> int:
    return int(np.argmin(np.abs(np.array(DEPTHS) - depth)))


def _add_holds(rows: dict[tuple[int, int, int], tuple[int, ...]], phrase: Phrase) -> None:
    """Put a hold event wherever the wobble changes while a bass note goes on."""
    edges = sorted({tick for wobble in phrase.wobbles for tick in (wobble.onset_tick, wobble.end_tick)})
    for note in phrase.notes:
        current = _wobble_at(phrase.wobbles, note.onset_tick)
        for tick in edges:
            if not note.onset_tick < tick < note.end_tick:
                continue
            wobble = _wobble_at(phrase.wobbles, tick)
            bar, place = divmod(round(tick / TICKS_PER_POSITION), POSITIONS)
            if wobble != current and bar < phrase.bars:
                rows[bar, place, HOLD] = (0, 0, *wobble)
                current = wobble


def _one_after_another(notes: list[Note]) -> list[Note]:
    """The notes, each cut where the next onset comes: a bass or a lead has one voice, and chords do not smear."""
    onsets = sorted({note.onset_tick for note in notes})
    following = dict(itertools.pairwise(onsets))
    return [
        note
        if note.end_tick <= following.get(note.onset_tick, note.end_tick)
        else Note(note.onset_tick, note.pitch, following[note.onset_tick] - note.onset_tick, note.velocity)
        for note in notes
    ]


def _wobbles(changes: list[tuple[int, int, float]], notes: Sequence[Note], shape: str) -> tuple[Wobble, ...]:
    """A wobble for each stretch of a note under one rate; `changes` are (tick, wobble token, depth), in order."""
    ends = {note.onset_tick: note.end_tick for note in notes}
    wobbles, note_end = [], 0
    for index, (tick, token, depth) in enumerate(changes):
        note_end = ends.get(tick, note_end)
        until = min(note_end, changes[index + 1][0] if index + 1 < len(changes) else note_end)
        if token != NO_WOBBLE and depth > 0 and until > tick:
            wobbles.append(Wobble(tick, until - tick, RATES[token - 1], round(depth, 3), shape))
    return tuple(wobbles)
