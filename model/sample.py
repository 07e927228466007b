"""Samples cells with the network: one compiled loop over a batch of rows, each a take of a cell.

The loop runs in chunks, so that bars can be shown as they come and a fill can be cancelled between chunks. A row's
randomness depends on its own seed alone, not on what is sampled beside it.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import msgspec
import numpy as np
from flax import nnx

from model.context import Context
from model.features import (
    BAR_COLUMNS,
    LAGS,
    MATCH_LIMIT,
    MAX_QUOTA,
    NO_PITCH,
    NO_POSITION,
    part_index,
)
from model.frames import FRAME_COLUMNS, FRAMES_A_BAR, MARGIN_BARS, POSITIONS_A_FRAME
from model.network import Inputs, Network
from model.recurrence import Carry
from model.rules import MAX_HOLDS, half_time_pitches, half_time_positions, pitch_mask, position_mask
from model.vocabulary import (
    DURATION_TICKS,
    HOLD,
    NEXT_BAR,
    NO_WOBBLE,
    PITCH_TOKENS,
    POSITIONS,
    REST_SIZES,
    SAME_ONSET,
    TICKS_PER_POSITION,
    WOBBLE_TOKENS,
)
from song.parts import Part
from song.sections import MAX_BARS
from song.styles import STYLES

CHUNK = 32
"""Events a row that one call of the compiled loop writes."""
MIN_P = 0.06
"""Choices less likely than this share of the likeliest one are left out: they are where a sampled line breaks."""
SMALLEST_BATCH = 4
FRAME_SIZES = tuple((bars + 2 * MARGIN_BARS) * FRAMES_A_BAR for bars in (16, MAX_BARS))
"""How many frames a batch may have: few sizes, so that few programs are compiled."""
RING_BARS = max(LAGS) + 1
RING_EVENTS = 64
_BAR_KEY = 1 << 15
_DURATION_POSITIONS = np.array([max(ticks // TICKS_PER_POSITION, 1) for ticks in DURATION_TICKS], np.int32)
_NO_KEY = np.int32(np.iinfo(np.int32).max)
HEADS = 6
FEEL = list(BAR_COLUMNS).index("feel")


class Row(msgspec.Struct, frozen=True):
    """One take to be sampled.

    Attributes:
        seed: 32 bits that no other row of the fill shares.
        part: index of the part.
        bars: bars to write, 1-128.
        quotas: int (bars,), onsets a bar.
        limits: int (bars,), first position of each bar without onsets.
        conditions: int (bars, columns of BAR_COLUMNS).
        frames: float16 ((bars + 2 * MARGIN_BARS or more) * FRAMES_A_BAR, FRAME_COLUMNS), what is seen of the music
            around.
        kept: bool (bars,), bars that stay as they are.
        given: int (events, 6), what stands in the kept bars: position, pitch and rest as training has them.
        style, tempo: as `features` gives them.
        pitches: bool (PITCH_TOKENS,), pitches allowed.
        wobbles: bool (WOBBLE_TOKENS,), wobbles allowed.
        polyphony: most notes on one onset.
        temperature: above 0.
    """

    seed: int
    part: int
    bars: int
    quotas: np.ndarray
    limits: np.ndarray
    conditions: np.ndarray
    frames: np.ndarray
    kept: np.ndarray
    given: np.ndarray
    style: np.ndarray
    tempo: np.ndarray
    pitches: np.ndarray
    wobbles: np.ndarray
    polyphony: int
    temperature: float


class _Fixed(NamedTuple):
    """The rows' constraints as arrays, (B, ...)."""

    key: jax.Array
    part: jax.Array
    bars: jax.Array
    quotas: jax.Array
    limits: jax.Array
    conditions: jax.Array
    style: jax.Array
    tempo: jax.Array
    pitches: jax.Array
    wobbles: jax.Array
    polyphony: jax.Array
    temperature: jax.Array
    is_drums: jax.Array
    is_bass: jax.Array
    may_wobble: jax.Array
    kept: jax.Array
    given: jax.Array
    context: Context | None


