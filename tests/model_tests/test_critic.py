"""The critic judges each take by itself, learns to hear what is wrong, and ranks takes only where it is there."""

from pathlib import Path

import numpy as np
import pytest
from flax import nnx

from corpus.starter_pieces import starter_pieces
from model.checkpoint import Weights
from model.critic import Critic, CriticCard, CriticConfig, CriticNetwork, critic_path, load_critic, save_critic
from model.critic_corruption import shuffle_bars, swap_part, transpose_bass
from model.critic_data import Example, mirror_pieces, playable, real_examples
from model.critic_frames import critic_steps, take_frames
from model.critic_train import CriticBatches, CriticSettings, corrupt, train_critic
from model.evaluation.classifier import area_under_curve
from model.fill import CellTakes, Filler
from model.frames import FRAMES_A_BAR, KNOWN, blank_frames, content_columns
from model.protocol import CandidateTake, CellRef, decode_answer, encode
from model.surroundings import cell_frames
from song.errors import UserError
from song.notes import Note, Phrase
from song.parts import PART_SPECS, PARTS, Part
from song.scales import parse_key
from song.sections import Constraints, Density, Section, SectionKind, Song
from song.time import TICKS_PER_BAR

SMALL = CriticConfig(width=12, hidden=8)
SONG = Song(key="C minor", sections=(Section(SectionKind.DROP, 4), Section(SectionKind.BREAK, 20)))


def random_critic(seed: int = 0) -> Critic:
    return Critic(CriticNetwork(SMALL, rngs=nnx.Rngs(seed)), CriticCard(SMALL))


def takes(bars: tuple[int, ...], seed: int = 0) -> list[tuple[Part, np.ndarray]]:
    rng = np.random.default_rng(seed)
    found = []
    for number, count in enumerate(bars):
        frames = blank_frames(count)
        part = PARTS[number % len(PARTS)]
        frames[:, content_columns(part)] = rng.integers(0, 2, frames[:, content_columns(part)].shape)
        found.append((part, frames))
    return found


@pytest.fixture(scope="module")
def starter() -> dict[str, list[Example]]:
    pieces = [piece for piece in starter_pieces() if piece.bars >= 16]
    splits = {"train": pieces[:14], "held out": pieces[-4:]}
    assert len(pieces) >= 18
    return {
        name: [example for one in mirror_pieces(some) for example in real_examples(one)]
        for name, some in splits.items()
    }


def test_a_take_is_judged_by_itself() -> None:
    critic, some = random_critic(), takes((4, 16, 8, 1, 12, 16, 3, 16, 20, 5, 40))
    together = [one.real for one in critic.judge(some)]
    alone = [critic.judge([one])[0].real for one in some]
    backwards = [one.real for one in critic.judge(some[::-1])][::-1]
    np.testing.assert_allclose(together, alone, rtol=1e-5)
    np.testing.assert_allclose(together, backwards, rtol=1e-5)
    assert len({round(score, 6) for score in together}) > 5, "all takes are judged alike"


def test_what_follows_the_stretch_makes_no_difference() -> None:
    network = CriticNetwork(SMALL, rngs=nnx.Rngs(1))
    (part, frames) = takes((4,))[0]
    steps = critic_steps(frames, part)[None]
    noise = np.random.default_rng(0).normal(size=(1, 24, steps.shape[-1]))
    padded = np.concatenate([steps, noise], axis=1).astype(np.float32)
    there = np.arange(padded.shape[1])[None] < steps.shape[1]
    short = network(np.asarray(steps, np.float32), np.ones(steps.shape[:2], bool))
    np.testing.assert_allclose(network(padded, there), short, rtol=1e-5, atol=1e-6)


def test_a_take_is_put_where_its_part_is_and_repeats_are_told() -> None:
    key = parse_key("C minor")
    phrase = Phrase(4, tuple(Note(bar * TICKS_PER_BAR, 48 + (bar == 3), 96, 100) for bar in range(4)))
    around = cell_frames(SONG, 0, Part.BASS, key)
    before = around.copy()
    frames = take_frames(around, Part.BASS, phrase, key)
    np.testing.assert_array_equal(around, before)
    assert frames.shape[0] == 4 * FRAMES_A_BAR
    assert frames[:, KNOWN : KNOWN + 4].tolist() == [[0, 1, 0, 0]] * len(frames)
    onsets = np.flatnonzero(frames[:, content_columns(Part.BASS).start])
    assert onsets.tolist() == [0, 16, 32, 48]
    steps = critic_steps(frames, Part.BASS)
    one_bar_back = steps.reshape(len(frames), -1)[:, -4:][:, 0][::FRAMES_A_BAR]
    assert one_bar_back.tolist() == [0, 1, 1, -1]


