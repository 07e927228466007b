"""The order in which a fill's cells are written, and the bars of each that stay."""

import itertools

import pytest

from model.protocol import CellRef, KeptBars
from model.writing.fill_order import kept_music, quotations, stages
from song.density import onsets_to_density
from song.edits.constraints import set_theme
from song.edits.takes import replace_cell
from song.notes import Note, Phrase, Wobble
from song.parts import PARTS, Part
from song.sections import (
    Cell,
    Constraints,
    Density,
    PitchRanges,
    Section,
    SectionKind,
    Song,
    Take,
    WobbleRange,
    number_sections,
)
from song.theme import NO_THEME, Quote

BASS = [CellRef(section, Part.BASS) for section in range(3)]


def line(*pitches: int) -> Phrase:
    """A bar a pitch, with a wobble over each."""
    notes = tuple(Note(bar * 384, pitch, 96, 100) for bar, pitch in enumerate(pitches))
    wobbles = tuple(Wobble(bar * 384, 96, "1/4", 1.0) for bar in range(len(pitches)))
    return Phrase(len(pitches), notes, wobbles)


def song(*phrases: Phrase | None, **asked: object) -> Song:
    """A drop of four bars for each phrase, all of an onset a bar, of which the last asks for something."""
    density = Density(bass=onsets_to_density(Part.BASS, 1))
    others = [Constraints(density=density, wobble=WobbleRange(("1/4",), 1.0))] * (len(phrases) - 1)
    constraints = [*others, Constraints(**{"density": density, **asked})]
    made = Song(key="C minor", sections=tuple(Section(SectionKind.DROP, 4, one) for one in constraints))
    for section, phrase in enumerate(phrases):
        if phrase is not None:
            made = replace_cell(made, section, Part.BASS, Cell((Take(phrase),), 0))
    return made


def test_parts_follow_each_other_with_all_sections_of_one_at_once_however_they_are_named() -> None:
    cells = [CellRef(section, part) for section in range(3) for part in PARTS]
    wanted = [[CellRef(section, part) for section in range(3)] for part in PARTS]
    assert stages(cells, {}, {}) == stages(cells[::-1], {}, {}) == wanted
    assert stages([], {}, {}) == []


def test_a_variation_waits_for_the_cell_that_it_varies() -> None:
    kept = {BASS[0]: KeptBars(BASS[0], (0,), source=2), BASS[1]: KeptBars(BASS[1], (0,), source=0)}
    assert stages(BASS, kept, {}) == [[BASS[2]], [BASS[0]], [BASS[1]]]
    assert stages(BASS[:2], {BASS[0]: kept[BASS[0]]}, {}) == [BASS[:2]], "the source is not to be written"


def test_cells_that_vary_each_other_are_written_all_the_same() -> None:
    pairs = itertools.permutations(range(3), 2)
    for one, other in pairs:
        kept = {BASS[one]: KeptBars(BASS[one], (0,), other), BASS[other]: KeptBars(BASS[other], (0,), one)}
        found = stages([BASS[one], BASS[other]], kept, {})
        assert found == [[BASS[min(one, other)]], [BASS[max(one, other)]]]


def test_bars_that_stay_come_from_the_cells_own_take_as_it_was() -> None:
    before, now = song(line(36, 38, 39, 41), None), song(None, None)
    kept = {BASS[0]: KeptBars(BASS[0], (0, 3, 7))}
    assert kept_music(BASS[0], kept, {}, before, now, BASS) == (line(36, 38, 39, 41), {0, 3})
    assert kept_music(BASS[1], kept, {}, before, now, BASS) == (None, frozenset())
    assert kept_music(BASS[0], kept, {}, now, now, BASS) == (None, frozenset()), "an empty cell has nothing to keep"


@pytest.mark.parametrize("rewritten", [True, False])
def test_a_variation_takes_the_new_phrase_of_a_source_that_the_fill_writes(rewritten: bool) -> None:
    before, now = song(line(36, 38, 39, 41), None), song(line(43, 44, 46, 48), None)
    kept = {BASS[1]: KeptBars(BASS[1], (1, 2), source=0)}
    cells = BASS[:2] if rewritten else BASS[1:2]
    phrase, bars = kept_music(BASS[1], kept, {}, before, now, cells)
    assert phrase is not None
    assert [note.pitch for note in phrase.notes] == ([43, 44, 46, 48] if rewritten else [36, 38, 39, 41])
    assert bars == {1, 2}


