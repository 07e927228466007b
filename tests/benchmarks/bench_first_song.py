"""From the command to an exported track, as someone does it who has never seen the app: keys pressed, seconds waited.

`python tests/benchmarks/bench_first_song.py`: the real app with the real engine on a pseudo-terminal of 80 by 24, in a
folder where nothing of Dropsmith has ever been, so that the engine compiles everything; then once more with what it has
kept. A key is pressed once the screen has named it, after the second that it takes to read; this wait is counted.
"""

import shutil
import tempfile
import time
from pathlib import Path

from app_runs import DROPSMITH, Watched, goes_ahead, load, own_environment

from song.parts import PARTS
from tui.midi_import import song_from_midi

MOST_SECONDS, MOST_KEYS = 60, 5
READING_SECONDS = 1.0
FILLING_SECONDS = 300
KEYS = (
    ("1  dubstep", b"1"),
    ("press A to write it", b"A"),
    ("press e to export", b"e"),
)
"""Texts of the screen, and the key that each names."""


def first_song(folder: Path, *, ahead: bool) -> tuple[float, str]:
    """Seconds from the command to the file, and what is in it."""
    environment = own_environment(folder, ahead=ahead) | {"XDG_CACHE_HOME": str(folder / "cache")}
    work = folder / "work"
    work.mkdir(exist_ok=True)
    app = Watched(("env", "-C", str(work), *DROPSMITH), environment, ahead=ahead)
    try:
        for said, key in KEYS:
            app.until(lambda screen, said=said: any(said in row for row in screen.rows), FILLING_SECONDS)
            time.sleep(READING_SECONDS)
            app.send(key)
        taken = app.until(lambda screen: any("exported " in row for row in screen.rows)) - app.started
    finally:
        app.end()
    (file,) = work.glob("*.mid")
    song = song_from_midi(file)
    file.unlink()
    notes = dict.fromkeys(PARTS, 0)
    for index, part in song.cell_refs():
        phrase = song.sections[index].cell(part).phrase
        notes[part] += len(phrase.notes) if phrase else 0
    bars = sum(section.bars for section in song.sections)
    counted = ", ".join(f"{count} {part.value}" for part, count in notes.items())
    return taken, f"{len(song.sections)} sections, {bars} bars, notes: {counted}"


def main() -> None:
    """Print both."""
    ahead = goes_ahead()
    print(f"{load()}; {len(KEYS)} keys of the {MOST_KEYS} allowed")
    with tempfile.TemporaryDirectory() as name:
        for what in ("nothing compiled yet", "the second time"):
            # What was not saved would be offered first.
            shutil.rmtree(Path(name) / "state", ignore_errors=True)
            seconds, song = first_song(Path(name), ahead=ahead)
            print(f"{what}: {seconds:.1f} s, {seconds / MOST_SECONDS:.2f} of the {MOST_SECONDS} s allowed; {song}")


if __name__ == "__main__":
    main()
