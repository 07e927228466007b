"""Layouts of songs, drawn: key, tempo, lengths of sections, densities, harmony, quotations, and the parts that sit out.

An arrangement says what a genre does; no two tracks of it are laid out alike. Everything drawn becomes a value of the
song that the user sees and can change. Pure and seeded: one name and seed give one layout, on every machine.

Source: the project's notes on dubstep conventions for keys (roots that a club's speakers carry), tempi and lengths;
how often a part sits out of a section is counted in the starter set's tracks, to a tenth.
"""

import zlib
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from msgspec.structs import replace

from song.arrangements import arrangement
from song.dice import Dice
from song.limits import MAX_BARS
from song.parts import PARTS, Part
from song.progressions import with_progressions
from song.sections import Constraints, Density, Section, SectionKind, Song, number_sections
from song.theme import with_quotes

_STEP = 0.05
_LEAST_DENSITY = 0.05
_SPREAD = 0.25
"""The most that a density is drawn above or below the arrangement's, as a share of it."""
_FEWEST_BARS = 4
_HARMONY = ("chords", "chord_beats")


class _Ranges(NamedTuple):
    keys: tuple[str, ...]
    tempi_bpm: tuple[float, ...]
    sits_out: dict[tuple[SectionKind, Part], float]


_BASS_KEYS = ("E minor", "F minor", "F# minor", "G minor")
_PHRYGIAN = ("E phrygian", "F phrygian", "F# phrygian", "G phrygian")
_MINOR = ("C minor", "D minor", "E minor", "F minor", "F# minor", "G minor", "A minor", "B minor")
_INTRO, _BUILD, _DROP, _BREAK, _OUTRO = SectionKind
_SITS_OUT = {
    (_INTRO, Part.CHORDS): 0.1, (_INTRO, Part.LEAD): 0.4, (_BUILD, Part.CHORDS): 0.7, (_BUILD, Part.LEAD): 0.5,
    (_DROP, Part.CHORDS): 0.7, (_DROP, Part.LEAD): 0.4, (_BREAK, Part.DRUMS): 0.1, (_BREAK, Part.BASS): 0.2,
    (_BREAK, Part.CHORDS): 0.1, (_BREAK, Part.LEAD): 0.1, (_OUTRO, Part.BASS): 0.3, (_OUTRO, Part.CHORDS): 0.1,
    (_OUTRO, Part.LEAD): 0.5,
}  # fmt: skip
_SUNG = {
    (_INTRO, Part.CHORDS): 0.1, (_INTRO, Part.LEAD): 0.3, (_BUILD, Part.LEAD): 0.7, (_DROP, Part.CHORDS): 0.1,
    (_DROP, Part.LEAD): 0.1, (_BREAK, Part.DRUMS): 0.3, (_BREAK, Part.BASS): 0.2, (_BREAK, Part.CHORDS): 0.1,
    (_BREAK, Part.LEAD): 0.2, (_OUTRO, Part.BASS): 0.6, (_OUTRO, Part.CHORDS): 0.1, (_OUTRO, Part.LEAD): 0.4,
}  # fmt: skip
"""Styles whose drops are led by chords and melodies."""
_RANGES: dict[str, _Ranges] = {
    "dubstep": _Ranges((*_BASS_KEYS, *_BASS_KEYS, *_PHRYGIAN, "D minor"), (138, 140, 140, 142, 145, 150), _SITS_OUT),
    "riddim": _Ranges((*_BASS_KEYS, *_PHRYGIAN), (140, 142, 145, 148, 150), _SITS_OUT),
    "melodic dubstep": _Ranges((*_MINOR, "D major", "F major"), (140, 142, 145, 148, 150), _SUNG),
    "drum & bass": _Ranges(_MINOR, (170, 172, 174, 174, 175, 176), _SITS_OUT),
    "trap": _Ranges((*_MINOR, "F harmonic minor", "G harmonic minor"), (136, 140, 142, 145, 150), _SITS_OUT),
    "house": _Ranges((*_MINOR, "C major", "G major"), (122, 124, 125, 126, 128), _SUNG),
}