def test_what_is_borrowed_fits_the_wobble_the_key_and_the_range_of_its_new_section() -> None:
    asked = {"wobble": WobbleRange(("1/16",), 0.5), "key": "C major", "ranges": PitchRanges(bass=(36, 47))}
    made = song(line(36, 39, 40, 48), None, **asked)
    kept = {BASS[1]: KeptBars(BASS[1], (0, 1, 2, 3), source=0)}
    phrase, bars = kept_music(BASS[1], kept, {}, made, made, [BASS[1]])
    assert phrase is not None
    assert {(wobble.rate, wobble.depth) for wobble in phrase.wobbles} == {("1/16", 0.5)}
    assert bars == {0, 2}, "E flat is not in C major, and the high C is out of range"


LEADS = [CellRef(section, Part.LEAD) for section in range(3)]
HOOK = line(36, 39, 43, 41)


def quoting(phrase: Phrase | None = HOOK, **asked: object) -> Song:
    """A drop whose bass may have been written, and two breaks that quote it, one with what it asks for."""
    density = Density(bass=onsets_to_density(Part.BASS, 1), lead=0.0)
    breaks = [Constraints(density=density), Constraints(**{"density": density, **asked})]
    sections = (
        Section(SectionKind.DROP, 4, Constraints(density=density)),
        *(Section(SectionKind.BREAK, 8, one) for one in breaks),
    )
    made = number_sections(Song(key="C minor", sections=sections))
    return made if phrase is None else replace_cell(made, 0, Part.BASS, Cell((Take(phrase),), 0))


def test_cells_that_quote_are_found_unless_their_bars_are_kept() -> None:
    made = quoting()
    found = quotations(made, BASS, {})
    assert found == {cell: Quote(0, Part.BASS, "whole") for cell in BASS[1:]}
    kept = {BASS[1]: KeptBars(BASS[1], (0,))}
    assert set(quotations(made, BASS, kept)) == {BASS[2]}, "what the user keeps comes before a quotation"
    assert quotations(set_theme(made, NO_THEME), BASS, {}) == {}
    assert quotations(made, [CellRef(1, Part.DRUMS), CellRef(1, Part.CHORDS), *LEADS], {}) == {}


def test_a_quotation_waits_for_the_cell_that_it_quotes() -> None:
    quotes = quotations(quoting(), BASS, {})
    assert stages(BASS, {}, quotes) == stages(BASS[::-1], {}, quotes) == [BASS[:1], BASS[1:]]
    assert stages(BASS[1:], {}, quotes) == [BASS[1:]], "what it quotes is written already"
    named = set_theme(quoting(), 3)
    assert stages(BASS, {}, quotations(named, BASS, {})) == [[BASS[0], BASS[2]], [BASS[1]]]


def test_a_lead_that_quotes_the_bass_comes_after_it() -> None:
    density = Density(0.5, 0.5, 0.5, 0.0)
    sections = (Section(SectionKind.DROP, 4, Constraints(density=density)), Section(SectionKind.BREAK, 8))
    made = number_sections(Song(sections=sections))
    cells = [CellRef(1, Part.LEAD), CellRef(0, Part.BASS)]
    quotes = quotations(made, cells, {})
    assert quotes[cells[0]].part is Part.BASS
    assert stages(cells, {}, quotes) == [[cells[1]], [cells[0]]]


@pytest.mark.parametrize("rewritten", [True, False])
def test_a_quotation_takes_the_new_phrase_of_a_theme_that_the_fill_writes(rewritten: bool) -> None:
    before, now = quoting(), quoting(line(48, 46, 44, 43))
    cells = BASS if rewritten else BASS[1:]
    phrase, bars = kept_music(BASS[1], {}, quotations(before, cells, {}), before, now, cells)
    assert phrase is not None
    assert bars == {0, 1, 2, 3}
    assert [note.pitch for note in phrase.notes] == ([48, 46, 44, 43] if rewritten else [36, 39, 43, 41])


def test_where_nothing_can_be_quoted_all_is_written_anew() -> None:
    nothing = (None, frozenset())
    for made in (quoting(None), quoting(Phrase(4)), quoting(form="A")):
        quotes = quotations(made, BASS, {})
        assert kept_music(BASS[2], {}, quotes, made, made, BASS[1:]) == nothing
