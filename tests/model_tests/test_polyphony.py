"""The polyphony benchmark: one probability a set of keys, no look ahead, figures that come again from a seed."""

import json
from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path

import jax
import jax.numpy as jnp
import msgspec
import numpy as np
import pytest
from flax import nnx
from scipy.io import savemat

from model.benchmark.batches import collate, shifts_of, whole_pieces
from model.benchmark.data import Frames, look_back, read_benchmark
from model.benchmark.network import PolyphonyConfig, PolyphonyNetwork, place_intervals
from model.benchmark.train import PolyphonyReport, PolyphonySettings, judge, run_benchmark
from model.commands.benchmark import SETTINGS
from model.commands.cli import main

LAGS = (1, 2, 4)
TINY = PolyphonyConfig(keys=3, lags=LAGS, hidden=8, head=8, seen=4)
SHARED = Path(__file__).parents[3] / "shared" / "data" / "polyphony"


def network(config: PolyphonyConfig = TINY) -> PolyphonyNetwork:
    """Random weights, those that start at zero too, so that every part has its say."""
    made = PolyphonyNetwork(config, rngs=nnx.Rngs(5))
    state = nnx.state(made, nnx.Param)
    leaves, tree = jax.tree.flatten(state)
    noise = [jax.random.normal(jax.random.key(n), leaf.shape) for n, leaf in enumerate(leaves)]
    nnx.update(made, jax.tree.unflatten(tree, noise))
    return made


def piece(length: int, keys: int, seed: int) -> Frames:
    """Random frames in which every second one is held from the one before."""
    random = np.random.default_rng(seed)
    frames = (random.random((length, keys)) < 0.4).astype(np.uint8)
    frames[1::2] = frames[: length - 1 : 2][: len(frames[1::2])]
    return frames


def nats(pieces: Sequence[Frames], with_network: PolyphonyNetwork) -> list[np.ndarray]:
    config = with_network.config
    looks = [look_back(frames, config.lags, config.keys + 1) for frames in pieces]
    batch = collate([(look, 0, 0) for look in looks], max(len(look.tokens) for look in looks))
    found = np.asarray(jax.jit(lambda batch: with_network.frame_nats(batch))(batch))
    return [found[: len(look.tokens), b] for b, look in enumerate(looks)]


def test_the_probabilities_of_all_sets_of_keys_sum_to_one() -> None:
    past, sets = piece(6, 3, seed=1), list(product((0, 1), repeat=3))
    for t in (1, 3, 6):
        pieces = [np.vstack([past[:t], [keys]]).astype(np.uint8) for keys in sets]
        likelihoods = [float(np.exp(-of_piece[-1])) for of_piece in nats(pieces, network())]
        assert len(likelihoods) == 8
        assert sum(likelihoods) == pytest.approx(1, abs=1e-5)
        assert max(likelihoods) > 0.15, "random weights prefer some sets: the sum says something"


def test_a_frame_is_foretold_from_its_past_alone() -> None:
    frames = piece(12, 3, seed=2)
    changes = (5, 11)
    others = []
    for changed in changes:
        other = frames.copy()
        other[changed] = 1 - other[changed]
        others.append(other)
    before, *after = nats([frames, *others], network())
    for changed, found in zip(changes, after, strict=True):
        np.testing.assert_allclose(found[: changed - 1], before[: changed - 1], atol=1e-5)
        assert abs(found[changed - 1] - before[changed - 1]) > 1e-4


def test_sources_foretell_what_they_should() -> None:
    tune = [(0,), (1, 4), (2,), (0,), (1, 4), (2, 3)]
    frames = np.zeros((len(tune), 5), np.uint8)
    for t, keys in enumerate(tune):
        frames[t, list(keys)] = 1
    look = look_back(frames, (1, 3), 4)
    # From {1, 4} the second time, the longest match says {2}, as it came after the first {1, 4}.
    assert look.source[4].tolist() == [4, 2, 2, 2]
    assert look.match[4].tolist() == [[0, 0], [2, 2], [2, 2], [2, 2]]
    assert look.tokens[4].tolist() == [2, 3, 5, -1]
    # The chain {2, 3, end}: the match says 2, then the end, and once 3 is in it no longer agrees.
    assert look.next_token[4, :3, 2].tolist() == [2, 5, 5]
    assert look.agrees[4, :3, 2].tolist() == [True, True, False]
    # What has not been yet foretells nothing.
    assert look.source[0].tolist() == [0, -1, -1, -1]
    assert look.next_token[0, 0].tolist() == [0, -1, -1, -1]
    assert look.age[:, 0].tolist() == [1, 0, 0, 1, 0, 0]


def test_intervals_and_their_gradients_are_laid_on_the_keyboard() -> None:
    keys = jax.random.split(jax.random.key(0), 2)
    scores, base, weight = jax.random.normal(keys[0], (3, 5)), jnp.array([-1, 2, 9]), jax.random.normal(keys[1], (3, 6))

    def plain(scores: jax.Array) -> jax.Array:
        rows = [[scores[b, key - base[b] + 2] if 0 <= key - base[b] + 2 < 5 else 0.0 for key in range(6)]
                for b in range(3)]  # fmt: skip
        return jnp.array(rows)

    def ours(scores: jax.Array) -> jax.Array:
        return place_intervals(scores, base, 6)

    np.testing.assert_allclose(ours(scores), plain(scores), atol=1e-6)
    gradients = [jax.grad(lambda x, f=f: (f(x) * weight).sum())(scores) for f in (ours, plain)]
    np.testing.assert_allclose(*gradients, atol=1e-6)


