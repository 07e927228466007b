"""The table of fields: every default is within its own limits, and every field says something."""

from typing import get_args, get_origin, get_type_hints

import msgspec
import pytest

from song.parts import Part
from sound.sounds import SOUNDS, OneOf, Within


@pytest.mark.parametrize("part", Part)
def test_defaults_are_allowed_and_fields_say_what_they_do(part: Part) -> None:
    kind = SOUNDS[part]
    usual = kind()
    for name, hint in get_type_hints(kind, include_extras=True).items():
        value = getattr(usual, name)
        if get_origin(hint) is dict:
            hint, value = get_args(hint)[1], 0.5
        _, allowed = get_args(hint)
        assert len(allowed.says) > 5
        if isinstance(allowed, OneOf):
            assert value in allowed.words
        else:
            assert isinstance(allowed, Within)
            assert allowed.low <= value <= allowed.high


def test_sounds_are_values() -> None:
    assert all(kind() == kind() and kind.__struct_config__.frozen for kind in SOUNDS.values())
    assert all(issubclass(kind, msgspec.Struct) for kind in SOUNDS.values())
