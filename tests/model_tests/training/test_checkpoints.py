"""Checkpoints and the record of a run: round trips, and errors for folders that hold another run or none."""

import contextlib
import os
from pathlib import Path
from typing import Any

import jax
import msgspec
import numpy as np
import pytest
from flax import nnx

from model.network import Network, NetworkConfig
from model.nn.optimizer import TrainState
from model.training.checkpoints import (
    ASIDE,
    CHECKSUMS,
    RECORD,
    Best,
    Checkpoints,
    RunRecord,
    digest_layout,
    digest_weights,
    digest_windows,
    mark_finished,
    read_record,
)
from model.training.settings import TrainSettings
from model.training.windows import Window
from song.errors import UserError
from tests.model_tests.loops import loops

SETTINGS = TrainSettings(network=NetworkConfig(hidden=8), train_steps=9)
RUN = RunRecord(SETTINGS, "music", "start", layout="layout")


def state(train_step: int) -> tuple[TrainState, Best]:
    """Arrays that tell where they belong."""
    vector = np.arange(4, dtype=np.float32) + 10 * train_step
    optimizer = (np.int32(train_step), {"mu": vector + 1, "nu": vector + 2})
    taken = TrainState(vector, vector + 3, optimizer, np.int32(train_step))
    return taken, Best(vector + 4, np.float64(train_step / 2), np.int64(train_step))


def changed(**fields: Any) -> RunRecord:
    network = {name: fields.pop(name) for name in ("hidden", "context") if name in fields}
    settings = {name: fields.pop(name) for name in list(fields) if name in TrainSettings.__struct_fields__}
    other = msgspec.structs.replace(SETTINGS, **settings, network=msgspec.structs.replace(SETTINGS.network, **network))
    return msgspec.structs.replace(RUN, settings=other, **fields)


def test_a_run_goes_on_with_the_last_checkpoint_that_was_written(tmp_path: Path) -> None:
    nothing = state(0)
    with Checkpoints(tmp_path / "run", RUN) as checkpoints:
        assert jax.tree.map(np.array_equal, checkpoints.restore(*nothing), nothing)
        for train_step in (25, 50, 75):
            checkpoints.save(*state(train_step))
    with Checkpoints(tmp_path / "run", RUN) as checkpoints:
        restored = checkpoints.restore(*nothing)
    assert jax.tree.structure(restored) == jax.tree.structure(nothing)
    for found, wanted in zip(jax.tree.leaves(restored), jax.tree.leaves(state(75)), strict=True):
        np.testing.assert_array_equal(found, wanted)
        assert found.dtype == wanted.dtype
    kept = sorted(int(path.name) for path in (tmp_path / "run").iterdir() if path.name.isdigit())
    assert kept == [50, 75], "the last two"


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"train_steps": 10}, "--steps 9, not 10"),
        ({"seed": 3, "events_a_batch": 77}, "--events 8192, not 77; --seed 0, not 3"),
        ({"hidden": 16}, "--hidden 8, not 16"),
        ({"context": "none"}, "another --cell"),
        ({"weight_decay": 0.5}, "settings of another version"),
        ({"layout": "other"}, "settings of another version"),
        ({"start": ""}, "another --from"),
        ({"music": "other"}, "other music to learn from"),
        ({"source_weights": {"starter": 2.0}}, "settings of another version"),
        ({"music": "other", "source_weights": {"starter": 2.0}}, "other music to learn from"),
    ],
)
def test_another_run_is_told_by_the_options_that_differ(tmp_path: Path, other: dict[str, Any], words: str) -> None:
    with Checkpoints(tmp_path, RUN):
        pass
    with pytest.raises(UserError) as told:
        Checkpoints(tmp_path, changed(**other))
    assert str(told.value) == (f"{tmp_path} holds another run ({words}): choose another --out, or delete that folder")
    assert read_record(tmp_path) == RUN


def test_a_run_may_go_on_at_another_rate(tmp_path: Path) -> None:
    for record in (RUN, changed(learning_rate=1e-4)):
        with Checkpoints(tmp_path, record):
            assert read_record(tmp_path) == record


def test_checkpoints_without_a_record_are_nobodys(tmp_path: Path) -> None:
    with Checkpoints(tmp_path, RUN) as checkpoints:
        checkpoints.save(*state(25))
    (tmp_path / RECORD).unlink()
    with pytest.raises(UserError, match="checkpoints of an unknown run"):
        Checkpoints(tmp_path, RUN)


@pytest.mark.parametrize("change", ["a leaf less", "a longer vector", "another type"])
def test_a_checkpoint_of_other_arrays_is_told_as_damaged(tmp_path: Path, change: str) -> None:
    with Checkpoints(tmp_path, RUN) as checkpoints:
        checkpoints.save(*state(25))
        taken, best = state(0)
        vector = best.weights
        other = {
            "a leaf less": (taken._replace(optimizer=()), best),
            "a longer vector": (taken, best._replace(weights=np.append(vector, vector))),
            "another type": (taken, best._replace(weights=vector.astype(np.float64))),
        }[change]
        with pytest.raises(UserError, match="is damaged, and there is none before it"):
            checkpoints.restore(*other)
        assert {path.name for path in tmp_path.iterdir()} == {RECORD, CHECKSUMS, "25"}, "nothing is set aside"


