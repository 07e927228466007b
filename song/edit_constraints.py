"""Edits of what a section asks for, beyond tempo, density and wobble: form, style, temperature, pitch ranges.

Each refuses what the model could not be held to.
"""

import msgspec

from song.edit import set_constraints
from song.errors import UserError
from song.parts import PART_SPECS, Part, check_range
from song.sections import PitchRanges, Song
from song.styles import check_style

MIN_TEMPERATURE, MAX_TEMPERATURE = 0.1, 2.0
MAX_FORM = 32
"""The longest form, in letters."""
MAX_FORM_BARS = 8


def set_form(song: Song, index: int, form: str | None) -> Song:
    """The song with a form for a section: letters, each for `form_bars` bars; None leaves it to the model.

    Raises:
        UserError: unless it is 1-32 of the letters A-Z.
    """
    if form is not None:
        form = "".join(form.split()).upper()
        if not (form.isascii() and form.isalpha() and len(form) <= MAX_FORM):
            raise UserError("a form is letters, one for each stretch of bars, such as AABA; or leave it empty")
    return set_constraints(song, index, form=form)


def set_form_bars(song: Song, index: int, bars: int) -> Song:
    """The song with other bars under each letter of a section's form.

    Raises:
        UserError: unless bars is 1-8.
    """
    if not 1 <= bars <= MAX_FORM_BARS:
        raise UserError(f"a letter of a form is 1 to {MAX_FORM_BARS} bars, not {bars}")
    return set_constraints(song, index, form_bars=bars)


def set_temperature(song: Song, index: int, temperature: float) -> Song:
    """The song with a section written more safely or more daringly.

    Args:
        temperature: 0.1-2, both inclusive.

    Raises:
        UserError: for a temperature outside that.
    """
    if not MIN_TEMPERATURE <= temperature <= MAX_TEMPERATURE:
        raise UserError(f"a temperature is {MIN_TEMPERATURE:g} to {MAX_TEMPERATURE:g}, not {temperature:g}")
    return set_constraints(song, index, temperature=round(float(temperature), 4))


def set_style(song: Song, index: int, style: dict[str, float] | None) -> Song:
    """The song with a mixture of styles for one section, shares above 0 of any sum; None takes the song's.

    Raises:
        UserError: for a style that is not known, or shares that are not above 0.
    """
    return set_constraints(song, index, style=None if style is None else check_style(style))


def set_range(song: Song, index: int, part: Part, low: int, high: int) -> Song:
    """The song with a part of a section held to pitches from `low` to `high`, both inclusive.

    Raises:
        UserError: for drums, and for a range that is not within the part's or holds fewer than 12 pitches.
    """
    check_range(part, low, high)
    spec = PART_SPECS[part]
    asked = None if (low, high) == (spec.low, spec.high) else (low, high)
    ranges: PitchRanges = msgspec.structs.replace(song.sections[index].constraints.ranges, **{part.value: asked})
    return set_constraints(song, index, ranges=ranges)
