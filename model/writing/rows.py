"""Takes to be sampled: the constraints of each as a row, and of many side by side as the compiled loop takes them."""

from collections.abc import Sequence
from typing import NamedTuple

import jax
import msgspec
import numpy as np

from model.language.conditions import BAR_COLUMNS, MAX_QUOTA, part_index
from model.language.events import NO_WOBBLE, REST_SIZES
from model.language.frames import FRAMES_A_BAR, MARGIN_BARS
from model.writing.backbeat_masks import held_beats
from model.writing.folded_network import CHOICES, WIDEST, ConditionTables, SurroundingTerms
from model.writing.harmony import CellHarmony
from song.limits import MAX_BARS
from song.parts import Part

FRAME_SIZES = tuple((bars + 2 * MARGIN_BARS) * FRAMES_A_BAR for bars in (16, MAX_BARS))
"""Numbers of frames that a batch may have: few, so that few programs are compiled."""
FEEL, LABEL = (list(BAR_COLUMNS).index(name) for name in ("feel", "label"))
_WOBBLE = 2
"""The place of the wobble among the choices."""


class TakeRow(msgspec.Struct, frozen=True):
    """One take to be sampled.

    Attributes:
        seed: 32 bits that no other row of the fill shares.
        part: index of the part.
        bars: bars to write, 1-128.
        quotas: int (bars,), onsets a bar.
        limits: int (bars,), first position of each bar without onsets.
        follows: int (bars,), bars back that each bar has its rhythm from, or 0.
        conditions: int (bars, columns of BAR_COLUMNS).
        kicks: bool (bars, 4), beats of drums that are to have a kick.
        frames: float16 ((bars + 2 * MARGIN_BARS or more) * FRAMES_A_BAR, FRAME_COLUMNS), what is seen of the music
            around.
        kept: bool (bars,), bars that stay as they are.
        kept_events: int (events, 6), what stands in the kept bars: position, pitch and rest as training has them.
        style: float32 (STYLES,), as `conditions.style_vector` gives it, turned up or not.
        tempo: float32 (2,), as `conditions.tempo_features` gives it.
        harmony: pitches allowed, and those that are leant on, chord by chord.
        wobbles: bool (WOBBLE_TOKENS,), wobbles allowed.
        drum_prior: float32 (POSITION_TOKENS,) and (SIXTEENTHS, PITCH_TOKENS), terms added to the logits of positions
            and of pitches, as `drum_prior_logits` gives them.
        polyphony: most notes on one onset.
        temperature: above 0.
    """

    seed: int
    part: int
    bars: int
    quotas: np.ndarray
    limits: np.ndarray
    follows: np.ndarray
    conditions: np.ndarray
    kicks: np.ndarray
    frames: np.ndarray
    kept: np.ndarray
    kept_events: np.ndarray
    style: np.ndarray
    tempo: np.ndarray
    harmony: CellHarmony
    wobbles: np.ndarray
    drum_prior: tuple[np.ndarray, np.ndarray]
    polyphony: int
    temperature: float


class BatchConstraints(NamedTuple):
    """The rows' constraints as arrays, (B, ...).

    Attributes:
        seed: uint32 (B,), as of `TakeRow`, and so where nothing is said.
        bars: int32 (B,).
        by_bar: int32 (B, bars, 8), quota, limit, held beats (`held_beats`), 1 where the bar stays, repeat label,
            bars back that it has its rhythm from or 0, and the chord of each half.
        gates: float32 (B, bars, Z), the terms that the conditions add to the gates of the first layer.
        pitches: bool (B, CHORD_SLOTS, PITCH_TOKENS), as of `CellHarmony`, as are `lean`, `apart` (B, CHORD_SLOTS),
            `beats` (B, SIXTEENTHS), `passing` (B, PITCH_TOKENS) and `motion` (B, 2).
        highest: int32 (B, CHORD_SLOTS), the highest pitch allowed, -1 where none is.
        choices: bool (B, CHOICES, WIDEST), which durations, velocities, wobbles and depths are allowed.
        prior_position, prior_pitch: float32 (B, POSITION_TOKENS) and (B, SIXTEENTHS, PITCH_TOKENS).
        polyphony: int32 (B,).
        temperature: float32 (B,).
        is_drums, is_bass: bool (B,), the part.
        may_wobble: bool (B,), whether any wobble is allowed.
        kept_events: int32 (B, events, 6).
        around: the terms of the music around; None where the network has no eye for it.
    """

    seed: jax.Array
    bars: jax.Array
    by_bar: jax.Array
    gates: jax.Array
    pitches: jax.Array
    lean: jax.Array
    apart: jax.Array
    beats: jax.Array
    passing: jax.Array
    motion: jax.Array
    highest: jax.Array
    choices: jax.Array
    prior_position: jax.Array
    prior_pitch: jax.Array
    polyphony: jax.Array
    temperature: jax.Array
    is_drums: jax.Array
    is_bass: jax.Array
    may_wobble: jax.Array
    kept_events: jax.Array
    around: SurroundingTerms | None


