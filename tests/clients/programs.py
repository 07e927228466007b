"""Programs of a Linux system that open MIDI files, and what each of them makes of ours."""

import csv
import io
import os
import re
import shutil
import subprocess
import tempfile
import wave
from collections import Counter
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from corpus.readers.exported_midi import read_exported
from song.export.arrangement import Arrangement
from song.export.tempo import microseconds
from song.time import seconds
from tests.places import ROOT

_SECONDS = 180
_SOUND_FONTS = ("/usr/share/sounds/sf2/default-GM.sf2", "/usr/share/sounds/sf2/FluidR3_GM.sf2",
                "/usr/share/sounds/sf2/TimGM6mb.sf2")  # fmt: skip
_SHORT = ("plain", "odd bars", "ramps", "one bar")
"""Songs that are not too long to be played by programs that play in real time's stead."""


class MissingError(Exception):
    """The software is not installed here."""


class Outcome(NamedTuple):
    """A row of the table, and how many songs came out otherwise."""

    software: str
    opens: str
    asked: str
    told: str
    wrong: int = 0


def run(*command: str | Path, **named: object) -> subprocess.CompletedProcess[bytes]:
    """Run a program that is to end well.

    Raises:
        MissingError: where it is not installed.
    """
    if shutil.which(str(command[0])) is None:
        raise MissingError(f"{command[0]} is not installed")
    return subprocess.run([str(word) for word in command], capture_output=True, timeout=_SECONDS, **named)


def compared(software: str, opens: str, asked: str, differences: dict[str, list[str]], without: str = "") -> Outcome:
    """A row that says of how many songs all was seen, and what else was seen of the others."""
    good = sum(not found for found in differences.values())
    others = "; ".join(f"{name}: {', '.join(found[:3])}" for name, found in differences.items() if found)
    told = (
        f"all of {good} songs" if good == len(differences) else f"all of {good} of {len(differences)} songs; {others}"
    )
    return Outcome(software, opens, asked, told, len(differences) - good)


def difference(what: str, seen: object, there: object) -> list[str]:
    """A word on what was seen otherwise; none where it was seen as it is."""
    return [] if seen == there else [f"{what} {seen} of {there}"]


def notes_of(arrangement: Arrangement) -> int:
    """The number of notes in a song's file."""
    return sum(len(track.notes) for track in arrangement.tracks)


def midicsv(folder: Path, songs: dict[str, Arrangement]) -> Outcome:
    """Every event as text."""
    found: dict[str, list[str]] = {}
    for name, arrangement in songs.items():
        done = run("midicsv", folder / f"{name.replace(' ', '-')}.mid")
        rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(done.stdout.decode("latin-1")))]
        kinds = Counter(row[2] for row in rows)
        starts = Counter(
            (int(row[1]), int(row[4]), int(row[5])) for row in rows if row[2] == "Note_on_c" and int(row[5])
        )
        there = Counter((n.onset_tick, n.pitch, n.velocity) for t in arrangement.tracks for n in t.notes)
        tempi = [(int(row[1]), int(row[3])) for row in rows if row[2] == "Tempo"]
        found[name] = [
            *difference("notes", sum(starts.values()), sum(there.values())),
            *([] if starts == there else ["other notes"]),
            *difference("tempi", tempi, [(tick, microseconds(bpm)) for tick, bpm in arrangement.tempi]),
            *difference("markers", kinds["Marker_t"], len(arrangement.stretches)),
        ]
    return compared("midicsv", "`.mid`", "every note, tempo and marker", found)