def draw_layout(name: str, seed: int) -> Song:
    """The empty song that a seed draws from an arrangement.

    Args:
        name: of `song.arrangements.ARRANGEMENTS`.
        seed: the song's, 0 or more.
    """
    base, ranges = arrangement(name), _RANGES[name]
    dice = Dice(zlib.crc32(name.encode()) << 31 | seed)
    tempo = dice.one_of(ranges.tempi_bpm)
    form = dice.one_of(_FORMS)(base.sections)
    sections = tuple(_drawn(dice, section, tempo, ranges) for section in form)
    song = replace(base, key=dice.one_of(ranges.keys), seed=seed, template=name, sections=_never_silent(sections))
    return number_sections(with_quotes(with_progressions(song, range(len(sections)))))


def redraw(song: Song, seed: int) -> Song:
    """The song laid out anew by another seed, save what the user has set.

    A value that is not as the song's own seed drew it was set by hand, and stays. So does a section in which anything
    is written with all that was asked of it, and the key then, which the music would be outside of. Where anything was
    set or written the row of sections stays, and each is drawn as the one of its kind that comes as late in the new
    layout. Progressions are drawn for the keys that hold.

    Args:
        song: drawn by `draw_layout`, and changed since or not.
        seed: 0 or more.
    """
    before, after = draw_layout(song.template, song.seed), draw_layout(song.template, seed)
    key_stays = song.key != before.key or any(map(_is_written, song.sections))
    again = replace(song, key=song.key if key_stays else after.key, seed=seed)
    # As the old seed drew them, under the keys of then or of now.
    was = _like(song.sections, before.sections)
    known = list(zip(was, _harmonized(song).sections, strict=True))
    untouched = song.theme <= 0 and all(map(_as_drawn, song.sections, known))
    if _kinds(song) == _kinds(before) != _kinds(after) and untouched:
        first_id = max(section.id for section in song.sections) + 1
        sections = tuple(replace(section, id=new_id) for new_id, section in enumerate(after.sections, first_id))
        return _harmonized(replace(again, sections=sections))
    chorded = [section.constraints for section in _harmonized(again).sections]
    rows = zip(song.sections, known, _like(song.sections, after.sections), chorded, strict=True)
    return replace(again, sections=tuple(_redrawn(*row) for row in rows))


def _like(sections: Sequence[Section], drawn: Sequence[Section]) -> list[Section]:
    """For each section the drawn one of its kind that comes as late, or the last such; itself where there is none."""
    seen: Counter[SectionKind] = Counter()
    found = []
    for section in sections:
        same = [one for one in drawn if one.kind is section.kind]
        found.append(same[min(seen[section.kind], len(same) - 1)] if same else section)
        seen[section.kind] += 1
    return found


def _harmonized(song: Song) -> Song:
    return with_progressions(song, range(len(song.sections)))


def _kinds(song: Song) -> list[SectionKind]:
    return [section.kind for section in song.sections]


def _redrawn(section: Section, known: tuple[Section, Section], after: Section, chorded: Constraints) -> Section:
    """A section with what another seed draws in the place of what the first one drew.

    Args:
        section: as it is.
        known: as its own seed drew it, and with the harmony that it draws under the keys of now.
        after: as the other seed draws it.
        chorded: has the harmony that the other seed draws.
    """
    if _is_written(section):
        return section
    asked, was, new = section.constraints, known[0].constraints, after.constraints
    changed = {
        name: getattr(new, name)
        for name in Constraints.__struct_fields__
        if getattr(asked, name) == getattr(was, name) and name not in _HARMONY
    }
    # The length of the chords belongs to them.
    harmonies = [(one.constraints.chords, one.constraints.chord_beats) for one in known]
    if asked.chords in [chords for chords, _ in harmonies]:
        changed["chords"] = chorded.chords
        if (asked.chords, asked.chord_beats) in harmonies:
            changed["chord_beats"] = chorded.chord_beats
    densities = Density(
        *(
            new.density.of(part) if asked.density.of(part) == was.density.of(part) else asked.density.of(part)
            for part in PARTS
        )
    )
    bars = after.bars if section.bars == known[0].bars else section.bars
    return replace(section, bars=bars, constraints=replace(asked, **changed | {"density": densities}))


