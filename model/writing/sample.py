"""The sampler: the network in one compiled loop over a batch of rows, each a take of a cell.

The loop runs in chunks, so that bars can be shown as they come and a fill can be cancelled between chunks. A row's
randomness depends on its own seed alone, not on what is sampled beside it.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import msgspec
import numpy as np
from flax import nnx

from model.language.conditions import (
    LAGS,
    MATCH_LIMIT,
    MAX_QUOTA,
    NO_PITCH,
    NO_POSITION,
)
from model.language.events import (
    DURATION_TICKS,
    HOLD,
    NEXT_BAR,
    NO_WOBBLE,
    PITCH_TOKENS,
    POSITION_TOKENS,
    POSITIONS,
    REST_SIZES,
    SAME_ONSET,
    TICKS_PER_POSITION,
)
from model.language.frames import FRAMES_A_BAR, MARGIN_BARS, POSITIONS_A_FRAME
from model.network import Network
from model.nn.copy_bonus import place_bonus
from model.nn.lstm import Carry
from model.writing import folded_network
from model.writing.audible_wobbles import DRY_NOTES
from model.writing.backbeat_masks import backbeat_pitches, backbeat_positions, owes_snare
from model.writing.drum_prior import sixteenth
from model.writing.look_back import EVENTS_A_BAR, empty, look_back, remember
from model.writing.masks import MAX_HOLDS, copy_restraint, onset_room, pitch_mask, position_mask
from model.writing.rows import BatchConstraints, TakeRow, batch_size, idle_row, stack_rows
from song.limits import MAX_BARS
from song.passing import MOST_TICKS

CHUNK = 32
"""Events a row that one call of the compiled loop writes."""
MIN_P = 0.03
"""Choices less likely than this share of the likeliest one are left out: they are where a sampled line breaks."""
FIRST_SHARE = 0.5
"""The least share of its lean on the chord that the first onset of a bar has: where nothing stands on the beat, that
one says which chord it is."""
FOLLOWING = 4.0
"""Nats for the next onset of the bar that a bar is to have its rhythm from: told by a label alone, it seldom has."""
RUN_WEIGHT, _LONGEST_RUN = 1.4, 3
"""Share by which each further stroke of one note adds to what it is restrained by."""
PASSING_RESTRAINT = 1.8
"""Nats taken off notes outside the scale: where they may stand at all, the network is fonder of them than people."""
_STILL = np.zeros((folded_network.CHOICES, folded_network.WIDEST), bool)
_STILL[2, NO_WOBBLE] = True
_LONG = np.zeros((folded_network.CHOICES, folded_network.WIDEST), bool)
_LONG[0, : len(DURATION_TICKS)] = np.array(DURATION_TICKS) > MOST_TICKS
_FAR = -100
"""A pitch token that none is near: before the first note."""
_DURATION_POSITIONS = np.array([max(ticks // TICKS_PER_POSITION, 1) for ticks in DURATION_TICKS], np.int32)
HEADS = 6


class _State(NamedTuple):
    """State that a step changes, (B, ...); `past` is kept by `look_back`."""

    carry: tuple[Carry, ...]
    event: jax.Array
    place: jax.Array
    bar: jax.Array
    used: jax.Array
    stacked: jax.Array
    holds: jax.Array
    sounding_until: jax.Array
    written: jax.Array
    taken: jax.Array
    dry: jax.Array
    line: jax.Array
    line_run: jax.Array
    match: jax.Array
    echo: jax.Array
    past: jax.Array


class _StepOutput(NamedTuple):
    """Output of a step, (B, ...): the event, whether the row was still being written, and what its cost needs."""

    event: jax.Array
    active: jax.Array
    free: jax.Array
    position: jax.Array
    pitch: jax.Array
    rest: jax.Array


class SampledChunk(msgspec.Struct, frozen=True):
    """Output of one chunk.

    Attributes:
        events: for each row, int array (events, COLUMNS) of the new events, those of kept bars among them.
        nats: for each row, nats of the new events under the network, before masks and temperature; kept bars are free.
        bars_done: for each row, bars finished since its start.
        finished: whether every row has all its bars.
    """

    events: list[np.ndarray]
    nats: list[float]
    bars_done: list[int]
    finished: bool


class Sampler:
    """Samples batches of rows with one network."""

    def __init__(self, network: Network) -> None:
        self._graph, self._parameters, self._fixed = nnx.split(network, nnx.Param, ...)
        self._folded, self._conditions = folded_network.fold(network)
        self._chunk = jax.jit(_run_chunk)
        self._look_around = jax.jit(partial(_look_around, self._graph))
        self._layers, self._hidden = network.config.layers, network.config.hidden

    def start(self, rows: Sequence[TakeRow]) -> "SampleRun":
        """Begin sampling rows; nothing is computed yet."""
        return SampleRun(self, rows)

    def run_chunk(self, fixed: BatchConstraints, state: _State, number: int) -> tuple[_State, Any]:
        """Write up to CHUNK events a row."""
        return self._chunk(self._folded, fixed, state, number)

    def constrain(self, rows: Sequence[TakeRow]) -> BatchConstraints:
        """The rows' constraints side by side, with the terms of the music around each."""
        arrays, frames = stack_rows(rows, self._conditions)
        fields = _move(arrays)
        around = self._look_around(self._parameters, self._fixed, self._folded, frames)
        return BatchConstraints(**fields | {"around": around and around._replace(of=fields["around"])})

    def first_state(self, batch: int) -> _State:
        """The state before the first event of any row."""
        return _first_state(batch, self._layers, self._hidden)


