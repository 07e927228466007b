"""A drummer's feel: every hit that was played can be found again beside the grid, to half a millisecond."""

import random
from collections import Counter
from pathlib import Path

import mido
import pytest

from corpus.analysis.half_time import half_time
from corpus.analysis.kit import kit
from corpus.analysis.timing import MICRO_PER_TICK
from corpus.drum_map import canonical_drum
from corpus.readers.sources import read_paths
from song.notes import Note
from song.parts import Part

SHARED = Path(__file__).parents[3] / "shared" / "data"


def hits_of(piece):
    """Every hit of a piece as (tenths of a tick from its start, drum, velocity)."""
    notes = piece.parts[Part.DRUMS].notes
    micro = piece.micro.get(Part.DRUMS, (0,) * len(notes))
    hits = Counter(
        (note.onset_tick * MICRO_PER_TICK + offset, note.pitch, note.velocity)
        for note, offset in zip(notes, micro, strict=True)
    )
    hits.update(
        (grace.onset_tick * MICRO_PER_TICK + grace.micro, grace.pitch, grace.velocity) for grace in piece.graces
    )
    return hits


def hits_in(path):
    """The same from the file itself, by another reader; a tenth of a tick is half a tick at 480 a quarter."""
    file = mido.MidiFile(path)
    assert (MICRO_PER_TICK * 96) % file.ticks_per_beat == 0
    fine = MICRO_PER_TICK * 96 // file.ticks_per_beat
    hits = Counter()
    for track in file.tracks:
        at = 0
        for message in track:
            at += message.time
            if message.type == "note_on" and message.velocity and message.channel == 9:
                drum = canonical_drum(message.note)
                if drum is not None:
                    hits[at * fine, drum, message.velocity] += 1
    return hits


def drummer(path, seed=1, bars=16):
    chance = random.Random(seed)
    meant = [
        (bar * 384 + step * 24, drum) for bar in range(bars) for step, drum in ((0, 36), (4, 38), (8, 36), (12, 38))
    ]
    meant += [(bar * 384 + step * 24, 42) for bar in range(bars) for step in range(0, 16, 2)]
    played = [
        (max(round(tick * 5 + 12 + chance.gauss(0, 10)), 0), drum, chance.randint(20, 120)) for tick, drum in meant
    ]
    # A flam before each backbeat of the second half, and five drums at once at the end.
    played += [(at - 14, 38, 30) for at, drum, _ in played if drum == 38 and at > bars * 960]
    played += [((bars * 384 - 24) * 5, drum, 90) for drum in (36, 38, 42, 49, 51, 56)]
    events = [(at, 1, drum, velocity) for at, drum, velocity in played] + [
        (at + 5, 0, drum, 0) for at, drum, _ in played
    ]
    track = mido.MidiTrack()
    now = 0
    for at, _, drum, velocity in sorted(events):
        track.append(mido.Message("note_on", channel=9, note=drum, velocity=velocity, time=at - now))
        now = at
    file = mido.MidiFile(ticks_per_beat=480)
    file.tracks.append(track)
    file.save(path)


def test_every_hit_can_be_put_back_where_it_was_played(tmp_path):
    drummer(tmp_path / "drummer.mid")
    piece = read_paths([tmp_path])[0][0]
    assert hits_of(piece) == hits_in(tmp_path / "drummer.mid")
    assert len(piece.graces) >= 6
    assert all(note.onset_tick % 4 == 0 for note in piece.parts[Part.DRUMS].notes)


def test_of_two_strokes_in_one_place_the_louder_is_the_note_and_the_other_is_kept():
    drums = kit([Note(92, 38, 10, 40), Note(96, 38, 10, 110), Note(0, 36, 10, 90)], [3, -4, 0])
    assert [(note.onset_tick, note.velocity) for note in drums.notes] == [(0, 90), (96, 110)]
    assert drums.micro == (0, -4)
    assert [(grace.onset_tick, grace.velocity, grace.micro) for grace in drums.graces] == [(96, 40, -37)]


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


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared music is not on this machine")
def test_nothing_of_real_drummers_is_lost():
    for folder in sorted((SHARED / "groove").glob("drummer*/session1"))[:4]:
        by_name = {piece.name: piece for piece in read_paths([folder])[0]}
        for name, piece in list(by_name.items())[:6]:
            start = min(at for at, _, _ in hits_in(folder / name)) // 3840 // 4 * 4 * 3840
            original = Counter({(at - start, *rest): count for (at, *rest), count in hits_in(folder / name).items()})
            assert hits_of(piece) == original
