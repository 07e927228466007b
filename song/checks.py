"""Checks of a phrase against its section, constraint by constraint: asked, got, and how much is off.

Neither samples nor mends anything. For the app: the published figures come from rules of their own, in
`model.evaluation.control`, which must not import this module, so that neither can hide a mistake of the other.
"""

import string
from collections.abc import Mapping, Sequence

import msgspec

from song.forms import model_bars, turn_bars
from song.notes import RATES, Phrase
from song.parts import Part
from song.passing import outside_notes
from song.scales import parse_key, pitch_name
from song.sections import GAPS, Section
from song.time import TICKS_PER_BAR, TICKS_PER_QUARTER

_Bar = tuple[tuple[int, int, int], ...]

DENSITY, KEY, RANGE, RATE, DEPTH, SHAPE, FORM = "density", "key", "range", "rates", "depth", "shape", "form"
GAP, CHORDS = "gap", "chords"

NO_STYLE: Mapping[str, float] = {}
FREE = "free"
"""Stands for a form that is left to the model."""

_DEPTH_ROUNDING = 0.0006
_LETTERS = string.ascii_uppercase + string.ascii_lowercase


class Finding(msgspec.Struct, frozen=True):
    """One constraint of a cell.

    Attributes:
        name: `DENSITY`, `KEY`, `RANGE`, `RATE`, `DEPTH`, `SHAPE`, `FORM`, `GAP` or `CHORDS`.
        asked, got: in words.
        off: how many notes, wobbles or bars are not as asked, 1 for a density; 0 where the constraint is met.
    """

    name: str
    asked: str
    got: str
    off: int

    @property
    def met(self) -> bool:
        """True where the phrase does what is asked."""
        return self.off == 0


def check_phrase(
    section: Section,
    part: Part,
    phrase: Phrase,
    key: str,
    gap_beats: int = 0,
    style: Mapping[str, float] = NO_STYLE,
) -> tuple[Finding, ...]:
    """Hold a phrase against each constraint of its section that its part can break.

    Args:
        section: what is asked.
        part: the phrase's part.
        phrase: the music, of any length.
        key: the key that holds in the section, as `song.scales.parse_key` reads it.
        gap_beats: beats at its end in which nothing is to sound, 0-4, as `Song.gap_after` has them.
        style: shares of styles that hold in the section; some let lines leave the scale.
    """
    findings = [_density(section, part, phrase)]
    if part is not Part.DRUMS:
        findings += [_key(section, part, phrase, key, style), _range(section, part, phrase)]
    if part is Part.BASS:
        findings += _wobble(section, phrase)
    findings.append(_form(section, part, phrase))
    return (*findings, _gap(section, phrase, gap_beats)) if gap_beats else tuple(findings)


def density_met(requested: float, achieved: float) -> bool:
    """True where achieved onsets a bar are at most 15% off those asked for, or at most 1 off where that is more."""
    return abs(achieved - requested) <= max(0.15 * requested, 1.0) + 1e-9


def form_of(phrase: Phrase, bars_a_letter: int) -> str:
    """The form that a phrase has: a letter for so many bars, equal ones under one letter, first come first named.

    Bars are equal where the same pitches start at the same places as loud; lengths may differ, since the last notes of
    a section are cut.

    Args:
        phrase: the music.
        bars_a_letter: 1 or more; bars at the end that are fewer get a letter too.
    """
    return _letters(_bar_contents(phrase), bars_a_letter)


def _letters(bars: Sequence[_Bar], bars_a_letter: int) -> str:
    stretches = [tuple(bars[at : at + bars_a_letter]) for at in range(0, len(bars), bars_a_letter)]
    names: dict[tuple[_Bar, ...], str] = {}
    return "".join(names.setdefault(one, _LETTERS[min(len(names), len(_LETTERS) - 1)]) for one in stretches)


def _density(section: Section, part: Part, phrase: Phrase) -> Finding:
    asked, got = section.constraints.requested_onsets(part), phrase.onsets_per_bar()
    return Finding(DENSITY, f"{asked:.1f} a bar", f"{got:.1f}", int(not density_met(asked, got)))


def _key(section: Section, part: Part, phrase: Phrase, key: str, style: Mapping[str, float]) -> Finding:
    outside = len(outside_notes(section, part, phrase, parse_key(key), style))
    got = f"{outside} outside" if outside else "all within"
    if part is Part.CHORDS and section.constraints.chords is not None:
        return Finding(CHORDS, section.constraints.chords, got, outside)
    return Finding(KEY, key, got, outside)


def _range(section: Section, part: Part, phrase: Phrase) -> Finding:
    low, high = section.constraints.pitch_range(part)
    pitches = [note.pitch for note in phrase.notes]
    got = f"{pitch_name(min(pitches))} to {pitch_name(max(pitches))}" if pitches else "no note"
    outside = sum(not low <= pitch <= high for pitch in pitches)
    return Finding(RANGE, f"{pitch_name(low)} to {pitch_name(high)}", got, outside)


def _wobble(section: Section, phrase: Phrase) -> list[Finding]:
    asked, used = section.constraints.wobble, phrase.wobbles
    rates = {wobble.rate for wobble in used}
    deepest = max((wobble.depth for wobble in used), default=0.0)
    findings = [
        Finding(RATE, _in_order(asked.rates), _in_order(rates), sum(one.rate not in asked.rates for one in used)),
    ]
    if used:
        too_deep = sum(wobble.depth > asked.depth + _DEPTH_ROUNDING for wobble in used)
        shapes = sorted({wobble.shape for wobble in used})
        findings += [
            Finding(DEPTH, f"{asked.depth:.2f}", f"{deepest:.2f}", too_deep),
            Finding(SHAPE, asked.shape, " ".join(shapes), sum(wobble.shape != asked.shape for wobble in used)),
        ]
    return findings


def _in_order(rates: Sequence[str] | set[str]) -> str:
    return " ".join(rate for rate in RATES if rate in rates) or "none"


def _gap(section: Section, phrase: Phrase, beats: int) -> Finding:
    from_tick = section.length_ticks - beats * TICKS_PER_QUARTER
    sounding = sum(note.end_tick > from_tick for note in phrase.notes)
    name = next(name for name, asked in GAPS.items() if asked == beats)
    return Finding(GAP, f"{name} of silence", f"{sounding} sounding" if sounding else "silent", sounding)


def _form(section: Section, part: Part, phrase: Phrase) -> Finding:
    form, unit = section.constraints.form_of(part), section.constraints.form_bars
    if form is None:
        return Finding(FORM, FREE, form_of(phrase, unit), 0)
    length = max(section.bars, phrase.bars)
    bars, turns = _bar_contents(phrase), turn_bars(length)
    models = model_bars(form, unit, length)[: len(bars)]
    breaks = sum(bars[model] != bars[bar] for bar, model in enumerate(models) if bar not in turns)
    # A turn that leaves its letter's music is no other letter.
    heard = [bars[model if bar in turns and model < len(bars) else bar] for bar, model in enumerate(models)]
    return Finding(FORM, form, _letters(heard, unit), breaks)


def _bar_contents(phrase: Phrase) -> list[_Bar]:
    """The notes that start in each bar, as (tick within the bar, pitch, velocity)."""
    bars: list[list[tuple[int, int, int]]] = [[] for _ in range(phrase.bars)]
    for note in phrase.notes:
        bar, place = divmod(note.onset_tick, TICKS_PER_BAR)
        bars[bar].append((place, note.pitch, note.velocity))
    return [tuple(bar) for bar in bars]
