"""Remarks on what is not kept of a track though no note is lost."""

import mido

from corpus.readers.midi_files import read_midi
from tests.corpus_tests.made_midi import lead, midi


def control(number, value, tick=0):
    return tick, mido.Message("control_change", channel=2, control=number, value=value)


def test_pedals_bends_and_other_controllers_are_told():
    bend = (0, mido.Message("pitchwheel", channel=2, pitch=100))
    centre = (1, mido.Message("pitchwheel", channel=2, pitch=0))
    more = [control(64, 127), control(64, 90, 5), control(64, 0, 9), control(7, 90), control(10, 3), control(0, 1)]
    (track,) = read_midi(midi([*lead(1), *more, bend, centre])).tracks
    assert track.told == (
        "the sustain pedal (CC 64) lengthens nothing: pressed 1 times",
        "2 values of CC 7, 10 not kept",
        "1 pitch bends not kept",
    )


def test_a_plain_track_has_nothing_to_tell():
    music = read_midi(midi(lead(1)))
    assert music.tracks[0].told == ()
    assert music.told == ()
