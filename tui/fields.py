"""The constraints of a section as a table of fields: the name of each, its text, and its change by a step.

No widgets and no keys here: `tui.widgets.constraints` shows the fields, `tui.screens.main` steps them, `tui.field_text`
reads what is typed for one.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec

from song.checks import CHORDS, DENSITY, DEPTH, FORM, FREE, GAP, KEY, RANGE, RATE, SHAPE
from song.edits.constraints import (
    set_chord_beats,
    set_chords,
    set_density,
    set_form,
    set_form_bars,
    set_gap,
    set_key,
    set_part_form,
    set_passing,
    set_quote,
    set_range,
    set_style,
    set_temperature,
    set_tempo,
    set_theme,
    set_wobble,
    shift_density,
)
from song.edits.sections import set_kind
from song.edits.takes import set_bars
from song.errors import UserError
from song.harmony import CHORD_BEATS
from song.limits import MAX_BARS, MAX_FORM_BARS, MAX_TEMPERATURE, MAX_TEMPO_BPM, MIN_TEMPERATURE, MIN_TEMPO_BPM
from song.notes import RATES, SHAPES
from song.parts import PART_SPECS, PARTS, Part
from song.progressions import progression_choices
from song.scales import SCALES, TONIC_NAMES, parse_key, pitch_name
from song.sections import GAPS, Section, SectionKind, Song
from song.styles import STYLES
from song.theme import FIRST_DROP, NO_THEME, QUOTES, theme_section, way_of
from song.time import QUARTERS_PER_BAR

_T = TypeVar("_T")
Step = Callable[[Song, int, int], Song]


class Field(msgspec.Struct, frozen=True):
    """One constraint.

    Attributes:
        id: its name in the app.
        label: its name on the screen.
        step: (song, section index, steps) to the changed song; it stops at the ends of the range.
        text: what is shown for it; empty where the song's own holds.
        coarse: steps in a coarse step, 2 or more.
        share: its value as 0-1 where it has a slider.
        part: the part whose density it is.
        inherited: the song's own, where a section may leave it to that.
        checks: the name of its finding, of `song.checks`; empty where no take can break it.
        checked_part: the part whose take that is about; None for the selected one.
        selects: the part that choosing it selects, beside `part`.
        row: its label among its fellows on the screen, where the field above them says the rest; else `label`.
        placed: what is shown for it in place of `text`, where that depends on the song around the section.
    """

    id: str
    label: str
    step: Step
    text: Callable[[Section], str]
    coarse: int
    share: Callable[[Section], float] | None = None
    part: Part | None = None
    inherited: Callable[[Song], str] | None = None
    checks: str = ""
    checked_part: Part | None = None
    selects: Part | None = None
    row: str = ""
    placed: Callable[[Song, int], str] | None = None


def within(value: float, low: float, high: float) -> float:
    """A value, or the end of a range that it is beyond."""
    return min(high, max(low, value))


def along(choices: Sequence[_T], value: _T, steps: int) -> _T:
    """The choice so many places on, round and round; a value that is not among them counts as the first."""
    at = choices.index(value) if value in choices else 0
    return choices[(at + steps) % len(choices)]


DENSITY_STEP = 0.05
"""The change of a density or a depth by one step."""

RATE_PRESETS: tuple[tuple[str, ...], ...] = (
    (),
    ("1/2",),
    ("1/4",),
    ("1/8",),
    ("1/16",),
    ("1/8T",),
    ("1/4", "1/8"),
    ("1/8", "1/16"),
    ("1/4T", "1/8T"),
    ("1/4", "1/8", "1/8T", "1/16"),
    ("1/2", "1/4", "1/4T", "1/8", "1/8T", "1/16", "1/32"),
)
"""Sets of wobble rates that the wobble field steps through; the first is no wobble."""

KEYS: tuple[str | None, ...] = (None, *(f"{tonic} {scale}" for scale in SCALES for tonic in TONIC_NAMES))
"""Keys that the key field steps through; the first leaves it to the song."""


def _shifted_share(value: float, steps: int) -> float:
    return round(within(value + steps * DENSITY_STEP, 0, 1), 4)


def _step_bars(song: Song, index: int, steps: int) -> Song:
    return set_bars(song, index, int(within(song.sections[index].bars + steps, 1, MAX_BARS)))


def _step_tempo(song: Song, index: int, steps: int) -> Song:
    start, end = song.sections[index].constraints.tempo_bpm
    moved = within(start + steps, MIN_TEMPO_BPM, MAX_TEMPO_BPM)
    return set_tempo(song, index, moved, moved if start == end else end)


def _step_end_tempo(song: Song, index: int, steps: int) -> Song:
    start, end = song.sections[index].constraints.tempo_bpm
    return set_tempo(song, index, start, within(end + steps, MIN_TEMPO_BPM, MAX_TEMPO_BPM))


def _step_density(song: Song, index: int, steps: int) -> Song:
    return shift_density(song, index, within(steps * DENSITY_STEP, -1, 1))


def _part_stepper(part: Part) -> Step:
    def step(song: Song, index: int, steps: int) -> Song:
        return set_density(song, index, part, _shifted_share(song.sections[index].constraints.density.of(part), steps))

    return step


def _step_rates(song: Song, index: int, steps: int) -> Song:
    return set_wobble(song, index, rates=along(RATE_PRESETS, song.sections[index].constraints.wobble.rates, steps))


def _step_depth(song: Song, index: int, steps: int) -> Song:
    return set_wobble(song, index, depth=_shifted_share(song.sections[index].constraints.wobble.depth, steps))


def _step_shape(song: Song, index: int, steps: int) -> Song:
    return set_wobble(song, index, shape=along(SHAPES, song.sections[index].constraints.wobble.shape, steps))


def _step_key(song: Song, index: int, steps: int) -> Song:
    return set_key(song, index, along(KEYS, song.sections[index].constraints.key, steps))


def _tempo_text(section: Section) -> str:
    return f"{section.constraints.tempo_bpm[0]:g} BPM"


def _end_tempo_text(section: Section) -> str:
    start, end = section.constraints.tempo_bpm
    return "steady" if start == end else f"{end:g} BPM"


def mean_density(section: Section) -> float:
    """The mean density of the parts that play, 0-1; 0 where none does."""
    playing = [share for part in PARTS if (share := section.constraints.density.of(part)) > 0]
    return sum(playing) / len(playing) if playing else 0.0


def _rates_text(section: Section) -> str:
    return " ".join(rate for rate in RATES if rate in section.constraints.wobble.rates) or "none"


def _part_field(part: Part) -> Field:
    def share(section: Section) -> float:
        return section.constraints.density.of(part)

    return Field(
        part.value,
        part.value,
        _part_stepper(part),
        lambda s: f"{share(s):.2f}",
        4,
        share,
        part,
        checks=DENSITY,
        checked_part=part,
        row=f"  {part.value}",
    )


def _depth(section: Section) -> float:
    return section.constraints.wobble.depth


FORMS: tuple[str | None, ...] = (None, "A", "AB", "AAAB", "AABA", "AABB", "ABAB", "ABAC", "ABCD")
"""Forms that the form field steps through; the first leaves it to the model."""
PART_FORMS: tuple[str | None, ...] = (None, "", *(form for form in FORMS if form))
"""Forms that a part's own steps through; the first is the section's, the second leaves it to the model."""
AS_SECTION = "the section's"
"""Stands for a form of a part that is its section's."""

