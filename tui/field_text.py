"""Text that is typed for a field of the constraints: read into the change it asks for, offered, and hinted at.

The fields themselves are in `tui.fields`; the line to write into is `tui.screens.prompt`.
"""

import re
from collections.abc import Callable

from song.checks import FREE
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
from song.limits import (
    MAX_BARS,
    MAX_CHORDS,
    MAX_FORM_BARS,
    MAX_TEMPERATURE,
    MAX_TEMPO_BPM,
    MIN_TEMPERATURE,
    MIN_TEMPO_BPM,
)
from song.notes import RATES, SHAPES
from song.parts import PARTS, Part
from song.scales import parse_pitch
from song.sections import GAPS, Constraints, SectionKind, Song
from song.styles import STYLES
from song.theme import FIRST_DROP, NO_THEME, QUOTES, theme_section
from song.time import QUARTERS_PER_BAR
from tui.fields import (
    AS_SECTION,
    PASSING_TEXTS,
    THEME_HERE,
    THEME_OFF,
    field,
    mean_density,
    mixture_text,
    range_text,
)

Reader = Callable[[Song, int, str], Song]


def read_field(song: Song, index: int, field_id: str, text: str) -> Song:
    """The song with a field of a section as it was typed.

    Raises:
        UserError: where it cannot be read or is out of range; it says what may be written.
    """
    return _READERS[field_id](song, index, text.strip())


def typed_text(song: Song, index: int, field_id: str) -> str:
    """A field as one would type it."""
    section = song.sections[index]
    asked = section.constraints
    start, end = asked.tempo_bpm
    if field_id.endswith("-range"):
        return range_text(section, Part(field_id.removesuffix("-range"))).replace(" to ", "-")
    texts = {
        "bars": str(section.bars),
        "tempo": f"{start:g}" if start == end else f"{start:g}-{end:g}",
        "ramp": f"{end:g}",
        "density": f"{mean_density(section):g}",
        "wobble": " ".join(rate for rate in RATES if rate in asked.wobble.rates),
        "key": asked.key or "",
        "form": asked.form or "",
        "gap": next((name for name, beats in GAPS.items() if beats == asked.gap), ""),
        "progression": asked.chords or "",
        "chord-length": str(asked.chord_beats),
        "passing": "" if asked.passing is None else PASSING_TEXTS[asked.passing],
        "theme": {NO_THEME: THEME_OFF, section.id: THEME_HERE}.get(
            song.theme, "" if theme_section(song) == index else asked.theme or ""
        ),
        "letter": str(asked.form_bars),
        "style": mixture_text(asked.style) if asked.style else "",
        "second": mixture_text(song.style_of(index)),
        "share": mixture_text(song.style_of(index)),
        "heat": f"{asked.temperature:g}",
    }
    return texts.get(field_id, field(field_id).text(section))


def hint(field_id: str) -> str:
    """The values that may be typed for a field, in words."""
    if field_id.endswith("-range"):
        return "two pitches an octave apart or more, such as C2-C3; nothing: all of the part's"
    if field_id.endswith("-form"):
        return f"letters such as AABA for this part alone; {FREE}: no form; nothing: the section's"
    tempi = f"{MIN_TEMPO_BPM:g}-{MAX_TEMPO_BPM:g}"
    hints = {
        "bars": f"a number of bars, 1-{MAX_BARS}",
        "gap": f"the silence before this drop: {', '.join(GAPS)}; nothing: a beat",
        "progression": f"up to {MAX_CHORDS} chords, i VI III VII or Fm Db Ab Eb; nothing: free",
        "chord-length": f"beats of each chord: {', '.join(map(str, CHORD_BEATS))}",
        "passing": "may bass and lead leave the scale off the beat: yes, no; nothing: as the style does",
        "theme": f"{', '.join(QUOTES)}; {THEME_HERE}: the theme is this section's; {THEME_OFF}: nobody quotes",
        "tempo": f"BPM {tempi}, or two for a ramp, such as 140-150",
        "ramp": f"BPM at the end, {tempi}",
        "wobble": "rates such as 1/8 1/8T 1/16; nothing: no wobble",
        "depth": "0-1",
        "shape": ", ".join(SHAPES),
        "key": "a key such as F minor; nothing: the song's",
        "form": "letters such as AABA, the same letter the same music; nothing: free",
        "letter": f"bars under each letter, 1-{MAX_FORM_BARS}",
        "heat": f"{MIN_TEMPERATURE:g} (safe) to {MAX_TEMPERATURE:g} (daring)",
        "kind": ", ".join(SectionKind),
    }
    if field_id in ("style", "second", "share"):
        return f"such as dubstep 80 + trap 20; of {', '.join(STYLES)}"
    return hints.get(field_id, "0 (silent), 0.5 (as most music) to 1 (as the busiest)")


def read_number(text: str) -> float:
    """The number that was typed, with a point or a comma.

    Raises:
        UserError: where it is none.
    """
    try:
        return float(text.replace(",", "."))
    except ValueError as error:
        raise UserError(f'"{text}" is not a number') from error


def _whole(text: str) -> int:
    number = read_number(text)
    if not number.is_integer():
        raise UserError(f'"{text}" is not a whole number')
    return int(number)


def _read_tempo(song: Song, index: int, text: str) -> Song:
    bounds = [read_number(bound) for bound in re.split(r"\s*(?:-|to)\s*", text.lower().removesuffix("bpm").strip())]
    return set_tempo(song, index, bounds[0], bounds[-1])


