"""Edits of what a section asks for: tempo, density, wobble, key, form, style, temperature and pitch ranges.

Each refuses what the model could not be held to, but for `set_constraints`, through which they all go.
"""

from typing import Any

import msgspec

from song.chord_names import typed_progression
from song.edits.takes import replace_section
from song.errors import UserError
from song.harmony import CHORD_BEATS
from song.limits import MAX_FORM, MAX_FORM_BARS, MAX_TEMPERATURE, MAX_TEMPO_BPM, MIN_TEMPERATURE, MIN_TEMPO_BPM
from song.notes import RATES, SHAPES
from song.parts import PART_SPECS, PARTS, Part, check_range
from song.scales import parse_key
from song.sections import (
    GAPS,
    Constraints,
    Density,
    PartForms,
    PitchRanges,
    Song,
    WobbleRange,
)
from song.styles import check_style
from song.theme import QUOTES


def set_form(song: Song, index: int, form: str | None) -> Song:
    """The song with a form for a section: letters, each for `form_bars` bars; None leaves it to the model.

    Raises:
        UserError: unless it is 1-32 of the letters A-Z.
    """
    return set_constraints(song, index, form=None if form is None else _letters(form))


def set_part_form(song: Song, index: int, part: Part, form: str | None) -> Song:
    """The song with a form for one part of a section alone.

    Args:
        form: letters, each for `form_bars` bars; empty leaves it to the model, None takes the section's.

    Raises:
        UserError: unless it is at most 32 of the letters A-Z.
    """
    before = song.sections[index].constraints.forms
    forms: PartForms = msgspec.structs.replace(before, **{part.value: _letters(form) if form else form})
    return set_constraints(song, index, forms=forms)


def _letters(form: str) -> str:
    form = "".join(form.split()).upper()
    if not (form.isascii() and form.isalpha() and len(form) <= MAX_FORM):
        raise UserError("a form is letters, one for each stretch of bars, such as AABA; or leave it empty")
    return form


def set_form_bars(song: Song, index: int, bars: int) -> Song:
    """The song with other bars under each letter of a section's form.

    Raises:
        UserError: unless bars is 1-8.
    """
    if not 1 <= bars <= MAX_FORM_BARS:
        raise UserError(f"a letter of a form is 1 to {MAX_FORM_BARS} bars, not {bars}")
    return set_constraints(song, index, form_bars=bars)


def set_gap(song: Song, index: int, gap: int | None) -> Song:
    """The song with so many beats of silence before a section, where it is a drop.

    Args:
        gap: a value of `GAPS`; None for one beat, and none where the drop follows another.

    Raises:
        UserError: for another number.
    """
    if gap not in (None, *GAPS.values()):
        raise UserError(f"a gap is {', '.join(GAPS)}")
    return set_constraints(song, index, gap=gap)


def set_chords(song: Song, index: int, chords: str | None) -> Song:
    """The song with a progression for a section; None leaves its harmony to the model.

    Args:
        chords: roman numerals or names, as `song.chord_names.typed_progression` reads them.

    Raises:
        UserError: where they cannot be read.
    """
    if chords is not None:
        chords = typed_progression(chords, parse_key(song.key_of(index)))
    return set_constraints(song, index, chords=chords)


def set_chord_beats(song: Song, index: int, beats: int) -> Song:
    """The song with another length of the chords of a section's progression.

    Raises:
        UserError: unless it is one of `CHORD_BEATS`.
    """
    if beats not in CHORD_BEATS:
        raise UserError(f"a chord lasts {', '.join(map(str, CHORD_BEATS))} beats, not {beats}")
    return set_constraints(song, index, chord_beats=beats)


def set_quote(song: Song, index: int, way: str | None) -> Song:
    """The song with another way in which a section quotes its theme; None as the kind of the section usually does.

    Raises:
        UserError: unless it is one of `QUOTES`.
    """
    if way not in (None, *QUOTES):
        raise UserError(f"a theme is quoted {', '.join(QUOTES)}")
    return set_constraints(song, index, theme=way)


