"""Starter phrases and tracks as a song, so that a person can hear them.

As pieces to learn from they are made by `corpus.starter.pieces`.
"""

from collections.abc import Mapping, Sequence

import msgspec

from corpus.starter.phrases import StarterPhrase
from corpus.starter.pieces import track_piece
from corpus.starter.tracks import StarterTrack
from song.notes import Phrase
from song.parts import PARTS, Part
from song.scales import Key
from song.sections import Cell, Cells, Constraints, Section, Song, Take
from song.time import bars_to_ticks


def starter_song(
    chosen: Sequence[StarterPhrase | StarterTrack], phrases: Mapping[str, StarterPhrase], title: str
) -> Song:
    """A song that plays phrases and tracks one after another.

    A phrase is a section of its own name in C, with a bar of rest after it, in the middle of its tempi; a track is its
    sections, in its key and tempi.

    Args:
        chosen: what to play, in order.
        phrases: the phrases that the tracks play, by name.
        title: the song's.
    """
    sections: list[Section] = []
    for one in chosen:
        sections += [_phrase_section(one)] if isinstance(one, StarterPhrase) else _track_sections(one, phrases)
    return Song(title=title, key="C minor", sections=tuple(sections))


def _phrase_section(phrase: StarterPhrase) -> Section:
    tempo = round(sum(phrase.tempo_bpm) / 2)
    constraints = Constraints(tempo_bpm=(tempo, tempo), key=str(Key("C", phrase.scale)))
    bars = phrase.phrase.bars + 1
    cells = _cells({phrase.part: msgspec.structs.replace(phrase.phrase, bars=bars)})
    return Section(phrase.kinds[0], bars, constraints, cells, phrase.name)


def _track_sections(track: StarterTrack, phrases: Mapping[str, StarterPhrase]) -> list[Section]:
    parts = track_piece(track, phrases).parts
    sections, start = [], 0
    for section in track.sections:
        inside = {part: _cut(phrase, start, section.bars) for part, phrase in parts.items()}
        constraints = Constraints(tempo_bpm=section.tempo_bpm, key=str(track.key))
        name = f"{track.name}: {section.kind.value}"
        sections.append(Section(section.kind, section.bars, constraints, _cells(inside), name))
        start += section.bars
    return sections


def _cut(phrase: Phrase, start_bar: int, bars: int) -> Phrase:
    """Some bars of a phrase; nothing that a track plays sounds on past the end of its section."""
    start, end = bars_to_ticks(start_bar), bars_to_ticks(start_bar + bars)
    notes = tuple(
        msgspec.structs.replace(note, onset_tick=note.onset_tick - start)
        for note in phrase.notes
        if start <= note.onset_tick < end
    )
    wobbles = tuple(
        msgspec.structs.replace(wobble, onset_tick=wobble.onset_tick - start)
        for wobble in phrase.wobbles
        if start <= wobble.onset_tick < end
    )
    return Phrase(bars, notes, wobbles)


def _cells(phrases: Mapping[Part, Phrase]) -> Cells:
    return Cells(
        **{
            part.value: Cell((Take(phrases[part]),), 0) if part in phrases and phrases[part].notes else Cell()
            for part in PARTS
        }
    )
