"""Distance of generated music from real music, part by part: measure by measure, and to a classifier's ear.

Imports no JAX itself.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from corpus.analysis.repeats import LAGS
from model.evaluation.results import Table, Value
from model.metrics.distances import Apartness, apartness, halves_apart, thinned
from model.metrics.logistic import Separation, hear
from model.metrics.phrase_measures import PhraseVectors, describe, kicks, matrix, measures_of
from model.protocol import CellRef
from model.training.mirrored_songs import MirroredSong
from song.notes import Phrase
from song.parts import PARTS, Part
from song.scales import parse_key

_FEWEST_GROUPS = 4
_TOLD = ("onsets", *(f"likeness {lag} back" for lag in LAGS))
"""Measures of one number, whose mean is worth a column."""


def describe_stretch(stretch: MirroredSong, phrases: Mapping[CellRef, Phrase]) -> list[PhraseVectors]:
    """The phrases of a stretch's cells, real or generated ones, as feature vectors; silent ones are left out."""
    tonic = parse_key(stretch.song.key).tonic_class
    found = []
    for cell in stretch.phrases:
        phrase = phrases.get(cell)
        if phrase is None or not phrase.notes:
            continue
        drums = phrases.get(CellRef(cell.section, Part.DRUMS))
        found.append(
            describe(
                cell.part,
                phrase,
                group=f"{stretch.source}/{stretch.name}",
                tonic_class=tonic,
                kick=kicks(drums) if drums else None,
                velocity_known=stretch.velocity_known,
                wobble_known=stretch.wobble_known,
            )
        )
    return found


def compare(
    real: Sequence[PhraseVectors], generated: Sequence[PhraseVectors], seed: int
) -> dict[tuple[Part, str], tuple[Apartness, Apartness]]:
    """For each part and measure how far the generated phrases lie from the real ones, and real ones from each other."""
    found = {}
    rng = np.random.default_rng(seed)
    for part in PARTS:
        for name in measures_of(part):
            here, there = (
                [one for one in phrases if one.part is part and one.vectors[name] is not None]
                for phrases in (real, generated)
            )
            groups = [one.group for one in here]
            if len(set(groups)) < _FEWEST_GROUPS or not there:
                continue
            rows = matrix(here, [name])
            found[part, name] = (
                apartness(thinned(rows, rng), thinned(matrix(there, [name]), rng)),
                halves_apart(rows, groups, rng),
            )
    return found


def tell_apart(
    real: Sequence[PhraseVectors], generated: Sequence[PhraseVectors], seed: int, measures: Sequence[str] | None = None
) -> dict[Part, Separation]:
    """Judge, part by part, how well a classifier tells generated from real phrases of songs that it has not seen.

    Args:
        real, generated: phrases whose groups are songs.
        seed: shares the songs out.
        measures: what it hears, of the measures that a part has; all of them unless given.
    """
    found = {}
    for part in PARTS:
        both = [(one, 0) for one in real if one.part is part] + [(one, 1) for one in generated if one.part is part]
        if measures is not None:
            both = [(one, label) for one, label in both if any(one.vectors.get(name) is not None for name in measures)]
        groups = [one.group for one, _ in both]
        if len(set(groups)) < _FEWEST_GROUPS or len({label for _, label in both}) < 2:
            continue
        features = matrix([one for one, _ in both], measures)
        found[part] = hear(features, np.array([label for _, label in both]), groups, 2, np.random.default_rng(seed))
    return found


def distribution_tables(
    real: Sequence[PhraseVectors], generated: Sequence[PhraseVectors], seed: int
) -> tuple[Table, ...]:
    """Tables of what was found, as the report has them: the classifier, the means, then the distances of each part."""
    compared = compare(real, generated, seed)
    alone = {name: tell_apart(real, generated, seed, [name]) for name in dict.fromkeys(name for _, name in compared)}
    return (
        _classifier_table(tell_apart(real, generated, seed)),
        _means_table(real, generated),
        *(_distance_table(part, compared, alone) for part in PARTS if any(one is part for one, _ in compared)),
    )


def _classifier_table(heard: Mapping[Part, Separation]) -> Table:
    rows = tuple((part.value, 100 * one.accuracy, one.auc, one.phrases) for part, one in heard.items())
    return Table(
        "Telling generated from real in songs that the classifier has not seen; 50% is chance and best",
        ("part", "accuracy, %", "area under the curve", "phrases"),
        rows,
        digits=2,
    )


def _means_table(real: Sequence[PhraseVectors], generated: Sequence[PhraseVectors]) -> Table:
    def mean(phrases: Sequence[PhraseVectors], part: Part, name: str, number: int) -> Value:
        vectors = [one.vectors.get(name) for one in phrases if one.part is part]
        known = [float(vector[number]) for vector in vectors if vector is not None]
        return float(np.mean(known)) if known else None

    wanted: list[tuple[str, str, int, tuple[Part, ...]]] = [(name, name, 0, PARTS) for name in _TOLD]
    wanted += [
        ("bass onsets with a kick", "bass and kick", 0, (Part.BASS,)),
        ("kicks with a bass onset", "bass and kick", 1, (Part.BASS,)),
    ]
    rows: list[tuple[Value, ...]] = []
    for title, name, number, parts in wanted:
        row: list[Value] = [title]
        for part in PARTS:
            there = part in parts
            row += [mean(real, part, name, number) if there else None]
            row += [mean(generated, part, name, number) if there else None]
        rows.append(tuple(row))
    columns = [f"{part.value}, {which}" for part in PARTS for which in ("real", "generated")]
    return Table("Means", ("measure", *columns), tuple(rows), digits=2)


def _distance_table(
    part: Part,
    compared: Mapping[tuple[Part, str], tuple[Apartness, Apartness]],
    alone: Mapping[str, Mapping[Part, Separation]],
) -> Table:
    rows = tuple(
        (
            name,
            to_generated.overlap,
            among_real.overlap,
            to_generated.divergence,
            among_real.divergence,
            100 * alone[name][part].accuracy if part in alone[name] else None,
        )
        for (one, name), (to_generated, among_real) in compared.items()
        if one is part
    )
    return Table(
        f"Distances: {part.value}",
        (
            "measure",
            "overlapped area, generated",
            "overlapped area, real halves",
            "divergence, generated",
            "divergence, real halves",
            "told apart by it alone, %",
        ),
        rows,
        digits=2,
    )
