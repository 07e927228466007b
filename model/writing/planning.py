"""The plan of a cell, made before a note of it is written: onsets of each bar, and which bars repeat which.

Both are drawn together, as a row of bars that someone wrote. What a section asks for over all its bars is then shared
out bar by bar, in whole onsets and in the row's proportions; the sampler holds every bar to its quota. Imports NumPy
but no JAX.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction

import msgspec
import numpy as np

from model.language.conditions import LABELS, LAGS, MAX_QUOTA, NEW, SAME_LABELS, SAME_RHYTHM
from model.language.events import POSITIONS
from song.forms import turn_bars
from song.parts import Part
from song.sections import Section, SectionKind
from song.time import QUARTERS_PER_BAR

POSITIONS_AN_ONSET = 3
"""The closest two onsets may be asked to lie, in positions: a thirty-second."""

FEWEST_FORMS, MOST_FORMS = 8, 96
FEWEST_NEAR, _NEAR_SHARE = 12, 1 / 3
"""Rows that one is drawn from: those nearest in density, since a row that is stretched loses its counts."""
_EVENNESS = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Shares of evenness that a row's proportions are tried with, until the whole has the onsets that it is asked for."""
_MOST_OFF, _MOST_OFF_ALIKE = 0.02, 0.04
"""Shares of its onsets that a plan may be off what is asked for, and one whose bars keep the counts of a row alike."""
_ROWS_THAT_SUFFICE = 16
"""So many rows of labels are drawn from every other time: songs whose forms come from a dozen would all have them."""
_LAG_OF_LABEL = {label: lag for lag, label in SAME_LABELS.items()}


class BarRow(msgspec.Struct, frozen=True):
    """A row of bars as someone wrote it.

    Attributes:
        labels: repeat label of each bar, of `conditions.LABELS`.
        shares: onsets of each bar, as a share of the mean; 1 throughout where nobody counted them.
        mean: onsets a bar; 0 where nobody counted them.
    """

    labels: tuple[int, ...]
    shares: tuple[float, ...]
    mean: float = 0.0


class CellPlan(msgspec.Struct, frozen=True):
    """The plan of a cell that the sampler is held to, one value a bar.

    Attributes:
        quotas: onsets in each bar, 0 to MAX_QUOTA.
        labels: repeat label of each bar, of `conditions.LABELS`.
        copies: bars back that a bar must repeat note by note, or 0; only a form that the user gave sets it.
        follows: bars back that a bar has its rhythm from, or 0: those that are labelled so.
        limits: first position of each bar that may hold no onset any more, up to POSITIONS.
    """

    quotas: tuple[int, ...]
    labels: tuple[int, ...]
    copies: tuple[int, ...]
    limits: tuple[int, ...]
    follows: tuple[int, ...] = ()


def plan_cell(
    section: Section,
    part: Part,
    gap_beats: int,
    forms: Mapping[str, Sequence[str]],
    rng: np.random.Generator,
    kept: Mapping[int, int] | None = None,
    style: Mapping[str, float] | None = None,
    kind_known: bool = True,
) -> CellPlan:
    """Plan one cell.

    Args:
        section: its constraints, length and kind.
        part: the part.
        gap_beats: beats at its end in which nothing is to be heard, 0-4.
        forms: rows of labels as they run in the training set, by "PART KIND" and "PART", as `collect_forms` gives them.
        rng: chooses among forms.
        kept: onsets of each bar that stays as it is; the others are planned so that the whole has what is asked for,
            as far as half to one and a half times as much in each goes.
        style: shares of styles.
        kind_known: False where what the section does is to make no difference.
    """
    style = style or {}
    bars, constraints = section.bars, section.constraints
    requested = constraints.requested_onsets(part)
    limits = [POSITIONS] * bars
    kind = section.kind if kind_known else None
    limits[-1] -= gap_beats * POSITIONS // QUARTERS_PER_BAR
    weights = _weights(kind, part, bars, limits[-1] / POSITIONS)
    form = constraints.form_of(part)
    if kept:
        # Without a form they get no labels: what they repeat is up to the network.
        labels, copies = _form_labels(form, constraints.form_bars, bars) if form else ([0] * bars, [0] * bars)
        return _plan_around(kept, requested, weights, limits, labels, copies)
    row = _drawn_row(part, kind, style, bars, requested, forms, rng)
    follows = [0] * bars
    if form is None:
        labels, copies = list(row.labels), [0] * bars
        follows = _followed(labels, row.shares)
        classes = _classes(labels, follows)
    else:
        labels, copies = _form_labels(form, constraints.form_bars, bars)
        classes = _copy_classes(copies)
    quotas = _in_proportion(requested * bars, classes, row.shares, weights, limits)
    return CellPlan(tuple(quotas), tuple(labels), tuple(copies), tuple(limits), tuple(follows))


