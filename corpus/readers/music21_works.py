"""Classical music from the corpus that music21 brings with it, as pieces: `music21:bach` and whoever else is bundled.

The only place in `corpus` that imports music21, inside functions, because that takes long. Which voice is which part is
decided by the same rules as for every source (`corpus.analysis.roles`); of four voices or more the inner ones go in
as one.
"""

import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from corpus.analysis.arranging import arrange
from corpus.families import split_of
from corpus.pieces import Piece, Refusal
from corpus.tracks import RawTrack
from song.errors import UserError
from song.limits import MAX_TEMPO_BPM, MIN_TEMPO_BPM
from song.notes import Note
from song.time import QUARTERS_PER_BAR, TICKS_PER_QUARTER

PREFIX = "music21:"
"""The beginning of every name of a work or a composer."""
STYLE = {"classical": 1.0}
DEFAULT_TEMPO_BPM = 120.0
"""The tempo of a score that names none, which is most of them: MIDI's own default."""

_SUFFIXES = frozenset((".mxl", ".xml", ".krn", ".musicxml", ".abc"))
_VELOCITY = 90
_INNER_FROM = 4
"""With so many voices those between the highest and the lowest make one track."""


def list_works(name: str) -> list[str]:
    """The names of the works that `music21:bach` or `music21:bach/bwv1.6` stands for, in order.

    Raises:
        UserError: where there is no such composer or work.
    """
    composer, _, work = name.removeprefix(PREFIX).partition("/")
    folders = _composers()
    if composer not in folders:
        raise UserError(f'music21 brings nothing by "{composer}": use one of {", ".join(sorted(folders))}')
    root = folders[composer].parent
    files = [path for path in folders[composer].rglob("*") if path.suffix in _SUFFIXES]
    works = sorted({PREFIX + path.relative_to(root).with_suffix("").as_posix() for path in files})
    if not work:
        return works
    if f"{PREFIX}{composer}/{work}" not in works:
        raise UserError(f'music21 brings no "{work}" by {composer}: leave it out to take in all of {len(works)} works')
    return [f"{PREFIX}{composer}/{work}"]


def read_works(name: str) -> Iterator[tuple[str, list[Piece], list[Refusal]]]:
    """The works of a composer, or one work, each with its pieces and what was not taken in; read one at a time.

    Families are by work; which of them are one music is for `corpus.families.join_families` to find.

    Raises:
        UserError: where there is no such composer or work.
    """
    return (read_work(work) for work in list_works(name))


def read_work(work: str) -> tuple[str, list[Piece], list[Refusal]]:
    """One work of those that `list_works` gives: its name, its pieces, and what was not taken in.

    Repeats are not written out. A score without a tempo is at 120; velocities are unknown, and so is wobble.

    Raises:
        UserError: where there is no such work.
    """
    from music21 import converter, exceptions21, stream

    path = _file_of(work)
    try:
        # Its cache of pickles is left alone.
        parsed = converter.parse(path, forceSource=True, storePickle=False)
    except (exceptions21.Music21Exception, ValueError, LookupError, AttributeError) as error:
        return work, [], [Refusal(work, f"music21 cannot read it ({str(error)[:80]}): leave it out")]
    scores = list(parsed.scores) if isinstance(parsed, stream.Opus) else [parsed]
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    pieces: list[Piece] = []
    refusals: list[Refusal] = []
    for index, score in enumerate(scores, 1):
        name = work if len(scores) == 1 else f"{work} {index}"
        try:
            pieces.extend(_pieces(score, name, digest))
        except UserError as error:
            refusals.append(Refusal(name, str(error)))
    return work, pieces, refusals


