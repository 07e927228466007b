"""The chapter on originality: what `model.evaluation.originality` measures, as tables with what they mean."""

from model.evaluation.originality import STRETCH_BARS, Diversity, Originality, Sharing
from model.evaluation.results import Results, Table, Value
from model.originality.copy_index import GRAM_NOTES
from model.originality.copy_meter import COPY_BARS, COPY_CHANGES, COPY_ONSETS, COPY_SOUNDS

_SHARING = (
    "part",
    "source",
    "phrases",
    "median",
    "90th percentile",
    "longest",
    f"run of {COPY_BARS:.0f} bars, %",
    "copied, %",
)
_DIVERSITY = ("part", "source", "phrases a cell", "distinct bars", "distance")


def originality_results(found: Originality, command: str, weights: str) -> Results:
    """The chapter.

    Args:
        found: what was measured.
        command: what measured it, as it was typed.
        weights: digest of the weights that wrote the takes.
    """
    grams = " and ".join(f"{count:,} distinct grams of {group} parts" for group, count in found.grams.items())
    rates = " and ".join(f"{rate:.4%} ({group})" for group, rate in found.false_grams.items())
    lengths = " and ".join(f"{notes} notes ({group})" for group, notes in GRAM_NOTES.items())
    text = (
        f"The longest run of notes that a phrase shares with one part of one of the {found.pieces:,} pieces that were "
        "learned from: the same distances in time, 24 a quarter, and the same intervals, so that transposing hides "
        f"nothing; drums the same drums. Runs below {lengths} are not seen and count as 0. The index holds {grams}, "
        f"as hashes of 32 bits: one of them is found where there is none for {rates} of the grams that are looked up.",
        f"A phrase counts as copied, and is rejected while sampling, where a shared run covers {COPY_BARS:.0f} bars, "
        f"has {COPY_ONSETS} onsets or more, changes its sound {COPY_CHANGES} times or more and has {COPY_SOUNDS} "
        "different sounds (the pitch classes that start together). A root on every eighth and its octaves are in "
        "everybody's music, and drum loops are never rejected. *Generated* takes are as they come; below are the "
        "same with those that copy written again, as in the app. Held-out music is cut into stretches of "
        f"{STRETCH_BARS} bars; its families are not among those learned from, save that the starter set's validation "
        "tracks play some of the phrases that its training tracks play.",
        "Diversity compares the takes of one cell from seed to seed. Distinct bars: the different bars of all takes "
        "together, divided by the sum of each take's different bars (1 where no two takes share a bar). Distance: the "
        "mean over all pairs of takes of 1 less the notes (bar, position, pitch) that both have divided by the notes "
        "that either has. Beside them as many stretches of held-out music, moved to one tonic.",
    )
    shared = [*found.held_out, *found.generated]
    return Results(
        command,
        weights,
        text,
        (
            Table("Longest run shared with the training set, in notes", _SHARING, tuple(map(_row, shared)), digits=1),
            Table(
                "Takes of one plan from seed to seed",
                _DIVERSITY,
                tuple(map(_diversity_row, (*found.diversity, *found.held_out_diversity))),
            ),
        ),
    )


def _row(row: Sharing) -> tuple[Value, ...]:
    percent = (row.two_bars * 100, row.copied * 100)
    return (row.part, row.source, row.phrases, row.median_notes, row.high_notes, row.most_notes, *percent)


def _diversity_row(row: Diversity) -> tuple[Value, ...]:
    return (row.part, row.source, row.phrases, row.distinct_bars, row.distance)
