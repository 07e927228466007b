"""Scores held against those that FL Studio saved."""

import struct

import pytest

from song.export.flp.notes import note_records, score_bytes
from song.export.flp.parts import FlNote
from tests.foreign_software import fl_saved, pyflp_source
from tests.song_tests.export.flp.records import read_notes


def test_every_score_that_fl_studio_saved_becomes_the_same_bytes() -> None:
    scores = sorted((pyflp_source() / "tests" / "assets" / "patterns").glob("*.fsc"))
    assert len(scores) == 12
    for path in scores:
        saved = fl_saved(f"patterns/{path.name}")
        (ticks_per_quarter,) = struct.unpack_from("<H", saved, 12)
        at = saved.find(b"\xe0")
        notes: tuple[FlNote, ...] = ()
        if at >= 0:
            size, start = saved[at + 1] & 0x7F, at + 2
            if saved[at + 1] & 0x80:
                size, start = size | saved[at + 2] << 7, at + 3
            notes = read_notes(saved[start : start + size])
        assert score_bytes(notes, ticks_per_quarter) == saved, path.name


def test_a_note_is_24_bytes() -> None:
    note = FlNote(96, 3, 48, 60, 100, 40)
    assert note_records((note,)) == bytes.fromhex("60000000 0040 0300 30000000 3c00 0000 78 00 40 00 40 64 28 80")


@pytest.mark.parametrize(
    "note", [FlNote(0, 0, 1, 60, 256), FlNote(0, 0, 1, 60, 1, mod_x=-1), FlNote(0, 70000, 1, 1, 1)]
)
def test_what_does_not_fit_is_refused(note: FlNote) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        note_records((note,))
