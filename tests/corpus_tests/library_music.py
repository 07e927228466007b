"""MIDI files made here for the library's tests, and the commands as a person types them."""

import io
import random
from pathlib import Path

import mido
import pytest

from corpus.commands import main
from song.errors import UserError

QUARTER = 96


def melody(seed, bars=8):
    """Pitches of a tune that shares no bar with that of another seed: eight eighths a bar."""
    dice = random.Random(seed)
    return [dice.choice((57, 59, 60, 62, 64, 65, 67, 69, 71, 72)) for _ in range(bars * 8)]


def midi(pitches=None, seed=0, channel=0, bpm=140, wait=0, name="lead"):
    """The bytes of a MIDI file that plays some pitches as eighths, or those of `melody(seed)`."""
    file = mido.MidiFile(ticks_per_beat=QUARTER)
    track = mido.MidiTrack([mido.MetaMessage("track_name", name=name)])
    track.append(mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(bpm)))
    for index, pitch in enumerate(melody(seed) if pitches is None else pitches):
        velocity = (70, 90, 110)[index % 3]
        track.append(mido.Message("note_on", channel=channel, note=pitch, velocity=velocity, time=wait))
        track.append(mido.Message("note_off", channel=channel, note=pitch, time=QUARTER // 2))
        wait = 0
    file.tracks.append(track)
    buffer = io.BytesIO()
    file.save(file=buffer)
    return buffer.getvalue()


def fill(folder, count, first=0):
    """A folder with so many unlike files."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(first, first + count):
        (folder / f"{'abcdefghij'[number % 10]}{number}tune.mid").write_bytes(midi(seed=number))
    return folder


def _one_by_one(function, jobs, *_):
    return ((job, function(job)) for job in jobs)


def corpus(library, *words, processes=False):
    """Run `dropsmith corpus` on a library; returns the exit code.

    Files are read within this process unless worker processes are asked for: each of those takes a third of a second to
    start, for files that take milliseconds.
    """
    with pytest.MonkeyPatch.context() as patch:
        if not processes:
            patch.setattr("corpus.library.intake.run_guarded", _one_by_one)
        return main([*map(str, words), "--library", str(library)])


def told(capsys, library, *words, processes=False):
    """The output of `dropsmith corpus`, or the one line of its error."""
    capsys.readouterr()
    try:
        corpus(library, *words, processes=processes)
    except UserError as error:
        return str(error)
    return capsys.readouterr().out


def contents(library):
    """Every file of a library but its lock: path, bytes, and when it was written."""
    return {
        path.relative_to(library).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(Path(library).rglob("*"))
        if path.is_file() and path.name != "lock"
    }
