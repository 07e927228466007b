"""The sections of a piece and their kinds: what its markers say, and where it has none an estimate."""

import re
from collections.abc import Mapping, Sequence
from itertools import groupby

import numpy as np

from corpus.pieces import PieceSection
from song.drums import KICK, SNARES_AND_CLAPS
from song.notes import Note
from song.parts import Part
from song.sections import SectionKind
from song.time import TICKS_PER_BAR

_WORDS = (
    (SectionKind.INTRO, r"intro\w*|opening"),
    (SectionKind.OUTRO, r"outro|coda|ending|end"),
    (SectionKind.BREAK, r"break\w*|bridge|interlude|verse|middle"),
    (SectionKind.BUILD, r"build\w*|rise|riser|pre-?(?:chorus|verse|drop)"),
    (SectionKind.DROP, r"drop|chorus|refrain|hook|main"),
)
_PATTERNS = [(kind, re.compile(rf"\b(?:{words})\b")) for kind, words in _WORDS]
_PRE = re.compile(r"\bpre-?(?:chorus|verse|drop)\b")

GROUP_BARS = 4
"""An estimated section is a number of these long."""
MIN_GROUPS = 6
"""In a shorter piece there is no form to be seen."""
MIN_CONTRAST = 0.35
"""The least distance, of 1, between the energies of the loudest and the quietest tenth of a piece that has a form."""
MOST_FULL = 0.75
"""Where more of a piece than this is full, it plays on rather than has a form."""
MOST_BARS = 64
"""A form in which a section is longer than this was not heard right."""

_QUIET, _RISING, _FULL = range(3)
_WEIGHTS = np.array(
    [
        # quiet, rising, full
        (4.1, -0.3, -3.8),  # to begin with
        (-3.0, -1.6, 4.6),  # kicks, against the busiest tenth of the piece
        (-3.6, 4.9, -1.3),  # snares and claps: eight a bar are 1
        (-1.0, -0.3, 1.3),  # low end: how much of the time a bass sounds, against the piece
        (-1.4, -1.6, 3.0),  # bass onsets, against the piece
        (-3.5, 3.3, 0.3),  # energy of the next group, less this one's
        (1.4, 0.5, -1.9),  # energy of this group, less that of the one before
    ]
)
"""Weights for each level (column) of each thing that is heard in four bars (row).

Fitted by logistic regression on the half of the starter tracks whose `corpus.families.hash_share` of "form NAME" is
below a half; see `estimate_sections` for what that is worth.
"""
_STEPS = np.array([(0.0, -1.0, -1.5), (-3.0, 0.0, -0.3), (-1.0, -2.5, 0.0)])
"""Scores of a step from one level (row) to another (column): rising wants to arrive, and does not follow a full one."""
_FIRST, _LAST = np.array([0.0, -1.5, -1.0]), np.array([0.0, -3.0, 0.0])

_ROLL_SNARES = 8.0


def kind_of(name: str) -> SectionKind | None:
    """The kind of section that a marker's name means, or None where it means none."""
    text = " ".join(re.sub(r"[_\d]+", " ", name.lower()).split())
    if _PRE.search(text):
        return SectionKind.BUILD
    return next((kind for kind, pattern in _PATTERNS if pattern.search(text)), None)