def _read_gap(song: Song, index: int, text: str) -> Song:
    name = text.lower()
    if name and name not in GAPS:
        raise UserError(f'"{text}" is no gap: write {", ".join(GAPS)}, or nothing')
    return set_gap(song, index, GAPS[name] if name else None)


def _read_chord_length(song: Song, index: int, text: str) -> Song:
    words = text.lower().split()
    beats = _whole(words[0]) if words else 0
    bars = len(words) > 1 and words[1].startswith("bar")
    return set_chord_beats(song, index, beats * QUARTERS_PER_BAR if bars else beats)


def _read_passing(song: Song, index: int, text: str) -> Song:
    if text.lower() not in ("yes", "no", ""):
        raise UserError(f'"{text}" is neither yes nor no')
    return set_passing(song, index, {"yes": True, "no": False}.get(text.lower()))


def _read_theme(song: Song, index: int, text: str) -> Song:
    way, section_id = text.lower(), song.sections[index].id
    if way in (THEME_HERE, THEME_OFF):
        return set_theme(song, section_id if way == THEME_HERE else NO_THEME)
    # Who says how to quote wants a theme, and one that is elsewhere.
    if song.theme in (NO_THEME, section_id):
        song = set_theme(song, FIRST_DROP)
    if way and theme_section(song) == index:
        raise UserError(f"the theme is this section's: write {THEME_HERE} at another, or {THEME_OFF}")
    return set_quote(song, index, way or None)


def _read_ramp(song: Song, index: int, text: str) -> Song:
    return set_tempo(song, index, song.sections[index].constraints.tempo_bpm[0], read_number(text))


def _read_density(song: Song, index: int, text: str) -> Song:
    wanted = read_number(text)
    if not 0 <= wanted <= 1:
        raise UserError(f"a density is 0 to 1, not {wanted:g}")
    return shift_density(song, index, wanted - mean_density(song.sections[index]))


def _read_rates(song: Song, index: int, text: str) -> Song:
    rates = [] if text == "none" else re.split(r"[\s,]+", text) if text else []
    for rate in rates:
        if rate not in RATES:
            raise UserError(f'"{rate}" is not a rate: use some of {" ".join(RATES)}')
    return set_wobble(song, index, rates=tuple(rate for rate in RATES if rate in rates))


def _read_style(song: Song, index: int, text: str) -> Song:
    return set_style(song, index, read_mixture(text) if text else None)


def read_mixture(text: str) -> dict[str, float]:
    """The mixture of styles that was typed: "riddim", or "dubstep 3 + trap 1", as weights.

    Raises:
        UserError: where a weight cannot be read.
    """
    shares: dict[str, float] = {}
    for piece in text.split("+"):
        match = re.fullmatch(r"(.*?)\s*([\d.]*)\s*%?", piece.strip())
        assert match is not None, "it matches anything"
        name, share = match.groups()
        shares[name.lower()] = read_number(share) if share else 1.0
    return shares


def _read_kind(song: Song, index: int, text: str) -> Song:
    if text.lower() not in tuple(SectionKind):
        raise UserError(f'"{text}" is not a kind: use one of {", ".join(SectionKind)}')
    return set_kind(song, index, SectionKind(text.lower()))


def _range_reader(part: Part) -> Reader:
    def read(song: Song, index: int, text: str) -> Song:
        if not text:
            return set_range(song, index, part, *Constraints().pitch_range(part))
        bounds = re.split(r"\s+to\s+|\s*-\s*", text, maxsplit=1)
        return set_range(song, index, part, parse_pitch(bounds[0]), parse_pitch(bounds[-1]))

    return read


def _form_reader(part: Part) -> Reader:
    def read(song: Song, index: int, text: str) -> Song:
        own = None if text.lower() in ("", AS_SECTION) else "" if text.lower() == FREE else text
        return set_part_form(song, index, part, own)

    return read


def _part_reader(part: Part) -> Reader:
    return lambda song, index, text: set_density(song, index, part, read_number(text))


_READERS: dict[str, Reader] = {
    "bars": lambda song, index, text: set_bars(song, index, _whole(text)),
    "tempo": _read_tempo,
    "ramp": _read_ramp,
    "density": _read_density,
    **{part.value: _part_reader(part) for part in PARTS},
    "wobble": _read_rates,
    "depth": lambda song, index, text: set_wobble(song, index, depth=read_number(text)),
    "shape": lambda song, index, text: set_wobble(song, index, shape=text.lower()),
    "key": lambda song, index, text: set_key(song, index, text or None),
    **{f"{part.value}-range": _range_reader(part) for part in (Part.BASS, Part.CHORDS, Part.LEAD)},
    "form": lambda song, index, text: set_form(song, index, text or None),
    **{f"{part.value}-form": _form_reader(part) for part in PARTS},
    "gap": _read_gap,
    "progression": lambda song, index, text: set_chords(song, index, None if text.lower() in ("", "free") else text),
    "chord-length": _read_chord_length,
    "passing": _read_passing,
    "theme": _read_theme,
    "letter": lambda song, index, text: set_form_bars(song, index, _whole(text.lower().removesuffix("bars"))),
    "style": _read_style,
    "second": _read_style,
    "share": _read_style,
    "heat": lambda song, index, text: set_temperature(song, index, read_number(text)),
    "kind": _read_kind,
}