class _State(NamedTuple):
    """What a step changes, (B, ...).

    `ring_key` and `ring_rest` hold the events of the last bars for look-back: a key is bar, place and pitch in one
    number, so that an older bar's entries in a reused row are told by their key.
    """

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
    match: jax.Array
    ring_key: jax.Array
    ring_rest: jax.Array


class Written(msgspec.Struct, frozen=True):
    """What one chunk wrote.

    Attributes:
        events: for each row, int array (events, COLUMNS) of the new events, those of kept bars among them.
        nats: for each row, nats of the new events under the network, before rules and temperature; kept bars are free.
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
        self._chunk = jax.jit(partial(_run_chunk, self._graph))
        self._context = jax.jit(partial(_read_context, self._graph))
        self._layers, self._hidden = network.config.layers, network.config.hidden

    def start(self, rows: Sequence[Row]) -> "SampleRun":
        """Begin sampling rows; nothing is computed yet."""
        return SampleRun(self, rows)

    def run_chunk(self, fixed: _Fixed, state: _State, number: int) -> tuple[_State, Any]:
        """Write up to CHUNK events a row."""
        return self._chunk(self._parameters, self._fixed, fixed, state, number)

    def read_context(self, frames_BxFxC: np.ndarray) -> Context | None:
        """What the network makes of the music around each row."""
        context: Context | None = self._context(self._parameters, self._fixed, frames_BxFxC)
        return context

    def first_state(self, batch: int) -> _State:
        """The state before the first event of any row."""

        def zeros(*shape: int) -> jax.Array:
            return jnp.zeros((batch, *shape), jnp.int32)

        carry = tuple((jnp.zeros((batch, self._hidden)), jnp.zeros((batch, self._hidden))) for _ in range(self._layers))
        nothing = jnp.tile(jnp.array([NO_POSITION, NO_PITCH, *REST_SIZES]), (batch, 1))
        return _State(
            carry=carry,
            event=nothing,
            place=zeros() - 1,
            bar=zeros(),
            used=zeros(),
            stacked=zeros(),
            holds=zeros(),
            sounding_until=zeros(),
            written=zeros(),
            taken=zeros(),
            match=zeros(len(LAGS)),
            ring_key=zeros(RING_BARS, RING_EVENTS) + _NO_KEY,
            ring_rest=zeros(RING_BARS, RING_EVENTS, 4),
        )


class SampleRun:
    """Rows on their way: call `advance` until it says that it is finished."""

    def __init__(self, sampler: Sampler, rows: Sequence[Row]) -> None:
        self._sampler, self._count = sampler, len(rows)
        batch = SMALLEST_BATCH
        while batch < len(rows):
            batch *= 2
        self._fixed = _stack([*rows, *[_idle(rows[0])] * (batch - len(rows))], sampler.read_context)
        self._state = sampler.first_state(batch)
        self._chunks = 0

    def advance(self) -> Written:
        """Write up to CHUNK more events a row."""
        self._state, (events, active, nats) = self._sampler.run_chunk(self._fixed, self._state, self._chunks)
        self._chunks += 1
        events_TxBxC, active_TxB, nats_TxB, bar, bars = jax.device_get(
            (events, active, nats, self._state.bar, self._fixed.bars)
        )
        rows = range(self._count)
        return Written(
            events=[events_TxBxC[active_TxB[:, row], row] for row in rows],
            nats=[float(nats_TxB[active_TxB[:, row], row].sum()) for row in rows],
            bars_done=[int(bar[row]) for row in rows],
            finished=bool((bar[: self._count] >= bars[: self._count]).all()),
        )


def _idle(row: Row) -> Row:
    return msgspec.structs.replace(row, bars=0)


def _stack(rows: Sequence[Row], read_context: Callable[[np.ndarray], Context | None]) -> _Fixed:
    def padded(values: np.ndarray) -> np.ndarray:
        return np.pad(values, [(0, MAX_BARS - len(values))] + [(0, 0)] * (values.ndim - 1))

    part = np.array([row.part for row in rows])
    most_frames = max(len(row.frames) for row in rows)
    frames = np.zeros((len(rows), next(size for size in FRAME_SIZES if most_frames <= size), FRAME_COLUMNS), np.float16)
    given = np.zeros((len(rows), _at_least(max(len(row.given) for row in rows)), 2 + len(REST_SIZES)), np.int32)
    for number, row in enumerate(rows):
        frames[number, : len(row.frames)] = row.frames
        given[number, : len(row.given)] = row.given
    return _Fixed(
        key=jax.vmap(jax.random.key)(jnp.array([row.seed for row in rows], jnp.uint32)),
        part=jnp.array(part),
        bars=jnp.array([row.bars for row in rows]),
        quotas=jnp.array([padded(np.minimum(row.quotas, MAX_QUOTA)) for row in rows], jnp.int32),
        limits=jnp.array([padded(row.limits) for row in rows], jnp.int32),
        conditions=jnp.array([padded(row.conditions) for row in rows], jnp.int32),
        style=jnp.array([row.style for row in rows], jnp.float32).reshape(-1, len(STYLES)),
        tempo=jnp.array([row.tempo for row in rows], jnp.float32),
        pitches=jnp.array([row.pitches for row in rows]).reshape(-1, PITCH_TOKENS),
        wobbles=jnp.array([row.wobbles for row in rows]).reshape(-1, WOBBLE_TOKENS),
        polyphony=jnp.array([row.polyphony for row in rows]),
        temperature=jnp.array([row.temperature for row in rows], jnp.float32),
        is_drums=jnp.array(part == part_index(Part.DRUMS)),
        is_bass=jnp.array(part == part_index(Part.BASS)),
        may_wobble=jnp.array([bool(row.wobbles[NO_WOBBLE + 1 :].any()) for row in rows]),
        kept=jnp.array([padded(row.kept) for row in rows]),
        given=jnp.array(given),
        context=read_context(frames),
    )


def _at_least(count: int) -> int:
    """A size of few, so that few programs are compiled: 1, or a power of two from 256 on."""
    return 1 if not count else max(256, 1 << (count - 1).bit_length())


def _read_context(graph: Any, parameters: Any, rest: Any, frames_BxFxC: jax.Array) -> Context | None:
    network: Network = nnx.merge(graph, parameters, rest)
    return network.read_context(frames_BxFxC)


def _run_chunk(
    graph: Any, parameters: Any, rest: Any, fixed: _Fixed, state: _State, number: jax.Array
) -> tuple[_State, tuple[jax.Array, jax.Array, jax.Array]]:
    network = nnx.merge(graph, parameters, rest)

    def uniform(key: jax.Array) -> jax.Array:
        return jax.random.uniform(jax.random.fold_in(key, number), (CHUNK, HEADS))

    u_TxBx6 = jnp.swapaxes(jax.vmap(uniform)(fixed.key), 0, 1)
    return jax.lax.scan(partial(_step, network, fixed), state, u_TxBx6)


def _step(
    network: Network, fixed: _Fixed, state: _State, u_Bx6: jax.Array
) -> tuple[_State, tuple[jax.Array, jax.Array, jax.Array]]:
    active = state.bar < fixed.bars
    row = jnp.arange(len(active))
    bar = jnp.minimum(state.bar, MAX_BARS - 1)
    quota, limit = fixed.quotas[row, bar], fixed.limits[row, bar]
    remaining = jnp.maximum(quota - state.used, 0)
    lag_position, lag_pitch, lag_rest = _look_back(state)
    inputs = Inputs(
        event=state.event,
        place=jnp.where(state.place < 0, POSITIONS, state.place),
        bar=fixed.conditions[row, bar],
        quota=jnp.stack([quota, remaining], axis=-1),
        lag_position=lag_position,
        lag_pitch=lag_pitch,
        lag_match=state.match,
        lag_rest=lag_rest,
        frame=(bar + MARGIN_BARS) * FRAMES_A_BAR + jnp.maximum(state.place, 0) // POSITIONS_A_FRAME,
        part=fixed.part,
        style=fixed.style,
        tempo=fixed.tempo,
    )
    carry, h_BxH = network.step(state.carry, inputs, fixed.context)
    is_kept = fixed.kept[row, bar]
    given = fixed.given[row, jnp.minimum(state.taken, fixed.given.shape[1] - 1)]

    # Choose position, pitch and the rest, each under its rules.
    last_pitch = state.event[:, 1]
    full = state.written + MAX_QUOTA >= RING_EVENTS
    may_stack = (state.place >= 0) & (state.stacked < fixed.polyphony) & ~full
    may_stack &= (fixed.pitches & (jnp.arange(PITCH_TOKENS) > last_pitch[:, None])).any(-1)
    hold_until = jnp.where(
        fixed.may_wobble & (state.holds < MAX_HOLDS), state.sounding_until - state.bar * POSITIONS, 0
    )
    choose = partial(_choose, temperature=fixed.temperature)
    feel = inputs.bar[:, FEEL]
    mask = position_mask(state.place, limit, remaining, may_stack, hold_until)
    mask = half_time_positions(mask, state.place, remaining, feel)
    position, position_nats = choose(network.position_logits(h_BxH, inputs, fixed.context), mask, u_Bx6[:, 0])
    position = jnp.where(is_kept, given[:, 0], position)
    mask = pitch_mask(fixed.pitches, position, last_pitch, limit, remaining, hold_until)
    mask = half_time_pitches(mask, position, state.place, feel)
    there = network.look_at(position, inputs, fixed.context)
    pitch, pitch_nats = choose(network.pitch_logits(h_BxH, inputs, position, there), mask, u_Bx6[:, 1])
    is_bar_line = position == NEXT_BAR
    pitch = jnp.where(is_bar_line, NO_PITCH, jnp.where(is_kept, given[:, 1], pitch))
    is_hold = pitch == HOLD
    heads = network.rest_logits(h_BxH, inputs, position, pitch, there)
    everything = jnp.ones(1, bool)
    # Notes that start together end together, as in a chord that a hand plays.
    stacks = (position == SAME_ONSET) & ~fixed.is_drums
    durations = ~stacks[:, None] | (jnp.arange(REST_SIZES[0]) == state.event[:, 2:3])
    masks = (durations, everything, fixed.wobbles, everything)
    chosen = [choose(logits, mask, u_Bx6[:, 2 + n]) for n, (logits, mask) in enumerate(zip(heads, masks, strict=True))]
    # What means nothing for this event is written as nothing, as in training.
    silent = is_bar_line | is_hold
    no_wobble = ~fixed.is_bass | is_bar_line
    nothing = [silent | fixed.is_drums, silent, no_wobble, no_wobble | (chosen[2][0] == NO_WOBBLE)]
    rest = jnp.stack(
        [jnp.where(none, size, value) for none, size, (value, _) in zip(nothing, REST_SIZES, chosen, strict=True)], -1
    )
    rest = jnp.where(is_kept[:, None], given[:, 2:], rest)
    nats = position_nats + jnp.where(is_bar_line, 0, pitch_nats)
    nats += sum(jnp.where(none, 0, cost) for none, (_, cost) in zip(nothing, chosen, strict=True))
    nats = jnp.where(is_kept, 0, nats)

    # Take the event in.
    place = jnp.where(is_bar_line, -1, jnp.where(position == SAME_ONSET, state.place, position))
    is_note = ~is_bar_line & ~is_hold
    foretold = (lag_position == position[:, None]) & (is_bar_line[:, None] | (lag_pitch == pitch[:, None]))
    at = state.bar * POSITIONS + place
    ends = at + jnp.asarray(_DURATION_POSITIONS)[jnp.minimum(rest[:, 0], len(_DURATION_POSITIONS) - 1)]
    slot, index = state.bar % RING_BARS, jnp.minimum(state.written, RING_EVENTS - 1)
    key = jnp.where(is_bar_line, _NO_KEY, state.bar * _BAR_KEY + place * 256 + pitch)
    new = _State(
        carry=carry,
        event=jnp.concatenate([position[:, None], pitch[:, None], rest], axis=-1),
        place=place,
        bar=state.bar + is_bar_line,
        used=jnp.where(is_bar_line, 0, state.used + (is_note & (position != SAME_ONSET))),
        stacked=jnp.where(position == SAME_ONSET, state.stacked + 1, jnp.where(is_hold, fixed.polyphony, 1)),
        holds=jnp.where(is_bar_line, 0, state.holds + is_hold),
        sounding_until=jnp.where(is_note, ends, state.sounding_until),
        written=jnp.where(is_bar_line, 0, state.written + 1),
        taken=state.taken + is_kept,
        match=jnp.where(foretold, jnp.minimum(state.match + 1, MATCH_LIMIT), 0),
        ring_key=state.ring_key.at[row, slot, index].set(jnp.where(is_bar_line, state.ring_key[row, slot, index], key)),
        ring_rest=state.ring_rest.at[row, slot, index].set(
            jnp.where(is_bar_line[:, None], state.ring_rest[row, slot, index], rest)
        ),
    )
    stored = jnp.where(rest < jnp.array(REST_SIZES), rest, 0)
    event = jnp.concatenate(
        [position[:, None], jnp.where(is_bar_line, 0, pitch)[:, None], stored, state.bar[:, None], place[:, None]], -1
    )
    # A row that has all its bars stays as it is: only its bar count is looked at.
    new = new._replace(bar=jnp.where(active, new.bar, state.bar))
    return new, (event.astype(jnp.int16), active, nats)


def _look_back(state: _State) -> tuple[jax.Array, jax.Array, jax.Array]:
    """The events that the part's own past foretells, as `features.look_back` has them: position, pitch, rest."""
    row = jnp.arange(len(state.bar))[:, None]
    then = state.bar[:, None] - jnp.array(LAGS)
    slots = then % RING_BARS
    keys_BxLxK = state.ring_key[row, slots]
    reached = jnp.where(state.place < 0, -1, state.place * 256 + state.event[:, 1])
    after = then * _BAR_KEY + reached[:, None]
    ahead = (keys_BxLxK > after[..., None]) & (keys_BxLxK < ((then + 1) * _BAR_KEY)[..., None])
    keys_BxLxK = jnp.where(ahead, keys_BxLxK, _NO_KEY)
    index = jnp.argmin(keys_BxLxK, axis=-1)
    key = jnp.take_along_axis(keys_BxLxK, index[..., None], axis=-1)[..., 0]
    found, known = key != _NO_KEY, then >= 0
    place = (key % _BAR_KEY) // 256
    position = jnp.where(place == state.place[:, None], SAME_ONSET, place)
    position = jnp.where(known, jnp.where(found, position, NEXT_BAR), NO_POSITION)
    pitch = jnp.where(found & known, key % 256, NO_PITCH)
    rest = jnp.where((found & known)[..., None], state.ring_rest[row, slots, index], jnp.array(REST_SIZES))
    return position, pitch, rest


def _choose(logits: jax.Array, mask: jax.Array, u: jax.Array, temperature: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Draw a choice where the mask allows, and its cost in nats under the network alone: two arrays (B,)."""
    allowed = jnp.where(mask, logits / temperature[:, None], -jnp.inf)
    weight = jnp.exp(allowed - allowed.max(-1, keepdims=True))
    weight = jnp.where(weight >= MIN_P, weight, 0)
    total = jnp.cumsum(weight, axis=-1)
    choice = jnp.minimum((total <= u[:, None] * total[:, -1:]).sum(-1), logits.shape[-1] - 1)
    cost = jax.nn.logsumexp(logits, axis=-1) - jnp.take_along_axis(logits, choice[:, None], axis=-1)[:, 0]
    return choice, cost
