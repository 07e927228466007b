"""A drummer's feel: every hit that was played can be found again beside the grid, to half a millisecond."""

import random
from collections import Counter

import mido
import pytest

from corpus.readers.sources import read_paths
from song.parts import Part
from tests.corpus_tests.played_drums import drummer, hits_in, hits_of
from tests.places import SHARED


def test_every_hit_can_be_put_back_where_it_was_played(tmp_path):
    drummer(tmp_path / "drummer.mid")
    piece = read_paths([tmp_path])[0][0]
    assert hits_of(piece) == hits_in(tmp_path / "drummer.mid")
    assert len(piece.graces) >= 6
    assert all(note.onset_tick % 4 == 0 for note in piece.parts[Part.DRUMS].notes)


def test_what_was_written_on_the_grid_has_no_micro_timing(tmp_path):
    file = mido.MidiFile(ticks_per_beat=96)
    track = mido.MidiTrack()
    for step in range(32):
        track.append(mido.Message("note_on", channel=9, note=36 + 2 * (step % 2), velocity=60 + step))
        track.append(mido.Message("note_off", channel=9, note=36 + 2 * (step % 2), time=48))
    file.tracks.append(track)
    file.save(tmp_path / "grid.mid")
    piece = read_paths([tmp_path])[0][0]
    assert piece.micro == {}
    assert piece.graces == ()


def test_a_pitched_part_keeps_its_lateness_too(tmp_path):
    chance = random.Random(2)
    late = [5 * 24 * step + 15 + round(chance.gauss(0, 4)) for step in range(64)]
    track = mido.MidiTrack([mido.Message("program_change", program=81)])
    now = 0
    for index, at in enumerate(late):
        track.append(mido.Message("note_on", note=70 + index % 7, velocity=60 + index, time=at - now))
        track.append(mido.Message("note_off", note=70 + index % 7, time=60))
        now = at + 60
    file = mido.MidiFile(ticks_per_beat=480)
    file.tracks.append(track)
    file.save(tmp_path / "late.mid")
    piece = read_paths([tmp_path])[0][0]
    notes = piece.parts[Part.LEAD].notes
    assert [note.onset_tick for note in notes] == [24 * step for step in range(64)]
    back = [note.onset_tick * 10 + micro for note, micro in zip(notes, piece.micro[Part.LEAD], strict=True)]
    assert back == [2 * at for at in late]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared music is not on this machine")
def test_nothing_of_real_drummers_is_lost():
    for folder in sorted((SHARED / "groove").glob("drummer*/session1"))[:4]:
        by_name = {piece.name: piece for piece in read_paths([folder])[0]}
        for name, piece in list(by_name.items())[:6]:
            hits = hits_in(folder / name)
            start = min(at for at, _, _ in hits) // 3840 // 4 * 4 * 3840
            assert hits_of(piece) == Counter({(at - start, *rest): count for (at, *rest), count in hits.items()})
