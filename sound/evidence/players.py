"""Other players of MIDI files, where they are installed, to measure beside ours."""

import shutil
import subprocess
import tempfile
import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from song.export.midi import write_midi
from song.sections import Song

SOUND_FONTS = ("/usr/share/sounds/sf2/FluidR3_GM.sf2", "/usr/share/sounds/sf2/default-GM.sf2")
"""Places of a General MIDI sound font for fluidsynth. Source: Debian's fluid-soundfont-gm."""
_SECONDS = 120


def sound_font() -> str | None:
    """The sound font that is there, if any."""
    return next((path for path in SOUND_FONTS if Path(path).is_file()), None)


def player_commands() -> dict[str, list[str]]:
    """The players that are installed, by name, each as a command to which files are to be added."""
    commands = {}
    if shutil.which("fluidsynth") and sound_font():
        commands["fluidsynth"] = ["fluidsynth", "-ni", "-R", "0", "-C", "0", "-r", "48000"]
    if shutil.which("timidity"):
        commands["timidity"] = ["timidity", "-s", "48000", "-Ow1sl"]
    return commands


def play(name: str, song: Song) -> NDArray[np.float32]:
    """A song as one of `player_commands` plays it, mono (N,).

    Args:
        name: the player.
        song: is handed on as a MIDI file.

    Raises:
        subprocess.SubprocessError: where the player fails, or takes two minutes.
    """
    command = player_commands()[name]
    with tempfile.TemporaryDirectory() as folder:
        midi, out = Path(folder) / "song.mid", Path(folder) / "song.wav"
        write_midi(song, midi)
        files = ["-o", str(out), str(midi)]
        if name == "fluidsynth":
            files = ["-F", str(out), str(sound_font()), str(midi)]
        subprocess.run([*command, *files], check=True, timeout=_SECONDS, capture_output=True)
        with wave.open(str(out)) as file:
            data = np.frombuffer(file.readframes(file.getnframes()), np.int16)
            channels = file.getnchannels()
    return np.asarray(data.reshape(-1, channels).mean(axis=1) / 32768, np.float32)