@pytest.mark.parametrize("damage", ["a bit flipped", "a file gone", "no checksums"])
def test_where_the_last_checkpoint_is_damaged_the_one_before_serves_and_it_is_said(tmp_path: Path, damage: str) -> None:
    said: list[str] = []
    with Checkpoints(tmp_path, RUN) as checkpoints:
        for train_step in (25, 50):
            checkpoints.save(*state(train_step))
    damaged = max((tmp_path / "50" / "default" / "d").iterdir(), key=lambda path: path.stat().st_size)
    if damage == "no checksums":
        (tmp_path / CHECKSUMS).unlink()
        damaged = tmp_path / "50" / "default" / "_METADATA"
    data = bytearray(damaged.read_bytes())
    data[len(data) // 2] ^= 1
    damaged.unlink() if damage == "a file gone" else damaged.write_bytes(data)
    with Checkpoints(tmp_path, RUN) as checkpoints:
        restored = checkpoints.restore(*state(0), said.append)
        assert jax.tree.all(jax.tree.map(np.array_equal, restored, state(25)))
        assert said == [f"the checkpoint of step 50 in {tmp_path} is damaged: that of step 25 is gone on from"]
        assert (tmp_path / f"50{ASIDE}").is_dir()
        checkpoints.save(*state(50))
    with Checkpoints(tmp_path, RUN) as checkpoints:
        again = checkpoints.restore(*state(0), said.append)
    assert jax.tree.all(jax.tree.map(np.array_equal, again, state(50)))
    assert len(said) == 1


@pytest.mark.parametrize("name", ["_METADATA", "manifest.ocdbt", "_sharding"])
def test_nothing_is_printed_of_a_checkpoint_that_is_damaged(
    tmp_path: Path, name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with Checkpoints(tmp_path, RUN) as checkpoints:
        checkpoints.save(*state(25))
    # Where there are no digests Orbax has to find it.
    (tmp_path / CHECKSUMS).unlink()
    (tmp_path / "25" / "default" / name).write_bytes(b"\xff" * 99)
    capfd.readouterr()
    with Checkpoints(tmp_path, RUN) as checkpoints, contextlib.suppress(UserError):
        checkpoints.restore(*state(0))
    told = capfd.readouterr()
    assert "Traceback" not in told.err + told.out


def test_brackets_in_a_checkpoint_that_orbax_cannot_read_are_one_line(tmp_path: Path) -> None:
    with Checkpoints(tmp_path, RUN) as checkpoints:
        checkpoints.save(*state(25))
    (tmp_path / "25" / "_CHECKPOINT_METADATA").write_text("[" * 100_000)
    with pytest.raises(UserError, match=r"are damaged .*: delete that folder, or choose another --out"):
        Checkpoints(tmp_path, RUN)
    (tmp_path / RECORD).write_text('{"x": ' + "[" * 100_000)
    with pytest.raises(UserError, match=rf"{RECORD} is damaged .*: --out with another name starts anew"):
        read_record(tmp_path)


def test_leftovers_of_a_kill_are_swept(tmp_path: Path) -> None:
    left = tmp_path / f".{RECORD}.x.tmp"
    left.write_text("half")
    os.utime(left, (0, 0))
    with Checkpoints(tmp_path, RUN):
        assert not left.exists()


def test_a_record_is_marked_once_its_weights_are_written_and_damage_is_told(tmp_path: Path) -> None:
    assert read_record(tmp_path) is None
    mark_finished(tmp_path)
    assert read_record(tmp_path) is None
    with Checkpoints(tmp_path, RUN):
        pass
    mark_finished(tmp_path)
    assert read_record(tmp_path) == msgspec.structs.replace(RUN, finished=True)
    (tmp_path / RECORD).write_text('{"settings": 3}')
    with pytest.raises(
        UserError, match=rf"{RECORD} is damaged .*: --out with another name starts anew, nothing is lost"
    ):
        read_record(tmp_path)


def test_digests_change_with_what_is_learned_by_what_and_in_which_layout() -> None:
    first, second = loops(2, 4, seed=1)[0], loops(2, 4, seed=2)[0]
    louder: Window = msgspec.structs.replace(first, rest=first.rest + 1)
    groups = (([first], [second]), ([second], [first]), ([first, second], []), ([first], [louder]))
    assert len({digest_windows(*some) for some in groups}) == len(groups)
    assert digest_windows([first], [second]) == digest_windows([msgspec.structs.replace(first, name="x")], [second])
    vector = np.ones(3, np.float32)
    assert digest_weights(vector) == digest_weights(vector.copy()) != digest_weights(vector * 2)
    whole, narrow, blind = (
        digest_layout(nnx.eval_shape(lambda config=config: Network(config, rngs=nnx.Rngs(0))))
        for config in (NetworkConfig(), NetworkConfig(hidden=8), NetworkConfig(context="none"))
    )
    assert len({whole, narrow, blind}) == 3
