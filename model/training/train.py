"""Training of the network: Grain feeds batches, Optax steps, Orbax keeps what a stopped run resumes from."""

import hashlib
import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import grain
import jax
import msgspec
import numpy as np
from flax import nnx
from jax.sharding import Mesh

from model.loss import event_nats
from model.network import Network
from model.nn import data_parallel
from model.nn.data_parallel import all_rows, row_keys, split_rows, sum_over_rows
from model.nn.optimizer import as_vector, init_state, make_optimizer, make_step
from model.training.batches import SIDE_INFORMATION_HIDDEN, TrainingBatches, evaluation_batches
from model.training.checkpoints import Best, Checkpoints, RunRecord, digest_layout, digest_weights, digest_windows
from model.training.settings import TrainSettings
from model.training.windows import Window
from song.errors import UserError

REPORT_EVERY = 25
"""Steps between reports."""


class Report(msgspec.Struct, frozen=True):
    """Progress of a run.

    Attributes:
        train_step: steps taken.
        train_nats: mean nats an event over the steps since the last report.
        held_out_nats: the same on held-out windows, or None where they were not looked at this time.
        events_a_second: events learned from a second, padding left out.
    """

    train_step: int
    train_nats: float
    held_out_nats: float | None
    events_a_second: float


class TrainResult(NamedTuple):
    """Outcome of a run.

    Attributes:
        network: with the averaged weights of the lowest held-out loss of the run; without held-out windows, the last.
        train_steps: steps taken in all.
        held_out_nats: that loss; nan without held-out windows.
        best_step: the step of those weights.
    """

    network: Network
    train_steps: int
    held_out_nats: float
    best_step: int


def train(
    windows: Sequence[Window],
    held_out: Sequence[Window],
    settings: TrainSettings,
    folder: Path,
    *,
    start_from: Network | None = None,
    on_report: Callable[[Report], None] = lambda report: None,
    tell: Callable[[str], None] = lambda line: None,
    on_saved: Callable[[int], None] = lambda step: None,
    until: float = float("inf"),
) -> TrainResult:
    """Train until the run is over or time is up; a run that was stopped goes on at the same batch.

    All devices take part, each with some rows of every batch; so do those of other processes that have joined, which
    have to be given the same windows and settings.

    Args:
        windows: what to learn from.
        held_out: what to judge by; may be empty.
        settings: the run.
        folder: where checkpoints lie; made if missing. Only the first of several processes uses it.
        start_from: weights to begin with in place of random ones.
        on_report: called every `REPORT_EVERY` steps.
        tell: told in one line of damage that was found and got round.
        on_saved: told the step of the checkpoint that the run goes on from, 0 for none, and of every one written.
        until: the `time.monotonic()` at which to stop with a checkpoint.

    Raises:
        UserError: where there is nothing to learn from, the loss is no longer a number, the disk is full, or the folder
            has another run.
    """
    if not windows:
        raise UserError("there is nothing to learn from: no bars with notes were found; see the reasons above")
    network = start_from or Network(settings.network, rngs=nnx.Rngs(settings.seed))
    parameters, network_of = as_vector(network)
    record = RunRecord(
        settings,
        digest_windows(windows, held_out),
        digest_weights(parameters) if start_from is not None else "",
        layout=digest_layout(network),
    )
    _see_that_all_train_the_same(record)
    optimizer = make_optimizer(
        train_steps=settings.train_steps,
        learning_rate=settings.learning_rate,
        warmup_steps=settings.warmup_steps,
        weight_decay=settings.weight_decay,
        clip=settings.clip,
    )
    mesh = data_parallel.rows_mesh()

    def cost(network: Network, batch: Mapping[str, jax.Array], key: jax.Array) -> jax.Array:
        nats = event_nats(network, batch, row_keys(key, batch["mask"].shape[1]))
        return nats.sum() / all_rows(batch["mask"].sum())

    step = make_step(cost, network_of, optimizer, average=settings.average, seed=settings.seed, mesh=mesh)
    judge = _judge(network_of, held_out, mesh)
    with Checkpoints(folder, record) as checkpoints:
        state, best = checkpoints.restore(
            init_state(parameters, optimizer), Best(parameters, np.float64("inf"), np.int64(0)), tell
        )
        first = taken = saved = int(state.train_step)
        on_saved(saved)
        state = data_parallel.everywhere(state, mesh)
        losses: list[jax.Array] = []
        events, since = 0.0, time.monotonic()
        for batch in _batches(windows, settings, first):
            state, nats = step(state, split_rows(batch, mesh))
            losses.append(nats)
            events += float(batch["mask"].sum())
            taken += 1
            over = taken == settings.train_steps or _time_is_up(until, taken)
            if not (taken % REPORT_EVERY == 0 or over):
                continue
            recent = np.array(jax.device_get(losses))
            if not np.isfinite(recent).all():
                raise _broke_down(taken - len(recent) + int(np.isfinite(recent).argmin()) + 1, saved, folder)
            judged = None
            if taken % settings.checkpoint_every == 0 or over:
                judged, now = judge(state.average), jax.tree.map(np.array, state)
                # The last update may have broken what the loss has not seen yet.
                if (held_out and not np.isfinite(judged)) or not _is_finite(now):
                    raise _broke_down(taken, saved, folder)
                if not held_out or is_better(judged, float(best.nats)):
                    best = Best(now.average, np.float64(judged), np.int64(taken))
                checkpoints.save(now, best)
                saved = taken
                on_saved(saved)
            speed = events / (time.monotonic() - since)
            on_report(Report(taken, float(recent.mean()), judged, speed))
            losses, events, since = [], 0.0, time.monotonic()
            if over:
                break
    return TrainResult(network_of(best.weights), taken, float(best.nats), int(best.train_step))


