"""Test of whether asking matters: one thing is varied, all else and the seed being equal, and a classifier listens.

Imports no JAX itself.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from model.evaluation.results import Table
from model.metrics.logistic import Separation, hear
from model.metrics.phrase_measures import PhraseVectors, describe, kicks, matrix
from model.training.plans import LEVELS, asking_song
from song.notes import Phrase
from song.parts import PARTS, Part
from song.scales import parse_key
from song.sections import Song

ONSET_MEASURES = frozenset(("onsets",))
"""Measures that tell a density by definition: they are kept from the classifier that listens for it."""


def asking_plans() -> Iterator[tuple[str, str, Song]]:
    """Every song that is written for each seed, as (what is asked, its value, the song)."""
    return ((asked, level, asking_song(asked, level)) for asked, levels in LEVELS.items() for level in levels)


def describe_takes(song: Song, takes: Mapping[Part, Sequence[Phrase]], group: str) -> list[PhraseVectors]:
    """The phrases of a song of one section as feature vectors, silent ones left out."""
    tonic = parse_key(song.key).tonic_class
    drums = takes.get(Part.DRUMS, ())
    kick = kicks(drums[0]) if drums else None
    return [
        describe(part, phrase, group=group, tonic_class=tonic, kick=kick)
        for part, phrases in takes.items()
        for phrase in phrases
        if phrase.notes
    ]


def hear_levels(
    described: Mapping[tuple[str, str], Sequence[PhraseVectors]], seed: int
) -> dict[tuple[str, Part], Separation]:
    """Judge how well each thing that was asked is heard in each part; a part that lacks one of its values is left out.

    Args:
        described: the phrases that came of each (what was asked, its value); their groups are the seeds.
        seed: shares the groups out.
    """
    heard = {}
    for asked, levels in LEVELS.items():
        for part in PARTS:
            rows = [
                (one, number)
                for number, level in enumerate(levels)
                for one in described.get((asked, level), ())
                if one.part is part
            ]
            if len({number for _, number in rows}) < len(levels):
                continue
            names = [name for name in rows[0][0].vectors if asked != "density" or name not in ONSET_MEASURES]
            features = matrix([one for one, _ in rows], names)
            labels, groups = np.array([number for _, number in rows]), [one.group for one, _ in rows]
            heard[asked, part] = hear(features, labels, groups, len(levels), np.random.default_rng(seed))
    return heard


def asking_table(heard: Mapping[tuple[str, Part], Separation]) -> Table:
    """Table of what was heard, as the report has it."""
    rows = []
    for asked, levels in LEVELS.items():
        row: list[str | float | None] = [asked, ", ".join(levels), 100 / len(levels)]
        row += [100 * heard[asked, part].accuracy if (asked, part) in heard else None for part in PARTS]
        rows.append(tuple(row))
    return Table(
        "Accuracy of a classifier that says which was asked, on seeds that it has not heard, %",
        ("asked", "values", "chance", *(part.value for part in PARTS)),
        tuple(rows),
        digits=1,
    )