def timidity(folder: Path, songs: dict[str, Arrangement]) -> Outcome:
    """Names, resolution and length that it tells while it plays into nothing."""
    found: dict[str, list[str]] = {}
    for name in _SHORT:
        arrangement = songs[name]
        done = run("timidity", "-idvvvv", "-Or", "-o", os.devnull, folder / f"{name.replace(' ', '-')}.mid")
        said = done.stdout.decode("utf-8", "replace") + done.stderr.decode("utf-8", "replace")
        tracks = [track.name for track in arrangement.tracks if f"Track name: {track.name}" in said]
        time = re.search(r"time (\d+):(\d+)", said)
        length = seconds(arrangement.tempi, arrangement.song.length_ticks)
        played = int(time[1]) * 60 + int(time[2]) if time else -1
        found[name] = [
            *difference("track names", len(tracks), len(arrangement.tracks)),
            *([] if "Divisions: 96" in said else ["another resolution"]),
            *([] if abs(played - length) < 3 else [f"{played} s of {length:.0f}"]),
        ]
    return compared("TiMidity++", "`.mid`", "names, resolution and length", found)


def fluidsynth(folder: Path, songs: dict[str, Arrangement]) -> Outcome:
    """The length of what it plays."""
    font = next((path for path in _SOUND_FONTS if Path(path).exists()), None)
    if font is None:
        raise MissingError("there is no General MIDI sound font here")
    found: dict[str, list[str]] = {}
    for name in _SHORT:
        with tempfile.TemporaryDirectory() as scratch:
            out = Path(scratch) / "out.wav"
            run("fluidsynth", "-ni", "-F", out, "-r", "8000", font, folder / f"{name.replace(' ', '-')}.mid")
            with wave.open(str(out)) as sound:
                played = sound.getnframes() / sound.getframerate()
        song = songs[name]
        length = seconds(song.tempi, song.song.length_ticks)
        found[name] = [] if 0 <= played - length < 10 else [f"plays {played:.1f} s of {length:.1f}"]
    return compared("FluidSynth", "`.mid`", "the length, and a tail", found)


def lmms(folder: Path, songs: dict[str, Arrangement]) -> Outcome:
    """Its import of a MIDI file, saved as a project."""
    if shutil.which("lmms") is None:
        raise MissingError("lmms is not installed")
    raise MissingError("its import saves no project without a screen, so nothing could be compared")


def musescore(folder: Path, songs: dict[str, Arrangement]) -> Outcome:
    """Notes and tempi of the MusicXML that it makes of composed songs; it splits notes at bar lines, and ties them.

    Songs whose notes lie off any grid are none for it: it writes what a player reads, and moves them onto one.
    """
    program = next((name for name in ("musescore3", "mscore3", "mscore") if shutil.which(name)), "musescore3")
    found: dict[str, list[str]] = {}
    merged: list[str] = []
    for path in sorted((ROOT / "docs" / "songs").glob("*.mid")):
        with tempfile.TemporaryDirectory() as scratch:
            out = Path(scratch) / "out.musicxml"
            environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": scratch, "XDG_RUNTIME_DIR": scratch}
            run(program, "-o", out, path, env=environment)
            if not out.exists():
                found[path.stem] = ["no file"]
                continue
            root = ElementTree.parse(out).getroot()
        starts = [
            note
            for note in root.iter("note")
            if note.find("rest") is None and not any(tie.get("type") == "stop" for tie in note.iter("tie"))
        ]
        timeline = read_exported(path.read_bytes())
        assert timeline is not None
        tempi = {float(sound.get("tempo", 0)) for sound in root.iter("sound") if sound.get("tempo")}
        there = {bpm for _, bpm in timeline.tempi}
        unseen = [bpm for bpm in there if not any(abs(bpm - seen) < 0.01 for seen in tempi)]
        found[path.stem] = difference("notes", len(starts), sum(len(track.notes) for track in timeline.tracks))
        if unseen:
            merged.append(f"{path.stem} has {len(there) - len(unseen)} of {len(there)} tempi")
    outcome = compared("MuseScore 3", "`.mid`", "every note of the composed songs, as MusicXML", found)
    # It makes one of tempi that follow on one another closely.
    return outcome._replace(told="; ".join([outcome.told, *merged]))