def form_markers(markers: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """The markers that tell of a form: one a bar, the first that names a kind of section, else the first.

    A lone one in the first bar that names none, a credit mostly, tells of no form.

    Args:
        markers: (bar from 0, name), in order, those of one bar in the order of the file.
    """
    chosen: dict[int, str] = {}
    for bar, name in markers:
        if bar not in chosen or (kind_of(chosen[bar]) is None and kind_of(name) is not None):
            chosen[bar] = name
    if list(chosen) == [0] and kind_of(chosen[0]) is None:
        return []
    return sorted(chosen.items())


def sections_of(markers: Sequence[tuple[int, str]], bars: int) -> tuple[PieceSection, ...]:
    """The sections that some markers tell of; a stretch whose marker means no kind is left out.

    Args:
        markers: (bar from 0, name), in order.
        bars: length of the piece.
    """
    found = []
    markers = form_markers(markers)
    for index, (start, name) in enumerate(markers):
        end = min(markers[index + 1][0] if index + 1 < len(markers) else bars, bars)
        start = max(start, 0)
        kind = kind_of(name)
        if kind is not None and end > start:
            found.append(PieceSection(start, end - start, kind))
    return tuple(found)


def estimate_sections(parts: Mapping[Part, Sequence[Note]], bars: int) -> tuple[PieceSection, ...]:
    """The sections that energy, density and register across the bars of a piece speak for, marked as estimated.

    Every four bars are quiet, rising or full, by what sounds in them (kicks, snares, the low end) and by how much
    louder what comes next is; the levels are chosen together, so that a form comes out. Full is a drop and rising a
    build; quiet is an intro before the first drop, an outro after the last, a break between them.

    What it is worth: on the starter tracks that it was not fitted on, 91% of the bars get the kind that they were
    written as; but these are loop-based forms in steps of four bars by one hand. On rock with markers it agrees in a
    third of the bars.

    Its weakness: it knows loudness, not function. The chorus of a rock song is a drop to it, and its verse a break or
    a drop too; the four bars before a drop are a build even where they only wait; a section that begins off the
    four-bar line is moved to it; a last chorus that thins out is an outro. A piece without drums or bass, with little
    contrast or below 24 bars gets no sections, and neither does one that is full nearly throughout.

    Args:
        parts: notes on the piece's own ticks.
        bars: its length.
    """
    if Part.DRUMS not in parts or Part.BASS not in parts or bars < MIN_GROUPS * GROUP_BARS:
        return ()
    groups = -(-bars // GROUP_BARS)
    heard, energy = _heard(parts, groups)
    if np.percentile(energy, 90) - np.percentile(energy, 10) < MIN_CONTRAST:
        return ()
    levels = _levels(heard @ _WEIGHTS)
    if not 0 < levels.count(_FULL) <= MOST_FULL * groups:
        return ()
    sections, at = [], 0
    first, last = levels.index(_FULL), len(levels) - levels[::-1].index(_FULL)
    for level, run in groupby(levels):
        length = len(list(run))
        quiet = SectionKind.INTRO if at < first else SectionKind.OUTRO if at >= last else SectionKind.BREAK
        kind = {_QUIET: quiet, _RISING: SectionKind.BUILD, _FULL: SectionKind.DROP}[level]
        start = at * GROUP_BARS
        sections.append(PieceSection(start, min(length * GROUP_BARS, bars - start), kind, estimated=True))
        at += length
    longest = max(section.bars for section in sections)
    return tuple(sections) if len(sections) >= 3 and longest <= MOST_BARS else ()


def _heard(parts: Mapping[Part, Sequence[Note]], groups: int) -> tuple[np.ndarray, np.ndarray]:
    """The things heard in each four bars, float64 (groups, 7), and their energy, 0-1, float64 (groups,)."""
    ticks = GROUP_BARS * TICKS_PER_BAR
    kicks, snares, drums, bass, low = np.zeros((5, groups))
    for note in parts[Part.DRUMS]:
        kicks[note.onset_tick // ticks] += note.pitch == KICK
        snares[note.onset_tick // ticks] += note.pitch in SNARES_AND_CLAPS
    for onset in {note.onset_tick for note in parts[Part.DRUMS]}:
        drums[onset // ticks] += 1
    for note in parts[Part.BASS]:
        bass[note.onset_tick // ticks] += 1
        at = note.onset_tick
        while at < note.end_tick and at // ticks < groups:
            end = min((at // ticks + 1) * ticks, note.end_tick)
            low[at // ticks] += (end - at) / ticks
            at = end
    kicks, drums, bass, low = (_against_most(counts) for counts in (kicks, drums, bass, low))
    rolls = np.minimum(snares / (GROUP_BARS * _ROLL_SNARES), 1.5)
    energy = 0.45 * np.minimum(kicks, 1) + 0.15 * np.minimum(drums, 1) + 0.4 * np.minimum(low, 1)
    after, before = np.append(energy[1:], 0), np.append(0, energy[:-1])
    heard = [np.ones(groups), kicks, rolls, np.minimum(low, 1), bass, after - energy, energy - before]
    return np.stack(heard, axis=1), energy


def _against_most(counts: np.ndarray) -> np.ndarray:
    """Counts (groups,) as shares of their 90th percentile, 1.5 at most: float64 (groups,)."""
    most = float(np.percentile(counts, 90))
    found: np.ndarray = np.minimum(counts / most, 1.5) if most > 0 else np.minimum(counts, 1.5)
    return found


def _levels(scores: np.ndarray) -> list[int]:
    """The level of each group of bars, all of them chosen together (the Viterbi algorithm).

    Args:
        scores: float64 (groups, 3), unnormalised log-probabilities of each group by itself.
    """
    scores = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    best = scores[0] + _FIRST
    came_from = []
    for score in scores[1:]:
        ways = best[:, None] + _STEPS
        came_from.append(ways.argmax(axis=0))
        best = ways.max(axis=0) + score
    levels = [int(np.argmax(best + _LAST))]
    for ways_in in reversed(came_from):
        levels.append(int(ways_in[levels[-1]]))
    return levels[::-1]
