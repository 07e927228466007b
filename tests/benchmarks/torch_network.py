"""A PyTorch network of the same sizes as ours, to train beside it, as one writes it with `nn.LSTM` and `nn.Embedding`.

It has the embeddings, the context's bidirectional LSTM over frames, the LSTM layers and the chained heads, all sizes
read off our network, and the same dropout. It leaves out the copy gates and the look at a whole bar of the context, so
what is compared flatters PyTorch a little.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from model.language.events import NEXT_BAR, PITCH_TOKENS, REST_SIZES
from model.network import Network

_FLOATS = ("style", "tempo", "mask", "frames")


class TorchNetwork(nn.Module):
    """Embeddings, context, LSTM layers and heads."""

    def __init__(self, like: Network) -> None:
        super().__init__()
        config = like.config

        def table(of: Any) -> nn.Embedding:
            return nn.Embedding(*of.rows[...].shape)

        self.position, self.pitch, self.match = table(like.position), table(like.pitch), table(like.match)
        self.place, self.part = table(like.place), table(like.part)
        self.rest = nn.ModuleList(map(table, like.rest))
        self.bar = nn.ModuleList(map(table, like.bar))
        self.quota = nn.ModuleList(map(table, like.quota))
        self.style = nn.Linear(*like.style.kernel[...].shape)
        frame_columns = like.context.forward.w_in[...].shape[0]
        self.context = nn.LSTM(
            frame_columns, config.context_hidden, batch_first=True, bidirectional=config.context == "bilstm"
        )
        self.skip = nn.Linear(*like.context.skip.kernel[...].shape)
        width, hidden, head = like.context.width, config.hidden, config.head
        sizes = [like.layers[0].w_in[...].shape[0]] + [hidden] * config.layers
        self.layers = nn.ModuleList(nn.LSTM(sizes[n], hidden) for n in range(config.layers))
        self.dropout = config.dropout
        self.to_position = nn.Linear(hidden, like.to_position.kernel[...].shape[1])
        self.to_pitch_head, self.to_rest_head = nn.Linear(hidden, head), nn.Linear(hidden, head)
        self.pitch_from_context, self.rest_from_context = nn.Linear(width, head), nn.Linear(width, head)
        self.pitch_from_position, self.rest_from_position = (
            table(like.pitch_from_position),
            table(like.rest_from_position),
        )
        self.rest_from_pitch = table(like.rest_from_pitch)
        self.to_pitch, self.to_rest = nn.Linear(head, PITCH_TOKENS), nn.Linear(head, sum(REST_SIZES))

    def forward(self, batch: Mapping[str, Tensor]) -> Tensor:
        """The mean nats of an event of a batch, which training brings down."""
        lead = batch["event"].shape[:2]
        event = batch["event"]
        values_BxFxW = torch.cat([self.context(batch["frames"])[0], self.skip(batch["frames"])], -1)
        own_row = torch.arange(lead[1])
        there_TxBxW = values_BxFxW[own_row, batch["frame"]]
        pieces = [self.position(event[..., 0]), self.pitch(event[..., 1])]
        pieces += [table(event[..., 2 + n]) for n, table in enumerate(self.rest)]
        pieces += [self.place(batch["place"]), self.part(batch["part"])]
        pieces += [table(batch["bar"][..., n]) for n, table in enumerate(self.bar)]
        pieces += [table(batch["quota"][..., n]) for n, table in enumerate(self.quota)]
        pieces.append(self.style(torch.cat([batch["style"], batch["tempo"]], -1)))
        for table, name in ((self.position, "lag_position"), (self.pitch, "lag_pitch"), (self.match, "lag_match")):
            pieces.append(table(batch[name]).reshape(*lead, -1))
        x = self._drop(torch.cat([*pieces, there_TxBxW], -1))
        for layer in self.layers:
            x = self._drop(layer(x)[0])
        position, pitch, rest = batch["position"], batch["pitch"], batch["rest"]
        of_note = batch["mask"] * (position != NEXT_BAR)
        cost = _nats(self.to_position(x), position, batch["mask"])
        hidden = self.to_pitch_head(x) + self.pitch_from_position(position) + self.pitch_from_context(there_TxBxW)
        cost = cost + _nats(self.to_pitch(torch.tanh(hidden)), pitch.clamp(max=PITCH_TOKENS - 1), of_note)
        hidden = self.to_rest_head(x) + self.rest_from_position(position) + self.rest_from_pitch(pitch)
        logits = self.to_rest(torch.tanh(hidden + self.rest_from_context(there_TxBxW)))
        for n, some in enumerate(torch.split(logits, REST_SIZES, -1)):
            known = batch["mask"] * (rest[..., n] < REST_SIZES[n])
            cost = cost + _nats(some, rest[..., n].clamp(max=REST_SIZES[n] - 1), known)
        return cost / batch["mask"].sum()

    def _drop(self, x_TxBxI: Tensor) -> Tensor:
        keep = 1 - self.dropout
        return x_TxBxI * torch.bernoulli(torch.full((1, *x_TxBxI.shape[1:]), keep)) / keep


def torch_batch(batch: Mapping[str, np.ndarray]) -> dict[str, Tensor]:
    """A batch of `model.training.batches` as tensors of the same shapes."""
    return {
        name: torch.from_numpy(np.asarray(values, np.float32 if name in _FLOATS else np.int64))
        for name, values in batch.items()
    }


def _nats(logits: Tensor, target: Tensor, weight: Tensor) -> Tensor:
    costs = functional.cross_entropy(logits.flatten(0, 1), target.flatten(), reduction="none")
    return (costs * weight.flatten()).sum()