def _is_written(section: Section) -> bool:
    return any(section.cell(part).takes for part in PARTS)


def _as_drawn(section: Section, known: tuple[Section, Section]) -> bool:
    was = known[0]
    asked = [
        was.constraints,
        replace(was.constraints, **{name: getattr(known[1].constraints, name) for name in _HARMONY}),
    ]
    is_drawn = (section.bars, section.name) == (was.bars, was.name) and section.constraints in asked
    return is_drawn and not _is_written(section)


def _drawn(dice: Dice, section: Section, tempo: float, ranges: _Ranges) -> Section:
    constraints = section.constraints
    densities = []
    for part in PARTS:
        share, spread, out = constraints.density.of(part), dice.random(), dice.random()
        if out < ranges.sits_out.get((section.kind, part), 0.0):
            share = 0.0
        elif share:
            share = max(_LEAST_DENSITY, round(share * (1 + _SPREAD * (2 * spread - 1)) / _STEP) * _STEP)
        densities.append(round(min(share, 1.0), 2))
    return replace(section, constraints=replace(constraints, tempo_bpm=(tempo, tempo), density=Density(*densities)))


def _never_silent(sections: Sequence[Section]) -> tuple[Section, ...]:
    """The sections, chords playing where every part sits out."""
    return tuple(
        section
        if any(section.constraints.density.of(part) for part in PARTS)
        else replace(section, constraints=replace(section.constraints, density=Density(0.0, 0.0, 0.3, 0.0)))
        for section in sections
    )


def _as_it_is(sections: Sequence[Section]) -> list[Section]:
    return list(sections)


def _short(sections: Sequence[Section]) -> list[Section]:
    """Intros, breaks and outros half as long: the drop comes sooner."""
    return [_of_bars(one, one.bars // 2) if one.kind in (_INTRO, _OUTRO, _BREAK) else one for one in sections]


def _long_ending(sections: Sequence[Section]) -> list[Section]:
    """A last drop that is half as long again."""
    last = max((index for index, one in enumerate(sections) if one.kind is _DROP), default=-1)
    return [_of_bars(one, one.bars * 3 // 2) if index == last else one for index, one in enumerate(sections)]


def _double_drop(sections: Sequence[Section]) -> list[Section]:
    """The first drop is followed by another, a bit fuller, after which the break is shorter."""
    first = next(index for index, one in enumerate(sections) if one.kind is _DROP)
    drop = sections[first]
    density = Density(*(round(min(1.0, drop.constraints.density.of(part) * 1.1), 2) for part in PARTS))
    again = replace(drop, constraints=replace(drop.constraints, density=density), id=0)
    rest = [_of_bars(one, 8) if one.kind is _BREAK else one for one in sections[first + 1 :]]
    return [*sections[: first + 1], again, *rest]


def _slow_start(sections: Sequence[Section]) -> list[Section]:
    """The first build is twice as long, or the intro where that would be too long for one."""
    first = next(index for index, one in enumerate(sections) if one.kind is _BUILD)
    longer = first if sections[first].bars <= 8 else 0
    return [_of_bars(one, one.bars * 2) if index == longer else one for index, one in enumerate(sections)]


_FORMS = (_as_it_is, _short, _long_ending, _double_drop, _slow_start)


def _of_bars(section: Section, bars: int) -> Section:
    return replace(section, bars=min(MAX_BARS, max(_FEWEST_BARS, bars)))
