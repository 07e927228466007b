"""A script for FL Studio's piano roll that carries every clip within itself and offers them by name.

It reads no file, since reports differ on whether such scripts may, imports `flpianoroll` alone and keeps to Python 3.9.
Identical clips are one. Source: the FL Studio manual's piano roll scripting page; not tried in FL Studio itself.
"""

import json
from collections.abc import Iterator

from song.export.arrangement import Arrangement, Clip
from song.export.bundle_files import BundleFile
from song.export.drum_lanes import SAMPLE_PITCH, drum_lanes
from song.export.flp.parts import NEUTRAL
from song.export.flp.song_project import note_cutoffs
from song.parts import PART_SPECS, Part

NAME = "dropsmith.pyscript"
_DRUMS = PART_SPECS[Part.DRUMS].name
_VELOCITIES = 128
_PROGRAM = '''\
"""Dropsmith: the clips of {title}, by name.

Put this file into Documents/Image-Line/FL Studio/Settings/Piano roll scripts, open the piano roll of a channel, and
choose it from the menu of scripts.
"""

import flpianoroll as flp

TICKS_PER_QUARTER = 96

# A clip's name, and its notes: position and length in ticks, key, velocity in 128ths, cutoff in 255ths.
CLIPS = {clips}


def createDialog():
    form = flp.ScriptDialog("Dropsmith", "Puts a clip of the song into this piano roll")
    form.addInputCombo("Clip", [name for name, _ in CLIPS], 0)
    form.addInputCheckbox("Clear first", True)
    return form


def apply(form):
    if form.getInputValue("Clear first"):
        flp.score.clearNotes()
    scale = flp.score.PPQ / TICKS_PER_QUARTER
    for position, length, key, velocity, cutoff in CLIPS[int(form.getInputValue("Clip"))][1]:
        note = flp.Note()
        note.number = key
        note.time = round(position * scale)
        note.length = max(1, round(length * scale))
        note.velocity = velocity / {velocities}
        note.fcut = cutoff / {cutoffs}
        flp.score.addNote(note)
'''
_CUTOFFS = 2 * NEUTRAL

_Rows = tuple[tuple[int, int, int, int, int], ...]


def script_file(arrangement: Arrangement) -> Iterator[BundleFile]:
    """dropsmith.pyscript; a song without notes has none."""
    named: dict[_Rows, str] = {}
    # Section by section, as they are looked for; sections may share a name, not a number.
    for of_section in zip(*arrangement.clips, strict=True):
        for clip in of_section:
            for name, rows in _rows(clip):
                named.setdefault(rows, f"{clip.stretch.number:02} {name}")
    if not named:
        return
    listed = ",\n".join(f"    ({_quoted(name)}, {_literal(rows)})" for rows, name in named.items())
    title = " ".join(_quoted(arrangement.song.title)[1:-1].split())
    text = _PROGRAM.format(title=title, clips=f"[\n{listed},\n]", velocities=_VELOCITIES, cutoffs=_CUTOFFS)
    yield BundleFile(NAME, text.encode("ascii"))


def _rows(clip: Clip) -> Iterator[tuple[str, _Rows]]:
    if clip.track.name == _DRUMS:
        for lane in drum_lanes(clip.notes):
            hits = tuple((n.onset_tick, n.duration_ticks, SAMPLE_PITCH, n.velocity, NEUTRAL) for n in lane.notes)
            yield f"{clip.name} {lane.label}", hits
    elif clip.notes:
        notes = zip(clip.notes, note_cutoffs(clip), strict=True)
        yield clip.name, tuple((n.onset_tick, n.duration_ticks, n.pitch, n.velocity, x) for n, x in notes)


def _quoted(words: str) -> str:
    """A text in quotes that Python and JSON read alike, in ASCII; halves of surrogates stay escaped."""
    return json.dumps("".join(letter if letter.isprintable() else " " for letter in words))


def _literal(rows: _Rows) -> str:
    return "[" + ", ".join(f"({', '.join(map(str, row))})" for row in rows) + "]"
