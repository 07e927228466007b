"""The chunks of a MIDI file, and what is refused before any of them is looked into."""

import pytest

from corpus.readers.midi_chunks import Chunks, split_chunks
from song.errors import UserError
from tests.corpus_tests.made_midi import raw_midi

TRACK = b"\0\xff\x2f\0"


def test_tracks_come_in_the_order_of_the_file_and_other_chunks_are_passed_over():
    data = raw_midi(TRACK, TRACK + b"\0")
    assert split_chunks(data) == Chunks(1, 96, (TRACK, TRACK + b"\0"))
    strange = data[:14] + b"XFIH\0\0\0\x02ab" + data[14:]
    assert split_chunks(strange) == split_chunks(data)


def test_a_longer_header_is_read_as_far_as_it_is_known():
    assert split_chunks(raw_midi(TRACK, header=b"\1\2\3")).tracks == (TRACK,)


def test_riff_is_unwrapped_whatever_comes_before_its_data():
    data = raw_midi(TRACK)
    info = b"LIST" + (3).to_bytes(4, "little") + b"abc\0"
    body = b"RMID" + info + b"data" + len(data).to_bytes(4, "little") + data
    assert split_chunks(b"RIFF" + len(body).to_bytes(4, "little") + body) == split_chunks(data)


@pytest.mark.parametrize("kind", [b"WAVE", b"RMID"])
def test_riff_without_midi_is_refused(kind):
    with pytest.raises(UserError, match="a RIFF file without MIDI"):
        split_chunks(b"RIFF\x08\0\0\0" + kind + b"fmt \0\0\0\0")


def test_thousands_of_tracks_are_no_song():
    with pytest.raises(UserError, match="over 2000 tracks"):
        split_chunks(b"MThd\0\0\0\6\0\1" + (2001).to_bytes(2) + b"\0\x60")
