"""Meta events that hold for a whole file, and those that say nothing."""

import numpy as np
import pytest

from corpus.readers.midi_conductor import conductor_of, read_text, track_name
from corpus.readers.midi_events import TrackEvents


def metas(*rows):
    empty = np.zeros(0, np.int64)
    return TrackEvents(empty, empty, empty, empty, rows, 0)


def test_events_of_all_tracks_come_in_order():
    one = metas((96, 0x51, b"\x06\x8a\x1b"), (0, 0x58, b"\x06\x03\x18\x08"))
    other = metas((0, 0x51, b"\x07\xa1\x20"), (0, 0x59, b"\xfc\x01"), (10, 0x06, b"Drop\0junk"), (10, 0x07, b"cue"))
    found = conductor_of([one, other])
    assert found.tempi == ((0, 120.0), (96, 140.0))
    assert found.meters == ((0, (6, 8)),)
    assert found.keys == ((0, -4, True),)
    assert (found.markers, found.cues) == (((10, "Drop"),), ((10, "cue"),))


@pytest.mark.parametrize("data", [b"", b"\0\0\0", b"\1\2"])
def test_a_tempo_of_nothing_is_counted_and_left_out(data):
    found = conductor_of([metas((0, 0x51, data))])
    assert (found.tempi, found.lost_tempi) == ((), 1)


@pytest.mark.parametrize("row", [(0, 0x58, b"\0\2\0\0"), (0, 0x58, b"\4"), (0, 0x59, b"\x09\0"), (0, 0x59, b"")])
def test_a_meter_or_key_that_cannot_be_is_none(row):
    found = conductor_of([metas(row)])
    assert (found.meters, found.keys) == ((), ())


def test_names_are_utf_8_or_latin_1_and_an_instrument_stands_in_for_one():
    assert read_text("Größe".encode()) == read_text("Größe".encode("latin-1")) == "Größe"
    assert track_name(metas((0, 0x04, b"Synth"), (9, 0x03, b" Lead "))) == "Lead"
    assert track_name(metas((0, 0x03, b""), (0, 0x04, b"Synth"))) == "Synth"
    assert track_name(metas()) == ""
