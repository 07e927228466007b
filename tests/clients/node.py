"""Libraries of npm that read MIDI files and FL Studio projects, in a folder that is removed again."""

import json
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from song.export.arrangement import Arrangement
from song.export.flp.song_project import song_project
from tests.clients.programs import MissingError, Outcome, compared, difference, notes_of, run

_PACKAGES = ("@tonejs/midi@2.0.28", "midi-file@1.2.4", "ts-flp@1.0.5")
_TONEJS = """
const { Midi } = require("@tonejs/midi"); const fs = require("fs");
const midi = new Midi(fs.readFileSync(process.argv[2]));
console.log(JSON.stringify({
  notes: midi.tracks.flatMap((track) => track.notes.map((note) =>
    [track.name, note.ticks, note.midi, note.durationTicks, Math.round(note.velocity * 127)])),
  tempi: midi.header.tempos.map((tempo) => [tempo.ticks, tempo.bpm]),
  markers: midi.header.meta.filter((meta) => meta.type === "marker").map((meta) => meta.ticks),
}));
"""
_MIDI_FILE = """
const { parseMidi } = require("midi-file"); const fs = require("fs");
const midi = parseMidi(fs.readFileSync(process.argv[2])); const count = {};
for (const track of midi.tracks) for (const event of track) count[event.type] = (count[event.type] || 0) + 1;
console.log(JSON.stringify({ count, tracks: midi.tracks.length, division: midi.header.ticksPerBeat }));
"""
_TS_FLP = """
const { parseFlp, serializeFlp, readProjectMeta } = require("ts-flp"); const fs = require("fs");
const data = fs.readFileSync(process.argv[2]); const parsed = parseFlp(data); const meta = readProjectMeta(parsed);
console.log(JSON.stringify({ meta, same: Buffer.compare(Buffer.from(serializeFlp(parsed)), data) === 0 }));
"""


@cache
def _modules() -> tuple[Path, tempfile.TemporaryDirectory[str]]:
    """The folder with the packages; it goes with the process."""
    folder = tempfile.TemporaryDirectory()
    done = run("npm", "install", "--silent", "--no-audit", "--no-fund", *_PACKAGES, cwd=folder.name)
    if done.returncode:
        raise MissingError("npm cannot get its packages here")
    return Path(folder.name), folder


def _answer(program: str, file: Path) -> Any:
    folder, _ = _modules()
    script = folder / "ask.cjs"
    script.write_text(program)
    done = run("node", script, file, cwd=folder)
    if done.returncode:
        raise subprocess.CalledProcessError(done.returncode, "node", done.stdout, done.stderr)
    return json.loads(done.stdout)


def tonejs_midi(folder: Path, songs: dict[str, Arrangement]) -> Outcome:
    """Notes one by one, tempi and markers."""
    found = {}
    for name, arrangement in songs.items():
        seen = _answer(_TONEJS, folder / f"{name.replace(' ', '-')}.mid")
        there = sorted(
            [track.name, note.onset_tick, note.pitch, note.duration_ticks, note.velocity]
            for track in arrangement.tracks
            for note in track.notes
        )
        found[name] = [
            *difference("notes", len(seen["notes"]), len(there)),
            *([] if sorted(seen["notes"]) == there else ["other notes"]),
            *difference("tempi", len(seen["tempi"]), len(arrangement.tempi)),
            *difference("markers", seen["markers"], [stretch.start_tick for stretch in arrangement.stretches]),
        ]
    return compared("@tonejs/midi 2.0.28", "`.mid`", "every note, tempo and marker", found)


def midi_file(folder: Path, songs: dict[str, Arrangement]) -> Outcome:
    """Events counted."""
    found = {}
    for name, arrangement in songs.items():
        seen = _answer(_MIDI_FILE, folder / f"{name.replace(' ', '-')}.mid")
        count = seen["count"]
        found[name] = [
            *difference("notes", count.get("noteOn", 0), notes_of(arrangement)),
            *difference("tempi", count.get("setTempo", 0), len(arrangement.tempi)),
            *difference("markers", count.get("marker", 0), len(arrangement.stretches)),
            *difference("tracks", seen["tracks"], len(arrangement.tracks) + 1),
        ]
    return compared("midi-file 1.2.4", "`.mid`", "every note, tempo and marker counted", found)


def ts_flp(folder: Path, songs: dict[str, Arrangement]) -> Outcome:
    """A project's facts, and whether it writes the same bytes again."""
    found = {}
    for name, arrangement in songs.items():
        seen = _answer(_TS_FLP, folder / f"{name.replace(' ', '-')}.flp")
        project = song_project(arrangement)
        found[name] = [
            *difference("title", seen["meta"].get("name"), project.title),
            *difference("genre", seen["meta"].get("genre"), project.genre),
            *difference("tempo", round(seen["meta"].get("bpm") or 0, 2), round(project.tempo_bpm, 2)),
            *([] if seen["same"] else ["other bytes when it is written again"]),
        ]
    return compared("ts-flp 1.0.5", "`.flp`", "title, genre, tempo; the same bytes when written again", found)
