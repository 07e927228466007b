#!/usr/bin/env bash
# One would expect: a score with rehearsal marks and named parts, written as MIDI by music21, has markers and those names.
# What happens: rehearsal marks are dropped without a word, and a track is named after its instrument, not its part, so
# that two parts for one instrument get one name.
# Seen in: music21 10.5.0.
# Where it meets us: `song/export/midi.py` uses music21's objects and its writer, but walks the score itself
# (tests/song_tests/export/test_midi.py reads markers and names with another library).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet music21==10.5.0 mido==1.3.3
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import mido
from music21 import expressions, instrument, note, stream

score = stream.Score()
for name, pitch in (("Bass", 41), ("Lead", 72)):
    part = stream.Part()
    part.partName = name
    part.insert(0, instrument.ElectricPiano())
    part.insert(0, expressions.RehearsalMark("DROP 1"))
    part.append(note.Note(pitch, quarterLength=4))
    score.insert(0, part)
score.write("midi", "score.mid")

file = mido.MidiFile("score.mid")
names = [message.name for track in file.tracks for message in track if message.type == "track_name"]
marks = [message for track in file.tracks for message in track if message.type in ("marker", "cue_marker", "text")]
notes = sum(message.type == "note_on" and message.velocity > 0 for track in file.tracks for message in track)
print("parts: Bass, Lead; rehearsal marks: 2; notes: 2")
print("in the file: tracks", names, "markers", len(marks), "notes", notes)
assert notes == 2
if marks or {"Bass", "Lead"} <= set(names):
    raise SystemExit("it has changed: markers or names of parts are written now")
PYTHON
