"""Fields of the constraints beyond bars, tempo, density and wobble: form, styles, ranges, temperature, kind.

`tui.fields` puts them into the table; what is typed for a field is read by `tui.field_reading`.
"""

from song.checks import FORM, FREE, RANGE
from song.edit_constraints import (
    MAX_FORM_BARS,
    MAX_TEMPERATURE,
    MIN_TEMPERATURE,
    set_form,
    set_form_bars,
    set_range,
    set_style,
    set_temperature,
)
from song.edit_sections import set_kind
from song.errors import UserError
from song.parts import PART_SPECS, Part
from song.scales import pitch_text
from song.sections import Section, SectionKind, Song
from song.styles import STYLES
from tui.field_table import Field, Step, along, within

FORMS: tuple[str | None, ...] = (None, "A", "AB", "AAAB", "AABA", "AABB", "ABAB", "ABAC", "ABCD")
"""Forms that the form field steps through; the first leaves it to the model."""

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
    return f"{pitch_text(low)} to {pitch_text(high)}"


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


MORE_FIELDS: tuple[Field, ...] = (
    *(_range_field(part) for part in (Part.BASS, Part.CHORDS, Part.LEAD)),
    Field("form", "form", _step_form, lambda s: s.constraints.form or FREE, 3, checks=FORM),
    Field("letter", "a letter", _step_letter, lambda s: f"{s.constraints.form_bars} bars", 2),
    Field("style", "style", _step_style, _style_text, 4, inherited=lambda song: mixture_text(song.style)),
    Field("second", "with", _step_second, _second_text, 4),
    Field("share", "share", _step_share, _share_text, 4, _share),
    Field("heat", "heat", _step_temperature, lambda s: f"{s.constraints.temperature:.2f}", 4),
    Field("kind", "kind", _step_kind, lambda s: s.kind.value, 2),
)
"""In the order of the screen."""
