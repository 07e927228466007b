"""The chapter on drops told from real ones: its tables and what it says of how they were made."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from model.evaluation.results import Results, Table, Value
from model.evaluation.telling.classifiers import (
    FOLDS,
    SAME_CORRELATION,
    Telling,
    Told,
    distinct,
    tell,
    telling_features,
)
from model.evaluation.telling.drop import ToldDrop
from model.evaluation.telling.features import GROUPS, PairFeatures, measure_pairs
from model.evaluation.telling.pairs import RealDrop, as_played, compose_like
from model.writing.fill import Filler
from song.errors import UserError

AS_DROP, KIND_UNTOLD = "asked for as a drop", "kind not told"
WAYS = {AS_DROP: True, KIND_UNTOLD: False}
"""The ways of asking for the like of a drop, and whether the writer is told that it is one."""
ALL, FLOOR = "all together", "all together, labels shuffled"
ASKED = {"evenness": "≤ 55", ALL: "≤ 80", FLOOR: "50"}
FOLDINGS = 5
MOST_TELLING, MOST_OF_GROUP = 10, 6
KINDS_OF_MUSIC = {
    "lmms": "sketches and tracks of electronic music",
    "freedoom": "a game's rock and metal",
    "piano": "classical piano pieces",
}
"""The music that collections hold."""
PAIRS_SHARE = 0.25
"""A feature that a smaller share of the pairs has is not among those that tell most."""


def compose_pairs(
    filler: Filler, drops: Sequence[RealDrop], seed: int, on_progress: Callable[[int, int], None]
) -> dict[str, list[tuple[ToldDrop, ToldDrop]]]:
    """Each real drop beside the one that is composed to it, for each of `WAYS`.

    Raises:
        UserError: where there are too few to be told apart.
    """
    if len(drops) < FOLDS:
        raise UserError(
            f"{len(drops)} songs of two parts are held out, and telling drops apart needs {FOLDS}: name more music"
        )
    pairs: dict[str, list[tuple[ToldDrop, ToldDrop]]] = {way: [] for way in WAYS}
    for number, drop in enumerate(drops):
        on_progress(number, len(drops))
        for way, kind_told in WAYS.items():
            composed = compose_like(filler, drop, seed * 10_000 + number, kind_told=kind_told)
            pairs[way].append((as_played(drop), composed))
    return pairs


def telling_results(
    drops: Sequence[RealDrop],
    pairs: Mapping[str, Sequence[tuple[ToldDrop, ToldDrop]]],
    weights: str,
    seed: int,
    on_progress: Callable[[int, int], None],
) -> Results:
    """The chapter.

    Args:
        drops: the real drops.
        pairs: as `compose_pairs` gives them.
        weights: digest of the weights.
        seed: shares the songs out into folds.
        on_progress: told how many of the rows are judged, and how many there are.
    """
    features = {way: measure_pairs(of_way) for way, of_way in pairs.items()}
    rows = (*GROUPS, ALL, FLOOR)
    told: dict[tuple[str, str], Told] = {}
    for row in rows:
        for way in WAYS:
            on_progress(len(told), len(rows) * len(WAYS))
            heard = features[way].of_group(row) if row in GROUPS else features[way]
            told[row, way] = tell(heard, seed, FOLDINGS, shuffled=row == FLOOR)
    counts = {row: sum(one == row for one in features[AS_DROP].groups) for row in GROUPS}
    return Results("", weights, _text(drops), (_told_table(told, counts), *_telling_tables(features[AS_DROP])))


def _told_table(told: Mapping[tuple[str, str], Told], counts: Mapping[str, int]) -> Table:
    rows: list[tuple[Value, ...]] = []
    for row in dict.fromkeys(row for row, _ in told):
        values: list[Value] = [row, ASKED.get(row, ""), counts.get(row, sum(counts.values()))]
        for way in WAYS:
            one = told[row, way]
            values += [100 * one.accuracy, f"{100 * one.spread:.1f}, {one.classifier}"]
        rows.append(tuple(values))
    return Table(
        "Drops told right, real and composed weighing the same, %: mean and deviation over the sharings out",
        ("features", "asked", "how many", AS_DROP, "deviation, strongest", KIND_UNTOLD, "deviation, strongest"),
        tuple(rows),
        f'What is asked for holds for drops that are "{AS_DROP}".',
        digits=1,
    )


def _telling_tables(features: PairFeatures) -> tuple[Table, Table]:
    found = telling_features(features, round(PAIRS_SHARE * len(features.real)))
    whole = distinct(found, features, MOST_TELLING)
    by_group = [
        one
        for group in GROUPS
        for one in distinct([two for two in found if two.group == group], features, MOST_OF_GROUP)
    ]
    return (
        _telling_table(
            f"The {MOST_TELLING} features that tell most by themselves, {AS_DROP}",
            whole,
            "Tells: the area under the curve, 0.5 where the feature tells nothing, 1 where it tells all. A feature "
            f"that correlates by {SAME_CORRELATION} or more with one above it is left out.",
        ),
        _telling_table("The same within each group", by_group, ""),
    )


def _telling_table(title: str, found: Sequence[Telling], note: str) -> Table:
    rows = tuple((one.name, one.group, one.pairs, one.told, one.real, one.composed) for one in found)
    return Table(title, ("feature", "group", "pairs", "tells", "real, mean", "composed, mean"), rows, note, digits=2)


def _text(drops: Sequence[RealDrop]) -> tuple[str, ...]:
    sources = Counter(drop.stretch.source for drop in drops)
    found = Counter(drop.found for drop in drops)
    parts = Counter(len(drop.stretch.phrases) for drop in drops)
    lengths = Counter(drop.stretch.song.sections[0].bars for drop in drops)
    of_sources = ", ".join(
        f"{count} of {name}" + (f" ({KINDS_OF_MUSIC[name]})" if name in KINDS_OF_MUSIC else "")
        for name, count in sorted(sources.items())
    )
    of_parts = ", ".join(f"{count} of {number} parts" for number, count in sorted(parts.items(), reverse=True))
    of_lengths = " and ".join(f"{count} of {bars} bars" for bars, count in sorted(lengths.items(), reverse=True))
    error = 50 / (2 * len(drops)) ** 0.5
    return (
        f"{len(drops)} real songs that the weights have not heard, nor any other version of them: {of_sources}; "
        "all that have two parts or more, one a family. Of each its drop is taken "
        f"({found['named']} named, {found['guessed']} guessed), or where it has none its busiest bars "
        f"({found['busiest']}): those in which most parts play, and most onsets among these. They are {of_lengths}; "
        f"{of_parts}. A part is left out that has more onsets than a plan can ask for.",
        "For each an empty song of one section asks for its like: the same parts, bars, density of each part, tempo, "
        "key, style and wobble rates where they are known. Every cell is written once, with a fixed seed, at the "
        f'default temperature: once "{AS_DROP}", and once with "{KIND_UNTOLD}", as the real ones are mostly none. The '
        "real notes are brought to the network's grid, lengths, octave, range and scale first, so that resolution "
        "alone gives nothing away. Velocities and wobbles are not compared.",
        "Classifiers hear features of the notes in five groups: how the onsets a bar of each part vary (*evenness*, "
        "whatever their mean), which bars are those before (*form*), where in the bar and with whom onsets fall "
        "(*places*), intervals, degrees, chords and kinds of drums (*pitch*), note lengths and rests (*length*). A "
        "number that one of a pair lacks is taken from the other too. Logistic regression, extremely randomized trees "
        f"and gradient boosting of scikit-learn learn from four fifths of the songs and judge the rest, in {FOLDS} "
        f"turns, both of a pair on one side; that is done for {FOLDINGS} sharings out of the songs, and the strongest "
        "of the three counts. With labels shuffled, real and composed change places in half of the pairs: the floor. "
        "The deviation is that from one sharing out to the next; other songs would give other figures too, by a "
        f"standard error of about {error:.0f} points near 50%.",
    )