SHARE_STEP = 0.05
TEMPERATURE_STEP = 0.05
_FIRST_SHARE = 0.2
_OCTAVE = 12


def mixture_text(style: dict[str, float]) -> str:
    """Shares of styles in words, the larger first."""
    ordered = sorted(style.items(), key=lambda item: -item[1])
    if len(ordered) == 1:
        return ordered[0][0]
    return " + ".join(f"{name} {share:.0%}" for name, share in ordered)


def _step_form(song: Song, index: int, steps: int) -> Song:
    return set_form(song, index, along(FORMS, song.sections[index].constraints.form, steps))


def _form_stepper(part: Part) -> Step:
    def step(song: Song, index: int, steps: int) -> Song:
        own = song.sections[index].constraints.forms.of(part)
        return set_part_form(song, index, part, along(PART_FORMS, own, steps))

    return step


def part_form_text(section: Section, part: Part) -> str:
    """The form asked of a part alone."""
    own = section.constraints.forms.of(part)
    return AS_SECTION if own is None else own or FREE


def _form_field(part: Part) -> Field:
    return Field(
        f"{part.value}-form",
        f"{part.value} form",
        _form_stepper(part),
        lambda section: part_form_text(section, part),
        3,
        checks=FORM,
        checked_part=part,
        selects=part,
        row=f"  {part.value}",
    )


_GAPS: tuple[int | None, ...] = (None, *GAPS.values())


def _step_gap(song: Song, index: int, steps: int) -> Song:
    return set_gap(song, index, along(_GAPS, song.sections[index].constraints.gap, steps))


def gap_text(section: Section) -> str:
    """The silence asked for before a drop."""
    return next((name for name, beats in GAPS.items() if beats == section.constraints.gap), "usual")


