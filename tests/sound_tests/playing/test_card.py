"""A card, miniaudio's null one, which plays at the pace of a real one; and how one that is gone is noticed."""

import threading
import time

import numpy as np
import pytest
from numpy.typing import NDArray

from song.errors import UserError
from sound.playing import card as card_module
from sound.playing.card import Card, plays_on_card
from sound.playing.protocol import Output

pytest.importorskip("miniaudio", reason="miniaudio has no wheel for this machine")

_PATIENCE_SECONDS = 20


class Asked:
    """Silence, and how much of it was asked for."""

    def __init__(self) -> None:
        self.frames = 0
        self.changed = threading.Condition()

    def __call__(self, frames: int) -> NDArray[np.int16]:
        with self.changed:
            self.frames += frames
            self.changed.notify_all()
        return np.zeros((frames, 2), np.int16)

    def until(self, frames: int) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: self.frames >= frames, _PATIENCE_SECONDS)


def test_a_card_asks_for_frames_until_it_is_stopped_and_again_after() -> None:
    asked = Asked()
    card = Card(asked, null=True)
    card.start()
    card.start()
    asked.until(10_000)
    assert not card.gone
    card.stop()
    rest = asked.frames
    card.start()
    asked.until(rest + 10_000)
    assert "Null" in card.name
    card.close()
    assert not card.running


def test_a_card_that_asks_for_nothing_any_more_has_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(card_module, "SILENT_SECONDS", 0.3)
    asked = Asked()
    card = Card(asked, null=True)
    card.start()
    asked.until(1)
    # As a card does that is pulled out: it stops behind our back.
    card._device.stop()
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not card.gone and time.monotonic() < deadline:
        time.sleep(0.02)
    assert card.gone
    card.close()
    assert not card.gone


def test_without_a_library_there_is_no_card(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(card_module.sys.modules, "miniaudio", None)
    with pytest.raises(UserError, match="miniaudio is not installed"):
        Card(Asked())


@pytest.mark.parametrize(
    ("output", "environment", "plays"),
    [
        (Output.AUTO, {}, True),
        (Output.AUTO, {"SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22"}, False),
        (Output.CARD, {"SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22"}, True),
        (Output.NULL, {}, True),
        (Output.PAGE, {}, False),
    ],
)
def test_over_ssh_no_card_is_tried(output: Output, environment: dict[str, str], plays: bool) -> None:
    assert plays_on_card(output, environment) is plays
