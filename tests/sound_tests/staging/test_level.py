"""The gain that a song is played at."""

import msgspec
import numpy as np
import pytest

from song.edits.takes import clear_cell
from song.parts import Part
from song.sections import Song
from sound.bounce import DROP_LUFS
from sound.loudness import Meter, integrated
from sound.patch import Patches
from sound.staging.level import song_gain, telling_section
from sound.staging.section_sound import render_section
from tests.sound_tests.played_songs import BUILD, DROP, played_song


def test_the_drop_comes_to_the_loudness_that_is_asked_for() -> None:
    song = played_song()
    gain_db = song_gain(song, Patches(song))
    sound = render_section(song, DROP, Patches(song), "k", gain_db)
    meter = Meter()
    mix = sum(stem.astype(np.float32) for stem in sound.stems.values())
    meter.add((mix[: sound.bar_frames] / 32767).T.astype(np.float32))
    assert integrated(meter.energies()) == pytest.approx(DROP_LUFS, abs=0.5)


def test_a_muted_part_changes_no_level() -> None:
    song = played_song()
    muted = msgspec.structs.replace(song, muted=(Part.BASS,))
    assert song_gain(muted, Patches(song)) == song_gain(song, Patches(song))


def test_the_fullest_drop_tells_then_whatever_has_notes() -> None:
    song = played_song()
    assert telling_section(song) == DROP
    without = clear_cell(clear_cell(song, DROP, Part.DRUMS), DROP, Part.BASS)
    assert telling_section(without) == BUILD
    assert telling_section(Song()) is None
    assert song_gain(clear_cell(without, BUILD, Part.DRUMS), Patches(song)) == 0.0
