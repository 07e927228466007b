"""The starter set as pieces to learn from: every track, and every phrase that no track plays.

Six tracks are for validation. Three are of the first tracks written, which share phrases, so some of what they play is
learned from all the same: they are among those that share least. The other three have all their phrases to themselves.
Of the bars that the parts of the six play, 24% are of a phrase that a training track plays too (drums 33%, bass 15%,
chords 20%, lead 26%), so what is measured on them flatters the model; the sources that are not written here share
nothing between their splits.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from corpus.pieces import Piece, PieceSection
from corpus.starter.notation import STARTER_FOLDER, load_starter
from corpus.starter.phrases import StarterPhrase
from corpus.starter.tracks import PhraseRun, StarterSection, StarterTrack
from song.notes import Note, Phrase, Wobble, cut_overlaps
from song.parts import PARTS, Part
from song.scales import SCALES, Key, tonic_shift
from song.sections import SectionKind
from song.time import bars_to_ticks

SOURCE = "starter"
VALIDATION_TRACKS = frozenset(
    ("depot-after-hours", "glass-quay", "undertow-hotel", "winter-circuit", "six-legs", "slow-elevator")
)
"""The tracks that are not learned from: dubstep, melodic dubstep, drum & bass; dubstep, riddim, trap."""


def starter_pieces(folder: Path = STARTER_FOLDER) -> list[Piece]:
    """The pieces of the starter set: its tracks, a few for validation and the rest for training, and what none plays.

    Raises:
        UserError: at the first mistake in the folder's files.
    """
    phrases, tracks = load_starter(folder)
    by_name = {phrase.name: phrase for phrase in phrases}
    pieces = [track_piece(track, by_name) for track in tracks]
    used = {name for track in tracks for name in track.phrase_names()}
    return pieces + [phrase_piece(phrase) for phrase in phrases if phrase.name not in used]


def track_piece(track: StarterTrack, phrases: Mapping[str, StarterPhrase]) -> Piece:
    """A whole track, sounding in its key, its sections labelled; its tempo is that of its longest drop or section."""
    sections, start = [], 0
    notes: dict[Part, list[Note]] = {part: [] for part in PARTS}
    wobbles: list[Wobble] = []
    for section in track.sections:
        sections.append(PieceSection(start, section.bars, section.kind))
        for part, line in section.parts.items():
            _play(line, section.bars, start, phrases, notes[part], wobbles, tonic_shift(part, track.key.tonic_class))
        start += section.bars
    parts = {
        part: Phrase(start, cut_overlaps(tuple(heard), bars_to_ticks(start)), tuple(wobbles) * (part is Part.BASS))
        for part, heard in notes.items()
        if heard
    }
    return Piece(
        name=track.name,
        source=SOURCE,
        family=track.name,
        split="validation" if track.name in VALIDATION_TRACKS else "train",
        digest=_digest(track.name, parts),
        style={name: 1 / len(track.styles) for name in track.styles},
        tempo_bpm=_main_tempo(track),
        tonic_class=track.key.tonic_class,
        minor=_is_minor(track.key),
        bars=start,
        parts=parts,
        sections=tuple(sections),
        wobble_known=True,
    )


def phrase_piece(phrase: StarterPhrase) -> Piece:
    """A phrase by itself, in C, as a section of the first kind that it suits, in the middle of its tempi."""
    bars = phrase.phrase.bars
    parts = {phrase.part: phrase.phrase}
    return Piece(
        name=phrase.name,
        source=SOURCE,
        family=phrase.name,
        split="train",
        digest=_digest(phrase.name, parts),
        style={name: 1 / len(phrase.styles) for name in phrase.styles},
        tempo_bpm=sum(phrase.tempo_bpm) / 2,
        tonic_class=None if phrase.part is Part.DRUMS else 0,
        minor=_is_minor(Key("C", phrase.scale)),
        bars=bars,
        parts=parts,
        sections=(PieceSection(0, bars, phrase.kinds[0]),),
        wobble_known=True,
    )


def _play(
    line: tuple[PhraseRun, ...],
    bars: int,
    start_bar: int,
    phrases: Mapping[str, StarterPhrase],
    notes: list[Note],
    wobbles: list[Wobble],
    shift: int,
) -> None:
    """Write what a part plays in a section: its line, repeated until the section is full and cut at its end."""
    at, end = bars_to_ticks(start_bar), bars_to_ticks(start_bar + bars)
    while at < end:
        for played in line:
            if not played.name:
                at += bars_to_ticks(played.times)
                continue
            phrase = phrases[played.name].phrase
            for _ in range(played.times):
                for note in phrase.notes:
                    onset = at + note.onset_tick
                    if onset < end:
                        length = min(note.duration_ticks, end - onset)
                        notes.append(Note(onset, note.pitch + shift, length, note.velocity))
                for wobble in phrase.wobbles:
                    onset = at + wobble.onset_tick
                    if onset < end:
                        length = min(wobble.duration_ticks, end - onset)
                        wobbles.append(Wobble(onset, length, wobble.rate, wobble.depth, wobble.shape))
                at += bars_to_ticks(phrase.bars)


def _main_tempo(track: StarterTrack) -> float:
    def weight(section: StarterSection) -> tuple[bool, int]:
        return section.kind is SectionKind.DROP, section.bars

    low, high = max(track.sections, key=weight).tempo_bpm
    return (low + high) / 2


def _is_minor(key: Key) -> bool:
    return SCALES[key.scale][2] == 3


def _digest(name: str, parts: Mapping[Part, Phrase]) -> str:
    return hashlib.sha256(repr((name, sorted(parts.items()))).encode()).hexdigest()