def set_theme(song: Song, section_id: int) -> Song:
    """The song with its theme in another section.

    Args:
        section_id: the section's id; `FIRST_DROP`, or `NO_THEME` for none.
    """
    changed: Song = msgspec.structs.replace(song, theme=section_id)
    return changed


def set_passing(song: Song, index: int, passing: bool | None) -> Song:
    """The song with lines of a section that may leave the scale for short notes, or not; None as the style does."""
    return set_constraints(song, index, passing=passing)


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


def set_constraints(song: Song, index: int, **changes: Any) -> Song:
    """The song with some constraints of a section changed; the names are the fields of `Constraints`."""
    section = song.sections[index]
    constraints: Constraints = msgspec.structs.replace(section.constraints, **changes)
    return replace_section(song, index, msgspec.structs.replace(section, constraints=constraints))


def set_tempo(song: Song, index: int, start_bpm: float, end_bpm: float) -> Song:
    """The song with a section's tempo changed; a ramp where the two differ.

    Args:
        start_bpm: tempo of the section's first quarter, 40-300 quarters a minute.
        end_bpm: tempo of its last quarter, 40-300.

    Raises:
        UserError: for a tempo outside 40-300.
    """
    for bpm in (start_bpm, end_bpm):
        if not MIN_TEMPO_BPM <= bpm <= MAX_TEMPO_BPM:
            raise UserError(f"a tempo is {MIN_TEMPO_BPM:g} to {MAX_TEMPO_BPM:g} BPM, not {bpm:g}")
    return set_constraints(song, index, tempo_bpm=(float(start_bpm), float(end_bpm)))


def set_density(song: Song, index: int, part: Part, density: float) -> Song:
    """The song with one part of a section busier or calmer.

    Args:
        density: 0-1, both inclusive; 0 is silence.

    Raises:
        UserError: for a density outside 0-1.
    """
    if not 0 <= density <= 1:
        raise UserError(f"a density is 0 to 1, not {density:g}")
    densities = msgspec.structs.replace(song.sections[index].constraints.density, **{part.value: density})
    return set_constraints(song, index, density=densities)


def shift_density(song: Song, index: int, change: float) -> Song:
    """The song with every part of a section busier or calmer by as much, each held within 0-1.

    Parts that are silent stay silent, unless all of them are.

    Args:
        change: -1 to 1.
    """
    before = song.sections[index].constraints.density
    playing = [part for part in PARTS if before.of(part) > 0] or list(PARTS)
    shifted = {part.value: round(min(1.0, max(0.0, before.of(part) + change)), 4) for part in playing}
    after: Density = msgspec.structs.replace(before, **shifted)
    return set_constraints(song, index, density=after)


def set_wobble(song: Song, index: int, **changes: Any) -> Song:
    """The song with what a section's bass filter may do changed; the names are the fields of `WobbleRange`.

    Raises:
        UserError: for a rate or a shape that is not known, or a depth outside 0-1.
    """
    wobble: WobbleRange = msgspec.structs.replace(song.sections[index].constraints.wobble, **changes)
    for rate in wobble.rates:
        if rate not in RATES:
            raise UserError(f'"{rate}" is not a wobble rate: use {", ".join(RATES)}')
    if wobble.shape not in SHAPES:
        raise UserError(f'"{wobble.shape}" is not a wobble shape: use one of {", ".join(SHAPES)}')
    if not 0 <= wobble.depth <= 1:
        raise UserError(f"a wobble's depth is 0 to 1, not {wobble.depth:g}")
    return set_constraints(song, index, wobble=wobble)


def set_key(song: Song, index: int, key: str | None) -> Song:
    """The song with a key for one section alone, or with none, so that the song's key holds there.

    Raises:
        UserError: for a key that `song.scales.parse_key` does not know.
    """
    return set_constraints(song, index, key=None if key is None else str(parse_key(key)))
