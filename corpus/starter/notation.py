"""The way into the starter set: reads its folder, and checks files while they are being written.

`python -m corpus.starter.notation FILE...` prints every mistake as FILE:LINE:COLUMN: message, or how many phrases and
tracks there are. The lines are read by `corpus.starter.phrases` and `corpus.starter.tracks`.
"""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from corpus.starter.phrases import StarterPhrase, parse_phrases
from corpus.starter.text import Mistake
from corpus.starter.tracks import StarterTrack, parse_tracks
from song.errors import UserError
from song.terminal_text import say

STARTER_FOLDER = Path(__file__).parent


class Reading(msgspec.Struct):
    """The phrases and tracks of some files of the notation, and the mistakes in them.

    Attributes:
        phrases: in the order they were read.
        tracks: in the order they were read.
        mistakes: with the file that each is in.
    """

    phrases: list[StarterPhrase] = msgspec.field(default_factory=list)
    tracks: list[StarterTrack] = msgspec.field(default_factory=list)
    mistakes: list[tuple[Path, Mistake]] = msgspec.field(default_factory=list)


def read_files(paths: Iterable[Path]) -> Reading:
    """The phrases of all `*.phrases` files, then the tracks of all `*.tracks` files among some paths.

    Raises:
        UserError: where a file cannot be opened.
    """
    reading = Reading()
    taken: dict[str, str] = {}
    ordered = sorted(paths, key=lambda path: (path.suffix == ".tracks", str(path)))
    for path in ordered:
        text = _text(path, reading)
        if text is None:
            continue
        if path.suffix == ".tracks":
            tracks, mistakes = parse_tracks(text, {phrase.name: phrase for phrase in reading.phrases}, str(path))
            named = [(f"track {track.name}", track.source) for track in tracks]
            reading.tracks.extend(tracks)
        else:
            phrases, mistakes = parse_phrases(text, str(path))
            named = [(phrase.name, phrase.source) for phrase in phrases]
            reading.phrases.extend(phrases)
        for name, source in named:
            if name in taken:
                line = int(source.rpartition(":")[2])
                mistakes.append(Mistake(line, 1, f"{name} is already the name of {taken[name]}: choose another"))
            taken.setdefault(name, source)
        reading.mistakes.extend((path, mistake) for mistake in mistakes)
    return reading


def load_starter(folder: Path = STARTER_FOLDER) -> tuple[list[StarterPhrase], list[StarterTrack]]:
    """The phrases and tracks of a folder of the notation, in the order of file names.

    Raises:
        UserError: at the first mistake in it, with file, line and column.
    """
    reading = read_files(path for path in folder.iterdir() if path.suffix in (".phrases", ".tracks"))
    if reading.mistakes:
        raise UserError(_told(*reading.mistakes[0]))
    return reading.phrases, reading.tracks


def check(paths: Sequence[Path]) -> tuple[list[str], str]:
    """A line for each mistake in some files, and one line that counts the phrases and tracks in them.

    Tracks may use every phrase that lies beside them.

    Raises:
        UserError: where a file cannot be opened.
    """
    beside = {path for track in paths if track.suffix == ".tracks" for path in track.parent.glob("*.phrases")}
    asked = {path.resolve() for path in paths}
    reading = read_files([*paths, *(path for path in beside if path.resolve() not in asked)])
    mistakes = [_told(path, mistake) for path, mistake in reading.mistakes if path.resolve() in asked]
    ours = {str(path) for path in paths}
    phrases = sum(phrase.source.rpartition(":")[0] in ours for phrase in reading.phrases)
    counts = f"{phrases} {'phrase' if phrases == 1 else 'phrases'}"
    tracks = len(reading.tracks)
    return mistakes, f"{counts}, {tracks} {'track' if tracks == 1 else 'tracks'}" if tracks else counts


def main(arguments: Sequence[str]) -> int:
    """Check the files named; 0 where they can be read, 1 where there are mistakes, 2 where a file cannot be opened."""
    if not arguments:
        say("say which files to check: python -m corpus.starter.notation FILE...", sys.stderr)
        return 2
    try:
        mistakes, counts = check([Path(argument) for argument in arguments])
    except UserError as error:
        say(str(error), sys.stderr)
        return 2
    say("\n".join(mistakes or [counts]))
    return 1 if mistakes else 0


def _text(path: Path, reading: Reading) -> str | None:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UserError(f"cannot read {path}: {error.strerror or error}; check its name") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        reading.mistakes.append((path, Mistake(line, 1, "this line is not UTF-8 text: save the file as UTF-8")))
        return None


def _told(path: Path, mistake: Mistake) -> str:
    return f"{path}:{mistake.line}:{mistake.column}: {mistake.message}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
