"""A drummer's files made here, and the hits in them: as a piece has them, and as another reader does."""

import random
from collections import Counter

import mido

from corpus.analysis.timing import MICRO_PER_TICK
from song.drums import canonical_drum
from song.parts import Part


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
