"""Reader of the music around the bars to write: a bidirectional LSTM over sixteenth frames, read wherever a note goes.

Shapes: B batch, F frames, C columns of a frame, W width of what is read, K columns of a key; T time.
"""

import jax
import jax.numpy as jnp
import msgspec
from flax import nnx

from model.language.frames import FRAME_COLUMNS, FRAMES_A_BAR
from model.nn.draws import Linear
from model.nn.lstm import LSTMLayer

SKIP = 32
"""Columns that pass a frame on without the LSTM: what sounds at a note's own place need not go through a memory."""
KEY = 16
"""Columns of the keys by which a step asks which sixteenths of its bar suit it."""


class Context(msgspec.Struct, frozen=True):
    """Frames as the context's LSTM has read them.

    Attributes:
        values: (B, F, W), read at a note's own frame.
        keys: (B, bars, FRAMES_A_BAR * KEY), read a bar at a time.
    """

    values: jax.Array
    keys: jax.Array

    def at(self, frame: jax.Array) -> jax.Array:
        """The values at a frame of each row: (T, B, W) of frames (T, B), or (B, W) of frames (B,)."""
        return _read(self.values, frame)

    def keys_of(self, frame: jax.Array) -> jax.Array:
        """The keys of the bar that a frame lies in: (..., FRAMES_A_BAR, KEY) of frames (T, B) or (B,)."""
        return _read(self.keys, frame // FRAMES_A_BAR).reshape(*frame.shape, FRAMES_A_BAR, KEY)

    def score_bar(self, query: jax.Array, frame: jax.Array) -> jax.Array:
        """Scores of the sixteenths of the bar reached as places of the next note: (..., FRAMES_A_BAR).

        Args:
            query: what `ContextReader.to_query` makes of the state, (T, B, KEY) or (B, KEY).
            frame: (T, B) or (B,), a frame of that bar.
        """
        # Not as products of matrices: one a step, so small that calling them would cost more than they do.
        return (query[..., None, :] * self.keys_of(frame)).sum(-1) * KEY**-0.5


jax.tree_util.register_pytree_node(
    Context, lambda context: ((context.values, context.keys), None), lambda _, leaves: Context(*leaves)
)


class ContextReader(nnx.Module):
    """Turns frames into a `Context`."""

    def __init__(self, hidden: int, both_ways: bool, asking: int, *, rngs: nnx.Rngs) -> None:
        """Set up.

        Args:
            hidden: units of the LSTM, each way.
            both_ways: whether it also reads from the end to the start.
            asking: units of the state that asks for positions.
        """
        self.width = hidden * (1 + both_ways) + SKIP
        self.forward = LSTMLayer(FRAME_COLUMNS, hidden, rngs=rngs)
        self.backward: LSTMLayer | None = nnx.data(LSTMLayer(FRAME_COLUMNS, hidden, rngs=rngs) if both_ways else None)
        self.skip = Linear(FRAME_COLUMNS, SKIP, rngs=rngs)
        self.to_key = Linear(self.width, KEY, rngs=rngs)
        self.to_query = Linear(asking, KEY, rngs=rngs)

    def __call__(self, frames_BxFxC: jax.Array) -> Context:
        """Read frames, float of any precision."""
        x_FxBxC = jnp.swapaxes(frames_BxFxC, 0, 1).astype(jnp.float32)
        pieces = [self.forward(x_FxBxC)]
        if self.backward is not None:
            pieces.append(self.backward(x_FxBxC[::-1])[::-1])
        values = jnp.swapaxes(jnp.concatenate([*pieces, self.skip(x_FxBxC)], axis=-1), 0, 1)
        keys = self.to_key(values)
        return Context(values, keys.reshape(keys.shape[0], -1, FRAMES_A_BAR * KEY))


@jax.custom_vjp
def _read_sequence(values_BxFxW: jax.Array, frame_TxB: jax.Array) -> jax.Array:
    """Rows of each batch row's own table, (T, B, W); its gradient is a matrix product, as in `embedding.look_up`."""
    return jnp.take_along_axis(values_BxFxW, frame_TxB.T[..., None], axis=1).swapaxes(0, 1)


def _forward(values_BxFxW: jax.Array, frame_TxB: jax.Array) -> tuple[jax.Array, tuple[jax.Array, int]]:
    return _read_sequence(values_BxFxW, frame_TxB), (frame_TxB, values_BxFxW.shape[1])


def _backward(saved: tuple[jax.Array, int], gradient_TxBxW: jax.Array) -> tuple[jax.Array, None]:
    frame_TxB, frames = saved
    hot_TxBxF = jax.nn.one_hot(frame_TxB, frames, dtype=gradient_TxBxW.dtype)
    return jnp.einsum("tbf,tbw->bfw", hot_TxBxF, gradient_TxBxW), None


_read_sequence.defvjp(_forward, _backward)


def _read(values: jax.Array, frame: jax.Array) -> jax.Array:
    if frame.ndim == 1:
        return jnp.take_along_axis(values, frame[:, None, None], axis=1)[:, 0]
    return _read_sequence(values, frame)
