"""Settings of a training run: `model.training.train` trains by them, `model.training.checkpoints` records them."""

from collections.abc import Mapping

import msgspec

from model.network import NetworkConfig
from model.training.batches import HideRates


class TrainSettings(msgspec.Struct, frozen=True):
    """A training run."""

    network: NetworkConfig = NetworkConfig()
    train_steps: int = 6000  # optimizer steps in all; the learning rate falls to nothing over them
    events_a_batch: int = 8192  # events in a batch, padding included
    learning_rate: float = 2e-3  # the highest, reached after the warm-up
    warmup_steps: int = 200  # steps over which the learning rate rises
    weight_decay: float = 1e-3  # pull of the weights towards zero
    clip: float = 1.0  # longest gradient that is taken as it is
    average: float = 0.999  # share of the running average of weights that a step leaves; the average is what is kept
    seed: int = 0  # of the weights and the order of batches
    checkpoint_every: int = 500  # steps between checkpoints, each with a look at the held-out loss
    source_weights: Mapping[str, float] = msgspec.field(default_factory=dict)  # how much oftener a source is drawn
    hide: HideRates = HideRates()  # how often each condition is hidden
