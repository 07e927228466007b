"""Test of whether thirty files are enough to learn a style: `dropsmith train --from` on them, judged before and after.

The style is one that the shipped weights have not heard: Monteverdi's madrigals, which music21 brings with it.
"""

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import symusic

from corpus.pieces import Piece
from corpus.readers.music21_works import list_works, read_work
from corpus.readers.sources import read_paths
from model.checkpoint import load_weights
from model.evaluation.likelihood import nats_by_window
from model.evaluation.results import Results, Table, Value
from model.network import Network
from model.training.batches import SIDE_INFORMATION_HIDDEN
from model.training.dataset import separate_windows
from model.training.windows import Window
from song.errors import UserError
from song.files import MIDI_SUFFIXES
from song.parts import PARTS, Part
from song.time import TICKS_PER_QUARTER

WORKS = "music21:monteverdi"
STYLE = "Monteverdi"
FILES = 30
UNHEARD_FILES = 10
MINUTES = 10
CORES = 2
OPTIONS = ("--steps", "300", "--events", "2048", "--minutes", str(MINUTES - 1))
"""Options of the training beside the folder and the weights; a minute is left for writing."""

_PROGRAMS = {Part.BASS: 43, Part.CHORDS: 48, Part.LEAD: 40}


def tune(
    weights: Path,
    starter: Sequence[Piece],
    files: int = FILES,
    unheard_files: int = UNHEARD_FILES,
    options: Sequence[str] = OPTIONS,
) -> tuple[tuple[str, ...], tuple[tuple[Value, ...], ...], float]:
    """Write a folder of the style, train on it as a user does, and judge the weights on what is in no folder.

    Args:
        weights: to begin with.
        starter: pieces of the starter set that they have not heard.
        files: how many the folder has.
        unheard_files: how many they are judged by.
        options: of `dropsmith train`.

    Returns:
        What it was trained with, the rows of the table, and the minutes it took from start to end.

    Raises:
        UserError: where training fails.
    """
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        works = iter(list_works(WORKS))
        for name, count in (("style", files), ("unheard", unheard_files)):
            _export(works, folder / name, count)
        start = time.monotonic()
        words = ("train", "style", "--from", str(weights.resolve()), *options, "--out", "tuned.safetensors")
        with _cores(CORES):
            done = subprocess.run(
                [sys.executable, "-m", "model", *words], cwd=folder, capture_output=True, text=True, check=False
            )
        minutes = (time.monotonic() - start) / 60
        if done.returncode:
            raise UserError(f"training failed: {done.stderr.strip().splitlines()[-1]}")
        before, after = (load_weights(path).network for path in (weights, folder / "tuned.safetensors"))
        unheard, _ = read_paths([folder / "unheard"])
    rows = (*_rows(STYLE, unheard, before, after), *_rows("starter", starter, before, after))
    return words, rows, minutes


def fine_tuning_results(weights: Path, digest: str, pieces: Sequence[Piece]) -> Results:
    """The chapter.

    Args:
        weights: to begin with.
        digest: theirs.
        pieces: that they have not heard; those of the starter set tell what is forgotten.
    """
    starter = [piece for piece in pieces if piece.source == "starter"]
    _, rows, minutes = tune(weights, starter)
    text = (
        f"{FILES} MIDI files of a style that the weights have not heard, {STYLE}'s madrigals as music21 brings them, "
        f"are written to a folder, `dropsmith train FOLDER --from shipped {' '.join(OPTIONS)}` learns from it on "
        f"{CORES} CPU cores, and the weights are judged before and after on {UNHEARD_FILES} further files, which were "
        "in no folder. What they lose meanwhile is judged on the held-out pieces of the starter set.",
        f"From the command to the written weights it took {minutes:.1f} minutes, compiling included.",
    )
    columns = ("music", "part", "notes", "before", "after", "change")
    return Results("", digest, text, (Table("Held-out nats a note, density and labels hidden", columns, rows),))


def _export(works: Iterator[str], folder: Path, count: int) -> None:
    """Write the next works as MIDI files, a track a part."""
    folder.mkdir()
    while len(list(folder.iterdir())) < count:
        work = next(works)
        pieces = read_work(work)[1]
        if not pieces:
            continue
        score = symusic.Score(TICKS_PER_QUARTER)
        score.tempos.append(symusic.Tempo(0, pieces[0].tempo_bpm))
        score.time_signatures.append(symusic.TimeSignature(0, 4, 4))
        for part, phrase in pieces[0].parts.items():
            track = symusic.Track(part.value, _PROGRAMS[part], False)
            for note in phrase.notes:
                track.notes.append(symusic.Note(note.onset_tick, note.duration_ticks, note.pitch, note.velocity))
            score.tracks.append(track)
        score.dump_midi(folder / f"{work.rpartition('/')[2]}{MIDI_SUFFIXES[0]}")


def _rows(music: str, pieces: Sequence[Piece], before: Network, after: Network) -> Iterator[tuple[Value, ...]]:
    windows = separate_windows(pieces)
    nats = [nats_by_window(network, windows, SIDE_INFORMATION_HIDDEN) for network in (before, after)]

    def row(name: str, group: Sequence[Window]) -> tuple[Value, ...]:
        notes = sum(window.notes for window in group)
        first, last = (sum(of[id(window)] for window in group) / notes for of in nats)
        return (music, name, notes, first, last, last - first)

    for part in PARTS:
        group = [window for window in windows if window.part is part and window.notes]
        if group:
            yield row(part.value, group)
    if windows:
        yield row("all", windows)


@contextlib.contextmanager
def _cores(count: int) -> Iterator[None]:
    """Hold processes that are started meanwhile to so many cores, where the system can do that."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    all_cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(all_cores)[:count])
    try:
        yield
    finally:
        os.sched_setaffinity(0, all_cores)
