"""Sampling's own way through the network gives what the network gives, whatever pieces it has."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx

from model.language.conditions import BAR_COLUMNS, LAGS, MATCH_LIMIT, STEP_COLUMNS
from model.language.events import NEXT_BAR, PITCH_TOKENS, POSITION_TOKENS, POSITIONS, REST_SIZES
from model.language.frames import FRAME_COLUMNS, FRAMES_A_BAR
from model.network import Inputs, Network, NetworkConfig
from model.writing import folded_network
from song.parts import PARTS
from song.styles import STYLES
from tests.model_tests.drawn_networks import drawn

B, L, BARS = 6, len(LAGS), 3


@pytest.mark.parametrize(
    "config",
    [
        NetworkConfig(hidden=12, head=10),
        NetworkConfig(hidden=12, head=10, context="lstm", look_back=False),
        NetworkConfig(hidden=12, head=10, context="none", layers=1),
        NetworkConfig(hidden=12, head=10, copy_gates=False, layers=3),
    ],
)
def test_a_folded_step_and_its_heads_are_those_of_the_network(config: NetworkConfig) -> None:
    network, dice = drawn(Network, config), np.random.default_rng(3)
    folded, tables = folded_network.fold(network)

    def draw(values: int, *shape: int) -> np.ndarray:
        return dice.integers(0, values, shape).astype(np.int32)

    def columns(sizes: tuple[int, ...], *shape: int) -> np.ndarray:
        return np.stack([draw(size, *shape) for size in sizes], axis=-1)

    rest_sizes = tuple(size + 1 for size in REST_SIZES)
    bar, part = columns(tuple(BAR_COLUMNS.values()), B), draw(len(PARTS), B)
    style, tempo = dice.random((B, len(STYLES)), np.float32), dice.random((B, 2), np.float32)
    seen = folded_network.StepInputs(
        event=columns((POSITION_TOKENS + 1, PITCH_TOKENS + 1, *rest_sizes), B),
        place=draw(POSITIONS + 1, B),
        quota=columns(tuple(STEP_COLUMNS.values()), B),
        lag_position=draw(POSITION_TOKENS + 1, B, L),
        lag_pitch=draw(PITCH_TOKENS + 1, B, L),
        lag_match=draw(MATCH_LIMIT + 1, B, L),
        lag_rest=columns(rest_sizes, B, L),
        frame=draw(BARS * FRAMES_A_BAR, B),
    )
    inputs = Inputs(bar=bar, part=part, style=style, tempo=tempo, **seen._asdict())
    frames = dice.random((B, BARS * FRAMES_A_BAR, FRAME_COLUMNS)).astype(np.float16)
    carry = tuple(
        (dice.normal(size=(B, config.hidden)).astype(np.float32), np.full((B, config.hidden), 0.1 * n, np.float32))
        for n in range(config.layers)
    )
    rows = zip(part.tolist(), bar, style, tempo, strict=True)
    gates = np.stack([tables.gates(p, b[None], s, t)[0] for p, b, s, t in rows])
    # The first rows go as some lag foretold, so that its gate opens; another closes the bar.
    position = np.minimum(seen.lag_position[:, 1], NEXT_BAR)
    position[-1] = NEXT_BAR
    pitch = seen.lag_pitch[:, 1]

    @nnx.jit
    def by_network(network: Network) -> list[Any]:
        context = network.read_context(frames)
        states, h = network.step(carry, inputs, context)
        there = network.look_at(position, inputs, context)
        asked = network.heads(h, inputs, context)
        pitch_logits, rest_head = network.pitch_and_rest(asked, inputs, position, there)
        return [states, asked.position, pitch_logits, *network.rest_logits(asked, rest_head, inputs, position, pitch)]

    @nnx.jit
    def by_folded(network: Network) -> list[Any]:
        around = folded_network.look_around(folded, network.read_context(frames))
        states, heads = folded_network.step(folded, carry, seen, jnp.array(gates), around)
        pitch_logits, rest_head = folded_network.pitch_and_rest(folded, heads, seen, position, around)
        rest = folded_network.rest_logits(folded, heads, rest_head, seen, position, pitch)
        return [states, heads.position, pitch_logits, rest]

    wanted = by_network(network)
    *found, rest = by_folded(network)
    found += [rest[:, n, :size] for n, size in enumerate(REST_SIZES)]
    for one, other in zip(jax.tree.leaves(wanted), jax.tree.leaves(found), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)
    assert all((rest[:, n, size:] < -1e29).all() for n, size in enumerate(REST_SIZES))
