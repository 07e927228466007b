"""Inputs of a step beside the event before it: columns of small integers with their sizes, look-back, style and tempo.

The same table describes training batches and the state of the sampler. Bars get their values in `bar_conditions`.
Imports NumPy but no JAX.
"""

import numpy as np

from corpus.analysis.repeats import LABELS as LABELS
from corpus.analysis.repeats import LAGS as LAGS
from corpus.analysis.repeats import NEW as NEW
from corpus.analysis.repeats import SAME_LABELS as SAME_LABELS
from corpus.analysis.repeats import SAME_RHYTHM as SAME_RHYTHM
from corpus.analysis.repeats import SIMILAR as SIMILAR
from corpus.analysis.repeats import Bar, label_bars
from model.language.events import (
    BAR,
    DURATION,
    FIRST_DRUM,
    HOLD,
    NEXT_BAR,
    NO_WOBBLE,
    PITCH,
    PITCH_TOKENS,
    PLACE,
    POSITION,
    POSITION_TOKENS,
    POSITIONS,
    REST_SIZES,
    SAME_ONSET,
    VELOCITY,
)
from song.drums import BACKBEAT_DRUMS, KICK, LEARNED_DRUMS
from song.parts import PARTS, Part
from song.sections import SectionKind
from song.styles import STYLES

NO_POSITION = POSITION_TOKENS
NO_PITCH = PITCH_TOKENS
"""The values for "nothing there" in look-back."""
MATCH_LIMIT = 8

KINDS = tuple(SectionKind)
"""Section kinds; kind i is value i + 1 of its condition, 0 being unknown."""

MAX_QUOTA = 32
HIDDEN_QUOTA = MAX_QUOTA + 1

BAR_COLUMNS = {
    "kind": len(KINDS) + 1,
    "phrase_place": 8,
    "section_place": 17,
    "bars_left": 10,
    "label": len(LABELS),
    "wobble_wanted": 3,
    "feel": 4,
    "mode": 3,
}
"""Conditions that hold for a bar, each with its number of values; 0 is unknown but for phrase_place (bar modulo 8)."""
HALF_TIME, BACKBEAT, OTHER_FEEL = 1, 2, 3
"""Feels of a bar of drums: a snare on 3 alone, on 2 and 4, or elsewhere."""
MINOR, MAJOR = 1, 2
STEP_COLUMNS = {"quota": HIDDEN_QUOTA + 1, "remaining": HIDDEN_QUOTA + 1}
"""Conditions that change within a bar: onsets wanted in it, and how many of them are still to come."""
KICK_TOKEN = FIRST_DRUM + LEARNED_DRUMS.index(KICK)
"""Pitch token of the kick, below those of all other drums."""
BACKBEAT_TOKENS = tuple(FIRST_DRUM + place for place, pitch in enumerate(LEARNED_DRUMS) if pitch in BACKBEAT_DRUMS)
"""Pitch tokens of what plays a backbeat: rim, snare, clap, second snare."""
_LOUD = 3
"""The first velocity bin that is no ghost note: 48 and louder."""
NEAR_BEAT = 2
"""Positions that a drummer may be off the beat: a sixty-fourth and a bit."""


def part_index(part: Part) -> int:
    """The part's place in its condition."""
    return PARTS.index(part)


def style_vector(style: dict[str, float]) -> np.ndarray:
    """Shares of styles: float32 (STYLES,); all zero where the style is unknown."""
    return np.array([style.get(name, 0.0) for name in STYLES], np.float32)


def tempo_features(tempo_bpm: float) -> np.ndarray:
    """A tempo, in quarters a minute, as two smooth numbers: float32 (2,).

    Its distance from 120 in octaves, and a 1 that says that it is known: an unknown tempo is two zeros.
    """
    return np.array([np.log2(tempo_bpm / 120), 1.0], np.float32)


def event_keys(events: np.ndarray) -> np.ndarray:
    """Sort keys within a bar, (N,): place and pitch in one number; a bar line comes last.

    Args:
        events: int (N, COLUMNS).
    """
    is_bar_line = events[:, POSITION] == NEXT_BAR
    return np.where(is_bar_line, 1 << 20, events[:, PLACE].astype(np.int32) * 256 + events[:, PITCH])


