"""Cost of an event: the negative log-likelihood of each of its choices, in nats.

For training and evaluation. Sampling reckons the cost of what it writes by itself (`model.writing.sample`); a test
holds the two together.
"""

from collections.abc import Mapping

import jax
import jax.numpy as jnp
from optax.losses import softmax_cross_entropy_with_integer_labels as cross_entropy

from model.language.events import NEXT_BAR, PITCH_TOKENS, REST_SIZES
from model.network import Inputs, Network


def batch_inputs(batch: Mapping[str, jax.Array]) -> Inputs:
    """The network's inputs out of a batch.

    Args:
        batch: arrays by name, (T, B, ...), as `model.training.batches.collate` makes them.
    """
    return Inputs(**{name: batch[name] for name in Inputs.__struct_fields__})


def event_nats(network: Network, batch: Mapping[str, jax.Array], dropout_keys: jax.Array | None = None) -> jax.Array:
    """Nats of every choice of every event: (T, B, 6), zero where there is nothing to choose or nothing is known.

    The choices are position, pitch, duration, velocity, wobble and depth.

    Args:
        network: gives the likelihoods.
        batch: arrays by name, (T, B, ...) and "frames" (B, F, C), as `model.training.batches.collate` makes them.
        dropout_keys: random keys (B,), one a row, while training; None leaves everything in place.
    """
    inputs = batch_inputs(batch)
    context = network.read_context(batch["frames"])
    h_TxBxH = network(inputs, context, dropout_keys)
    position, pitch, rest = batch["position"], batch["pitch"], batch["rest"]
    is_bar_line = position == NEXT_BAR
    heads = network.heads(h_TxBxH, inputs, context)
    there = network.look_at(position, inputs, context)
    pitch_logits, rest_head = network.pitch_and_rest(heads, inputs, position, there)
    costs = [
        cross_entropy(heads.position, position) * batch["mask"],
        cross_entropy(pitch_logits, jnp.minimum(pitch, PITCH_TOKENS - 1)) * jnp.where(is_bar_line, 0, batch["mask"]),
    ]
    for n, logits in enumerate(network.rest_logits(heads, rest_head, inputs, position, pitch)):
        known = (rest[..., n] < REST_SIZES[n]) * batch["mask"]
        costs.append(cross_entropy(logits, jnp.minimum(rest[..., n], REST_SIZES[n] - 1)) * known)
    return jnp.stack(costs, axis=-1)
