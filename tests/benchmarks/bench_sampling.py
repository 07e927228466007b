"""The sampler's time a step, beside the bare LSTM core in JAX and in PyTorch.

`python tests/benchmarks/bench_sampling.py [WEIGHTS]`: the shipped weights where none are given. Ours is the whole
sampler as a fill runs it: context, look-back, embeddings, LSTM, heads, copy gates, masks, and handing events over. The
bare core is the same two layers with the same weights, fed vectors of the same width, in one `lax.scan`; PyTorch's is
`nn.LSTM` of these sizes called once a step, as sampling has to. All step the same number of times with as many takes
side by side, on two cores. Compiling is not counted; what is done once a fill, reading the context too, is.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from msgspec.structs import replace
from timing import CORES, find_torch, pin_to_two_cores, time_in_turn

from model.checkpoint import SHIPPED, load_weights
from model.language.cell_frames import cell_frames
from model.language.conditions import BAR_COLUMNS, part_index, style_vector, tempo_features
from model.language.events import PITCH_TOKENS, POSITIONS, REST_SIZES
from model.network import Network
from model.writing.drum_prior import drum_prior_logits
from model.writing.harmony import CHORD_SLOTS, cell_harmony
from model.writing.masks import wobble_table
from model.writing.rows import TakeRow
from model.writing.sample import CHUNK, Sampler
from song.notes import RATES
from song.parts import PART_SPECS, Part
from song.scales import parse_key
from song.sections import Section, SectionKind, Song

STEPS = 6 * CHUNK
ROUNDS = 21
BARS = 16
"""More than are finished within STEPS, so that no take idles while it is timed."""
ONSETS_A_BAR = 12
PITCHES = range(28, 56)


def rows(takes: int) -> list[TakeRow]:
    """Takes of a bass with every wobble allowed, of which nothing is known but how many onsets a bar gets."""
    key, part = parse_key("C minor"), Part.BASS
    frames = cell_frames(Song(sections=(Section(SectionKind.DROP, BARS),)), 0, part, key)
    every = np.tile(np.isin(np.arange(PITCH_TOKENS), PITCHES), (CHORD_SLOTS, 1))
    harmony = replace(cell_harmony(Section(SectionKind.DROP, BARS), part, key, {}), pitches=every)
    return [
        TakeRow(
            seed=take,
            part=part_index(part),
            bars=BARS,
            quotas=np.full(BARS, ONSETS_A_BAR),
            limits=np.full(BARS, POSITIONS),
            follows=np.zeros(BARS, int),
            conditions=np.zeros((BARS, len(BAR_COLUMNS)), int),
            kicks=np.zeros((BARS, 4), bool),
            frames=frames,
            kept=np.zeros(BARS, bool),
            kept_events=np.zeros((0, 2 + len(REST_SIZES)), int),
            style=style_vector({"dubstep": 1.0}),
            tempo=tempo_features(140),
            harmony=harmony,
            wobbles=wobble_table(part, RATES),
            drum_prior=drum_prior_logits({}, {}),
            polyphony=PART_SPECS[part].polyphony,
            temperature=1.0,
        )
        for take in range(takes)
    ]


def whole_sampler(network: Network, takes: int) -> Callable[[], None]:
    """Sampling STEPS events of so many takes."""
    sampler, some = Sampler(network), rows(takes)

    def run() -> None:
        sampling = sampler.start(some)
        for _ in range(STEPS // CHUNK):
            finished = sampling.advance().finished
        assert not finished

    return run


def bare_scan(network: Network, takes: int) -> Callable[[], object]:
    """STEPS steps of the network's LSTM layers and nothing else, in one compiled loop."""
    width = network.layers[0].w_in[...].shape[0]
    x_TxBxI = jax.random.normal(jax.random.key(1), (STEPS, takes, width))

    @jax.jit
    def scan(x_TxBxI: jax.Array) -> jax.Array:
        def step(carry: tuple, x: jax.Array) -> tuple[tuple, jax.Array]:
            states = []
            for layer, state in zip(network.layers, carry, strict=True):
                states.append(layer.step(state, x))
                x = states[-1][0]
            return tuple(states), x

        zero = jnp.zeros((takes, network.config.hidden))
        return jax.lax.scan(step, tuple((zero, zero) for _ in network.layers), x_TxBxI)[1]

    return lambda: jax.block_until_ready(scan(x_TxBxI))


def torch_loop(torch: Any, network: Network, takes: int, threads: int) -> Callable[[], object]:
    """STEPS calls of PyTorch's LSTM of the same sizes, a step each."""
    width, config = network.layers[0].w_in[...].shape[0], network.config
    lstm = torch.nn.LSTM(width, config.hidden, config.layers)
    x_TxBxI = torch.randn(STEPS, takes, width)

    def run() -> object:
        torch.set_num_threads(threads)
        state = None
        with torch.inference_mode():
            for step in range(STEPS):
                h, state = lstm(x_TxBxI[step : step + 1], state)
        return h

    return run


def main() -> None:
    """Print milliseconds a step and their ratios, for eight takes and for one."""
    pin_to_two_cores()
    network = load_weights(Path(sys.argv[1]) if len(sys.argv) > 1 else SHIPPED).network
    torch = find_torch()
    for takes in (8, 1):
        contenders = {"ours": whole_sampler(network, takes), "bare scan": bare_scan(network, takes)}
        if torch is not None:
            for threads in (1, CORES):
                contenders[f"PyTorch, threads: {threads}"] = torch_loop(torch, network, takes, threads)
        seconds = time_in_turn(contenders, ROUNDS)
        times = "; ".join(f"{name} {1000 * value.median / STEPS:.3f} ms" for name, value in seconds.items())
        print(f"{takes} take{'s' * (takes > 1)}, a step: {times}")
        ours, bare, *others = seconds.values()
        print(f"  whole sampler / bare scan: {ours / bare}")
        if others:
            # Small steps do not always gain by the second thread: the better of the two is PyTorch's time.
            print(f"  PyTorch's loop / whole sampler: {min(others) / ours}")


if __name__ == "__main__":
    main()