def _in_proportion(
    total: float, classes: Sequence[int], shares: Sequence[float], weights: Sequence[float], limits: Sequence[int]
) -> list[int]:
    """Onsets in the proportions of a row, as far as the whole comes to its total so; evener where it does not.

    Bars of as many onsets in the row have as many here, where the total bears it: music has few counts, and often the
    same ones.
    """
    quotas: list[int] = []
    of_class = [shares[one] for one in classes]
    if any(of_class) and len(set(weights)) == 1:
        counts = sorted(set(of_class))
        alike = share_out(total, [counts.index(share) for share in of_class], of_class, limits)
        if abs(sum(alike) - total) <= max(0.5, _MOST_OFF_ALIKE * total):
            return alike
    for evenness in _EVENNESS:
        of_bar = [
            (evenness + (1 - evenness) * shares[one]) * weight for one, weight in zip(classes, weights, strict=True)
        ]
        if not any(of_bar):
            continue
        quotas = share_out(total, classes, of_bar, limits)
        if abs(sum(quotas) - total) <= max(0.5, _MOST_OFF * total):
            break
    return quotas


def _plan_around(
    kept: Mapping[int, int],
    requested: float,
    weights: Sequence[float],
    limits: Sequence[int],
    labels: Sequence[int],
    copies: Sequence[int],
) -> CellPlan:
    """A plan for the bars between kept ones, which copy nothing. A bar that repeats a kept one has its onsets."""
    bars = len(limits)
    copies = [0 if bar in kept else lag for bar, lag in enumerate(copies)]
    known = dict(kept)
    for bar, lag in enumerate(copies):
        if lag and bar - lag in known:
            known[bar] = known[bar - lag]
    free, classes = [bar for bar in range(bars) if bar not in known], _copy_classes(copies)
    level = requested * len(free)
    total = min(max(requested * bars - sum(known.values()), level * 0.5), level * 1.5)
    of_free = [weights[bar] for bar in free]
    # Where all that is left is silence, there is nothing to share out.
    shares = iter(
        share_out(total, [classes[bar] for bar in free], of_free, [limits[bar] for bar in free])
        if any(of_free)
        else [0] * len(free)
    )
    quotas = [min(known[bar], MAX_QUOTA) if bar in known else next(shares) for bar in range(bars)]
    return CellPlan(tuple(quotas), tuple(labels), tuple(copies), tuple(limits))


