"""Time of a whole bundle of a song of 100 bars beside that of its MIDI file alone, format by format.

`python tests/benchmarks/bench_bundle.py [ROUNDS]`; 15 where no number is given. Both are written to the disk; neither
counts the import of music21. Bars have as many onsets as the densities of the built-in form ask for. At the end a
process of its own writes a song of over ten minutes, and says what memory that took it.
"""

import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from song.edits.takes import add_takes
from song.export.arrangement import Arrangement
from song.export.bundle import write_bundle
from song.export.formats import FORMATS, chosen_formats, write_song
from song.export.tempo import tempo_changes
from song.notes import Note, Phrase, Wobble
from song.parts import PART_SPECS, PARTS, Part
from song.sections import SectionKind, Song, Take
from song.templates import song_from_form
from song.time import STEPS_PER_BAR, TICKS_PER_STEP, bars_to_ticks, seconds
from tests.benchmarks.timing import pin_to_two_cores, time_in_turn

_FORM = (
    (SectionKind.INTRO, 8), (SectionKind.BUILD, 8), (SectionKind.DROP, 16), (SectionKind.DROP, 8),
    (SectionKind.BREAK, 16), (SectionKind.BUILD, 8), (SectionKind.DROP, 16), (SectionKind.DROP, 8),
    (SectionKind.OUTRO, 12),
)  # fmt: skip
_MEMORY = "--memory"
_DRUMS = (36, 38, 42, 46, 39, 49)


def usual_song(times: int = 1) -> Song:
    """100 bars, so many times over, at the densities of the built-in form, with wobbles where it has them."""
    chance = random.Random(1)
    song = song_from_form(list(_FORM) * times, title="Bench")
    for index, part in song.cell_refs():
        section, spec = song.sections[index], PART_SPECS[part]
        notes: set[tuple[int, int]] = set()
        for bar in range(section.bars):
            for _ in range(round(section.constraints.requested_onsets(part))):
                onset = bars_to_ticks(bar) + chance.randrange(STEPS_PER_BAR) * TICKS_PER_STEP
                pitch = chance.choice(_DRUMS) if part is Part.DRUMS else chance.randint(spec.low, spec.high)
                notes.add((onset, pitch))
        written = tuple(Note(onset, pitch, TICKS_PER_STEP, chance.randint(60, 127)) for onset, pitch in sorted(notes))
        rates = section.constraints.wobble.rates if part is Part.BASS else ()
        wobbles = tuple(
            Wobble(bars_to_ticks(bar), bars_to_ticks(1), chance.choice(rates), 0.8)
            for bar in range(section.bars)
            if rates
        )
        song = add_takes(song, index, part, (Take(Phrase(section.bars, written, wobbles)),))
    return song


def main() -> None:
    """Print both times, their ratio, and what each format takes."""
    pin_to_two_cores()
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    song = usual_song()
    assert song.bars == 100
    laid_out = Arrangement(song)
    with tempfile.TemporaryDirectory() as folder:
        taken = time_in_turn(
            {
                "MIDI file": lambda: write_song(song, Path(folder) / "alone.mid"),
                "bundle": lambda: write_bundle(song, Path(folder), chosen_formats(), force=True),
            },
            rounds,
        )
    files = [file for one in chosen_formats() for file in one.files(laid_out, "Bench")]
    notes = sum(len(track.notes) for track in laid_out.tracks)
    print(f"{song.bars} bars, {notes} notes for {len(PARTS)} parts; {len(files)} files, "
          f"{sum(len(file.data) for file in files)} bytes")  # fmt: skip
    for name, one in taken.items():
        print(f"{name}: {one.median * 1000:.0f} ms")
    print(f"bundle / MIDI file: {taken['bundle'] / taken['MIDI file']}")
    for one in FORMATS:
        start = time.perf_counter()
        made = list(one.files(Arrangement(song), "Bench"))
        print(f"  {one.key}: {1000 * (time.perf_counter() - start):.1f} ms, {len(made)} files")
    subprocess.run([sys.executable, __file__, _MEMORY], check=True)


def long_song() -> None:
    """Write a song of 400 bars, and print its minutes and the memory of this process."""
    song = usual_song(4)
    minutes = seconds(tempo_changes(song), song.length_ticks) / 60
    with tempfile.TemporaryDirectory() as folder:
        write_bundle(song, Path(folder), chosen_formats())
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{minutes:.1f} minutes of music: {most:.0f} MB of memory at most")


if __name__ == "__main__":
    long_song() if sys.argv[1:] == [_MEMORY] else main()