class SampleRun:
    """Rows on their way: call `advance` until it says that it is finished."""

    def __init__(self, sampler: Sampler, rows: Sequence[TakeRow]) -> None:
        self._sampler, self._count = sampler, len(rows)
        batch = batch_size(len(rows))
        self._fixed = sampler.constrain([*rows, *[idle_row(rows[0])] * (batch - len(rows))])
        self._state = sampler.first_state(batch)
        self._chunks = 0

    def advance(self) -> SampledChunk:
        """Write up to CHUNK more events a row."""
        self._state, (events, active, nats) = self._sampler.run_chunk(self._fixed, self._state, self._chunks)
        self._chunks += 1
        events_TxBxC, active_TxB, nats_TxB, bar, bars = jax.device_get(
            (events, active, nats, self._state.bar, self._fixed.bars)
        )
        rows = range(self._count)
        return SampledChunk(
            events=[events_TxBxC[active_TxB[:, row], row] for row in rows],
            nats=[float(nats_TxB[active_TxB[:, row], row].sum()) for row in rows],
            bars_done=[int(bar[row]) for row in rows],
            finished=bool((bar[: self._count] >= bars[: self._count]).all()),
        )


@partial(jax.jit, static_argnums=(0, 1, 2))
def _first_state(batch: int, layers: int, hidden: int) -> _State:
    """Compiled, as making that many small arrays one by one costs more than some steps do."""

    def zeros(*shape: int) -> jax.Array:
        return jnp.zeros((batch, *shape), jnp.int32)

    return _State(
        carry=tuple((jnp.zeros((batch, hidden)), jnp.zeros((batch, hidden))) for _ in range(layers)),
        event=jnp.tile(jnp.array([NO_POSITION, NO_PITCH, *REST_SIZES]), (batch, 1)),
        place=zeros() - 1,
        bar=zeros(),
        used=zeros(),
        stacked=zeros(),
        holds=zeros(),
        sounding_until=zeros(),
        written=zeros(),
        taken=zeros(),
        dry=zeros() + DRY_NOTES,
        line=zeros() + _FAR,
        line_run=zeros(),
        match=zeros(len(LAGS)),
        echo=zeros(len(LAGS)) == 0,
        past=empty(batch),
    )


@jax.jit
def _move(arrays: dict[str, jax.Array]) -> dict[str, jax.Array]:
    """Arrays on the device: a program that does nothing hands many small ones over quicker than they go one by one."""
    return arrays