def _step_chords(song: Song, index: int, steps: int) -> Song:
    section, key = song.sections[index], parse_key(song.key_of(index))
    choices = progression_choices(section.kind, key, song.style_of(index))
    return set_chords(song, index, along((None, *choices), section.constraints.chords, steps))


def _step_chord_beats(song: Song, index: int, steps: int) -> Song:
    at = CHORD_BEATS.index(song.sections[index].constraints.chord_beats) + steps
    return set_chord_beats(song, index, CHORD_BEATS[int(within(at, 0, len(CHORD_BEATS) - 1))])


def _chord_beats_text(section: Section) -> str:
    bars, beats = divmod(section.constraints.chord_beats, QUARTERS_PER_BAR)
    return f"{beats} beats" if beats else f"{bars} bar{'s' if bars > 1 else ''}"


_PASSING: tuple[bool | None, ...] = (None, True, False)
PASSING_TEXTS = {None: "usual", True: "yes", False: "no"}


def _step_passing(song: Song, index: int, steps: int) -> Song:
    return set_passing(song, index, along(_PASSING, song.sections[index].constraints.passing, steps))


THEME_HERE, THEME_OFF = "here", "off"
"""Values of the theme's field beside the ways to quote: the theme is this section's, or there is none."""


def _step_theme(song: Song, index: int, steps: int) -> Song:
    section, by_itself = song.sections[index], set_theme(song, FIRST_DROP)
    if song.theme == NO_THEME:
        return by_itself
    if theme_section(song) == index:
        return set_theme(song, NO_THEME) if theme_section(by_itself) == index else by_itself
    way = along((*QUOTES, THEME_HERE), way_of(section), steps)
    return set_theme(song, section.id) if way == THEME_HERE else set_quote(song, index, way)


def _theme_text(song: Song, index: int) -> str:
    home = theme_section(song)
    if home is None:
        return THEME_OFF if song.theme == NO_THEME else "none"
    if home == index:
        return THEME_HERE
    way = way_of(song.sections[index])
    return way if way == "none" else f"{way}, of {song.section_names()[home]}"


def _step_letter(song: Song, index: int, steps: int) -> Song:
    return set_form_bars(song, index, int(within(song.sections[index].constraints.form_bars + steps, 1, MAX_FORM_BARS)))


def _step_style(song: Song, index: int, steps: int) -> Song:
    own = song.sections[index].constraints.style
    main = along((None, *STYLES), next(iter(own)) if own else None, steps)
    second = _second(own)
    if main is None:
        return set_style(song, index, None)
    if second is None or second[0] == main:
        return set_style(song, index, {main: 1.0})
    return set_style(song, index, {main: 1 - second[1], second[0]: second[1]})


def _step_second(song: Song, index: int, steps: int) -> Song:
    own = song.style_of(index)
    main, second = next(iter(own)), _second(own)
    others = (None, *(name for name in STYLES if name != main))
    chosen = along(others, second[0] if second else None, steps)
    share = second[1] if second else _FIRST_SHARE
    return set_style(song, index, {main: 1.0} if chosen is None else {main: 1 - share, chosen: share})


def _step_share(song: Song, index: int, steps: int) -> Song:
    own = song.style_of(index)
    second = _second(own)
    if second is None:
        raise UserError("there is no second style: choose one, by {field.style}")
    share = round(within(second[1] + steps * SHARE_STEP, SHARE_STEP, 1 - SHARE_STEP), 4)
    if share == second[1]:
        return song
    return set_style(song, index, {next(iter(own)): 1 - share, second[0]: share})


def _second(style: dict[str, float] | None) -> tuple[str, float] | None:
    """The second style of a mixture, and its share."""
    return list(style.items())[1] if style is not None and len(style) > 1 else None


def _second_text(section: Section) -> str:
    second = _second(section.constraints.style)
    return second[0] if second else "none"


def _share_text(section: Section) -> str:
    second = _second(section.constraints.style)
    return f"{second[1]:.0%}" if second else "0%"


def _share(section: Section) -> float:
    second = _second(section.constraints.style)
    return second[1] if second else 0.0


def _style_text(section: Section) -> str:
    own = section.constraints.style
    return mixture_text(own) if own else ""


def _step_temperature(song: Song, index: int, steps: int) -> Song:
    moved = song.sections[index].constraints.temperature + steps * TEMPERATURE_STEP
    return set_temperature(song, index, within(moved, MIN_TEMPERATURE, MAX_TEMPERATURE))


def _step_kind(song: Song, index: int, steps: int) -> Song:
    return set_kind(song, index, along(tuple(SectionKind), song.sections[index].kind, steps))


