"""Tracks of a source made here: tunes, chords, and whatever name and program they carry."""

from corpus.tracks import RawTrack
from song.notes import Note


def line(*pitches, length=96, start=0):
    return tuple(Note(start + index * length, pitch, length, 90) for index, pitch in enumerate(pitches))


def stacks(*chords, length=384):
    return tuple(Note(index * length, pitch, length, 90) for index, chord in enumerate(chords) for pitch in chord)


def track(notes, name="", program=None, is_drum=False):
    return RawTrack(name, program, is_drum, tuple(sorted(notes)))


TUNE = line(72, 74, 75, 79, 77, 75, 74, 72)