def _look_around(
    graph: Any, parameters: Any, rest: Any, folded: folded_network.FoldedNetwork, frames_UxFxC: jax.Array
) -> folded_network.SurroundingTerms | None:
    network: Network = nnx.merge(graph, parameters, rest)
    return folded_network.look_around(folded, network.read_context(frames_UxFxC))


def _run_chunk(
    folded: folded_network.FoldedNetwork, fixed: BatchConstraints, state: _State, number: jax.Array
) -> tuple[_State, tuple[jax.Array, jax.Array, jax.Array]]:
    def uniform(seed: jax.Array) -> jax.Array:
        return jax.random.uniform(jax.random.fold_in(jax.random.key(seed), number), (CHUNK, HEADS))

    u_TxBx6 = jnp.swapaxes(jax.vmap(uniform)(fixed.seed), 0, 1)
    state, wrote = jax.lax.scan(partial(_step, folded, fixed), state, u_TxBx6)
    return state, (_stored(wrote), wrote.active, _cost(wrote))


def _step(
    folded: folded_network.FoldedNetwork, fixed: BatchConstraints, state: _State, u_Bx6: jax.Array
) -> tuple[_State, _StepOutput]:
    row, bar = jnp.arange(len(state.bar)), jnp.minimum(state.bar, fixed.by_bar.shape[1] - 1)
    quota, limit, held, kept, label, follows, *chords = _at(fixed.by_bar, row, bar).T
    remaining = jnp.maximum(quota - state.used, 0)
    last_pitch = state.event[:, 1]
    lag_position, lag_pitch, lag_rest = look_back(state.past, state.bar, state.place, last_pitch)
    seen = folded_network.StepInputs(
        event=state.event,
        place=jnp.where(state.place < 0, POSITIONS, state.place),
        quota=jnp.stack([quota, remaining], axis=-1),
        lag_position=lag_position,
        lag_pitch=lag_pitch,
        lag_match=state.match,
        lag_rest=lag_rest,
        frame=(bar + MARGIN_BARS) * FRAMES_A_BAR + jax.lax.div(jnp.maximum(state.place, 0), POSITIONS_A_FRAME),
    )
    carry, heads = folded_network.step(folded, state.carry, seen, _at(fixed.gates, row, bar), fixed.around)
    is_kept = kept > 0
    kept_events = _at(fixed.kept_events, row, jnp.minimum(state.taken, fixed.kept_events.shape[1] - 1))

    # Choose position, pitch and the rest, each under its masks.
    full = (state.written + MAX_QUOTA >= EVENTS_A_BAR) & ~owes_snare(state.place, held, last_pitch)
    chord = _chord_at(chords, state.place)
    has_room = _at(fixed.highest, row, chord) >= last_pitch + _at(fixed.apart, row, chord)
    may_stack = (state.place >= 0) & (state.stacked < fixed.polyphony) & ~full & has_room
    hold_until = jnp.where(
        fixed.may_wobble & (state.holds < MAX_HOLDS), state.sounding_until - state.bar * POSITIONS, 0
    )
    room = onset_room(limit, quota)
    mask = position_mask(state.place, limit, remaining, may_stack, hold_until, room)
    mask = backbeat_positions(mask, state.place, remaining, held, last_pitch)
    restraint = copy_restraint(state.echo, label, fixed.is_drums)
    strength = FOLLOWING * (follows[:, None] == jnp.asarray(LAGS)) - restraint[:, 0]
    urge = heads.position + fixed.prior_position + place_bonus(strength, lag_position, POSITION_TOKENS)
    position = _choose(urge, mask, u_Bx6[:, 0], fixed.temperature[:, None])
    position = jnp.where(is_kept, kept_events[:, 0], position)
    pitch_logits, rest_head = folded_network.pitch_and_rest(folded, heads, seen, position, fixed.around)
    stacks = position == SAME_ONSET
    onset = jnp.where(position < POSITIONS, position, jnp.maximum(state.place, 0))
    chord, on_sixteenth = _chord_at(chords, onset), sixteenth(onset)
    may_pass = ~stacks & (on_sixteenth % 4 != 0)
    in_harmony = _at(fixed.pitches, row, chord)
    outside = fixed.passing & ~in_harmony
    pitches = in_harmony | (outside & may_pass[:, None])
    apart = _at(fixed.apart, row, chord)
    mask = pitch_mask(pitches, position, last_pitch, limit, remaining, hold_until, room, apart)
    mask = backbeat_pitches(mask, position, state.place, held, last_pitch)
    again = jnp.where(lag_position == position[:, None], lag_pitch, NO_PITCH)
    urge = pitch_logits - place_bonus(restraint[:, 1], again, PITCH_TOKENS)
    urge += _at(fixed.prior_pitch, row, on_sixteenth)
    share = _at(fixed.beats, row, on_sixteenth)
    share = jnp.where(state.used == 0, jnp.maximum(share, FIRST_SHARE), share)
    urge += _at(fixed.lean, row, chord) * share[:, None]
    urge -= PASSING_RESTRAINT * outside
    urge += jnp.where(stacks[:, None], 0.0, _motion(fixed.motion, state.line, state.line_run))
    pitch = _choose(urge, mask, u_Bx6[:, 1], fixed.temperature[:, None])
    is_bar_line = position == NEXT_BAR
    pitch = jnp.where(is_bar_line, NO_PITCH, jnp.where(is_kept, kept_events[:, 1], pitch))
    is_hold = pitch == HOLD
    rest_logits = folded_network.rest_logits(folded, heads, rest_head, seen, position, pitch)
    # Notes that start together end together, as in a chord that a hand plays.
    one_chord = stacks & ~fixed.is_drums
    is_other_duration = (jnp.arange(folded_network.CHOICES)[:, None] == 0) & (
        jnp.arange(folded_network.WIDEST) != state.event[:, 2, None, None]
    )
    allowed = fixed.choices & ~(one_chord[:, None, None] & is_other_duration)
    is_passing = _at(outside, row, jnp.minimum(pitch, PITCH_TOKENS - 1))
    allowed &= ~(is_passing[:, None, None] & jnp.asarray(_LONG))
    is_dry = fixed.may_wobble & ~is_hold & (state.dry >= DRY_NOTES)
    allowed &= ~(is_dry[:, None, None] & jnp.asarray(_STILL))
    chosen = _choose(rest_logits, allowed, u_Bx6[:, 2:], fixed.temperature[:, None, None])
    # What means nothing for this event is written as nothing, as in training.
    silent = is_bar_line | is_hold
    no_wobble = ~fixed.is_bass | is_bar_line
    nothing = [silent | fixed.is_drums, silent, no_wobble, no_wobble | (chosen[:, 2] == NO_WOBBLE)]
    rest = jnp.where(jnp.stack(nothing, -1), jnp.array(REST_SIZES), chosen)
    rest = jnp.where(is_kept[:, None], kept_events[:, 2:], rest)

    wobbles = (rest[:, 2] > NO_WOBBLE) & (rest[:, 2] < REST_SIZES[2])

    # Take the event in.
    place = jnp.where(is_bar_line, -1, jnp.where(position == SAME_ONSET, state.place, position))
    is_note = ~is_bar_line & ~is_hold
    foretold = (lag_position == position[:, None]) & (is_bar_line[:, None] | (lag_pitch == pitch[:, None]))
    at = state.bar * POSITIONS + place
    ends = at + jnp.asarray(_DURATION_POSITIONS)[jnp.minimum(rest[:, 0], len(_DURATION_POSITIONS) - 1)]
    # A row that has all its bars stays as it is: only its bar count is looked at.
    active = state.bar < fixed.bars
    event = jnp.concatenate([position[:, None], pitch[:, None], rest], axis=-1)
    new = _State(
        carry=carry,
        event=event,
        place=place,
        bar=state.bar + (is_bar_line & active),
        used=jnp.where(is_bar_line, 0, state.used + (is_note & (position != SAME_ONSET))),
        stacked=jnp.where(position == SAME_ONSET, state.stacked + 1, jnp.where(is_hold, fixed.polyphony, 1)),
        holds=jnp.where(is_bar_line, 0, state.holds + is_hold),
        sounding_until=jnp.where(is_note, ends, state.sounding_until),
        written=jnp.where(is_bar_line, 0, state.written + 1),
        taken=state.taken + is_kept,
        line=jnp.where(is_note, pitch, state.line),
        line_run=jnp.where(is_note, jnp.where(_same_class(pitch, state.line), state.line_run + 1, 0), state.line_run),
        dry=jnp.where(is_note, jnp.where(wobbles, 0, state.dry + 1), state.dry),
        match=jnp.where(foretold, jnp.minimum(state.match + 1, MATCH_LIMIT), 0),
        echo=is_bar_line[:, None] | (state.echo & foretold),
        past=remember(state.past, state.written, is_bar_line, place, pitch, rest),
    )
    event = jnp.concatenate([event, state.bar[:, None], place[:, None]], axis=-1)
    return new, _StepOutput(event, active, is_kept, heads.position, pitch_logits, rest_logits)


