"""Time that a song takes to become a MIDI file, beside music21's own export of the same score.

`python tests/benchmarks/bench_assemble.py [NOTES]`; 20,000 notes where none are given, which keeps music21 busy for
about a quarter of a minute. Our time runs from the song to the bytes; music21's starts from the finished score, so the
ratio of the two is the low estimate. None counts the import of music21.
"""

import random
import sys
import time

from song.edits.takes import add_takes
from song.export.midi import assemble, to_midi_file, to_score
from song.export.tracks import lay_out
from song.notes import Note, Phrase, Wobble
from song.parts import PART_SPECS, Part
from song.sections import Song, Take
from song.templates import song_from_form


def crowded_song(note_count: int) -> Song:
    """The built-in form with about so many notes in its file, the sub bass's among them, and wobbles in the drops."""
    chance = random.Random(1)
    song = song_from_form(title="Bench")
    a_cell = note_count // (len(song.sections) * (len(Part) + 1))
    for index, part in song.cell_refs():
        section, spec = song.sections[index], PART_SPECS[part]
        places: set[tuple[int, int]] = set()
        while len(places) < a_cell:
            places.add((chance.randrange(section.length_ticks), chance.randint(spec.low, spec.high)))
        notes = tuple(
            Note(onset, pitch, chance.choice((6, 12, 24, 48)), chance.randint(1, 127))
            for onset, pitch in sorted(places)
        )
        wobbles = (Wobble(0, section.length_ticks, "1/8", 0.9),) if section.constraints.wobble.rates else ()
        song = add_takes(song, index, part, (Take(Phrase(section.bars, notes, wobbles)),))
    return song


def main() -> None:
    """Print both times and their ratio."""
    from music21.midi import translate

    song = crowded_song(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
    notes = sum(len(track.notes) for track in lay_out(song))
    start = time.perf_counter()
    data = assemble(song)
    ours = time.perf_counter() - start
    score = to_score(song)
    start = time.perf_counter()
    to_midi_file(score, song.length_ticks).writestr()
    walk = time.perf_counter() - start
    start = time.perf_counter()
    translate.streamToMidiFile(score).writestr()
    theirs = time.perf_counter() - start
    print(f"{notes} notes, {len(data)} bytes")
    print(f"assemble: {ours:.2f} s from song to bytes")
    print(f"music21's export: {theirs:.2f} s from score to bytes")
    print(f"our walker: {walk:.2f} s from score to bytes")
    print(f"ratio: {theirs / ours:.1f}, from score to bytes alone {theirs / walk:.1f}")


if __name__ == "__main__":
    main()
