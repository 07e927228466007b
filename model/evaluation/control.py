"""Checks of takes against what their sections ask: each rule on the notes, by code that the sampler does not use.

Imports no JAX itself.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import msgspec
import numpy as np

from model.evaluation.results import Table
from model.training.plans import random_song
from song.harmony import parse_progression
from song.notes import Phrase
from song.parts import PART_SPECS, PARTS, Part
from song.scales import Key, parse_key
from song.sections import Section, SectionKind, Song
from song.time import TICKS_PER_BAR, TICKS_PER_QUARTER, bars_to_ticks

MOST_RELATIVE, MOST_ONSETS = 0.15, 1.0
"""A cell misses its density where it is further off than both: 15% of what was asked, and one onset a bar."""
_DEPTH_ROUNDING = 0.0006
_PASSING_STYLES = ("dubstep", "riddim", "trap")
_PASSING_ABOVE_TONIC = (1, 6, 11)
_LONGEST_PASSING = TICKS_PER_QUARTER // 2


class CellCheck(msgspec.Struct, frozen=True):
    """Check of one take of a cell against what was asked of it.

    Attributes:
        part, kind, bars: which cell.
        asked, given: onsets a bar.
        wobbles: how many it has.
        depth_asked: 0-1.
        deepest: depth of its deepest wobble, 0-1.
        wobble_asked: whether the section allows any.
        broken: how often each rule of `RULES` was broken.
    """

    part: Part
    kind: SectionKind
    bars: int
    asked: float
    given: float
    wobbles: int
    depth_asked: float
    deepest: float
    wobble_asked: bool
    broken: dict[str, int]

    @property
    def onsets_off(self) -> float:
        """Difference between given and asked, in onsets a bar."""
        return abs(self.given - self.asked)

    @property
    def relative_error(self) -> float:
        """The same as a share of what was asked; where silence was asked, 0 if it was given and else 1."""
        return self.onsets_off / self.asked if self.asked else float(self.given > 0)

    @property
    def misses(self) -> bool:
        """True where it misses its density: further off than both `MOST_RELATIVE` and `MOST_ONSETS`."""
        return self.relative_error > MOST_RELATIVE and self.onsets_off > MOST_ONSETS


RULES: dict[str, str] = {
    "scale": "notes that neither the scale, the chord that sounds nor a passing note allows",
    "chord": "notes of chords that are no tone of the chord that sounds",
    "range": "notes outside the range asked for, or the part's own",
    "polyphony": "notes that start beyond the part's number at once",
    "overlap": "notes that start while another of their pitch sounds",
    "bounds": "notes that start or end outside the section",
    "rate": "wobbles at a rate that is not allowed",
    "depth": "wobbles deeper than asked",
    "shape": "wobbles of another shape than asked",
    "no note": "wobbles without a note under them",
    "form": "bars that differ from the bar whose letter they share, turns apart",
    "gap": "notes that sound in the silence asked for before a drop",
}
"""Every rule that is checked, and what breaks it."""


def check_cell(song: Song, index: int, part: Part, phrase: Phrase) -> CellCheck:
    """Hold one phrase against what its section asks."""
    section = song.sections[index]
    constraints = section.constraints
    broken: Counter[str] = Counter(dict.fromkeys(RULES, 0))
    _check_notes(broken, section, part, phrase)
    if part is not Part.DRUMS:
        _check_harmony(broken, song, index, part, phrase)
    _check_wobbles(broken, section, phrase)
    broken["form"] += _form_breaks(section, part, phrase)
    silence = _beats_before_drop(song, index) * TICKS_PER_QUARTER
    broken["gap"] += sum(note.end_tick > bars_to_ticks(section.bars) - silence for note in phrase.notes if silence)
    return CellCheck(
        part=part,
        kind=section.kind,
        bars=section.bars,
        asked=constraints.requested_onsets(part),
        given=phrase.onsets_per_bar(),
        wobbles=len(phrase.wobbles),
        depth_asked=constraints.wobble.depth,
        deepest=max((wobble.depth for wobble in phrase.wobbles), default=0.0),
        wobble_asked=bool(constraints.wobble.rates) and constraints.wobble.depth > 0,
        broken=dict(broken),
    )


def control_plans(songs: int, seed: int) -> Iterator[Song]:
    """The random songs that control is measured on, in order; each has twenty cells."""
    return (random_song(seed * 10_000 + number) for number in range(songs))


def control_tables(checks: Sequence[CellCheck]) -> tuple[Table, ...]:
    """Tables of what was found, as the report has them: density, rules, wobble."""
    return _density_table(checks), _rules_table(checks), _depth_table(checks)


def _check_notes(broken: Counter[str], section: Section, part: Part, phrase: Phrase) -> None:
    low, high = section.constraints.pitch_range(part)
    end = bars_to_ticks(section.bars)
    sounding: dict[int, int] = {}
    for note in phrase.notes:
        broken["range"] += not low <= note.pitch <= high
        broken["bounds"] += note.onset_tick < 0 or note.onset_tick >= end or note.end_tick > end
        broken["overlap"] += note.onset_tick < sounding.get(note.pitch, 0)
        sounding[note.pitch] = note.end_tick
    starting = Counter(note.onset_tick for note in phrase.notes)
    broken["polyphony"] += sum(max(count - PART_SPECS[part].polyphony, 0) for count in starting.values())


def _check_harmony(broken: Counter[str], song: Song, index: int, part: Part, phrase: Phrase) -> None:
    section = song.sections[index]
    asked, key = section.constraints, parse_key(song.key_of(index))
    scale = key.pitch_classes()
    passing = {(key.tonic_class + above) % 12 for above in _PASSING_ABOVE_TONIC} if _may_pass(song, index, key) else ()
    chords = parse_progression(asked.chords, key) if asked.chords is not None else ()
    for note in phrase.notes:
        pitch_class = note.pitch % 12
        tones = chords[_chord_number(section, part, note.onset_tick) % len(chords)].tones if chords else ()
        if part is Part.CHORDS and chords:
            broken["chord"] += pitch_class not in tones
            continue
        sixteenth = TICKS_PER_QUARTER // 4
        # As near to the next sixteenth as to the beat is off it.
        off_beat = sixteenth / 2 <= note.onset_tick % TICKS_PER_QUARTER < TICKS_PER_QUARTER - sixteenth / 2
        passes = part is not Part.CHORDS and pitch_class in passing and off_beat
        passes = passes and note.duration_ticks <= _LONGEST_PASSING
        broken["scale"] += not (pitch_class in scale or pitch_class in tones or passes)


def _may_pass(song: Song, index: int, key: Key) -> bool:
    """True where lines may leave a section's key: as it says, or else where half of its style or more does."""
    said = song.sections[index].constraints.passing
    shares = song.sections[index].constraints.style or song.style
    usual = sum(shares.get(name, 0.0) for name in _PASSING_STYLES) >= 0.5
    return key.scale != "major" and (usual if said is None else said)


