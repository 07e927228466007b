"""Time of a whole bundle of a song of 100 bars beside that of its MIDI file alone, format by format.

`python tests/benchmarks/bench_bundle.py [ROUNDS]`; 15 where no number is given. Both are written to the disk; neither
counts the import of music21. Bars have as many onsets as the densities of the built-in form ask for.
"""

import random
import sys
import tempfile
import time
from pathlib import Path

from song.edits.takes import add_takes
from song.export.arrangement import Arrangement
from song.export.bundle import write_bundle
from song.export.formats import FORMATS, chosen_formats, write_song
from song.notes import Note, Phrase, Wobble
from song.parts import PART_SPECS, PARTS, Part
from song.sections import SectionKind, Song, Take
from song.templates import song_from_form
from song.time import STEPS_PER_BAR, TICKS_PER_STEP, bars_to_ticks
from tests.benchmarks.timing import pin_to_two_cores, time_in_turn

_FORM = (
    (SectionKind.INTRO, 8), (SectionKind.BUILD, 8), (SectionKind.DROP, 16), (SectionKind.DROP, 8),
    (SectionKind.BREAK, 16), (SectionKind.BUILD, 8), (SectionKind.DROP, 16), (SectionKind.DROP, 8),
    (SectionKind.OUTRO, 12),
)  # fmt: skip
_DRUMS = (36, 38, 42, 46, 39, 49)


def usual_song() -> Song:
    """100 bars at the densities of the built-in form, with wobbles where it has them."""
    chance = random.Random(1)
    song = song_from_form(list(_FORM), title="Bench")
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
        seconds = time_in_turn(
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
    for name, taken in seconds.items():
        print(f"{name}: {taken.median * 1000:.0f} ms")
    print(f"bundle / MIDI file: {seconds['bundle'] / seconds['MIDI file']}")
    for one in FORMATS:
        start = time.perf_counter()
        made = list(one.files(Arrangement(song), "Bench"))
        print(f"  {one.key}: {1000 * (time.perf_counter() - start):.1f} ms, {len(made)} files")


if __name__ == "__main__":
    main()