def is_better(nats: float, best_nats: float) -> bool:
    """True where a held-out loss makes its weights the best: never one that is no number.

    Args:
        nats: the loss, of any value.
        best_nats: that of the best so far; infinite where there is none.
    """
    return math.isfinite(nats) and not best_nats <= nats


def _judge(network_of: Callable[[Any], Network], held_out: Sequence[Window], mesh: Mesh) -> Callable[[Any], float]:
    """Make the function that gives the mean nats an event of held-out windows under weights: nan without windows."""

    def of_rows(average: Any, batch: Mapping[str, jax.Array]) -> tuple[jax.Array, jax.Array]:
        return event_nats(network_of(average), batch).sum(), batch["mask"].sum()

    sums_of = jax.jit(sum_over_rows(of_rows, mesh))

    def judge(average: Any) -> float:
        batches = (split_rows(batch, mesh) for _, batch in evaluation_batches(held_out, SIDE_INFORMATION_HIDDEN))
        sums = [sums_of(average, batch) for batch in batches]
        events = sum(float(count) for _, count in sums)
        return sum(float(nats) for nats, _ in sums) / events if events else float("nan")

    return judge


def _batches(windows: Sequence[Window], settings: TrainSettings, first: int) -> Iterator[Mapping[str, Any]]:
    source = TrainingBatches(
        windows,
        batches=settings.train_steps,
        events_a_batch=settings.events_a_batch,
        seed=settings.seed,
        source_weights=settings.source_weights,
        hide=settings.hide,
    )
    if first >= len(source):
        return iter(())
    dataset = grain.MapDataset.source(source)[first:]
    return iter(dataset.to_iter_dataset(grain.ReadOptions(num_threads=1, prefetch_buffer_size=4)))


def _time_is_up(until: float, taken: int) -> bool:
    """Tell by the first process's clock when to stop; the others ask it now and then, since asking takes a while."""
    if jax.process_count() == 1:
        return time.monotonic() > until
    return taken % REPORT_EVERY == 0 and bool(data_parallel.from_first(np.array(time.monotonic() > until)))


def _see_that_all_train_the_same(record: RunRecord) -> None:
    ours = np.frombuffer(hashlib.sha256(msgspec.json.encode(record)).digest(), np.uint8)
    if not np.array_equal(ours, data_parallel.from_first(ours)):
        raise UserError("a machine has other music or begins with other weights than the first: give all the same")


def _is_finite(tree: Any) -> bool:
    return all(np.isfinite(leaf).all() for leaf in jax.tree.leaves(tree))


def _broke_down(at: int, saved: int, folder: Path) -> UserError:
    kept = (
        f"what was learned until step {saved} is kept in {folder}, and the same command with a lower --rate goes on "
        "from there"
        if saved
        else "lower --rate and start again"
    )
    return UserError(f"training broke down at step {at} (the loss is no number); {kept}")