def share_out(total: float, classes: Sequence[int], weights: Sequence[float], limits: Sequence[int]) -> list[int]:
    """Whole onsets a bar that add up to a total as nearly as they can.

    Args:
        total: onsets in all bars, 0 or more.
        classes: bars under one number get the same count, save where a limit cuts it.
        weights: how much more of the total one bar gets than another, 0 or more, and not all of them 0.
        limits: first position of each bar that may hold no onset.
    """
    bars = len(classes)
    caps = [min(MAX_QUOTA, limit // POSITIONS_AN_ONSET) for limit in limits]
    members = {number: [bar for bar in range(bars) if classes[bar] == number] for number in dict.fromkeys(classes)}
    mean_weight = sum(weights) / bars
    ideal = {
        number: total / bars * sum(weights[bar] for bar in group) / len(group) / mean_weight
        for number, group in members.items()
    }
    counts = {number: int(share) for number, share in ideal.items()}

    def onsets() -> int:
        return sum(min(counts[classes[bar]], caps[bar]) for bar in range(bars))

    # Round up one class after another, those that lost most by rounding down first, while that brings the sum nearer.
    while True:
        best, best_error = None, Fraction(abs(total - onsets()))
        for number in sorted(counts, key=lambda number: counts[number] - ideal[number]):
            gain = sum(counts[number] < caps[bar] for bar in members[number])
            error = Fraction(abs(total - onsets() - gain))
            if gain and error < best_error:
                best, best_error = number, error
                break
        if best is None:
            return [min(counts[classes[bar]], caps[bar]) for bar in range(bars)]
        counts[best] += 1


def collect_forms(
    rows: Sequence[tuple[Part, SectionKind | None, Mapping[str, float], Sequence[int], Sequence[int]]],
    most: int = MOST_FORMS,
) -> dict[str, tuple[str, ...]]:
    """Rows of bars as they run in music, by "PART", "PART KIND" and "PART KIND STYLE".

    A row is written as the digits of its labels, a blank, and its onsets a bar with commas between. Where there are
    more than `most`, every so manieth of them in the order of their digits: as many of each sort as its share, since
    the commonest alone would repeat far more than music does.

    Args:
        rows: the part, its section's kind where it is known, shares of styles, a label a bar, and its onsets.
        most: rows a name; a style of a section kind with fewer than `FEWEST_FORMS` has none of its own.
    """
    groups: dict[str, list[str]] = {}
    for part, kind, style, labels, onsets in rows:
        text = f"{''.join(map(str, labels))} {','.join(map(str, onsets))}"
        names = [part.value]
        if kind is not None:
            names.append(f"{part.value} {kind.value}")
            names += [f"{part.value} {kind.value} {name}" for name, share in style.items() if share >= 0.5]
        for name in names:
            groups.setdefault(name, []).append(text)
    found = {}
    for name, texts in sorted(groups.items()):
        if name.count(" ") < 2 or len(texts) >= FEWEST_FORMS:
            picked = np.linspace(0, len(texts) - 1, min(most, len(texts))).round().astype(int)
            found[name] = tuple(sorted(texts)[index] for index in picked)
    return found


def _drawn_row(
    part: Part,
    kind: SectionKind | None,
    style: Mapping[str, float],
    bars: int,
    requested: float,
    forms: Mapping[str, Sequence[str]],
    rng: np.random.Generator,
) -> BarRow:
    # A mixture of styles takes its form from one of them, as often as its share.
    names = list(style)
    given = np.array([style[name] for name in names])
    name = names[int(rng.choice(len(names), p=given / given.sum()))] if names else ""
    of_kind = (f"{part.value} {kind.value}",) if kind else ()
    # Most sections of a known kind were written by hand, in styles of bass music: what has no style has other rows.
    named = (f"{part.value} {kind.value} {name}", *of_kind, part.value) if kind and name else (part.value, *of_kind)
    rows = _nearest(_rows_of(named, bars, forms, rng), requested)
    labels: list[int] = []
    shares: list[float] = []
    while len(labels) < bars:
        row = rows[int(rng.integers(len(rows)))]
        # A block after the first starts from what came before it: its opening is the block eight bars back again.
        again = labels and row.labels[0] == NEW
        labels += (
            (SAME_LABELS[max(lag for lag in LAGS if lag <= len(labels))], *row.labels[1:]) if again else row.labels
        )
        shares += row.shares
    return BarRow(tuple(labels[:bars]), tuple(shares[:bars]))


def _nearest(rows: Sequence[str], requested: float) -> list[BarRow]:
    """The rows whose onsets a bar are nearest to those asked for; all where nobody counted them."""
    read = [read_row(row) for row in rows]
    count = max(FEWEST_NEAR, round(len(read) * _NEAR_SHARE))
    return sorted(read, key=lambda row: abs(row.mean - requested))[:count] if all(row.mean for row in read) else read


def read_row(text: str) -> BarRow:
    """A row as `collect_forms` writes it; earlier weights have labels alone."""
    digits, _, counts = text.partition(" ")
    onsets = [int(count) for count in counts.split(",")] if counts else []
    mean = sum(onsets) / len(digits)
    counted = mean > 0 and len(onsets) == len(digits)
    shares = tuple(count / mean for count in onsets) if counted else (1.0,) * len(digits)
    return BarRow(tuple(int(digit) for digit in digits), shares, mean if counted else 0.0)


def _rows_of(
    names: Sequence[str], bars: int, forms: Mapping[str, Sequence[str]], rng: np.random.Generator
) -> Sequence[str]:
    """The rows under one of the names, the narrowest first; few rows are passed over the oftener the fewer they are."""
    *narrow, last = [forms[name] for name in names if forms.get(name)] or [("0" * 16,)]
    enough = (len(rows) >= MOST_FORMS or rng.random() < len(rows) / (len(rows) + _ROWS_THAT_SUFFICE) for rows in narrow)
    rows = next((rows for rows, some in zip(narrow, enough, strict=True) if some), last)
    # A row as long as the section says how its second half takes up the first; two short ones do not.
    return [row for row in rows if len(row.partition(" ")[0]) >= min(bars, 16)] or rows


def _form_labels(form: str, unit: int, bars: int) -> tuple[list[int], list[int]]:
    """Labels of a form that the user gave, and for each bar how far back the bar lies that it must repeat, or 0.

    A turn repeats nothing and is repeated by nothing, and has no label unless it is the first of its letter.
    """
    labels, copies = [], []
    turns = turn_bars(bars)
    heard: set[tuple[str, int]] = set()
    latest: dict[tuple[str, int], int] = {}
    for bar in range(bars):
        name = (form[bar // unit % len(form)], bar % unit)
        lag = 0 if bar in turns else bar - latest.get(name, bar)
        labels.append(SAME_LABELS.get(lag, 0) if name in heard else NEW)
        copies.append(lag)
        heard.add(name)
        if bar not in turns:
            latest[name] = bar
    return labels, copies


def _copy_classes(copies: Sequence[int]) -> list[int]:
    """Bars that copy each other get one number."""
    classes = list(range(len(copies)))
    for bar, lag in enumerate(copies):
        classes[bar] = classes[bar - lag]
    return classes


def _followed(labels: Sequence[int], shares: Sequence[float]) -> list[int]:
    """Bars back that each bar has its rhythm from, or 0: of those that a label may mean the nearest with as many
    onsets."""
    found = []
    for bar, label in enumerate(labels):
        earlier = [lag for lag in LAGS if lag <= bar] if label == SAME_RHYTHM else []
        found.append(next((lag for lag in earlier if shares[bar - lag] == shares[bar]), 0))
    return found


def _classes(labels: Sequence[int], follows: Sequence[int]) -> list[int]:
    """Bars that are the same music, or have the same rhythm, get one number."""
    classes = list(range(len(labels)))
    for bar, label in enumerate(labels):
        lag = _LAG_OF_LABEL.get(label) or follows[bar]
        if lag and bar >= lag:
            classes[bar] = classes[bar - lag]
    return classes


def _weights(kind: SectionKind | None, part: Part, bars: int, last: float) -> list[float]:
    """Weights of a section's bars: a build grows, an intro comes in, an outro goes out, the rest is level.

    Args:
        last: share of the last bar that may sound, 0-1.
    """
    rise = np.linspace(0.0, 1.0, bars) if bars > 1 else np.array([0.5])
    if kind is SectionKind.BUILD and part is Part.DRUMS:
        weights = 0.35 + 1.3 * rise**1.5
    elif kind in (SectionKind.BUILD, SectionKind.INTRO):
        weights = 0.75 + 0.5 * rise
    elif kind is SectionKind.OUTRO:
        weights = 1.25 - 0.5 * rise
    else:
        weights = np.ones(bars)
    # A single bar that is to be silent has nothing to share.
    weights[-1] *= last or float(bars == 1)
    return [float(weight) for weight in weights]


assert len(LABELS) <= 10, "a row of labels is written in digits"