def test_a_shifted_piece_is_the_piece_shifted() -> None:
    frames = np.zeros((9, 8), np.uint8)
    frames[:, 2:5] = piece(9, 3, seed=3)
    look, shifted = look_back(frames, LAGS, 9), look_back(np.roll(frames, 2, axis=1), LAGS, 9)
    ours, wanted = collate([(look, 0, 2)], 8), collate([(shifted, 0, 0)], 8)
    for name, values in wanted.items():
        np.testing.assert_allclose(ours[name], values, err_msg=name)
    assert shifts_of(look, 6) == [-2, -1, 0, 1, 2, 3]


def test_batches_of_whole_pieces_lose_no_frame_and_change_no_figure() -> None:
    model = network()
    frame_nats = jax.jit(lambda batch: model.frame_nats(batch))
    pieces = [piece(length, 3, seed=length) for length in (70, 5, 9)]
    looks = [look_back(frames, LAGS, 4) for frames in pieces]
    batches = list(whole_pieces(looks, 0, 128))
    assert len(batches) > 1
    found = {n: np.asarray(frame_nats(batch))[: len(looks[n].tokens), b]
             for chosen, batch in batches for b, n in enumerate(chosen)}  # fmt: skip
    wanted = nats(pieces, model)
    for n, of_piece in enumerate(wanted):
        np.testing.assert_allclose(found[n], of_piece, atol=1e-4)
    mean, _ = judge(lambda _, batch: frame_nats(batch), None, looks, 0)
    assert mean == pytest.approx(float(np.concatenate(wanted).mean()), abs=1e-4)


def scales(count: int, keys: int) -> list[Frames]:
    """Broken chords that go round: what comes next is certain once one round is heard."""
    pieces = []
    for n in range(count):
        frames = np.zeros((24, keys), np.uint8)
        for t in range(24):
            frames[t, [(n % 3) + (0, 2, 4, 2)[t % 4], keys - 2]] = 1
        pieces.append(frames)
    return pieces


def test_training_learns_and_the_same_seed_gives_the_same_figures() -> None:
    pieces: Mapping[str, list[Frames]] = {"train": scales(6, 9), "validation": scales(3, 9), "test": scales(3, 9)}
    settings = PolyphonySettings(
        PolyphonyConfig(keys=9, lags=LAGS, hidden=16, head=16, seen=4),
        train_steps=60, judge_every=30, windows=4, length=16, places=3, widest=1, learning_rate=1e-2, average=0.9,
    )  # fmt: skip
    reports: list[PolyphonyReport] = []
    first, again = run_benchmark(pieces, settings, on_report=reports.append), run_benchmark(pieces, settings)
    assert msgspec.structs.replace(first, minutes=0) == msgspec.structs.replace(again, minutes=0)
    # Three tunes on one held note cost log 3 to tell apart once, and nothing thereafter.
    assert first.test < 0.5 < reports[0].train_nats
    assert first.test_mixed < 1
    assert (first.frames, first.best_step) == (3 * 23, 60)


def write_benchmark(folder: Path, pieces: list[Frames]) -> None:
    cells = np.empty((1, len(pieces)), object)
    cells[0] = pieces
    savemat(folder / "JSB_Chorales.mat", {"traindata": cells, "validdata": cells, "testdata": cells})


def test_a_benchmark_file_is_read_by_splits_and_damage_is_named(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    written = scales(3, 88)
    write_benchmark(tmp_path, written)
    for split in read_benchmark(tmp_path, "jsb").values():
        assert all(np.array_equal(a, b) for a, b in zip(split, written, strict=True))
    write_benchmark(tmp_path, scales(3, 12))
    (tmp_path / "Nottingham.mat").write_bytes(b"no piano roll")
    for name, reason in (("jsb", "piano rolls of 88 keys"), ("nottingham", "is not the benchmark's MATLAB file")):
        assert main(["evaluate", "--benchmark", name, str(tmp_path)]) == 2
        error = capsys.readouterr().err
        assert reason in error
        assert error.count("\n") == 1
    (tmp_path / "Nottingham.mat").unlink()
    assert main(["evaluate", "--benchmark", "nottingham", str(tmp_path)]) == 2
    assert "name the folder that holds Nottingham.mat" in capsys.readouterr().err


def test_the_command_prints_published_figures_beside_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = PolyphonyConfig(lags=LAGS, hidden=8, head=8, seen=4)
    settings = msgspec.structs.replace(SETTINGS["jsb"], network=small, windows=2, length=16, widest=1)
    monkeypatch.setitem(SETTINGS, "jsb", settings)
    write_benchmark(tmp_path, scales(2, 88))
    report = tmp_path / "report.json"
    words = ["evaluate", "--benchmark", "jsb", str(tmp_path), "--steps", "2", "--seed", "3", "--json", str(report)]
    assert main(words) == 0
    shown = capsys.readouterr().out
    assert "LSTM (published)" in shown
    assert "8.45" in shown
    written = json.loads(report.read_text())
    assert written["published"]["TCN"]["nottingham"] == 3.07
    assert (written["result"]["seed"], written["result"]["train_steps"], written["result"]["frames"]) == (3, 2, 2 * 23)
    assert f"{written['result']['test']:.3f}" in shown


@pytest.mark.skipif(not SHARED.is_dir(), reason="the benchmark's files are not on this machine")
@pytest.mark.parametrize(
    ("name", "counts", "frames"), [("jsb", (229, 76, 77), 4725), ("nottingham", (694, 173, 170), 44463)]
)
def test_the_published_splits_are_whole(name: str, counts: tuple[int, ...], frames: int) -> None:
    pieces = read_benchmark(SHARED, name)
    assert tuple(len(split) for split in pieces.values()) == counts
    assert sum(len(rolls) for rolls in pieces["test"]) == frames
