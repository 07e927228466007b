"""Sizes out of bounds are refused where they are read, before a network is made."""

import msgspec
import pytest

from model.critic.judge import CriticConfig
from model.network import NetworkConfig
from model.nn.sizes import MOST_UNITS


@pytest.mark.parametrize("kind", [NetworkConfig, CriticConfig])
def test_every_size_of_a_network_has_bounds(kind: type[msgspec.Struct]) -> None:
    whole = msgspec.to_builtins(kind())
    assert msgspec.convert(whole, kind) == kind()
    for name, value in whole.items():
        if type(value) in (int, float):
            for wrong in (-1, MOST_UNITS + 1):
                with pytest.raises(msgspec.ValidationError, match=name):
                    msgspec.convert({**whole, name: wrong}, kind)
