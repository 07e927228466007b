"""Three small MIDI files to learn from: bass lines, of which one is held out."""

from pathlib import Path

import mido

_LINES = {"one": (36, 36, 43, 41), "two": (36, 48, 39, 41), "three": (36, 34, 36, 43)}


def write_bass_lines(folder: Path, bars: int) -> None:
    """Make the folder and put one.mid, two.mid and three.mid into it, a quarter a note, 4/4."""
    folder.mkdir()
    for name, pitches in _LINES.items():
        track = mido.MidiTrack([mido.Message("program_change", channel=0, program=38, time=0)])
        for pitch in pitches * bars:
            track.append(mido.Message("note_on", channel=0, note=pitch, velocity=100, time=0))
            track.append(mido.Message("note_off", channel=0, note=pitch, velocity=0, time=96))
        midi = mido.MidiFile(ticks_per_beat=96)
        midi.tracks.append(track)
        midi.save(folder / f"{name}.mid")
