"""Training and judging of the polyphony benchmark's network; `dropsmith evaluate --benchmark` starts it.

The figures are nats a frame: frame t + 1 from the frames up to t, over all frames of a split but the first of each
piece. The checkpoint is chosen by the validation split; the test split is read once, at the end.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import grain
import jax
import msgspec
import numpy as np
from flax import nnx
from numpy.typing import NDArray

from model.benchmark.batches import TrainingWindows, shifts_of, whole_pieces
from model.benchmark.data import Frames, PieceInputs, look_back
from model.benchmark.network import PolyphonyConfig, PolyphonyNetwork
from model.nn.optimizer import as_vector, init_state, make_optimizer, make_step
from song.errors import UserError


class PolyphonySettings(msgspec.Struct, frozen=True):
    """A run of the benchmark."""

    network: PolyphonyConfig
    train_steps: int  # optimizer steps in all
    judge_every: int  # steps between looks at the validation split
    windows: int  # windows of a batch
    length: int  # frames of a window
    places: int  # longest chain that is learned, its end included; judging takes all
    widest: int = 6  # semitones that pieces are transposed by, each way
    learning_rate: float = 2e-3  # the highest
    warmup_steps: int = 100  # steps over which it rises
    weight_decay: float = 1e-2  # pull of the weights towards zero
    clip: float = 1.0  # longest gradient that is taken as it is
    average: float = 0.998  # share of the running average of weights that a step leaves
    seed: int = 0  # of the weights and the batches


class PolyphonyReport(msgspec.Struct, frozen=True):
    """Progress of a run, in nats a frame; `validation_nats` is nan where the validation split was not looked at."""

    train_step: int
    train_nats: float
    validation_nats: float
    seconds: float


class PolyphonyResult(msgspec.Struct, frozen=True):
    """Outcome of a run, in nats a frame.

    Attributes:
        validation, test: the network as it is.
        validation_mixed, test_mixed: the mean of its probabilities over transpositions of the piece.
        best_step: the step whose averaged weights were kept.
        frames: frames scored in the test split.
    """

    validation: float
    test: float
    validation_mixed: float
    test_mixed: float
    best_step: int
    train_steps: int
    seed: int
    parameters: int
    frames: int
    minutes: float


def run_benchmark(
    pieces: Mapping[str, Sequence[Frames]],
    settings: PolyphonySettings,
    *,
    on_report: Callable[[PolyphonyReport], None] = lambda report: None,
) -> PolyphonyResult:
    """Train on "train", choose by "validation", judge on "test".

    Args:
        pieces: piano rolls by split.
        settings: the run; the same settings and data give the same figures.
        on_report: called every twenty-five steps.

    Raises:
        UserError: where the loss is no longer a number.
    """
    began = time.monotonic()
    longest = 1 + max(int(piece.sum(1).max()) for split in pieces.values() for piece in split)
    looks = {
        split: [look_back(piece, settings.network.lags, longest) for piece in rolls] for split, rolls in pieces.items()
    }
    network = PolyphonyNetwork(settings.network, rngs=nnx.Rngs(settings.seed))
    parameters, network_of = as_vector(network)
    optimizer = make_optimizer(
        train_steps=settings.train_steps,
        learning_rate=settings.learning_rate,
        warmup_steps=settings.warmup_steps,
        weight_decay=settings.weight_decay,
        clip=settings.clip,
    )

    def cost(network: PolyphonyNetwork, batch: Mapping[str, jax.Array], key: jax.Array) -> jax.Array:
        nats = network.frame_nats(batch, key)
        return nats.sum() / (batch["tokens"][..., 0] >= 0).sum()

    step = make_step(cost, network_of, optimizer, average=settings.average, seed=settings.seed)
    frame_nats = jax.jit(lambda parameters, batch: network_of(parameters).frame_nats(batch))

    source = TrainingWindows(
        looks["train"],
        batches=settings.train_steps,
        windows=settings.windows,
        length=settings.length,
        places=min(settings.places, longest),
        widest=settings.widest,
        seed=settings.seed,
    )
    dataset = grain.MapDataset.source(source).to_iter_dataset(grain.ReadOptions(num_threads=1, prefetch_buffer_size=4))
    state = init_state(parameters, optimizer)
    best, best_nats, best_step = state.average, float("inf"), 0
    losses: list[jax.Array] = []
    for taken, batch in enumerate(dataset, 1):
        state, nats = step(state, batch)
        losses.append(nats)
        judging = taken % settings.judge_every == 0 or taken == settings.train_steps
        if not (judging or taken % 25 == 0):
            continue
        recent, validation = float(np.mean(jax.device_get(losses))), float("nan")
        losses = []
        if not np.isfinite(recent):
            raise UserError(f"the benchmark broke down at step {taken}: its loss is no number; try another --seed")
        if judging:
            validation = _mean(_piece_nats(frame_nats, state.average, looks["validation"], 0))
            if validation < best_nats:
                best, best_nats, best_step = np.array(state.average), validation, taken
        on_report(PolyphonyReport(taken, recent, validation, time.monotonic() - began))
    judged = {split: judge(frame_nats, best, looks[split], settings.widest) for split in ("validation", "test")}
    return PolyphonyResult(
        validation=judged["validation"][0],
        test=judged["test"][0],
        validation_mixed=judged["validation"][1],
        test_mixed=judged["test"][1],
        best_step=best_step,
        train_steps=settings.train_steps,
        seed=settings.seed,
        parameters=parameters.size,
        frames=sum(len(look.tokens) for look in looks["test"]),
        minutes=(time.monotonic() - began) / 60,
    )


FrameNats = Callable[[Any, Any], jax.Array]
"""`PolyphonyNetwork.frame_nats`, (T, B), under a vector of parameters, (N,), for a batch."""


def judge(frame_nats: FrameNats, parameters: Any, looks: Sequence[PieceInputs], widest: int) -> tuple[float, float]:
    """Nats a frame over whole pieces: as they stand, and with the probabilities of each frame averaged over shifts.

    Averaging over transpositions of the piece stays honest: each of them sees the past alone, and gives the sets that
    still lie on the keyboard at most all of its probability; so the mean sums to at most 1.

    Args:
        frame_nats: the network's.
        parameters: float32 (N,), as `model.nn.optimizer.as_vector` has them.
        looks: the pieces.
        widest: semitones that pieces are transposed by, each way.
    """
    by_shift = [_piece_nats(frame_nats, parameters, looks, shift) for shift in range(-widest, widest + 1)]
    mixed = []
    for n, look in enumerate(looks):
        nats = np.stack([by_shift[shift + widest][n] for shift in shifts_of(look, widest)])
        mixed.append(np.log(len(nats)) - np.logaddexp.reduce(-nats, axis=0))
    return _mean(by_shift[widest]), _mean(mixed)


def _piece_nats(
    frame_nats: FrameNats, parameters: Any, looks: Sequence[PieceInputs], shift: int
) -> list[NDArray[np.float64]]:
    """Nats of every frame but the first of every piece, transposed; only valid where the piece can be shifted so."""
    found: list[NDArray[np.float64]] = [np.empty(0)] * len(looks)
    for chosen, batch in whole_pieces(looks, shift, frames_a_batch=4096):
        nats = np.asarray(frame_nats(parameters, batch), np.float64)
        for b, n in enumerate(chosen):
            found[n] = nats[: len(looks[n].tokens), b]
    return found


def _mean(nats: Sequence[NDArray[np.float64]]) -> float:
    return float(np.concatenate(nats).mean())
