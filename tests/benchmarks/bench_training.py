"""Notes a second that training learns from, beside a PyTorch network of the same sizes, and where a step's time goes.

`python tests/benchmarks/bench_training.py`. Ours is `model.training.train.train` as `dropsmith train` runs it, a device
for each core, on windows of the starter set of one padded length: making the batches, clipping, AdamW and the running
average of the weights are in it. PyTorch's is `torch_network.py` with plain Adam on the very same batches, made
beforehand; both in single precision on two cores, in turns of some steps. Events of the padding do not count as notes
for either. Then the pieces of our step, each compiled and timed by itself, forwards and backwards.
"""

import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx
from timing import CORES, find_torch, pin_to_two_cores, time_in_turn

from corpus.starter.pieces import starter_pieces
from model.loss import event_nats
from model.network import Network
from model.nn.data_parallel import everywhere, row_keys, rows_mesh, split_rows, sum_over_rows
from model.nn.devices import keep_freed_memory, use_every_core
from model.nn.optimizer import as_vector
from model.training.batches import TrainingBatches, padded_length
from model.training.settings import TrainSettings
from model.training.train import Report, train
from model.training.windows import Window, cut_windows

TURNS = 4
STEPS_A_TURN = 25
"""Steps between reports of `train`; the first turn, in which it compiles, is left out."""
SETTINGS = TrainSettings(train_steps=(1 + TURNS) * STEPS_A_TURN, warmup_steps=10)
PIECE_ROUNDS = 5

Batch = Mapping[str, Any]


def windows_of_one_length() -> list[Window]:
    """The windows of the starter set of the padded length that most of its events have, so that one program serves."""
    windows = list(cut_windows(starter_pieces()))
    events: Counter[int] = Counter()
    for window in windows:
        events[padded_length(len(window.events))] += len(window.events)
    length = events.most_common(1)[0][0]
    return [window for window in windows if padded_length(len(window.events)) == length]


def first_batches(windows: Iterable[Window], count: int) -> list[Batch]:
    """The batches that training begins with."""
    source = TrainingBatches(list(windows), batches=count, events_a_batch=SETTINGS.events_a_batch, seed=SETTINGS.seed)
    return [source[index] for index in range(count)]


def torch_turn(torch: Any, batches: list[Batch]) -> Callable[[], float]:
    """A turn of PyTorch's training; gives its notes a second."""
    from torch_network import TorchNetwork, torch_batch

    torch.set_num_threads(CORES)
    network = TorchNetwork(Network(SETTINGS.network, rngs=nnx.Rngs(0)))
    optimizer = torch.optim.Adam(network.parameters(), SETTINGS.learning_rate)
    tensors = [torch_batch(batch) for batch in batches]

    def run() -> float:
        start, notes = time.perf_counter(), 0.0
        for batch in tensors:
            optimizer.zero_grad()
            network(batch).backward()
            optimizer.step()
            notes += float(batch["mask"].sum())
        return notes / (time.perf_counter() - start)

    return run


def train_in_turns(windows: list[Window], other: Callable[[], float] | None) -> tuple[list[float], list[float]]:
    """Notes a second of each of our turns and of the other's; the other's turn comes while ours pauses to report."""
    ours: list[float] = []
    others: list[float] = []

    def on_report(report: Report) -> None:
        if report.train_step > STEPS_A_TURN:
            ours.append(report.events_a_second)
        if other is not None and report.train_step < SETTINGS.train_steps:
            others.append(other())

    with tempfile.TemporaryDirectory() as folder:
        train(windows, [], SETTINGS, Path(folder), on_report=on_report)
    return ours, others


def piece_seconds(batch: Batch) -> dict[str, float]:
    """Median seconds of the pieces of a step on one batch, forwards and backwards."""
    network = Network(SETTINGS.network, rngs=nnx.Rngs(0))
    vector, network_of = as_vector(network)
    (T, B), width = batch["mask"].shape, network.layers[0].w_in[...].shape[0]
    x_TxBxI = np.random.default_rng(0).normal(size=(T, B, width)).astype(np.float32)
    mesh = rows_mesh()
    parameters = everywhere(vector, mesh)
    rows = split_rows({**batch, "x": x_TxBxI}, mesh)

    def whole(parameters: Any, x: jax.Array, batch: Batch) -> jax.Array:
        keys = row_keys(jax.random.key(1), batch["mask"].shape[1])
        return event_nats(network_of(parameters), batch, keys).sum()

    def layers(parameters: Any, x: jax.Array, batch: Batch) -> jax.Array:
        for layer in network_of(parameters).layers:
            x = layer(x)
        return x.sum()

    def context(parameters: Any, x: jax.Array, batch: Batch) -> jax.Array:
        read = network_of(parameters).read_context(batch["frames"])
        return sum((leaf.sum() for leaf in jax.tree.leaves(read)), jnp.zeros(()))

    def timed(cost: Callable[..., jax.Array]) -> Callable[[], object]:
        def slope(parameters: Any, batch: Batch) -> Any:
            value, (of_parameters, of_x) = jax.value_and_grad(cost, (0, 1))(parameters, batch["x"], batch)
            return value, of_parameters, of_x.sum()

        compiled = jax.jit(sum_over_rows(slope, mesh))
        return lambda: jax.block_until_ready(compiled(parameters, rows))

    pieces = {"whole": timed(whole), "LSTM layers": timed(layers), "context": timed(context)}
    return {name: seconds.median for name, seconds in time_in_turn(pieces, PIECE_ROUNDS).items()}


def main() -> None:
    """Print notes a second, their ratio, and the pieces' shares."""
    pin_to_two_cores()
    keep_freed_memory()
    use_every_core()
    torch = find_torch()
    windows = windows_of_one_length()
    start = time.perf_counter()
    batches = first_batches(windows, STEPS_A_TURN)
    batch_seconds = (time.perf_counter() - start) / len(batches)
    ours, others = train_in_turns(windows, torch_turn(torch, batches) if torch is not None else None)
    T, B = batches[0]["mask"].shape
    print(f"{T} events by {B} windows a step, {SETTINGS.network}")
    speed = statistics.median(ours)
    print(f"ours: {speed:.0f} notes/s, median of {len(ours)} turns of {STEPS_A_TURN} steps")
    if others:
        # Its first turn warms it up, as ours compiles in the first.
        theirs = statistics.median(others[1:])
        print(f"PyTorch: {theirs:.0f} notes/s, median of {len(others) - 1}")
        print(f"ratio: {speed / theirs:.2f} (fastest turns {max(ours) / max(others[1:]):.2f})")
    step_seconds = np.mean([batch["mask"].sum() for batch in batches]) / speed
    pieces = piece_seconds(batches[0])
    whole = pieces.pop("whole")
    pieces["embeddings, heads, copy gates, loss"] = whole - sum(pieces.values())
    pieces["clipping, AdamW, running average, waiting for batches"] = step_seconds - whole
    print(f"a step of ours takes {step_seconds:.3f} s:")
    for name, seconds in pieces.items():
        print(f"  {name}: {seconds:.3f} s, {100 * seconds / step_seconds:.0f}%")
    print(f"  making a batch, on a thread beside it: {batch_seconds:.3f} s")


if __name__ == "__main__":
    main()
