"""Rows of a batch on several devices: split, filled up, added up, and given a key each."""

import os
import subprocess
import sys

import jax.numpy as jnp
import numpy as np

from model.nn.data_parallel import from_first, is_first, rows_mesh, split_rows, sum_over_rows
from tests.places import ROOT

BATCH = {
    "frames": np.arange(12, dtype=np.float32).reshape(6, 2),
    "mask": np.ones((3, 6), np.float32),
    "event": np.arange(36, dtype=np.int32).reshape(3, 6, 2),
}
"""Six rows: the first axis of frames, the second of all else."""

ON_FOUR_DEVICES = """
import jax, jax.numpy as jnp, numpy as np
from model.nn.data_parallel import all_rows, everywhere, row_keys, rows_mesh, split_rows, sum_over_rows

mesh = rows_mesh()
assert mesh.size == 4
batch = {"frames": np.arange(12.0).reshape(6, 2), "mask": np.ones((3, 6)), "event": np.arange(36).reshape(3, 6, 2)}
split = split_rows(batch, mesh)
for name, axis in (("frames", 0), ("mask", 1), ("event", 1)):
    assert split[name].shape[axis] == 8, name
    assert split[name].addressable_shards[0].data.shape[axis] == 2, name
    whole = np.moveaxis(np.asarray(split[name]), axis, 0)
    assert (whole[:6] == np.moveaxis(batch[name], axis, 0)).all() and not whole[6:].any(), name

def cost(weights, batch):
    mean = (weights * batch["event"].sum(-1) * batch["mask"]).sum() / all_rows(batch["mask"].sum())
    rows = batch["mask"].shape[1]
    keys = jax.random.key_data(row_keys(jax.random.key(0), rows)).astype(jnp.uint32)
    mine = jax.lax.axis_index("rows") * rows + jnp.arange(rows)
    return mean, jnp.zeros((8, keys.shape[-1]), jnp.uint32).at[mine].set(keys)

mean, keys = sum_over_rows(cost, mesh)(everywhere(jnp.array(2.0), mesh), split)
assert abs(float(mean) - 2 * batch["event"].sum() / 18) < 1e-4, mean
assert len({tuple(key) for key in np.asarray(keys).tolist()}) == 8
"""


def test_four_devices_take_two_rows_each_and_add_up_to_the_whole() -> None:
    environment = {**os.environ, "JAX_PLATFORMS": "cpu", "PYTHONPATH": str(ROOT)}
    environment["XLA_FLAGS"] = "--xla_force_host_platform_device_count=4"
    words = [sys.executable, "-c", ON_FOUR_DEVICES]
    done = subprocess.run(words, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr


def test_a_single_process_is_the_first_and_has_what_the_first_has() -> None:
    assert is_first()
    assert from_first(BATCH) is BATCH


def test_as_many_rows_as_the_devices_divide_are_left_as_they_are() -> None:
    mesh = rows_mesh()
    whole = {name: np.concatenate([values] * mesh.size, axis=int(name != "frames")) for name, values in BATCH.items()}
    for name, values in split_rows(whole, mesh).items():
        np.testing.assert_array_equal(values, whole[name])


def test_a_sum_over_rows_is_the_sum_over_the_batch() -> None:
    mesh = rows_mesh()

    def total(weights: jnp.ndarray, batch: dict[str, jnp.ndarray], scale: jnp.ndarray) -> jnp.ndarray:
        return scale * (weights * batch["mask"] * batch["event"][..., 0]).sum()

    found = sum_over_rows(total, mesh)(jnp.array(3.0), split_rows(BATCH, mesh), jnp.array(0.5))
    assert float(found) == 1.5 * BATCH["event"][..., 0].sum()