def _chord_number(section: Section, part: Part, tick: int) -> int:
    """The chords that have begun before the one at a tick; in bars of a form those of the first bar of their letter."""
    asked = section.constraints
    bar, place = divmod(tick, TICKS_PER_BAR)
    form, unit = _form_asked(section, part), asked.form_bars
    if form and (bar + 1) % 8 and bar + 1 < section.bars:
        held = [at for at in range(bar + 1) if (at + 1) % 8]
        bar = next(at for at in held if _letter(form, unit, at) == _letter(form, unit, bar))
    return (bar * TICKS_PER_BAR + place) // (asked.chord_beats * TICKS_PER_QUARTER)


def _letter(form: str, unit: int, bar: int) -> tuple[str, int]:
    return form[bar // unit % len(form)], bar % unit


def _check_wobbles(broken: Counter[str], section: Section, phrase: Phrase) -> None:
    asked = section.constraints.wobble
    for wobble in phrase.wobbles:
        broken["rate"] += wobble.rate not in asked.rates
        broken["depth"] += wobble.depth > asked.depth + _DEPTH_ROUNDING
        broken["shape"] += wobble.shape != asked.shape
        broken["no note"] += not any(
            note.onset_tick < wobble.end_tick and wobble.onset_tick < note.end_tick for note in phrase.notes
        )


def _form_breaks(section: Section, part: Part, phrase: Phrase) -> int:
    """Bars whose onsets, pitches and velocities differ from the first bar of their letter; lengths may be cut.

    The last bar of every eight and the section's last are free for a turn: none is held to another, nor another to it.
    """
    form, unit = _form_asked(section, part), section.constraints.form_bars
    if not form:
        return 0
    bars: list[list[tuple[int, int, int]]] = [[] for _ in range(section.bars)]
    for note in phrase.notes:
        bar, place = divmod(note.onset_tick, TICKS_PER_BAR)
        bars[bar].append((place, note.pitch, note.velocity))
    first: dict[tuple[str, int], list[tuple[int, int, int]]] = {}
    breaks = 0
    for number, content in enumerate(bars[:-1], 1):
        if number % 8:
            breaks += first.setdefault(_letter(form, unit, number - 1), content) != content
    return breaks


def _form_asked(section: Section, part: Part) -> str | None:
    """The section's form, unless the part has one of its own; an empty one is none."""
    asked = section.constraints
    own = {
        Part.DRUMS: asked.forms.drums,
        Part.BASS: asked.forms.bass,
        Part.CHORDS: asked.forms.chords,
        Part.LEAD: asked.forms.lead,
    }[part]
    return asked.form if own is None else own


def _beats_before_drop(song: Song, index: int) -> int:
    """Beats in which nothing is to sound at a section's end: one before a drop unless it says otherwise, none between
    two drops."""
    after = song.sections[index + 1 :][:1]
    if not after or after[0].kind is not SectionKind.DROP:
        return 0
    usual = 0 if song.sections[index].kind is SectionKind.DROP else 1
    return usual if after[0].constraints.gap is None else after[0].constraints.gap


def _density_table(checks: Sequence[CellCheck]) -> Table:
    rows = []
    for name, group in _by_part(checks):
        sounding = [check for check in group if check.asked > 0]
        errors = [check.relative_error for check in sounding]
        rows.append(
            (
                name,
                len(group),
                100 * float(np.median(errors)),
                100 * float(np.percentile(errors, 95)),
                max(check.onsets_off for check in group),
                sum(check.misses for check in group),
                sum(check.relative_error > MOST_RELATIVE for check in group),
            )
        )
    return Table(
        "Onsets a bar, asked against given",
        ("part", "cells", "median error, %", "95th percentile, %", "most, onsets a bar", "missed", "over 15% alone"),
        tuple(rows),
        "A cell is missed where it is off by more than 15% and by more than one onset a bar. Over 15% but within one "
        "onset a bar are cells of few bars, few onsets or one letter, whose onsets are whole numbers.",
        digits=2,
    )


def _rules_table(checks: Sequence[CellCheck]) -> Table:
    rows = tuple((rule, text, sum(check.broken[rule] for check in checks)) for rule, text in RULES.items())
    return Table("What must not happen", ("rule", "what is counted", "found"), rows)


def _depth_table(checks: Sequence[CellCheck]) -> Table:
    bass = [check for check in checks if check.part is Part.BASS and check.given > 0]
    rows = []
    for low, high in ((0.0, 0.0), (0.0, 0.25), (0.25, 0.5), (0.5, 0.75), (0.75, 1.0)):
        name = "no wobble asked" if high == 0 else f"depth over {low:g} to {high:g}"
        group = [
            check
            for check in bass
            if (not check.wobble_asked if high == 0 else check.wobble_asked and low < check.depth_asked <= high)
        ]
        if not group:
            continue
        deepest = [check.deepest / check.depth_asked for check in group if check.wobbles and check.depth_asked]
        rows.append(
            (
                name,
                len(group),
                sum(check.wobbles > 0 for check in group),
                float(np.median(deepest)) if deepest else None,
                max(deepest, default=None),
            )
        )
    return Table(
        "Wobble of the bass cells that have notes",
        ("asked", "cells", "with a wobble", "deepest wobble, share of the depth asked: median", "most"),
        tuple(rows),
    )


def _by_part(checks: Sequence[CellCheck]) -> Iterable[tuple[str, list[CellCheck]]]:
    for part in PARTS:
        group = [check for check in checks if check.part is part]
        if any(check.asked > 0 for check in group):
            yield part.value, group
    yield "all", list(checks)
