"""Slow grooves with a backbeat, written again at twice the tempo."""

from collections import Counter

import msgspec
import pytest

from corpus.analysis.half_time import half_time, has_backbeat
from corpus.pieces import Piece
from corpus.readers.sources import read_paths
from song.notes import Note, Phrase
from song.parts import Part
from tests.corpus_tests.played_drums import drummer, hits_of


def performance(snare_beats, tempo=80.0, bars=2):
    notes = [Note(bar * 384, 36, 24, 100) for bar in range(bars)]
    notes += [Note(bar * 384 + beat * 96, 38, 24, 100) for bar in range(bars) for beat in snare_beats]
    return Piece(
        "p", "groove", "f", "train", "", {"rock": 1.0}, tempo, None, True, bars,
        {Part.DRUMS: Phrase(bars, tuple(sorted(notes)))},
    )  # fmt: skip


def test_half_time_is_the_same_music_at_twice_the_tempo():
    slow = performance((1, 3))
    fast = half_time(slow)
    assert (fast.tempo_bpm, fast.bars, fast.split, fast.family) == (160.0, 4, "train", "f")
    assert fast.style == slow.style
    drums = fast.parts[Part.DRUMS]
    assert [note.onset_tick for note in drums.notes if note.pitch == 38] == [192, 576, 960, 1344]
    # The backbeat falls on 3 of every bar, and each onset at the same second as before.
    assert all(note.onset_tick % 384 == 192 for note in drums.notes if note.pitch == 38)


@pytest.mark.parametrize(
    "piece", [performance((2,)), performance((1, 3), tempo=100.0), performance((1, 3), tempo=59.0)]
)
def test_no_half_time_without_a_slow_backbeat(piece):
    assert half_time(piece) is None


def test_a_half_time_groove_keeps_the_feel_at_twice_the_distance(tmp_path):
    drummer(tmp_path / "drummer.mid")
    (tmp_path / "info.csv").write_text(
        "id,style,bpm,beat_type,time_signature,midi_filename,split\nd,rock,80,beat,4-4,drummer.mid,train"
    )
    slow, fast = read_paths([tmp_path])[0]
    assert fast == half_time(slow)
    assert fast.renotated
    assert not slow.renotated
    doubled = Counter({(2 * at, drum, velocity): count for (at, drum, velocity), count in hits_of(slow).items()})
    assert hits_of(fast) == doubled


@pytest.mark.parametrize("drum", [37, 38, 39, 40])
def test_a_backbeat_is_a_snare_a_clap_or_a_rim_on_two_and_four(drum):
    hits = (Note(0, 36, 24, 100), Note(96, drum, 24, 100), Note(288, drum, 24, 100))
    assert has_backbeat(Phrase(1, hits))
    assert not has_backbeat(Phrase(1, hits[:2]))
    assert not has_backbeat(Phrase(1, tuple(Note(note.onset_tick, 45, 24, 100) for note in hits)))


def test_half_of_the_bars_that_sound_need_a_backbeat_and_silent_ones_do_not_count():
    backbeat = (Note(96, 38, 24, 100), Note(288, 38, 24, 100))
    kicks = tuple(Note(bar * 384, 36, 24, 100) for bar in range(3))
    assert has_backbeat(Phrase(8, (*backbeat, *kicks[:2])))
    assert not has_backbeat(Phrase(8, (*backbeat, *kicks)))
    assert not has_backbeat(Phrase(4))


def test_drums_beside_other_parts_are_not_written_again():
    slow = performance((1, 3))
    lead = {Part.LEAD: Phrase(2, (Note(0, 72, 96, 100),))}
    assert half_time(msgspec.structs.replace(slow, parts={**slow.parts, **lead})) is None
    assert half_time(msgspec.structs.replace(slow, parts=lead)) is None
