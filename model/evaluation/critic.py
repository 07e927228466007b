"""Worth of the critic: how well it tells real music from other, and how near to it the takes are that it picks.

Imports no JAX itself.
"""

from collections.abc import Callable, Mapping, Sequence

import msgspec
import numpy as np

from corpus.pieces import Piece
from model.critic.frames import hide_later_parts
from model.critic.judge import GENERATED, Critic, CriticInput, Judgement
from model.evaluation.distribution import describe_stretch, tell_apart
from model.metrics.distances import apartness, thinned
from model.metrics.logistic import area_under_curve
from model.metrics.phrase_measures import PhraseVectors, matrix, measures_of
from model.protocol import CellRef
from model.training.critic_corruption import CORRUPTIONS, corrupt
from model.training.critic_examples import (
    UNKNOWN_CLASS,
    Example,
    MirroredPiece,
    generated_examples,
    mirror_pieces,
    real_examples,
)
from model.training.critic_train import FAULT_OF
from model.writing.fill import Filler, WrittenTake
from song.parts import PARTS, Part

TAKES = 8
STRETCHES = 2
"""Stretches of a piece that are judged, at most: its middle ones."""
_FEWEST = 8
"""Phrases of a part below which picks of it are not compared."""
_TRIES = 8

WRITTEN_WHOLE = "generated, all parts"
WRITTEN_BESIDE = "generated beside real parts"
CRITIC, NEAREST, RANDOM = "the critic's", "the nearest to usual nats", "a random one"


class RealAccuracy(msgspec.Struct, frozen=True):
    """Accuracy at telling real cells from others.

    Attributes:
        against: what they are told from.
        part: whose cells, or None for all.
        real, others: how many of either.
        auc: the chance that a real one is held likelier to be real than one of the others, 0-1.
        accuracy: share told right, 0-1, both sides weighing the same.
        own_auc, own_accuracy: the same by the head of what they are told from, instead of by the score.
    """

    against: str
    part: Part | None
    real: int
    others: int
    auc: float
    accuracy: float
    own_auc: float
    own_accuracy: float


class ClassAccuracy(msgspec.Struct, frozen=True):
    """Accuracy at giving real cells their section kind or style.

    Attributes:
        what: which of the two.
        cells: how many were judged.
        classes: how many classes they have.
        accuracy: share told right, 0-1, every class weighing the same.
    """

    what: str
    cells: int
    classes: int
    accuracy: float


class Pick(msgspec.Struct, frozen=True):
    """Nearness of picked takes of a part to real music, as means over the measures of the part.

    Attributes:
        part: whose takes.
        how: which take of each cell.
        phrases: how many.
        overlap: overlapped area, 0-1.
        divergence: in nats.
        accuracy: of a classifier that tells them from real ones, 0-1.
        auc: the area under its curve, 0-1.
        spread: standard deviation of the overlap from one random pick to the next; None for the others.
    """

    part: Part
    how: str
    phrases: int
    overlap: float
    divergence: float
    accuracy: float
    auc: float
    spread: float | None = None


class CriticMeasurements(msgspec.Struct, frozen=True):
    """All that was measured.

    Attributes:
        songs: real songs that it was judged on.
        told: real cells told from each kind of others.
        named: section kinds and styles given to real cells.
        picks: takes picked in each way, part by part.
    """

    songs: int
    told: tuple[RealAccuracy, ...]
    named: tuple[ClassAccuracy, ...]
    picks: tuple[Pick, ...]


