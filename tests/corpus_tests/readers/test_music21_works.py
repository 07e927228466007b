"""The classical source on works whose key, meter and voices are known."""

import subprocess
import sys
import time

import pytest

from corpus.readers.music21_works import list_works, read_work, read_works
from song.errors import UserError
from song.parts import Part


def test_a_chorale_in_f_sharp_minor_with_an_upbeat():
    name, pieces, refusals = read_work("music21:bach/bwv66.6")
    assert (name, refusals) == ("music21:bach/bwv66.6", [])
    piece = pieces[0]
    assert (piece.name, piece.source, piece.style) == (name, "music21:bach", {"classical": 1.0})
    assert (piece.tonic_class, piece.minor) == (6, True)
    assert set(piece.parts) == {Part.BASS, Part.CHORDS, Part.LEAD}
    lead = piece.parts[Part.LEAD].notes
    # The soprano begins with two eighths, C#5 B4, on the fourth beat, then A4 on the bar line.
    assert [(note.onset_tick, note.pitch, note.duration_ticks) for note in lead[:3]] == [
        (288, 73, 48),
        (336, 71, 48),
        (384, 69, 96),
    ]
    assert not piece.velocity_known
    assert not piece.wobble_known
    assert max(note.pitch for note in piece.parts[Part.BASS].notes) < min(note.pitch for note in lead) + 12


def test_works_are_read_one_at_a_time_and_soon():
    started = time.monotonic()
    works = read_works("music21:bach")
    name, pieces, _ = next(works)
    assert name.startswith("music21:bach/")
    assert pieces
    # All 400 take half a minute.
    assert time.monotonic() - started < 10


def test_a_composer_without_the_prefix_is_the_same():
    assert list_works("bach") == list_works("music21:bach")
    assert len(set(list_works("bach"))) == len(list_works("bach")) > 300


def test_what_is_not_in_four_four_is_refused():
    _, pieces, refusals = read_work("music21:bach/bwv269")
    assert pieces == []
    assert [refusal.reason for refusal in refusals] == ["it is in 3/4: only 4/4 music is taken in"]


@pytest.mark.parametrize("name", ["music21:skrillex", "music21:", "music21:../../..", "music21:bach/../../secret"])
def test_an_unknown_name_is_told_with_those_that_there_are(name):
    with pytest.raises(UserError, match="music21 brings no"):
        read_works(name)


def test_importing_the_module_does_not_import_music21():
    code = "import sys, corpus.readers.music21_works; sys.exit('music21' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
