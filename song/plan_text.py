"""A song's plan as `plan.toml`: what is asked of each section, without the notes. `song.plan` reads it back.

A plan knows nothing of takes, of mute and solo, and of the arrangement that a layout was drawn from: those are in the
song's own file.
"""

import json
from collections.abc import Iterator, Mapping

from song.parts import PARTS, Part
from song.scales import pitch_name
from song.sections import GAPS, Constraints, Section, Song
from song.theme import NO_THEME

_FREE = "free"
_PITCHED = (Part.BASS, Part.CHORDS, Part.LEAD)


def plan_text(song: Song) -> str:
    """The plan of a song in TOML; the same song gives the same text.

    Names have blanks for what no line of text holds.
    """
    return "\n".join(_lines(song)) + "\n"


def _lines(song: Song) -> Iterator[str]:
    yield f"title = {_quoted(song.title)}"
    yield f"style = {_shares(song.style)}"
    yield f"key = {_quoted(song.key)}"
    yield f"seed = {song.seed}"
    yield f"sub = {_flag(song.sub)}"
    index = song.index_of(song.theme) if song.theme > 0 else None
    if song.theme == NO_THEME:
        yield "theme = false"
    elif index is not None:
        yield f"theme = {index + 1}"
    for section in song.sections:
        yield ""
        yield "[[section]]"
        yield from _section(section)


def _section(section: Section) -> Iterator[str]:
    asked = section.constraints
    yield f"kind = {_quoted(section.kind.value)}"
    if section.name:
        yield f"name = {_quoted(section.name)}"
    yield f"bars = {section.bars}"
    first, last = asked.tempo_bpm
    yield f"tempo = {_number(first)}" if first == last else f"tempo = [{_number(first)}, {_number(last)}]"
    if asked.key is not None:
        yield f"key = {_quoted(asked.key)}"
    density = ", ".join(f"{part.value} = {_number(asked.density.of(part))}" for part in PARTS)
    yield f"density = {{ {density} }}"
    rates = ", ".join(map(_quoted, asked.wobble.rates))
    depth, shape = _number(asked.wobble.depth), _quoted(asked.wobble.shape)
    yield f"wobble = {{ rates = [{rates}], depth = {depth}, shape = {shape} }}"
    yield from _form(asked)
    yield f"temperature = {_number(asked.temperature)}"
    if asked.style is not None:
        yield f"style = {_shares(asked.style)}"
    yield from _ranges(asked)
    if asked.gap is not None:
        yield f"gap = {_quoted(next(name for name, beats in GAPS.items() if beats == asked.gap))}"
    yield f"chords = {_quoted(_FREE if asked.chords is None else asked.chords)}"
    yield f"chord_beats = {asked.chord_beats}"
    if asked.theme is not None:
        yield f"theme = {_quoted(asked.theme)}"
    if asked.passing is not None:
        yield f"passing = {_flag(asked.passing)}"


def _form(asked: Constraints) -> Iterator[str]:
    forms = {part: asked.form_of(part) for part in PARTS}
    if len(set(forms.values())) == 1:
        form = forms[PARTS[0]]
        if form is not None:
            yield f"form = {_quoted(form)}"
    else:
        each = ", ".join(f"{part.value} = {_quoted(form)}" for part, form in forms.items() if form is not None)
        yield f"form = {{ {each} }}"
    yield f"form_bars = {asked.form_bars}"


def _ranges(asked: Constraints) -> Iterator[str]:
    ranges = {part: getattr(asked.ranges, part.value) for part in _PITCHED}
    each = ", ".join(
        f"{part.value} = [{_quoted(pitch_name(pitches[0]))}, {_quoted(pitch_name(pitches[1]))}]"
        for part, pitches in ranges.items()
        if pitches is not None
    )
    if each:
        yield f"range = {{ {each} }}"


def _shares(style: Mapping[str, float]) -> str:
    if list(style.values()) == [1.0]:
        return _quoted(next(iter(style)))
    return f"{{ {', '.join(f'{_quoted(name)} = {_number(share)}' for name, share in style.items())} }}"


def _number(value: float) -> str:
    return repr(float(value)).removesuffix(".0") if value < 1e16 else repr(float(value))


def _flag(value: bool) -> str:
    return "true" if value else "false"


def _quoted(words: str) -> str:
    return json.dumps("".join(letter if letter.isprintable() else " " for letter in words), ensure_ascii=False)