def _windows(part: Part) -> list[tuple[int, int]]:
    """Ranges that a range field steps through: all of the part's, then octaves half an octave apart."""
    spec = PART_SPECS[part]
    lows = range(spec.low, spec.high - _OCTAVE + 1, _OCTAVE // 2)
    return [(spec.low, spec.high), *((low, low + _OCTAVE) for low in lows)]


def _range_stepper(part: Part) -> Step:
    def step(song: Song, index: int, steps: int) -> Song:
        asked = song.sections[index].constraints.pitch_range(part)
        return set_range(song, index, part, *along(_windows(part), asked, steps))

    return step


def range_text(section: Section, part: Part) -> str:
    """The range asked of a part."""
    low, high = section.constraints.pitch_range(part)
    return f"{pitch_name(low)} to {pitch_name(high)}"


def _range_field(part: Part) -> Field:
    return Field(
        f"{part.value}-range",
        f"{part.value} in",
        _range_stepper(part),
        lambda section: range_text(section, part),
        2,
        checks=RANGE,
        checked_part=part,
        selects=part,
    )


FIELDS: tuple[Field, ...] = (
    Field("bars", "bars", _step_bars, lambda s: str(s.bars), 4),
    Field("tempo", "tempo", _step_tempo, _tempo_text, 10),
    Field("ramp", "ramp to", _step_end_tempo, _end_tempo_text, 10),
    Field("density", "density", _step_density, lambda s: f"{mean_density(s):.2f}", 4, mean_density),
    *(_part_field(part) for part in PARTS),
    Field("wobble", "wobble", _step_rates, _rates_text, 3, checks=RATE, checked_part=Part.BASS),
    Field("depth", "depth", _step_depth, lambda s: f"{_depth(s):.2f}", 4, _depth, checks=DEPTH, checked_part=Part.BASS),
    Field("shape", "shape", _step_shape, lambda s: s.constraints.wobble.shape, 2, checks=SHAPE, checked_part=Part.BASS),
    Field("key", "key", _step_key, lambda s: s.constraints.key or "", 12, inherited=lambda song: song.key, checks=KEY),
    Field(
        "progression",
        "chords go",
        _step_chords,
        lambda s: s.constraints.chords or FREE,
        3,
        checks=CHORDS,
        checked_part=Part.CHORDS,
    ),
    Field("chord-length", "a chord", _step_chord_beats, _chord_beats_text, 2),
    Field("passing", "passing", _step_passing, lambda s: PASSING_TEXTS[s.constraints.passing], 2),
    *(_range_field(part) for part in (Part.BASS, Part.CHORDS, Part.LEAD)),
    Field("form", "form", _step_form, lambda s: s.constraints.form or FREE, 3, checks=FORM),
    *(_form_field(part) for part in PARTS),
    Field("letter", "a letter", _step_letter, lambda s: f"{s.constraints.form_bars} bars", 2),
    Field("gap", "gap", _step_gap, gap_text, 2, checks=GAP),
    Field("theme", "theme", _step_theme, way_of, 2, placed=_theme_text),
    Field("style", "style", _step_style, _style_text, 4, inherited=lambda song: mixture_text(song.style)),
    Field("second", "with", _step_second, _second_text, 4),
    Field("share", "share", _step_share, _share_text, 4, _share),
    Field("heat", "heat", _step_temperature, lambda s: f"{s.constraints.temperature:.2f}", 4),
    Field("kind", "kind", _step_kind, lambda s: s.kind.value, 2),
)
"""Every field, in the order of the screen."""

FIELD_IDS = tuple(field.id for field in FIELDS)


def field(field_id: str) -> Field:
    """The field of that id."""
    return FIELDS[FIELD_IDS.index(field_id)]


def shown_fields(section: Section, part: Part, chosen: str) -> list[Field]:
    """The fields that there is to be seen of a section: of forms of parts only those set, the selected and the chosen.

    Args:
        section: whose constraints they are.
        part: the selected one.
        chosen: id of the chosen field.
    """
    unset = {f"{one.value}-form" for one in PARTS if section.constraints.forms.of(one) is None and one is not part}
    return [one for one in FIELDS if one.id == chosen or one.id not in unset]


def shown_text(song: Song, index: int, one: Field) -> str:
    """The text that is shown for a field of a section; empty where the song's own holds."""
    return one.text(song.sections[index]) if one.placed is None else one.placed(song, index)


def next_of(group: Sequence[str], current: str) -> str:
    """The first field of a group, or where that group is chosen already, the one after the current."""
    return along(group, current, 1) if current in group else group[0]
