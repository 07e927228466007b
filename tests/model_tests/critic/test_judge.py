"""The critic on the disk and at work: each take judged by itself, the takes of a cell ranked by merit."""

from pathlib import Path

import numpy as np
import pytest
from flax import nnx

from model.checkpoint import Weights
from model.critic.frames import COLUMNS, critic_bars, take_frames
from model.critic.judge import (
    GENERATED,
    Critic,
    CriticCard,
    CriticConfig,
    CriticInput,
    CriticNetwork,
    critic_path,
    load_critic,
    save_critic,
)
from model.critic.measures import UNWEIGHED, Weighing, measure
from model.language.cell_frames import cell_frames
from model.language.frames import FRAMES_A_BAR, blank_frames, content_columns
from model.metrics.logistic import Logistic
from model.protocol import CellRef
from model.writing.fill import CellTakes, Filler
from song.errors import UserError
from song.notes import Note, Phrase
from song.parts import PARTS, Part
from song.scales import parse_key
from song.sections import Constraints, Density, Section, SectionKind, Song
from tests.model_tests.drawn_networks import drawn

SMALL = CriticConfig(width=12, within=8, across=8)


def random_critic(seed: int = 0) -> Critic:
    return Critic(drawn(CriticNetwork, SMALL, seed), CriticCard(SMALL))


def takes(bars: tuple[int, ...], seed: int = 0) -> list[CriticInput]:
    rng = np.random.default_rng(seed)
    found = []
    for number, count in enumerate(bars):
        frames = blank_frames(count)
        part = PARTS[number % len(PARTS)]
        frames[:, content_columns(part)] = rng.integers(0, 2, frames[:, content_columns(part)].shape)
        found.append(CriticInput(part, frames))
    return found


def test_a_take_is_judged_by_itself() -> None:
    critic, some = random_critic(), takes((4, 16, 8, 1, 12, 16, 3, 16, 20, 5, 40))
    together = [one.real for one in critic.judge(some)]
    alone = [critic.judge([one])[0].real for one in some]
    backwards = [one.real for one in critic.judge(some[::-1])][::-1]
    np.testing.assert_allclose(together, alone, rtol=1e-5)
    np.testing.assert_allclose(together, backwards, rtol=1e-5)
    assert len({round(score, 6) for score in together}) > 5, "all takes are judged alike"


def test_what_follows_the_stretch_makes_no_difference() -> None:
    network = drawn(CriticNetwork, SMALL, 1)
    judge = nnx.jit(lambda network, *stretch: network(*stretch))
    part, frames, _ = takes((4,))[0]
    bars = critic_bars(frames, part)[None].astype(np.float32)
    noise = np.random.default_rng(0).normal(size=(1, 3, FRAMES_A_BAR, COLUMNS))
    padded = np.concatenate([bars, noise], axis=1).astype(np.float32)
    there = np.arange(padded.shape[1])[None] < bars.shape[1]
    short = judge(network, bars, np.ones(bars.shape[:2], bool))
    np.testing.assert_allclose(judge(network, padded, there), short, rtol=1e-5, atol=1e-6)
    assert np.abs(judge(network, padded, np.ones_like(there)) - short).max() > 1e-3, (
        "nothing is heard of the noise at all"
    )


def test_without_its_file_there_is_no_critic_and_ranking_is_as_before(tiny_weights: Weights, tmp_path: Path) -> None:
    weights_path = tmp_path / "own.safetensors"
    assert load_critic(weights_path) is None
    save_critic(
        critic_path(weights_path),
        drawn(CriticNetwork, SMALL, 2),
        CriticCard(SMALL, weights="abc"),
        UNWEIGHED,
    )
    critic = load_critic(weights_path)
    assert critic is not None
    assert critic.card.weights == "abc"
    song = Song(sections=(Section(SectionKind.DROP, 4, Constraints(density=Density(bass=0.6))),))
    cell = CellRef(0, Part.BASS)

    def ranked(filler: Filler) -> CellTakes:
        return next(step for step in filler.fill(song, [cell], 5, 3) if isinstance(step, CellTakes))

    plain, judged = ranked(Filler(tiny_weights)), ranked(Filler(tiny_weights, critic=critic))
    typical = tiny_weights.card.typical_nats.get("bass", 0.0)
    assert [take.critic for take in plain.takes] == [None] * 5
    distances = [abs(take.nats_per_note - typical) for take in plain.takes]
    assert distances == sorted(distances)
    scores = [take.critic or 0.0 for take in judged.takes]
    assert all(0 < score < 1 for score in scores)
    assert scores == sorted(scores, reverse=True)
    assert {take.phrase for take in plain.takes} == {take.phrase for take in judged.takes}


def test_a_damaged_critic_is_said_in_one_line(tmp_path: Path) -> None:
    weights_path = tmp_path / "own.safetensors"
    path = critic_path(weights_path)
    save_critic(path, drawn(CriticNetwork, SMALL, 2), CriticCard(SMALL), UNWEIGHED)
    whole = path.read_bytes()
    other = drawn(CriticNetwork, CriticConfig(width=10, within=8, across=8), 2)
    for damage in (b"", b"nothing of the kind", whole[:-9], b"\x02" + b"\0" * 7 + b"{}", whole[:8] + b"[" + whole[9:]):
        path.write_bytes(damage)
        with pytest.raises(UserError, match="is damaged") as told:
            load_critic(weights_path)
        assert "\n" not in str(told.value)
    save_critic(path, other, CriticCard(SMALL), UNWEIGHED)
    with pytest.raises(UserError, match="another version"):
        load_critic(weights_path)


def test_takes_are_ranked_by_their_merit(tiny_weights: Weights) -> None:
    rng, numbers = np.random.default_rng(0), len(measure(Part.BASS, Phrase(1, (Note(0, 40, 24, 90),)), 0))
    regressions = (Logistic(np.zeros(numbers), np.ones(numbers), rng.normal(0, 2, (numbers + 1, 2))) for _ in range(2))
    weighing = Weighing(*({Part.BASS: one} for one in regressions))
    critic = Critic(drawn(CriticNetwork, SMALL, 2), CriticCard(SMALL), weighing)
    filler = Filler(tiny_weights, critic=critic)
    song, cell = Song(sections=(Section(SectionKind.DROP, 4),)), CellRef(0, Part.BASS)
    takes = next(step for step in filler.fill(song, [cell], 8, 3) if isinstance(step, CellTakes)).takes
    key, around = parse_key(song.key), cell_frames(song, 0, Part.BASS, parse_key(song.key))
    judged = critic.judge(
        [
            CriticInput(
                Part.BASS,
                take_frames(around, Part.BASS, take.phrase, key),
                measure(Part.BASS, take.phrase, key.tonic_class),
            )
            for take in takes
        ]
    )
    merits = [one.merit for one in judged]
    assert [take.critic for take in takes] == pytest.approx(merits)
    assert merits == sorted(merits, reverse=True)
    likely = [1 - one.faults[GENERATED] for one in judged]
    assert likely != sorted(likely, reverse=True), "both ways of weighing rank these alike"