def test_corruptions_change_what_they_name_alone(starter: dict[str, list[Example]]) -> None:
    rng = np.random.default_rng(0)
    bass = next(one for one in starter["train"] if one.part is Part.BASS and one.frames[:, KNOWN].all())
    columns = content_columns(Part.BASS)
    others = np.setdiff1d(np.arange(bass.frames.shape[1]), np.arange(columns.start, columns.stop))
    shuffled, transposed = shuffle_bars(bass.frames, Part.BASS, rng), transpose_bass(bass.frames, 1)
    strange = next(one for one in starter["train"] if one.part is Part.BASS and one.group != bass.group)
    swapped = swap_part(bass.frames, Part.BASS, strange.frames)
    for wrong in (shuffled, transposed, swapped):
        assert wrong is not None
        np.testing.assert_array_equal(wrong[:, others], bass.frames[:, others])
        assert not np.array_equal(wrong, bass.frames)
    assert shuffled is not None
    assert transposed is not None
    np.testing.assert_allclose(shuffled.sum(0), bass.frames.sum(0), rtol=1e-2)
    np.testing.assert_array_equal(transposed[:, columns][:, 0], bass.frames[:, columns][:, 0])
    np.testing.assert_array_equal(transposed[:, columns][:, 2:13], bass.frames[:, columns][:, 1:12])
    alone = bass.frames.copy()
    for part in (Part.DRUMS, Part.CHORDS, Part.LEAD):
        alone[:, KNOWN + PARTS.index(part)] = 0
    assert swap_part(alone, Part.BASS, strange.frames) is None


def test_real_music_is_brought_to_what_a_take_could_be() -> None:
    pieces = starter_pieces()[:3]
    for mirrored in mirror_pieces(pieces):
        scale = parse_key(mirrored.stretch.song.key).pitch_classes()
        for cell, phrase in playable(mirrored.stretch).items():
            spec = PART_SPECS[cell.part]
            for note in phrase.notes:
                assert spec.low <= note.pitch <= spec.high
                assert cell.part is Part.DRUMS or note.pitch % 12 in scale


def test_a_batch_depends_on_seed_and_number_alone(starter: dict[str, list[Example]]) -> None:
    settings = CriticSettings(rows=16)
    one, other = CriticBatches(starter["train"], settings), CriticBatches(starter["train"], settings)
    one.batch(0)
    for here, there in zip(one.batch(3), other.batch(3), strict=True):
        np.testing.assert_array_equal(here, there)
    assert 0 < one.batch(3).real.sum() < 16


def test_it_learns_to_hear_shuffled_bars_in_music_that_it_has_not_heard(starter: dict[str, list[Example]]) -> None:
    settings = CriticSettings(
        CriticConfig(width=32, hidden=24, dropout=0.0),
        train_steps=100,
        rows=24,
        real=0.5,
        corruptions=("bars shuffled",),
        learning_rate=6e-3,
        warmup_steps=5,
        smoothing=0.0,
        tell=0.0,
    )
    losses: list[float] = []
    network, taken = train_critic(starter["train"], settings, on_report=lambda _, loss: losses.append(loss))
    assert taken == 100
    assert losses[-1] < losses[0]
    critic, rng = Critic(network, CriticCard(settings.critic)), np.random.default_rng(0)
    pairs = [
        (one, wrong)
        for one in starter["held out"]
        if (wrong := corrupt(one.frames, one.part, "bars shuffled", one.frames, rng)) is not None
    ]
    real = [one.real for one in critic.judge([(one.part, one.frames) for one, _ in pairs])]
    shuffled = [one.real for one in critic.judge([(one.part, wrong) for one, wrong in pairs])]
    auc = area_under_curve(np.array([*real, *shuffled]), np.arange(2 * len(pairs)) < len(pairs))
    assert auc > 0.6


def test_nothing_real_to_learn_from_is_said() -> None:
    with pytest.raises(UserError, match="no real music"):
        train_critic([], CriticSettings())


def test_without_its_file_there_is_no_critic_and_ranking_is_as_before(tiny_weights: Weights, tmp_path: Path) -> None:
    weights_path = tmp_path / "own.safetensors"
    assert load_critic(weights_path) is None
    save_critic(critic_path(weights_path), CriticNetwork(SMALL, rngs=nnx.Rngs(2)), CriticCard(SMALL, weights="abc"))
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
    save_critic(path, CriticNetwork(SMALL, rngs=nnx.Rngs(2)), CriticCard(SMALL))
    whole = path.read_bytes()
    other = CriticNetwork(CriticConfig(width=10, hidden=8), rngs=nnx.Rngs(2))
    for damage in (b"", b"nothing of the kind", whole[:-9], b"\x02" + b"\0" * 7 + b"{}", whole[:8] + b"[" + whole[9:]):
        path.write_bytes(damage)
        with pytest.raises(UserError, match="is damaged") as told:
            load_critic(weights_path)
        assert "\n" not in str(told.value)
    save_critic(path, other, CriticCard(SMALL))
    with pytest.raises(UserError, match="another version"):
        load_critic(weights_path)


def test_a_candidate_carries_its_score() -> None:
    candidate = CandidateTake(1, CellRef(0, Part.BASS), Phrase(1), 0, 1.5, critic=0.25)
    assert decode_answer(encode(candidate)) == candidate
    assert decode_answer(encode(CandidateTake(1, CellRef(0, Part.BASS), Phrase(1), 0, 1.5))).critic is None