def look_back(events: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For each event and lag, the event that would come if the part went on as it did that many bars ago.

    The part has reached some place of a bar; the aligned event is the next one after that place, in the bar `lag`
    earlier: a note, or that bar's line.

    Args:
        events: int array, shape (N, COLUMNS); the bars count from the start of what is known of the part.

    Returns:
        aligned: int32 (N, L), the index of the aligned event as seen when event n is about to be chosen, -1 where the
            part was not there yet.
        position: int32 (N, L), the position token it would be now (NO_POSITION where aligned is -1).
        match: int32 (N, L), how many events in a row, up to MATCH_LIMIT, have gone as that lag foretold.
    """
    N, L = len(events), len(LAGS)
    keys, bars = event_keys(events), events[:, BAR].astype(np.int32)
    order = bars.astype(np.int64) * (1 << 21) + keys  # increases strictly along the part
    # What has been reached before event n: the event before it in the same bar, or the start of the bar.
    reached = np.full(N, -1, np.int64)
    reached[1:] = np.where(bars[1:] == bars[:-1], keys[:-1], -1)
    reached_place = np.where(reached < 0, -1, reached // 256)
    aligned = np.full((N, L), -1, np.int32)
    position = np.full((N, L), NO_POSITION, np.int32)
    match = np.zeros((N, L), np.int32)
    for column, lag in enumerate(LAGS):
        known = bars >= lag
        wanted = (bars - lag).astype(np.int64) * (1 << 21) + reached + 1
        found = np.searchsorted(order, wanted)
        aligned[known, column] = found[known]
        at = np.minimum(found, N - 1)
        token = np.where(events[at, POSITION] == NEXT_BAR, NEXT_BAR, events[at, PLACE])
        token = np.where((token != NEXT_BAR) & (token == reached_place), SAME_ONSET, token)
        position[known, column] = token[known]
        agrees = known & (position[:, column] == events[:, POSITION])
        agrees &= (events[:, POSITION] == NEXT_BAR) | (events[at, PITCH] == events[:, PITCH])
        run = 0
        for n in range(1, N):
            run = min(run + 1, MATCH_LIMIT) if agrees[n - 1] else 0
            match[n, column] = run
    return aligned, position, match


def bar_onsets(events: np.ndarray, bars: int) -> np.ndarray:
    """Distinct onsets of notes in each bar, holds not counted: int32 (bars,).

    Args:
        events: int (N, COLUMNS).
        bars: bars to count.
    """
    starts = (events[:, POSITION] < SAME_ONSET) & (events[:, PITCH] != HOLD)
    return np.bincount(events[starts, BAR], minlength=bars)[:bars].astype(np.int32)


def onsets_used(events: np.ndarray) -> np.ndarray:
    """Onsets of its bar before each event, holds not counted: int32 (N,).

    Args:
        events: int (N, COLUMNS), in order.
    """
    starts = ((events[:, POSITION] < SAME_ONSET) & (events[:, PITCH] != HOLD)).astype(np.int32)
    before = np.cumsum(starts) - starts
    bars = events[:, BAR]
    first_of_bar = np.r_[True, bars[1:] != bars[:-1]]
    bar_base = np.maximum.accumulate(np.where(first_of_bar, before, 0))
    return (before - bar_base).astype(np.int32)


def bar_feels(events: np.ndarray, bars: int) -> np.ndarray:
    """The feel of each bar of drums, by where its loud snares, claps and rims fall: int32 (bars,).

    Args:
        events: int (N, COLUMNS), of drums.
        bars: bars to look at.
    """
    loud = (
        np.isin(events[:, PITCH], BACKBEAT_TOKENS) & (events[:, POSITION] != NEXT_BAR) & (events[:, VELOCITY] >= _LOUD)
    )
    on_2, on_3, on_4 = (_struck(events, loud, beat, bars) for beat in (1, 2, 3))
    return np.where(on_3 & ~on_2 & ~on_4, HALF_TIME, np.where(on_2 & on_4, BACKBEAT, OTHER_FEEL)).astype(np.int32)


def bar_kicks(events: np.ndarray, bars: int) -> np.ndarray:
    """Beats on which each bar of drums has a kick: bool (bars, 4).

    Args:
        events: int (N, COLUMNS), of drums.
        bars: bars to look at.
    """
    kicks = (events[:, PITCH] == KICK_TOKEN) & (events[:, POSITION] != NEXT_BAR)
    return np.stack([_struck(events, kicks, beat, bars) for beat in range(4)], axis=1)


def _struck(events: np.ndarray, drums: np.ndarray, beat: int, bars: int) -> np.ndarray:
    near = drums & (np.abs(events[:, PLACE] - beat * POSITIONS // 4) <= NEAR_BEAT)
    return np.bincount(events[near, BAR], minlength=bars)[:bars] > 0


def repeat_labels(events: np.ndarray, bars: int) -> np.ndarray:
    """The repeat label of each bar, of `corpus.analysis.repeats`: int32 (bars,), values of `LABELS` but "hidden".

    Args:
        events: int (N, COLUMNS).
        bars: bars to label.
    """
    contents: list[Bar] = []
    is_note = events[:, POSITION] != NEXT_BAR
    for bar in range(bars):
        rows = events[is_note & (events[:, BAR] == bar)]
        contents.append(frozenset(zip(rows[:, PLACE].tolist(), rows[:, PITCH].tolist(), strict=True)))
    return np.array(label_bars(contents), np.int32)


def note_pitch(events: np.ndarray) -> np.ndarray:
    """The pitch tokens of events, NO_PITCH for bar lines: (N,).

    Args:
        events: int (N, COLUMNS).
    """
    return np.where(events[:, POSITION] == NEXT_BAR, NO_PITCH, events[:, PITCH])


def known_rest(part: Part, events: np.ndarray, velocity_known: bool, wobble_known: bool) -> np.ndarray:
    """Duration, velocity, wobble and depth of events, each its own size where it means nothing or is not known.

    Args:
        part: whose events they are.
        events: int16 (N, COLUMNS).
        velocity_known: whether velocities mean anything.
        wobble_known: whether a bass without wobbles truly has none.

    Returns:
        int16 array (N, 4).
    """
    rest = events[:, DURATION : DURATION + 4].copy()
    nothing = np.array(REST_SIZES, np.int16)
    is_note = (events[:, POSITION] != NEXT_BAR) & (events[:, PITCH] != HOLD)
    is_bar_line = events[:, POSITION] == NEXT_BAR
    rest[~is_note, :2] = nothing[:2]
    if part is Part.DRUMS:
        rest[:, 0] = nothing[0]
    if not velocity_known:
        rest[:, 1] = nothing[1]
    if part is not Part.BASS or not wobble_known:
        rest[:, 2:] = nothing[2:]
    rest[is_bar_line, 2:] = nothing[2:]
    rest[rest[:, 2] == NO_WOBBLE, 3] = nothing[3]
    return rest


def section_place(bar: int) -> int:
    """The condition for a bar's place in its section, counted from 0; 0 would be unknown."""
    return 1 + min(bar, BAR_COLUMNS["section_place"] - 2)


def bars_left(left: int) -> int:
    """The condition for the bars left in a section, the present one included; 0 would be unknown."""
    return min(left, BAR_COLUMNS["bars_left"] - 1)


def quota_columns(onsets: np.ndarray, events: np.ndarray, used: np.ndarray) -> np.ndarray:
    """Onsets wanted in the bar of each event, MAX_QUOTA at most, and those still to come: int16 (N, 2).

    Args:
        onsets: int (bars,), onsets of each bar.
        events: int (N, COLUMNS).
        used: int (N,), onsets of the bar before each event, as `onsets_used` counts them.
    """
    quota = np.minimum(onsets[events[:, BAR]], MAX_QUOTA)
    return np.stack([quota, np.maximum(quota - used, 0)], axis=1).astype(np.int16)