def _pieces(score: Any, name: str, digest: str) -> list[Piece]:
    tempo = _tempo(score)
    tracks = _tracks(score, _upbeat_ticks(score))
    arranged = arrange(tracks)
    if not arranged:
        raise UserError("no voice in it is bass, chords or lead: leave it out")
    return [
        Piece(
            name=name if index == 0 else f"{name} (voices {index + 1})",
            source=name.partition("/")[0],
            family=name,
            split=split_of(name),
            digest=digest,
            style=dict(STYLE),
            tempo_bpm=tempo,
            tonic_class=one.tonic_class,
            minor=one.minor,
            bars=one.bars,
            parts=one.parts,
            sections=one.sections,
            velocity_known=False,
            micro=one.micro,
            key_ambiguous=one.key_ambiguous,
        )
        for index, one in enumerate(arranged)
    ]


def _tempo(score: Any) -> float:
    from music21 import tempo

    for mark in score.recurse().getElementsByClass(tempo.MetronomeMark):
        bpm = mark.getQuarterBPM()
        if bpm and MIN_TEMPO_BPM <= bpm <= MAX_TEMPO_BPM:
            return float(bpm)
    return DEFAULT_TEMPO_BPM


def _upbeat_ticks(score: Any) -> int:
    """The ticks by which a score is moved so that its bar lines are ours; an upbeat comes to lie at the end of a bar.

    Raises:
        UserError: where it is not in 4/4 throughout.
    """
    from music21 import meter, stream

    signatures = list(score.recurse().getElementsByClass(meter.TimeSignature))
    others = sorted({one.ratioString for one in signatures if one.barDuration.quarterLength != QUARTERS_PER_BAR})
    if others:
        raise UserError(f"it is in {', '.join(others)}: only 4/4 music is taken in")
    if not signatures:
        raise UserError("it has no meter: only 4/4 music is taken in")
    first = score.recurse().getElementsByClass(stream.Measure).first()
    length = first.duration.quarterLength if first is not None else QUARTERS_PER_BAR
    return round((QUARTERS_PER_BAR - length) * TICKS_PER_QUARTER) if 0 < length < QUARTERS_PER_BAR else 0


def _tracks(score: Any, upbeat_ticks: int) -> list[RawTrack]:
    """The voices of a score, the inner ones of four or more in one."""
    voices = [_track(part, upbeat_ticks) for part in score.parts]
    voices = [voice for voice in voices if voice.notes]
    if len(voices) < _INNER_FROM:
        return voices
    ordered = sorted(voices, key=lambda voice: -sum(note.pitch for note in voice.notes) / len(voice.notes))
    inner = sorted({note for voice in ordered[1:-1] for note in voice.notes})
    return [ordered[0], RawTrack("inner voices", None, False, tuple(inner)), ordered[-1]]


def _track(part: Any, upbeat_ticks: int) -> RawTrack:
    notes: list[Note] = []
    for element in part.flatten().stripTies().notes:
        length = round(float(element.duration.quarterLength) * TICKS_PER_QUARTER)
        # A grace note has no length of its own.
        if length > 0:
            onset = round(float(element.offset) * TICKS_PER_QUARTER) + upbeat_ticks
            notes.extend(Note(onset, pitch.midi, length, _VELOCITY) for pitch in getattr(element, "pitches", ()))
    return RawTrack(str(part.partName or ""), None, False, tuple(sorted(notes)))


def _file_of(work: str) -> Path:
    composer, _, rest = list_works(work)[0].removeprefix(PREFIX).partition("/")
    folder = _composers()[composer]
    return next(path for path in sorted((folder / rest).parent.glob("*")) if _is_work(path, folder / rest))


def _is_work(path: Path, stem: Path) -> bool:
    return path.suffix in _SUFFIXES and path.with_suffix("") == stem


@cache
def _composers() -> dict[str, Path]:
    """The folders of music21's own corpus that hold music, by name."""
    from music21 import corpus

    root = Path(corpus.__file__).parent
    folders = (path for path in root.iterdir() if path.is_dir() and not path.name.startswith("_"))
    return {path.name: path for path in folders if any(file.suffix in _SUFFIXES for file in path.rglob("*"))}
