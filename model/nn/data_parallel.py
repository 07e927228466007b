"""A batch's rows on several devices, with the same weights on each: what is split, what is added up, and who decides.

The devices are the cores of a CPU, the GPUs of a machine, or those of several machines that have joined. What comes out
depends on how many there are by no more than the order in which floats are added up.
"""

from collections.abc import Callable, Mapping
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.experimental import multihost_utils
from jax.sharding import AxisType, Mesh, NamedSharding
from jax.sharding import PartitionSpec as Spec

from song.errors import UserError

ROWS = "rows"
"""The axis of the mesh that a batch's rows are split over."""
_ROW_AXIS = {"frames": 0}
"""Axis of the rows in a batch's arrays, where it is not the second."""

JOIN_SECONDS = 60
"""The longest that processes which have met wait for each other."""
_ON_EACH = Spec()  # type: ignore[no-untyped-call]  # JAX has no types here, nor below
"""Sharding of arrays of which every device has a copy."""

Batch = Mapping[str, Any]


def join(address: str, process: int, processes: int) -> None:
    """Make the devices of several processes one mesh; to be called before JAX is used.

    Args:
        address: HOST:PORT of the first process, which waits there for the others.
        process: this one's number, 0 for the first.
        processes: how many there are.

    Raises:
        UserError: where they do not meet.
    """
    # It takes SIGTERM for itself, and then nothing ends the run but its last step.
    jax.config.update("jax_enable_preemption_service", False)  # type: ignore[no-untyped-call]  # JAX has no types here
    try:
        jax.distributed.initialize(
            address,
            processes,
            process,
            cluster_detection_method="deactivate",
            # By default the first process would listen on every network that it is on.
            coordinator_bind_address=address if process == 0 else None,
            initialization_timeout=JOIN_SECONDS,
        )
    except RuntimeError as error:
        raise UserError(
            f"cannot meet the other machines at {address} ({str(error).splitlines()[0]}): is the first one started, "
            "and is its address right?"
        ) from error


def is_first() -> bool:
    """True in the one process that reads and writes the disk."""
    return jax.process_index() == 0


def from_first(tree: Any) -> Any:
    """A tree of NumPy arrays as the first process has it, for every process; their shapes have to be the same."""
    return tree if jax.process_count() == 1 else multihost_utils.broadcast_one_to_all(tree)


def rows_mesh() -> Mesh:
    """A mesh of all devices."""
    return jax.make_mesh((jax.device_count(),), (ROWS,), axis_types=(AxisType.Auto,))


def everywhere(tree: Any, mesh: Mesh) -> Any:
    """Arrays with a copy on every device."""
    return jax.device_put(tree, NamedSharding(mesh, _ON_EACH))


def split_rows(batch: Batch, mesh: Mesh) -> dict[str, jax.Array]:
    """A batch of NumPy arrays with some of its rows on each device.

    Every process holds the whole batch and takes its own rows of it. Rows of padding, with a mask of zero, are added
    where the devices do not divide them.

    Args:
        batch: arrays by name, (T, B, ...), but "frames" (B, F, C).
        mesh: the devices.

    Returns:
        The same arrays, (T, B, ...) and (B, F, C), where B includes the padding.
    """

    def put(name: str, values: np.ndarray) -> jax.Array:
        axis = _ROW_AXIS.get(name, 1)
        missing = [(0, 0)] * values.ndim
        missing[axis] = (0, -values.shape[axis] % mesh.size)
        padded = np.pad(values, missing) if missing[axis][1] else values
        return jax.make_array_from_callback(padded.shape, NamedSharding(mesh, _spec(name)), padded.__getitem__)

    return {name: put(name, values) for name, values in batch.items()}


def sum_over_rows(function: Callable[..., Any], mesh: Mesh) -> Callable[..., Any]:
    """A function of (weights, batch, ...) whose result is the sum of what every device makes of its rows.

    Inside, `all_rows` and `row_keys` tell of the rows of the other devices. A gradient of the weights that is taken
    inside is of the device's own rows: adding up the results is all that the devices have to say to each other.
    """

    def summed(weights: Any, batch: Batch, *others: Any) -> Any:
        def local(weights: Any, batch: Batch, *others: Any) -> Any:
            return jax.lax.psum(function(weights, batch, *others), ROWS)  # type: ignore[no-untyped-call]

        specs = (_ON_EACH, {name: _spec(name) for name in batch}, *(_ON_EACH for _ in others))
        # Left to itself, the compiler gathers rows from all devices at every look-up.
        return jax.shard_map(local, mesh=mesh, in_specs=specs, out_specs=_ON_EACH, check_vma=False)(
            weights, batch, *others
        )

    return summed


def all_rows(of_own_rows: jax.Array) -> jax.Array:
    """The sum over all devices' rows, inside of `sum_over_rows`.

    Args:
        of_own_rows: the sum over the device's own rows, a scalar or an array of any shape.

    Returns:
        A scalar or an array of the same shape.
    """
    total: jax.Array = jax.lax.psum(of_own_rows, ROWS)  # type: ignore[no-untyped-call]
    return total


def row_keys(key: jax.Array, rows: int) -> jax.Array:
    """Random keys (rows,), one for each of the device's rows, inside of `sum_over_rows`; no other row has the same.

    Args:
        key: of the batch, a scalar.
        rows: how many rows the device has.
    """
    number = jax.lax.axis_index(ROWS) * rows + jnp.arange(rows)
    return jax.vmap(jax.random.fold_in, (None, 0))(key, number)


def _spec(name: str) -> Spec:
    return Spec(*[None] * _ROW_AXIS.get(name, 1), ROWS)  # type: ignore[no-untyped-call]
