"""Other players on the same song: they sound, and none of them wobbles."""

import numpy as np
import pytest

from sound.evidence.measures import wobbling
from sound.evidence.players import play, player_commands
from sound.evidence.scenes import F2_HZ, held_note
from sound.rates import SAMPLE_RATE


@pytest.mark.parametrize("name", ["fluidsynth", "timidity"])
def test_a_general_midi_player_sounds_and_does_not_wobble(name: str) -> None:
    if name not in player_commands():
        pytest.skip(f"{name} is not installed")
    song = held_note("1/8")
    sound = play(name, song)
    note = sound[: round(song.bars * 4 * 60 / 140 * SAMPLE_RATE)]
    assert np.abs(note).max() > 0.005
    phrase = song.sections[0].cells.bass.phrase
    assert phrase is not None
    found = wobbling(note, F2_HZ, phrase.wobbles[0], lambda seconds: seconds * 140 / 60 * 96)
    assert abs(found.correlation) < 0.3