def batch_size(count: int) -> int:
    """The size at which so many are computed at once: few sizes, so that few programs are compiled; one has its own."""
    return 1 if count == 1 else max(4, 1 << (count - 1).bit_length())


def idle_row(row: TakeRow) -> TakeRow:
    """A row beside another that has nothing to write."""
    return msgspec.structs.replace(row, bars=0)


def stack_rows(rows: Sequence[TakeRow], tables: ConditionTables) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Put rows side by side.

    Returns:
        The fields of `BatchConstraints`, but of `around` only which of the surroundings are a row's, int32 (B,).
        float16 (U, F, FRAME_COLUMNS), the frames of these: those that several rows share stand there once.
    """
    most_frames, most_kept = (
        max(map(len, column)) for column in ([r.frames for r in rows], [r.kept_events for r in rows])
    )
    frames = next(size for size in FRAME_SIZES if most_frames <= size)
    bars = frames // FRAMES_A_BAR - 2 * MARGIN_BARS
    part = np.array([row.part for row in rows])
    distinct = {id(row.frames): row.frames for row in rows}
    shared = [*distinct.values(), *[rows[0].frames] * (batch_size(len(distinct)) - len(distinct))]
    place = {key: number for number, key in enumerate(distinct)}
    choices = np.ones((len(rows), CHOICES, WIDEST), bool)
    choices[:, _WOBBLE, : REST_SIZES[_WOBBLE]] = [row.wobbles for row in rows]
    arrays = {
        "seed": np.array([row.seed for row in rows], np.uint32),
        "bars": np.array([row.bars for row in rows], np.int32),
        "by_bar": _side_by_side([_rules_by_bar(row) for row in rows], bars),
        "gates": _side_by_side([tables.gates(row.part, row.conditions, row.style, row.tempo) for row in rows], bars),
        "pitches": np.array([row.harmony.pitches for row in rows]),
        "lean": np.array([row.harmony.lean for row in rows], np.float32),
        "apart": np.array([row.harmony.apart for row in rows], np.int32),
        "beats": np.array([row.harmony.beats for row in rows], np.float32),
        "passing": np.array([row.harmony.passing for row in rows]),
        "motion": np.array([row.harmony.motion for row in rows], np.float32),
        "highest": np.array([_highest(row.harmony.pitches) for row in rows], np.int32),
        "choices": choices,
        "prior_position": np.array([row.drum_prior[0] for row in rows], np.float32),
        "prior_pitch": np.array([row.drum_prior[1] for row in rows], np.float32),
        "polyphony": np.array([row.polyphony for row in rows], np.int32),
        "temperature": np.array([row.temperature for row in rows], np.float32),
        "is_drums": part == part_index(Part.DRUMS),
        "is_bass": part == part_index(Part.BASS),
        "may_wobble": np.array([row.wobbles[NO_WOBBLE + 1 :].any() for row in rows]),
        "around": np.array([place[id(row.frames)] for row in rows], np.int32),
        "kept_events": _side_by_side([row.kept_events.astype(np.int32) for row in rows], _at_least(most_kept)),
    }
    return arrays, _side_by_side(shared, frames)


def _rules_by_bar(row: TakeRow) -> np.ndarray:
    columns = (
        np.minimum(row.quotas, MAX_QUOTA),
        row.limits,
        held_beats(row.conditions[:, FEEL], row.kicks, row.quotas),
        row.kept,
        row.conditions[:, LABEL],
        row.follows,
        *row.harmony.by_bar(len(row.conditions)).T,
    )
    return np.stack([column[: row.bars] for column in columns], axis=1).astype(np.int32)


def _highest(pitches_HxP: np.ndarray) -> np.ndarray:
    """The highest token allowed in each row, -1 where none is: int (H,)."""
    backwards = pitches_HxP[:, ::-1]
    return np.where(backwards.any(1), pitches_HxP.shape[1] - 1 - backwards.argmax(1), -1)


def _side_by_side(arrays: Sequence[np.ndarray], length: int) -> np.ndarray:
    stacked = np.zeros((len(arrays), length, *arrays[0].shape[1:]), arrays[0].dtype)
    for number, array in enumerate(arrays):
        stacked[number, : len(array)] = array
    return stacked


def _at_least(count: int) -> int:
    """A size of few, so that few programs are compiled, those with nothing kept among them: a power of two from 256."""
    return max(256, 1 << (count - 1).bit_length()) if count else 256