def measure_critic(
    critic: Critic,
    filler: Filler,
    typical_nats: Mapping[str, float],
    pieces: Sequence[Piece],
    seed: int,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> CriticMeasurements:
    """Judge a critic on pieces that neither it nor the filler's weights have heard.

    Args:
        critic: what is judged.
        filler: writes takes and ranks them by that critic.
        typical_nats: nats a note of real music under the filler's weights, by part.
        pieces: real songs.
        seed: 0 or more.
    """
    rng = np.random.default_rng(seed)
    mirrored = [one for piece in pieces for one in _middle(list(mirror_pieces([piece])))]
    real: list[Example] = []
    takes: dict[str, list[Example]] = {WRITTEN_WHOLE: [], WRITTEN_BESIDE: []}
    whole: list[tuple[MirroredPiece, dict[CellRef, tuple[WrittenTake, ...]]]] = []
    for number, one in enumerate(mirrored):
        on_progress(number, len(mirrored))
        real += real_examples(one)
        written: dict[CellRef, tuple[WrittenTake, ...]] = {}
        for cell, candidates, heard in generated_examples(filler, one, seed * 10_000 + number, TAKES, False):
            written[cell] = candidates
            takes[WRITTEN_WHOLE] += _one_of(heard, rng)
        whole.append((one, written))
        for _, _, heard in generated_examples(filler, one, seed * 10_000 + number, 1, True):
            takes[WRITTEN_BESIDE] += heard
    on_progress(len(mirrored), len(mirrored))
    judged_real = _judge(critic, real)
    # A cell made wrong is judged by its frames alone, and so is what it was made of.
    by_frames = _judge(critic, [msgspec.structs.replace(one, measures=None) for one in real])
    told = []
    for against, examples in takes.items():
        told += _told_by_part(against, GENERATED, real, judged_real, examples, _judge(critic, examples))
    for corruption in CORRUPTIONS:
        told += told_from_corrupted(critic, corruption, real, by_frames, rng)
    named = (
        _named("section kind", [(one.kind, judged.kinds) for one, judged in zip(real, judged_real, strict=True)]),
        _named(
            "style",
            [
                (int(one.style.argmax()) if one.style.any() else UNKNOWN_CLASS, judged.styles)
                for one, judged in zip(real, judged_real, strict=True)
            ],
        ),
    )
    picks = compare_picks(whole, typical_nats, seed)
    return CriticMeasurements(len({one.group for one in real}), tuple(told), named, tuple(picks))


def _middle(stretches: list[MirroredPiece]) -> list[MirroredPiece]:
    first = max(len(stretches) - STRETCHES, 0) // 2
    return stretches[first : first + STRETCHES]


def _one_of(examples: Sequence[Example], rng: np.random.Generator) -> list[Example]:
    return [examples[int(rng.integers(len(examples)))]] if examples else []


def _judge(critic: Critic, examples: Sequence[Example]) -> list[Judgement]:
    return critic.judge(
        [CriticInput(one.part, hide_later_parts(one.frames, one.part), one.measures) for one in examples]
    )


def _told_by_part(
    against: str,
    fault: int,
    real: Sequence[Example],
    judged_real: Sequence[Judgement],
    others: Sequence[Example],
    judged: Sequence[Judgement],
) -> list[RealAccuracy]:
    found = []
    for part in (None, *PARTS):
        high = [two for one, two in zip(real, judged_real, strict=True) if part in (None, one.part)]
        low = [two for one, two in zip(others, judged, strict=True) if part in (None, one.part)]
        if high and low:
            found.append(_told(against, part, fault, high, low))
    return found


def told_from_corrupted(
    critic: Critic, corruption: str, real: Sequence[Example], judged_real: Sequence[Judgement], rng: np.random.Generator
) -> list[RealAccuracy]:
    """Real cells against themselves made wrong; those that cannot be are left out on both sides.

    Args:
        critic: what judges.
        corruption: one of `CORRUPTIONS`.
        real: cells of real songs.
        judged_real: what the critic makes of their frames.
        rng: draws other songs, orders and transpositions.

    Returns:
        A row for all parts and one for each; none where no cell can be made wrong in this way.
    """
    whole: list[tuple[Example, Judgement]] = []
    wrongs: list[Example] = []
    for example, judgement in zip(real, judged_real, strict=True):
        others = [one for one in real if one.part is example.part and one.group != example.group]
        known = hide_later_parts(example.frames, example.part)
        for _ in range(_TRIES if others else 0):
            other = others[int(rng.integers(len(others)))]
            wrong = corrupt(known, example.part, corruption, other.frames, rng)
            if wrong is not None:
                whole.append((example, judgement))
                wrongs.append(msgspec.structs.replace(example, real=False, frames=wrong))
                break
    judged = critic.judge([CriticInput(one.part, one.frames) for one in wrongs])
    fault = FAULT_OF[corruption]
    return _told_by_part(corruption, fault, [one for one, _ in whole], [two for _, two in whole], wrongs, judged)


def _told(
    against: str, part: Part | None, fault: int, high: Sequence[Judgement], low: Sequence[Judgement]
) -> RealAccuracy:
    positive = np.arange(len(high) + len(low)) < len(high)

    def told(scores: np.ndarray) -> tuple[float, float]:
        accuracy = ((scores[positive] >= 0.5).mean() + (scores[~positive] < 0.5).mean()) / 2
        return area_under_curve(scores, positive), float(accuracy)

    judged = [*high, *low]
    score = told(np.array([one.real for one in judged]))
    own = told(np.array([1 - one.faults[fault] for one in judged]))
    return RealAccuracy(against, part, len(high), len(low), *score, *own)


def _named(what: str, cells: Sequence[tuple[int, np.ndarray]]) -> ClassAccuracy:
    known = [(wanted, int(likely.argmax())) for wanted, likely in cells if wanted != UNKNOWN_CLASS]
    classes = sorted({wanted for wanted, _ in known})
    right = [np.mean([said == one for wanted, said in known if wanted == one]) for one in classes]
    return ClassAccuracy(what, len(known), len(classes), float(np.mean(right)) if right else float("nan"))


def compare_picks(
    whole: Sequence[tuple[MirroredPiece, Mapping[CellRef, Sequence[WrittenTake]]]],
    typical_nats: Mapping[str, float],
    seed: int,
) -> list[Pick]:
    """Compare one take a cell, picked in different ways, with real music.

    Args:
        whole: real stretches with the takes of each of their cells.
        typical_nats: nats a note of real music, by part.
        seed: of random picks.
    """
    rng = np.random.default_rng([seed, 7])
    orders = [{cell: rng.permutation(len(some)) for cell, some in written.items()} for _, written in whole]
    real = [row for one, _ in whole for row in describe_stretch(one.stretch, one.stretch.phrases)]

    def described(pick: Callable[[int, CellRef, Sequence[WrittenTake]], WrittenTake]) -> list[PhraseVectors]:
        rows = []
        for index, (one, written) in enumerate(whole):
            phrases = {cell: pick(index, cell, some).phrase for cell, some in written.items()}
            rows += describe_stretch(one.stretch, phrases)
        return rows

    def most_real(index: int, cell: CellRef, some: Sequence[WrittenTake]) -> WrittenTake:
        return max(some, key=lambda take: take.critic or 0.0)

    def nearest(index: int, cell: CellRef, some: Sequence[WrittenTake]) -> WrittenTake:
        return min(some, key=lambda take: abs(take.nats_per_note - typical_nats.get(cell.part.value, 0.0)))

    by_how = {CRITIC: [described(most_real)], NEAREST: [described(nearest)], RANDOM: []}
    for number in range(TAKES):

        def at_random(index: int, cell: CellRef, some: Sequence[WrittenTake], number: int = number) -> WrittenTake:
            return some[int(orders[index][cell][number % len(some)])]

        by_how[RANDOM].append(described(at_random))
    found = []
    for part in PARTS:
        for how, sets in by_how.items():
            pick = _pick(part, how, real, sets, seed)
            found += [pick] if pick is not None else []
    return found


def _pick(
    part: Part, how: str, real: Sequence[PhraseVectors], sets: Sequence[Sequence[PhraseVectors]], seed: int
) -> Pick | None:
    near, far, heard = [], [], []
    for rows in sets:
        own = [one for one in rows if one.part is part]
        here = [one for one in real if one.part is part]
        if min(len(own), len(here)) < _FEWEST:
            return None
        overlaps, divergences = [], []
        for name in measures_of(part):
            pair = [[one for one in side if one.vectors[name] is not None] for side in (here, own)]
            if min(map(len, pair)) < _FEWEST:
                continue
            rng = np.random.default_rng([seed, 11])
            apart = apartness(*(thinned(matrix(side, [name]), rng) for side in pair))
            overlaps.append(apart.overlap)
            divergences.append(apart.divergence)
        near.append(float(np.mean(overlaps)))
        far.append(float(np.mean(divergences)))
        told = tell_apart(here, own, seed).get(part)
        if told is not None:
            heard.append((told.accuracy, told.auc or 0.5))
    accuracy, auc = np.mean(heard, axis=0).tolist() if heard else (float("nan"), float("nan"))
    spread = float(np.std(near)) if len(sets) > 1 else None
    return Pick(part, how, len(own), float(np.mean(near)), float(np.mean(far)), accuracy, auc, spread)
