"""Trains the network: Grain feeds batches, Optax steps, Orbax keeps checkpoints that a stopped run resumes from."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import grain
import jax
import msgspec
import numpy as np
import orbax.checkpoint as ocp
from flax import nnx

from model import descent
from model.batches import SIDE_INFORMATION_HIDDEN, HideRates, TrainingBatches, evaluation_batches
from model.descent import DescentState
from model.loss import event_nats, mean_nats
from model.network import Network, NetworkConfig
from model.windows import Window
from song.errors import UserError


class TrainSettings(msgspec.Struct, frozen=True):
    """A training run."""

    network: NetworkConfig = NetworkConfig()
    train_steps: int = 6000  # optimizer steps in all; the learning rate falls to nothing over them
    events_a_batch: int = 8192  # events in a batch, padding included
    learning_rate: float = 2e-3  # the highest, reached after the warm-up
    warmup_steps: int = 200  # steps over which the learning rate rises
    weight_decay: float = 1e-3  # pull of the weights towards zero
    clip: float = 1.0  # longest gradient that is taken as it is
    average: float = 0.999  # share of the running average of weights that a step leaves; the average is what is kept
    seed: int = 0  # of the weights and the order of batches
    checkpoint_every: int = 500  # steps between checkpoints, each with a look at the held-out loss
    source_weights: Mapping[str, float] = msgspec.field(default_factory=dict)  # how much oftener a source is drawn
    hide: HideRates = HideRates()  # how often each condition is hidden


class Report(msgspec.Struct, frozen=True):
    """How a run is going.

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


def train(
    windows: Sequence[Window],
    held_out: Sequence[Window],
    settings: TrainSettings,
    folder: Path,
    *,
    start_from: Network | None = None,
    on_report: Callable[[Report], None] = lambda report: None,
    until: float = float("inf"),
) -> tuple[Network, int, float]:
    """Train until the run is over or time is up; a run that was stopped goes on at the same batch.

    Args:
        windows: what to learn from.
        held_out: what to judge by; may be empty.
        settings: the run.
        folder: where checkpoints lie; made if missing.
        start_from: weights to begin with in place of random ones.
        on_report: called every twenty-five steps.
        until: the `time.monotonic()` at which to stop with a checkpoint.

    Returns:
        The network with averaged weights, the steps taken, and the last held-out loss (nan without held-out windows).

    Raises:
        UserError: where there is nothing to learn from, the loss is no longer a number, or the disk is full.
    """
    if not windows:
        raise UserError("there is nothing to learn from: no bars with notes were found; see the reasons above")
    network = start_from or Network(settings.network, rngs=nnx.Rngs(settings.seed))
    graph, parameters, fixed = nnx.split(network, nnx.Param, ...)
    optimizer = descent.make_optimizer(
        train_steps=settings.train_steps,
        learning_rate=settings.learning_rate,
        warmup_steps=settings.warmup_steps,
        weight_decay=settings.weight_decay,
        clip=settings.clip,
    )
    state = descent.start(parameters, optimizer)

    def cost(parameters: Any, batch: Mapping[str, jax.Array], key: jax.Array) -> jax.Array:
        return mean_nats(nnx.merge(graph, parameters, fixed), batch, key)

    step = descent.make_step(cost, optimizer, average=settings.average, seed=settings.seed)

    @jax.jit
    def held_out_sums(average: Any, batch: Mapping[str, jax.Array]) -> tuple[jax.Array, jax.Array]:
        return event_nats(nnx.merge(graph, average, fixed), batch).sum(), batch["mask"].sum()

    def judge(average: Any) -> float:
        sums = [held_out_sums(average, batch) for _, batch in evaluation_batches(held_out, SIDE_INFORMATION_HIDDEN)]
        events = sum(float(count) for _, count in sums)
        return sum(float(nats) for nats, _ in sums) / events if events else float("nan")

    options = ocp.CheckpointManagerOptions(max_to_keep=2, create=True)
    with ocp.CheckpointManager(folder.resolve(), options=options) as manager:
        state = _restore(manager, state)
        first, last_held_out, saved = int(state.train_step), float("nan"), int(state.train_step)
        losses: list[jax.Array] = []
        events, since = 0.0, time.monotonic()
        taken = first
        for batch in _batches(windows, settings, first):
            state, nats = step(state, batch)
            losses.append(nats)
            events += float(batch["mask"].sum())
            taken += 1
            over = taken == settings.train_steps or time.monotonic() > until
            if not (taken % 25 == 0 or over):
                continue
            recent = float(np.mean(jax.device_get(losses)))
            if not np.isfinite(recent):
                raise UserError(
                    f"training broke down at step {taken} (the loss is no number); the checkpoint of step {saved} is "
                    "kept: lower --rate and start again"
                )
            judged = None
            if taken % settings.checkpoint_every == 0 or over:
                judged = last_held_out = judge(state.average)
                _save(manager, state, taken)
                saved = taken
            speed = events / (time.monotonic() - since)
            on_report(Report(taken, recent, judged, speed))
            losses, events, since = [], 0.0, time.monotonic()
            if over:
                break
        if taken == first:
            last_held_out = judge(state.average)
    nnx.update(network, state.average)
    return network, taken, last_held_out


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


def _restore(manager: ocp.CheckpointManager, state: DescentState) -> DescentState:
    if manager.latest_step() is None:
        return state
    pure = jax.tree.map(lambda leaf: leaf, state)
    try:
        restored = manager.restore(manager.latest_step(), args=ocp.args.StandardRestore(_leaves(pure)))
    except (ValueError, KeyError, OSError) as error:
        raise UserError(
            f"the checkpoint in {manager.directory} is of another network or damaged: choose another --out"
        ) from error
    return jax.tree.unflatten(jax.tree.structure(state), [restored[name] for name in sorted(restored)])


def _save(manager: ocp.CheckpointManager, state: DescentState, taken: int) -> None:
    try:
        manager.save(taken, args=ocp.args.StandardSave(_leaves(state)))
        manager.wait_until_finished()
    except (OSError, ValueError) as error:
        raise UserError(
            f"cannot write a checkpoint to {manager.directory}: {error}; free some space and resume"
        ) from error


def _leaves(state: DescentState) -> dict[str, jax.Array]:
    """The state's arrays under names that sort in their order: plain data, whatever Flax or Optax call their types."""
    return {f"{n:04d}": leaf for n, leaf in enumerate(jax.tree.leaves(state))}
