"""Time that the MIDI files of a folder take to read, beside music21's own parser on some of the same files.

`python tests/benchmarks/bench_midi_reading.py [FOLDER] [FILES]`: ../shared/data/freedoom and every tenth file for
music21 where nothing is given, since it needs about a second for each. Files that ours refuses are left out. Both start
from the bytes; ours ends with tracks of notes and all its checks done, music21's with its score. `read_midi` is timed
over the sample and over the whole folder, the best of three; music21 once. Importing is not counted.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

from corpus.readers.midi_files import read_midi
from song.errors import UserError

SHARED = Path(__file__).parents[3] / "shared" / "data" / "freedoom"


def seconds(read: Callable[[bytes], object], files: list[bytes]) -> float:
    """Seconds that reading some files takes in all."""
    start = time.perf_counter()
    for data in files:
        read(data)
    return time.perf_counter() - start


def is_taken(data: bytes) -> bool:
    """True of a file that ours reads."""
    try:
        read_midi(data)
    except UserError:
        return False
    return True


def by_music21(data: bytes) -> object:
    """A score, as music21 parses a file: its bytes, its events, its streams."""
    from music21.midi import MidiFile, translate

    file = MidiFile()
    file.readstr(data)
    return translate.midiFileToStream(file)


def main() -> None:
    """Print both times for the same files, and their ratio."""
    import music21  # noqa: F401 - imported here so that its import is not counted below

    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else SHARED
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in (".mid", ".midi"))
    if not paths:
        print(f"{folder} has no MIDI files: give a folder that has some", file=sys.stderr)
        raise SystemExit(2)
    count = int(sys.argv[2]) if len(sys.argv) > 2 else max(len(paths) // 10, 1)
    everything = [data for data in (path.read_bytes() for path in paths) if is_taken(data)]
    sample = everything[:: max(len(everything) // count, 1)][:count]
    ours = min(seconds(read_midi, sample) for _ in range(3))
    whole = min(seconds(read_midi, everything) for _ in range(3))
    theirs = seconds(by_music21, sample)
    print(f"sample: {len(sample)} of {len(everything)} files, {sum(map(len, sample))} bytes, by each in turn")
    print(f"read_midi: {ours:.3f} s, {1000 * ours / len(sample):.1f} ms a file")
    print(f"music21: {theirs:.2f} s, {1000 * theirs / len(sample):.0f} ms a file")
    print(f"ratio: {theirs / ours:.0f}")
    print(f"read_midi on all {len(everything)} files: {whole:.2f} s")


if __name__ == "__main__":
    main()
