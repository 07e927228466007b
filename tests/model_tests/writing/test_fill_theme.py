"""A song's theme in what is filled: quoted where it is told, once it is written, never over what the user keeps."""

import pytest

from model.protocol import CellRef, KeptBars
from model.writing.fill import CellTakes, Filler
from model.writing.hints import Hints
from song.density import onsets_to_density
from song.edits.constraints import set_quote, set_theme
from song.edits.takes import replace_cell
from song.notes import Note, Phrase
from song.parts import Part
from song.scales import parse_key
from song.sections import Cell, Constraints, Density, Section, SectionKind, Song, Take, number_sections
from song.theme import NO_THEME

BAR = 384
DROP, BREAK = 0, 1
RIFF = Phrase(4, tuple(Note(bar * BAR + 96 * n, p, 48, 90) for bar in range(4) for n, p in enumerate((36, 39, 43, 41))))


def song(part: Part = Part.BASS, theme: Phrase | None = None, **asked: object) -> Song:
    """A drop, and a break of eight bars that quotes it unless it is told not to: four onsets a bar in one part."""
    density = Density(**{"drums": 0, "bass": 0, "chords": 0, "lead": 0, part.value: onsets_to_density(part, 4)})
    sections = (
        Section(SectionKind.DROP, 4, Constraints(density=density)),
        Section(SectionKind.BREAK, 8, Constraints(density=density, **asked)),
    )
    made = number_sections(Song(key="C minor", sections=sections))
    return made if theme is None else replace_cell(made, DROP, part, Cell((Take(theme),), 0))


def notes(phrase: Phrase, bars: range) -> list[tuple[int, int]]:
    return [(n.onset_tick - bars[0] * BAR, n.pitch) for n in phrase.notes if n.onset_tick // BAR in bars]


def written(filler: Filler, made: Song, *cells: CellRef, **given: object) -> dict[CellRef, Phrase]:
    steps = filler.fill(made, cells, 1, 5, **given)
    return {step.cell: step.takes[0].phrase for step in steps if isinstance(step, CellTakes)}


@pytest.mark.parametrize("part", [Part.BASS, Part.LEAD])
def test_a_break_quotes_a_drop_that_is_written_in_the_same_fill(tiny_filler: Filler, part: Part) -> None:
    cells = CellRef(BREAK, part), CellRef(DROP, part)
    found = written(tiny_filler, song(part, passing=True), *cells)
    hook, quoted = found[cells[1]], found[cells[0]]
    assert notes(quoted, range(4)) == notes(hook, range(4))
    assert notes(quoted, range(4, 8)) != notes(hook, range(4)), "what stands around it is written"
    assert notes(quoted, range(4, 8))


@pytest.mark.parametrize("part", [Part.BASS, Part.LEAD])
def test_a_cell_alone_quotes_a_theme_that_is_written_already(tiny_filler: Filler, part: Part) -> None:
    theme = Phrase(4, tuple(Note(n.onset_tick, n.pitch + (24 if part is Part.LEAD else 0), 48, 90) for n in RIFF.notes))
    cell = CellRef(BREAK, part)
    quoted = written(tiny_filler, song(part, theme), cell)[cell]
    assert notes(quoted, range(4)) == notes(theme, range(4))
    in_g = written(tiny_filler, song(part, theme, key="G minor"), cell)[cell]
    shifts = {mine[1] - hook[1] for mine, hook in zip(notes(in_g, range(4)), notes(theme, range(4)), strict=True)}
    assert [shift % 12 for shift in shifts] == [7]


def test_nothing_is_quoted_where_it_is_not_wanted_or_kinds_are_unknown(tiny_filler: Filler) -> None:
    cell = CellRef(BREAK, Part.BASS)
    made = song(theme=RIFF)
    plain = written(tiny_filler, set_quote(made, BREAK, "none"), cell)[cell]
    off = written(tiny_filler, set_theme(made, NO_THEME), cell)[cell]
    unknown = written(tiny_filler, made, cell, hints=Hints(kinds_known=False))[cell]
    for phrase in (plain, off, unknown):
        assert notes(phrase, range(4)) != notes(RIFF, range(4))
    assert plain == off


def test_bars_that_the_user_keeps_come_before_a_quotation(tiny_filler: Filler) -> None:
    own = Phrase(8, tuple(Note(bar * BAR + 96 * beat, 48, 96, 100) for bar in range(8) for beat in range(4)))
    cell = CellRef(BREAK, Part.BASS)
    made = replace_cell(song(theme=RIFF), BREAK, Part.BASS, Cell((Take(own, kept=(0, 1)),), 0))
    found = written(tiny_filler, made, cell, kept=[KeptBars(cell, (0, 1))])[cell]
    assert notes(found, range(2)) == notes(own, range(2))
    assert notes(found, range(2, 4)) != notes(RIFF, range(2, 4))


def test_a_slow_quotation_takes_four_bars_for_two(tiny_filler: Filler) -> None:
    theme = Phrase(
        4, tuple(Note(bar * BAR + 48 * n, p, 24, 90) for bar in range(4) for n, p in enumerate((36, 39) * 4))
    )
    cell = CellRef(BREAK, Part.BASS)
    found = written(tiny_filler, set_quote(song(theme=theme), BREAK, "slow"), cell)
    assert notes(found[cell], range(4)) == [(96 * n, p) for n, p in enumerate((36, 39) * 8)]


def test_a_form_is_kept_where_a_theme_could_be_quoted(tiny_filler: Filler) -> None:
    cell = CellRef(BREAK, Part.BASS)
    found = written(tiny_filler, song(theme=RIFF, form="AB", form_bars=1), cell)[cell]
    assert notes(found, range(2)) == notes(found, range(2, 4)) == notes(found, range(4, 6))
    assert notes(found, range(1)) == notes(found, range(6, 7)), "and the eighth is free for a turn"


def test_what_is_quoted_and_written_stays_in_key_and_density(tiny_filler: Filler) -> None:
    cell = CellRef(BREAK, Part.BASS)
    found = written(tiny_filler, song(theme=RIFF, passing=False), cell)[cell]
    assert all(note.pitch % 12 in parse_key("C minor").pitch_classes() for note in found.notes)
    assert abs(found.onsets_per_bar() - 4) <= 1
