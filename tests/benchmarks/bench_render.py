"""Processor time of rendering, beside fluidsynth on the same MIDI in the same run.

`python tests/benchmarks/bench_render.py [SONG.mid] [ROUNDS]`; docs/songs/night-bus.mid and five rounds where nothing is
given. A song of 16 bars, its first drop, and one of 96, all of its sections, are rendered to WAV by either, at 48 kHz,
taking turns; fluidsynth as it comes, its reverb and chorus on. The marginal cost of a mix is that of the 80 bars in
which they differ, so that neither our imports nor its sound font count; the whole process is of 16 bars.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from song.export.midi import write_midi
from song.sections import Section, SectionKind, Song, number_sections
from song.store import save_song
from tests.benchmarks.timing import pin_to_two_cores
from tui.midi_import import song_from_midi

SONG = Path(__file__).parents[2] / "docs" / "songs" / "night-bus.mid"
SOUND_FONTS = ("/usr/share/sounds/sf2/FluidR3_GM.sf2", "/usr/share/sounds/sf2/default-GM.sf2")
SHORT_BARS, LONG_BARS = 16, 96


def songs(path: Path) -> tuple[Song, Song]:
    """A song of 16 bars and one of 96 that begins with them."""
    song = song_from_midi(path)
    drop = next(one for one in song.sections if one.kind is SectionKind.DROP and one.bars == SHORT_BARS)
    long: list[Section] = [drop]
    while sum(section.bars for section in long) < LONG_BARS:
        long += song.sections
    while sum(section.bars for section in long) > LONG_BARS:
        long.pop()
    return tuple(
        number_sections(replace(song, sections=tuple(replace(one, id=0) for one in some))) for some in ((drop,), long)
    )  # type: ignore[return-value]


def processor_seconds(command: Sequence[str], compiled: Path) -> float:
    """Processor time, the system's on its behalf included, that a command takes.

    Args:
        command: the command.
        compiled: a folder for Python's compiled modules, which are there after the first run, as where it is installed.
    """
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryFile() as quiet:
        child = subprocess.Popen(
            command, stdout=quiet, stderr=quiet, env={**kept, "PYTHONPYCACHEPREFIX": str(compiled)}
        )
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            quiet.seek(0)
            sys.exit(f"{command[0]} ended with {child.returncode}: {quiet.read()[-500:]!r}")
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    """Print both ratios."""
    font = next((one for one in SOUND_FONTS if Path(one).is_file()), None)
    player = shutil.which("fluidsynth")
    if font is None or player is None:
        print(
            "fluidsynth or its sound font is not installed, so there is nothing to compare with: apt install fluidsynth"
        )
        return
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else SONG
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    pin_to_two_cores()
    with tempfile.TemporaryDirectory() as scratch:
        commands = {}
        bars = []
        for name, song in zip(("short", "long"), songs(path), strict=True):
            stem = Path(scratch) / name
            save_song(stem.with_suffix(".drop"), song)
            write_midi(song, stem.with_suffix(".mid"))
            bars.append(song.bars)
            commands["ours", name] = [
                sys.executable, "-m", "tui", "render", f"{stem}.drop", "--out", f"{stem}.wav", "--force",
            ]  # fmt: skip
            commands["fluidsynth", name] = [player, "-ni", "-r", "48000", "-F", f"{stem}-f.wav", font, f"{stem}.mid"]
        seconds: dict[tuple[str, str], list[float]] = {key: [] for key in commands}
        for round_ in range(rounds + 1):
            for key, command in commands.items():
                taken = processor_seconds(command, Path(scratch) / "compiled")
                if round_:
                    seconds[key].append(taken)
    for kind, pick in (("median", statistics.median), ("fastest", min)):
        ours, theirs = (
            {name: pick(seconds[who, name]) for name in ("short", "long")} for who in ("ours", "fluidsynth")
        )
        print(
            f"{kind} of {rounds} rounds, processor seconds: ours {ours['short']:.2f} for {bars[0]} bars and "
            f"{ours['long']:.2f} for {bars[1]}, fluidsynth {theirs['short']:.2f} and {theirs['long']:.2f}"
        )
        marginal = (ours["long"] - ours["short"]) / (theirs["long"] - theirs["short"])
        print(f"  marginal cost of a mix: {marginal:.2f} of fluidsynth's")
        print(f"  whole process for {bars[0]} bars: {ours['short'] / theirs['short']:.2f} of fluidsynth's")


if __name__ == "__main__":
    main()
