"""Sounds for the samplers of other programs: one a channel, short, loud, and where the project says."""

import io

import numpy as np
import pytest
import soundfile

from song.export.arrangement import Arrangement
from song.export.bundle import bundle_files
from song.export.flp.song_project import song_project
from song.export.formats import FORMATS, SAMPLES, chosen_formats
from song.export.samples import NO_SAMPLES, Samples
from song.sections import Song
from sound.rates import SAMPLE_RATE
from sound.sampling.samples import song_samples
from tests.song_tests.export.made_songs import made_songs

SONG = made_songs()["plain"]


@pytest.fixture(scope="module")
def samples() -> Samples:
    return song_samples(SONG)


def test_every_channel_of_the_project_names_a_sound_that_lies_beside_it(samples: Samples) -> None:
    files = {file.path for file in samples.files}
    channels = song_project(Arrangement(SONG, (), samples)).channels
    sounding = [one for one in channels if one.points is None]
    assert sounding
    assert {one.sample for one in sounding} == files
    assert {file.path for file in bundle_files(SONG, chosen_formats((SAMPLES,)), (), samples)} == files


def test_without_sounds_channels_name_none_and_no_file_is_written() -> None:
    assert {one.sample for one in song_project(Arrangement(SONG)).channels} == {""}
    assert list(bundle_files(SONG, [one for one in FORMATS if one.key == SAMPLES])) == []


def test_sounds_start_at_once_end_in_silence_and_do_not_clip(samples: Samples) -> None:
    for file in samples.files:
        frames, rate = soundfile.read(io.BytesIO(file.data))
        assert rate == SAMPLE_RATE
        assert 0.03 < len(frames) / rate < 7, file.path
        loud = np.abs(frames).max(1)
        assert loud.max() == pytest.approx(10 ** (-1 / 20), abs=1e-3)
        assert np.flatnonzero(loud > 1e-3)[0] < 0.02 * rate, file.path
        assert loud[-1] < 1e-3


def test_the_same_song_has_the_same_bytes(samples: Samples) -> None:
    assert song_samples(SONG) == samples


def test_a_song_without_notes_has_no_sounds() -> None:
    assert song_samples(Song(sections=SONG.sections[:0])) == NO_SAMPLES