def _at(values: jax.Array, row: jax.Array, place: jax.Array) -> jax.Array:
    """Each row's value at a place of its own; none is outside."""
    return values.at[row, place].get(mode="promise_in_bounds")


def _chord_at(chords: Sequence[jax.Array], place: jax.Array) -> jax.Array:
    """The slot of the chord that sounds at each row's place, (B,)."""
    first, second = chords
    return jnp.where(place < POSITIONS // 2, first, second)


def _motion(motion: jax.Array, line: jax.Array, run: jax.Array) -> jax.Array:
    """Nats of each pitch for how far it is from the note before, (B, PITCH_TOKENS).

    Args:
        motion: (B, 2), as of `CellHarmony`.
        line: (B,) the note before.
        run: (B,) how often it has been struck again already, in any octave: the third is less wanted than the second.
    """
    distance = jnp.abs(jnp.arange(PITCH_TOKENS)[None, :] - line[:, None])
    step = (distance == 1) | (distance == 2)
    run_on = RUN_WEIGHT * jnp.minimum(run, _LONGEST_RUN)[:, None] * (distance % 12 == 0)
    return motion[:, :1] * ((distance == 0) + run_on) + motion[:, 1:] * step


def _same_class(pitch: jax.Array, other: jax.Array) -> jax.Array:
    return (pitch - other) % 12 == 0


def _choose(logits: jax.Array, mask: jax.Array, u: jax.Array, temperature: jax.Array) -> jax.Array:
    """Draw a choice along the last axis where the mask allows; the shape of `u`."""
    allowed = jnp.where(mask, logits / temperature, -jnp.inf)
    weight = jnp.exp(allowed - allowed.max(-1, keepdims=True))
    weight = jnp.where(weight >= MIN_P, weight, 0)
    # A product with a triangle is one operation, where a running sum is many.
    size = logits.shape[-1]
    total = weight @ np.triu(np.ones((size, size), np.float32))
    return jnp.minimum((total <= u[..., None] * total[..., -1:]).sum(-1), size - 1)


def _stored(wrote: _StepOutput) -> jax.Array:
    """Events as `model.language.events` has them, (T, B, COLUMNS): 0 where something means nothing."""
    nothing = jnp.array([NO_POSITION, NO_PITCH, *REST_SIZES, MAX_BARS, POSITIONS])
    return jnp.where(wrote.event < nothing, wrote.event, 0).astype(jnp.int16)


def _cost(wrote: _StepOutput) -> jax.Array:
    """Nats of what was chosen under the network alone, (T, B)."""

    def cost(logits: jax.Array, choice: jax.Array, size: jax.Array | int) -> jax.Array:
        at = jnp.minimum(choice, size - 1)[..., None]
        nats = jax.nn.logsumexp(logits, -1) - jnp.take_along_axis(logits, at, -1)[..., 0]
        return jnp.where(choice < size, nats, 0)

    event = wrote.event
    nats = cost(wrote.position, event[..., 0], NO_POSITION) + cost(wrote.pitch, event[..., 1], NO_PITCH)
    nats += cost(wrote.rest, event[..., 2:6], jnp.array(REST_SIZES)).sum(-1)
    return jnp.where(wrote.free, 0, nats)
