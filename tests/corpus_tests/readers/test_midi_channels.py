"""Programs, banks and drum kits of channels, as events and system messages set them."""

import numpy as np
import pytest

from corpus.readers.midi_channels import channels_of
from corpus.readers.midi_events import SYSTEM_EXCLUSIVE, TrackEvents

ONSETS = np.array([0, 96, 192])


def events(*rows, system=()):
    columns = (np.array([row[index] for row in rows], np.int64) for index in range(4))
    return TrackEvents(*columns, tuple((0, SYSTEM_EXCLUSIVE, bytes(one)) for one in system), 0)


def gs(part, value):
    return 0x41, 0x10, 0x42, 0x12, 0x40, 0x10 | part, 0x15, value, 0


def test_the_program_is_the_one_that_most_notes_have():
    track = events((0, 0xC2, 27, 0), (90, 0xC2, 29, 0))
    assert channels_of([track]).instrument(0, 2, ONSETS).program == 29
    assert channels_of([track]).instrument(0, 2, ONSETS).programs == 2


def test_a_program_that_another_track_sets_counts_where_the_track_sets_none():
    tracks = [events((0, 0xC2, 27, 0)), events(), events((0, 0xC2, 81, 0))]
    channels = channels_of(tracks)
    assert channels.instrument(2, 2, ONSETS).program == 81
    assert channels.instrument(1, 3, ONSETS).program == 0


@pytest.mark.parametrize(
    ("channel", "bank", "is_drum"), [(9, None, True), (9, 121, False), (3, 120, True), (3, 127, True), (3, 0, False)]
)
def test_banks_say_what_is_a_kit(channel, bank, is_drum):
    rows = [] if bank is None else [(0, 0xB0 | channel, 0, bank)]
    assert channels_of([events(*rows)]).instrument(0, channel, ONSETS).is_drum == is_drum


def test_in_a_file_for_gs_bank_127_is_no_kit():
    reset = (0x41, 0x10, 0x42, 0x12, 0x40, 0x00, 0x7F, 0x00, 0x41, 0xF7)
    track = events((0, 0xB3, 0, 127), system=[reset])
    assert not channels_of([track]).instrument(0, 3, ONSETS).is_drum


@pytest.mark.parametrize(("part", "channel"), [(0, 9), (1, 0), (9, 8), (0xA, 10), (0xF, 15)])
def test_gs_parts_for_rhythm(part, channel):
    channels = channels_of([events(system=[gs(part, 1)])])
    assert channels.instrument(0, channel, ONSETS).is_drum
    assert not channels_of([events(system=[gs(part, 0)])]).instrument(0, channel, ONSETS).is_drum


def test_xg_parts_for_drums():
    track = events(system=[(0x43, 0x10, 0x4C, 0x08, 5, 0x07, 2, 0xF7)])
    assert channels_of([track]).instrument(0, 5, ONSETS).is_drum
