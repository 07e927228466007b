#!/usr/bin/env bash
# One would expect: a track that holds controller changes and no notes, as programs write automation, is read as a track.
# What happens: it is gone, its controllers with it, without an error or a word; beside a note they are kept.
# Seen in: symusic 0.6.0, with the file written by mido 1.3.3.
# Where it meets us: a wobble that another program has put on a track of its own; `corpus/readers/midi_events.py` reads
# MIDI instead (tests/tui_tests/test_midi_import_any_song.py).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat > "$folder/try.py" <<'PYTHON'
import sys

import mido
import symusic

wobble = [mido.Message("control_change", channel=1, control=74, value=value, time=24) for value in (127, 0, 127)]
note = [
    mido.Message("note_on", channel=1, note=41, velocity=100, time=0),
    mido.Message("note_off", channel=1, note=41, velocity=0, time=96),
]


def read(*tracks):
    file = mido.MidiFile(ticks_per_beat=96)
    file.tracks += [mido.MidiTrack(one) for one in tracks]
    file.save(sys.argv[1])
    return [(len(one.notes), len(one.controls)) for one in symusic.Score(sys.argv[1]).tracks]


together, apart = read(note + wobble), read(note, wobble)
print(f"notes and controllers by track: on one track {together}, on two {apart}")
sys.exit(0 if together == [(1, 3)] and sum(controls for _, controls in apart) == 0 else 1)
PYTHON
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet symusic==0.6.0 mido==1.3.3
"$folder/venv/bin/python" "$folder/try.py" "$folder/wobble.mid" || {
    echo "it has changed: symusic keeps controllers on a track without notes" >&2
    exit 1
}
