"""The critic judges each take by itself, learns to hear what is wrong, and ranks takes only where it is there."""

from pathlib import Path

import msgspec
import numpy as np
import pytest
from flax import nnx

from corpus.starter.pieces import starter_pieces
from model.checkpoint import Weights
from model.critic.frames import COLUMNS, critic_bars, take_frames
from model.critic.judge import (
    FAULTS,
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
from model.language.frames import FRAMES_A_BAR, KNOWN, blank_frames, content_columns
from model.metrics.logistic import Logistic, area_under_curve
from model.protocol import CandidateTake, CellRef, decode_answer, encode
from model.training.critic_corruption import SHUFFLED, corrupt, shuffle_bars, swap_part, transpose_bass
from model.training.critic_examples import (
    UNKNOWN_CLASS,
    Example,
    generated_examples,
    mirror_pieces,
    playable,
    real_examples,
)
from model.training.critic_train import FAULT_OF, CriticBatches, CriticSettings, train_critic
from model.writing.fill import CellTakes, Filler
from song.errors import UserError
from song.notes import Note, Phrase
from song.parts import PART_SPECS, PARTS, Part
from song.scales import parse_key
from song.sections import Constraints, Density, Section, SectionKind, Song
from song.time import TICKS_PER_BAR

SMALL = CriticConfig(width=12, within=8, across=8)
SONG = Song(key="C minor", sections=(Section(SectionKind.DROP, 4), Section(SectionKind.BREAK, 20)))


def random_critic(seed: int = 0) -> Critic:
    return Critic(CriticNetwork(SMALL, rngs=nnx.Rngs(seed)), CriticCard(SMALL))


def takes(bars: tuple[int, ...], seed: int = 0) -> list[CriticInput]:
    rng = np.random.default_rng(seed)
    found = []
    for number, count in enumerate(bars):
        frames = blank_frames(count)
        part = PARTS[number % len(PARTS)]
        frames[:, content_columns(part)] = rng.integers(0, 2, frames[:, content_columns(part)].shape)
        found.append(CriticInput(part, frames))
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
    part, frames, _ = takes((4,))[0]
    bars = critic_bars(frames, part)[None].astype(np.float32)
    noise = np.random.default_rng(0).normal(size=(1, 3, FRAMES_A_BAR, COLUMNS))
    padded = np.concatenate([bars, noise], axis=1).astype(np.float32)
    there = np.arange(padded.shape[1])[None] < bars.shape[1]
    short = network(bars, np.ones(bars.shape[:2], bool))
    np.testing.assert_allclose(network(padded, there), short, rtol=1e-5, atol=1e-6)
    assert np.abs(network(padded, np.ones_like(there)) - short).max() > 1e-3, "nothing is heard of the noise at all"


def test_a_take_is_put_where_its_part_is() -> None:
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
    bars = critic_bars(frames, Part.BASS)
    assert bars.shape == (4, FRAMES_A_BAR, COLUMNS)
    assert (bars != critic_bars(frames, Part.LEAD)).sum() == 2 * 4 * FRAMES_A_BAR, "whose take it is, and nothing else"


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
    assert swapped is not None
    np.testing.assert_allclose(shuffled.sum(0), bass.frames.sum(0), rtol=1e-2)
    np.testing.assert_array_equal(transposed[:, columns][:, 0], bass.frames[:, columns][:, 0])
    np.testing.assert_array_equal(transposed[:, columns][:, 2:13], bass.frames[:, columns][:, 1:12])
    assert swap_part(bass.frames, Part.BASS, bass.frames) is None, "the other song's part is the same"
    elsewhere = swap_part(bass.frames, Part.BASS, strange.frames, 2)
    assert elsewhere is not None
    np.testing.assert_array_equal(np.roll(swapped[:, columns][:, 1:13], 2, axis=1), elsewhere[:, columns][:, 1:13])
    alone = bass.frames.copy()
    for part in (Part.DRUMS, Part.CHORDS, Part.LEAD):
        alone[:, KNOWN + PARTS.index(part)] = 0
    assert swap_part(alone, Part.BASS, strange.frames) is None


def bars_of_bass(form: str, rhythms: dict[str, tuple[int, ...]]) -> np.ndarray:
    """Frames of a bass alone, its bars by letters, a letter's onsets in sixteenths."""
    notes = [
        Note(bar * TICKS_PER_BAR + place * TICKS_PER_BAR // 16, 40, 24, 100)
        for bar, letter in enumerate(form)
        for place in rhythms[letter]
    ]
    key = parse_key("C minor")
    return take_frames(cell_frames(SONG, 0, Part.BASS, key), Part.BASS, Phrase(4, tuple(notes)), key)


def test_bars_are_shuffled_only_where_that_is_heard() -> None:
    rng = np.random.default_rng(0)
    rhythms = {"A": (0, 4, 8), "B": (2, 6, 10, 12), "C": (0, 3), "D": (5, 9)}
    assert shuffle_bars(bars_of_bass("AAAA", rhythms), Part.BASS, rng) is None

    def forms(form: str) -> set[str]:
        found = set()
        for _ in range(60):
            frames = shuffle_bars(bars_of_bass(form, rhythms), Part.BASS, rng)
            if frames is not None:
                bars = frames.reshape(4, FRAMES_A_BAR, -1)
                letters = {bars_of_bass(letter * 4, rhythms)[:FRAMES_A_BAR].tobytes(): letter for letter in rhythms}
                found.add("".join(letters[bar.tobytes()] for bar in bars))
        return found

    assert forms("ABAB") == {"AABB", "BBAA", "ABBA", "BAAB"}, "BABA is the same form"
    assert "AABA" in forms("AAAB")
    assert "AAAB" not in forms("AAAB")
    assert len(forms("ABCD")) > 6


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
    settings = CriticSettings(rows=8)
    one, other = CriticBatches(starter["train"], settings), CriticBatches(starter["train"], settings)
    one.batch(0)
    for here, there in zip(one.batch(3), other.batch(3), strict=True):
        np.testing.assert_array_equal(here, there)


def test_what_stands_against_real_music_comes_with_it(starter: dict[str, list[Example]]) -> None:
    takes = [msgspec.structs.replace(one, real=False) for one in starter["train"]]
    batch = CriticBatches([*starter["train"], *takes], CriticSettings(rows=24)).batch(1)
    there = batch.there.any(1)
    is_real = there & (batch.fault.sum(1) == 0)
    assert is_real.sum() == 24
    assert (batch.fault.sum(1) <= 1).all()
    for fault in range(len(FAULTS)):
        wrong = batch.fault[:, fault] == 1
        assert wrong.any(), FAULTS[fault]
        assert batch.counts[wrong, fault].sum() == batch.counts[is_real, fault].sum()
    assert not batch.counts[~there].any()
    assert (batch.kind[~is_real] == UNKNOWN_CLASS).all()
    assert not batch.style[~is_real].any()


def test_it_learns_to_hear_shuffled_bars_in_music_that_it_has_not_heard(starter: dict[str, list[Example]]) -> None:
    settings = CriticSettings(
        CriticConfig(width=24, within=8, across=16, dropout=0.1),
        train_steps=70,
        rows=12,
        wrong=1,
        corruptions=(SHUFFLED,),
        learning_rate=6e-3,
        warmup_steps=5,
        smoothing=0.0,
        tell=0.0,
    )
    losses: list[float] = []
    network, taken = train_critic(starter["train"], settings, on_report=lambda _, loss: losses.append(loss))
    assert taken == 70
    assert losses[-1] < losses[0]
    critic, rng = Critic(network, CriticCard(settings.critic)), np.random.default_rng(0)
    pairs = [
        (one, wrong)
        for one in starter["held out"]
        if (wrong := corrupt(one.frames, one.part, SHUFFLED, one.frames, rng)) is not None
    ]
    whole = critic.judge([CriticInput(one.part, one.frames) for one, _ in pairs])
    shuffled = critic.judge([CriticInput(one.part, wrong) for one, wrong in pairs])
    heard = np.array([1 - one.faults[FAULT_OF[SHUFFLED]] for one in [*whole, *shuffled]])
    assert area_under_curve(heard, np.arange(len(heard)) < len(pairs)) > 0.6


def test_nothing_real_to_learn_from_is_said() -> None:
    with pytest.raises(UserError, match="no real music"):
        train_critic([], CriticSettings())


def test_without_its_file_there_is_no_critic_and_ranking_is_as_before(tiny_weights: Weights, tmp_path: Path) -> None:
    weights_path = tmp_path / "own.safetensors"
    assert load_critic(weights_path) is None
    save_critic(
        critic_path(weights_path), CriticNetwork(SMALL, rngs=nnx.Rngs(2)), CriticCard(SMALL, weights="abc"), UNWEIGHED
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
    save_critic(path, CriticNetwork(SMALL, rngs=nnx.Rngs(2)), CriticCard(SMALL), UNWEIGHED)
    whole = path.read_bytes()
    other = CriticNetwork(CriticConfig(width=10, within=8, across=8), rngs=nnx.Rngs(2))
    for damage in (b"", b"nothing of the kind", whole[:-9], b"\x02" + b"\0" * 7 + b"{}", whole[:8] + b"[" + whole[9:]):
        path.write_bytes(damage)
        with pytest.raises(UserError, match="is damaged") as told:
            load_critic(weights_path)
        assert "\n" not in str(told.value)
    save_critic(path, other, CriticCard(SMALL), UNWEIGHED)
    with pytest.raises(UserError, match="another version"):
        load_critic(weights_path)


def test_a_candidate_carries_its_score() -> None:
    candidate = CandidateTake(1, CellRef(0, Part.BASS), Phrase(1), 0, 1.5, critic=0.25)
    assert decode_answer(encode(candidate)) == candidate
    assert decode_answer(encode(CandidateTake(1, CellRef(0, Part.BASS), Phrase(1), 0, 1.5))).critic is None


def test_takes_know_the_measures_of_the_real_cell_that_they_were_written_for(
    tiny_filler: Filler, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirrored = next(iter(mirror_pieces([piece for piece in starter_pieces() if len(piece.parts) > 2])))
    stretch = mirrored.stretch
    tonic = parse_key(stretch.song.key).tonic_class
    measures = {
        cell: measure(cell.part, phrase, tonic, velocity_known=stretch.velocity_known)
        for cell, phrase in playable(stretch).items()
    }
    assert len({numbers.tobytes() for numbers in measures.values()}) == len(measures) > 3
    for among_real in (True, False):
        for cell, _, heard in generated_examples(tiny_filler, mirrored, 0, 2, among_real):
            assert heard[0].mirrors is not None
            assert all(one.mirrors is heard[0].mirrors for one in heard), "one array for all takes of a cell"
            np.testing.assert_array_equal(heard[0].mirrors, measures[cell])
    # What is denser than any plan can ask for is no example, and takes of it are compared with nothing.
    monkeypatch.setattr(
        "model.training.critic_examples._can_be_asked_for", lambda cell, phrase: cell.part is not Part.DRUMS
    )
    for cell, _, heard in generated_examples(tiny_filler, mirrored, 0, 1, False):
        assert (heard[0].mirrors is None) == (cell.part is Part.DRUMS)


def test_takes_are_ranked_by_their_merit(tiny_weights: Weights) -> None:
    rng, numbers = np.random.default_rng(0), len(measure(Part.BASS, Phrase(1, (Note(0, 40, 24, 90),)), 0))
    regressions = (Logistic(np.zeros(numbers), np.ones(numbers), rng.normal(0, 2, (numbers + 1, 2))) for _ in range(2))
    weighing = Weighing(*({Part.BASS: one} for one in regressions))
    critic = Critic(CriticNetwork(SMALL, rngs=nnx.Rngs(2)), CriticCard(SMALL), weighing)
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
