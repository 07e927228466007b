"""The chapter of the report that tells how good the critic is; it measures nothing."""

from model.critic.judge import FAULT_SHARES, CriticCard
from model.evaluation.critic import TAKES, ClassAccuracy, CriticMeasurements, Pick, RealAccuracy
from model.evaluation.results import Results, Table, Value

_TOLD = (
    "told from",
    "part",
    "real cells",
    "others",
    "area under the curve",
    "accuracy, %",
    "area, own head",
    "accuracy, own head, %",
)
_SHARES = ", ".join(f"{share:.0%}" for share in FAULT_SHARES)
_NAMED = ("what", "cells", "classes", "accuracy, %", "chance, %")
_PICKS = (
    "part",
    "take",
    "phrases",
    "overlapped area",
    "divergence",
    "told apart, %",
    "area under the curve",
    "overlapped area, deviation",
)


def critic_results(found: CriticMeasurements, card: CriticCard, command: str, weights: str) -> Results:
    """The chapter.

    Args:
        found: what was measured.
        card: of the critic.
        command: what measured it, as it was typed.
        weights: digest of the weights that wrote the takes.
    """
    text = (
        f"The critic learned from {card.real:,} cells of real songs, from {card.generated:,} takes that the weights "
        f"`{card.weights}` wrote under plans that mirror those songs, and from real cells made wrong. It is judged on "
        f"{found.songs} songs that neither it nor the network has heard. It hears sixteenths of the parts up to the "
        "one that it judges: no velocities, no finer timing, neither section kind nor style. Real music is brought to "
        "the parts' ranges, the key's scale and the network's note lengths first; a take is written for the same "
        "parts, sections and densities. It has a head for each way of not being real: generated, bars shuffled, part "
        "of another song, bass transposed. Whether a take is generated it weighs by the take's feature vector too (the "
        "measures of the chapters before, but for how bass and kick fall together and for wobble), with a logistic "
        "regression for each part, fitted to the same cells and takes. The score is how likely a take is real music if "
        f"the faults are {_SHARES} of what is not; *own head* is the one head alone. Takes of a cell are ranked by "
        "that of generated ones, weighed by another regression: one that learned which of a real cell and the takes "
        "written for it is the real one (a conditional logit), where the first has to tell any cell from any take.",
        "*Generated, all parts*: one random take of each cell, all parts of the section being generated. *Beside real "
        "parts*: what is around the take is real music, so that the take alone can tell. *Bars shuffled*: the part's "
        "own bars in another order, one in which they repeat each other differently (AABB for ABAB, not BABA), or any "
        "that moves an eighth of what sounds where no two bars are alike. *Part of another song*: in place of its own, "
        "brought to the song's key and where another part is known; two fifths of the sixteenths that sound have to "
        "differ. *In another key*: the same, moved by up to six semitones, a fourth and a fifth excepted. *Bass "
        "transposed*: likewise, judged as the bass or as what is above it. Real cells are compared with themselves "
        "made wrong.",
        "Accuracy weighs both sides the same, and every section kind and every style; chance is what guessing gives. "
        "Section kinds are known for the starter set alone.",
        f"Of {TAKES} takes of every cell of those songs one is picked and held against the real songs by the measures "
        "of the distribution chapter, as means over the measures of a part: overlapped area (higher is nearer), "
        "divergence (lower is nearer), and how well a logistic regression tells the picks from real music (50% is "
        f"best). The random take's figures are means over {TAKES} draws, with the deviation of the overlapped area "
        "from draw to draw.",
    )
    return Results(
        command,
        weights,
        text,
        (
            Table("Telling real music from what is not", _TOLD, tuple(map(_told_row, found.told))),
            Table("Naming what is heard in real music", _NAMED, tuple(map(_named_row, found.named)), digits=1),
            Table(f"The take that is picked of {TAKES}", _PICKS, tuple(map(_pick_row, found.picks))),
        ),
    )


def _told_row(told: RealAccuracy) -> tuple[Value, ...]:
    part = told.part.value if told.part is not None else "all"
    by_score, by_head = (told.auc, 100 * told.accuracy), (told.own_auc, 100 * told.own_accuracy)
    return (told.against, part, told.real, told.others, *by_score, *by_head)


def _named_row(named: ClassAccuracy) -> tuple[Value, ...]:
    chance = 100 / named.classes if named.classes else None
    return (named.what, named.cells, named.classes, 100 * named.accuracy, chance)


def _pick_row(pick: Pick) -> tuple[Value, ...]:
    accuracy = 100 * pick.accuracy
    return (pick.part.value, pick.how, pick.phrases, pick.overlap, pick.divergence, accuracy, pick.auc, pick.spread)
