"""Cells filled: the same again from a seed, in any number of batches, around what stays and what stands beside."""

import pytest

from model.evaluation.control import check_cell
from model.protocol import CellRef, KeptBars, varied_cells
from model.writing.fill import CellProgress, CellTakes, Filler
from song.edits.takes import replace_cell
from song.forms import model_bars
from song.notes import Note, Phrase, some_bars
from song.parts import PARTS, Part
from song.scales import parse_key
from song.sections import Cell, Constraints, Density, PartForms, Section, SectionKind, Song, Take, WobbleRange
from song.templates import song_from_form
from tests.model_tests.filling import every_cell, fill


def test_a_form_makes_bars_under_one_letter_the_same(tiny_filler: Filler) -> None:
    constraints = Constraints(form="ABAC", form_bars=2, density=Density(0.5, 0.5, 0.5, 0.5))
    song = Song(sections=(Section(SectionKind.DROP, 16, constraints),))
    for done in fill(tiny_filler, song, every_cell(song)).values():
        starts = [
            {(n.onset_tick - bar * 384, n.pitch) for n in done.takes[0].phrase.notes if n.onset_tick // 384 == bar}
            for bar in range(16)
        ]
        for bar in (0, 1):
            assert starts[bar] == starts[bar + 4] == starts[bar + 8] == starts[bar + 12]
        assert starts[2] == starts[10]
        assert starts[3] == starts[11]
        assert starts[6] == starts[14]
        assert len({frozenset(bar) for bar in starts}) >= 4


def test_the_same_seed_gives_the_same_music_and_another_gives_other_music(tiny_filler: Filler) -> None:
    song = song_from_form()
    cells = every_cell(song)
    first = fill(tiny_filler, song, cells, seed=7)
    assert first == fill(tiny_filler, song, list(reversed(cells)), seed=7)
    other = fill(tiny_filler, song, cells, seed=8)
    sounding = [cell for cell in cells if first[cell].takes[0].phrase.notes]
    assert len(sounding) > 20
    assert all(first[cell].takes[0].phrase != other[cell].takes[0].phrase for cell in sounding)


def test_a_fill_too_large_for_one_batch_is_done_in_several(
    tiny_filler: Filler, monkeypatch: pytest.MonkeyPatch
) -> None:
    song = Song(sections=(Section(SectionKind.DROP, 2), Section(SectionKind.BREAK, 2)))
    whole = fill(tiny_filler, song, every_cell(song), takes=2, seed=4)
    monkeypatch.setattr("model.writing.fill.MOST_ROWS", 5)
    parts = fill(tiny_filler, song, every_cell(song), takes=2, seed=4)
    assert parts.keys() == whole.keys()
    for cell, done in parts.items():
        assert [take.phrase for take in done.takes] == [take.phrase for take in whole[cell].takes]


def test_takes_of_a_cell_differ(tiny_filler: Filler) -> None:
    song = song_from_form()
    takes = fill(tiny_filler, song, [CellRef(2, Part.BASS)], takes=5)[CellRef(2, Part.BASS)].takes
    assert len({take.phrase for take in takes}) == 5


def test_bars_arrive_in_order_and_end_as_the_first_take(tiny_filler: Filler) -> None:
    song = song_from_form()
    cell = CellRef(2, Part.DRUMS)
    steps = [step for step in tiny_filler.fill(song, [cell], 1, 3) if step is not None]
    progress = [step for step in steps if isinstance(step, CellProgress)]
    assert [step.bars_done for step in progress] == sorted({step.bars_done for step in progress})
    assert progress[-1].bars_done == 16
    assert len(progress) >= 4
    assert isinstance(steps[-1], CellTakes)
    assert progress[-1].phrase == steps[-1].takes[0].phrase


def test_bars_that_are_kept_stay_note_by_note_and_the_others_are_new(tiny_filler: Filler) -> None:
    section = Section(SectionKind.DROP, 8, Constraints(density=Density(0.6, 0.6, 0.4, 0.6)))
    song = Song(sections=(section,))
    old = {cell: done.takes[0].phrase for cell, done in fill(tiny_filler, song, every_cell(song), seed=1).items()}
    for cell, phrase in old.items():
        song = replace_cell(song, 0, cell.part, Cell((Take(phrase),), 0))
    kept = (0, 1, 2, 4, 5, 7)
    for cell in every_cell(song):
        steps = tiny_filler.fill(song, [cell], 1, 9, [KeptBars(cell, kept)])
        new = next(step for step in steps if isinstance(step, CellTakes)).takes[0].phrase
        for bar in range(8):
            before = [(n.onset_tick, n.pitch, n.velocity) for n in old[cell].notes if n.onset_tick // 384 == bar]
            after = [(n.onset_tick, n.pitch, n.velocity) for n in new.notes if n.onset_tick // 384 == bar]
            assert (before == after) == (bar in kept), (cell, bar)


def test_a_variation_is_written_after_what_it_varies_and_keeps_its_bars(tiny_filler: Filler) -> None:
    drop = Section(SectionKind.DROP, 4, Constraints(density=Density(0.6, 0.6, 0.4, 0.6)))
    song = Song(sections=(drop, Section(SectionKind.BREAK, 2), drop))
    kept = [KeptBars(CellRef(2, part), (0, 1, 2), source=0) for part in PARTS]
    done = {}
    for step in tiny_filler.fill(song, every_cell(song), 1, 3, kept):
        if isinstance(step, CellTakes):
            done[step.cell] = step.takes[0].phrase
    for part in PARTS:
        first, second = (
            [[(n.onset_tick, n.pitch) for n in phrase.notes if n.onset_tick // 384 == bar] for bar in range(4)]
            for phrase in (done[CellRef(0, part)], done[CellRef(2, part)])
        )
        assert first[:3] == second[:3]
        assert first[3] != second[3]


def test_what_stands_in_another_part_changes_what_is_written(tiny_filler: Filler) -> None:
    song = Song(sections=(Section(SectionKind.DROP, 4, Constraints(density=Density(bass=0.6))),))
    drums = Phrase(4, tuple(Note(bar * 384, 36, 24, 100) for bar in range(4)))
    cell = CellRef(0, Part.BASS)
    alone = fill(tiny_filler, song, [cell])[cell].takes[0].phrase
    with_drums = fill(tiny_filler, replace_cell(song, 0, Part.DRUMS, Cell((Take(drums),), 0)), [cell])[cell]
    assert with_drums.takes[0].phrase != alone


def test_a_variation_holds_to_what_its_own_section_asks_for(tiny_filler: Filler) -> None:
    bass = Density(bass=0.6)
    drops = [
        Section(
            SectionKind.DROP,
            8,
            Constraints(density=bass, wobble=WobbleRange(rates, depth), key=key, passing=False),
        )
        for rates, depth, key in ((("1/4", "1/8"), 1.0, "C minor"), (("1/16",), 0.5, "C phrygian"))
    ]
    song = Song(sections=tuple(drops))
    cells = [CellRef(0, Part.BASS), CellRef(1, Part.BASS)]
    kept = [KeptBars(cells[1], (0, 1, 2, 4, 5, 6), source=0)]
    done = {step.cell: step for step in tiny_filler.fill(song, cells, 1, 4, kept) if isinstance(step, CellTakes)}
    second = done[cells[1]].takes[0].phrase
    assert {wobble.rate for wobble in second.wobbles} == {"1/16"}
    assert max(wobble.depth for wobble in second.wobbles) <= 0.5
    assert all(note.pitch % 12 in parse_key("C phrygian").pitch_classes() for note in second.notes)


def test_a_later_drop_with_a_form_keeps_letters_of_the_first_and_breaks_nothing(tiny_filler: Filler) -> None:
    forms = PartForms(drums="AAAB", chords="")
    full, wobble = Density(0.5, 0.6, 0.3, 0.6), WobbleRange(("1/16",), 0.5)
    drops = [
        Section(SectionKind.DROP, 16, Constraints(density=full, wobble=one, form=form, forms=forms))
        for one, form in ((WobbleRange(("1/4", "1/8"), 1.0), "ABAC"), (wobble, "ABAC"), (wobble, "AB"))
    ]
    song = Song(sections=tuple(drops))
    cells = every_cell(song)
    # Of all but drums half as much is kept: with all of a drop's share that is a letter of three.
    steps = tiny_filler.fill(song, cells, 1, 5, varied_cells(song, cells, 0.99))
    done = {step.cell: step.takes[0].phrase for step in steps if isinstance(step, CellTakes)}
    for cell, phrase in done.items():
        checked = check_cell(song, cell.section, cell.part, phrase)
        assert not any(checked.broken.values()), (cell, checked.broken)
        assert not checked.misses, cell
    for part in (Part.BASS, Part.LEAD):
        first, second, third = ([some_bars(done[CellRef(n, part)], bar, 1) for bar in range(16)] for n in range(3))
        models = model_bars("ABAC", 2, 16)
        same = [{(note.onset_tick, note.pitch) for note in bar.notes} for bar in first]
        again = [{(note.onset_tick, note.pitch) for note in bar.notes} for bar in second]
        assert [same[bar] == again[bar] for bar in range(16)] == [models[bar] in (0, 1) for bar in range(16)], part
        assert [{(note.onset_tick, note.pitch) for note in bar.notes} for bar in third[:2]] == same[:2]


def test_a_bar_that_stays_takes_its_letter_along(tiny_filler: Filler) -> None:
    asked = Constraints(density=Density(0.5, 0.6, 0.3, 0.6), form="AB", form_bars=1)
    song = Song(sections=(Section(SectionKind.DROP, 8, asked),))
    bass = Phrase(8, tuple(Note(bar * 384 + step * 96, 41, 48, 100) for bar in (2,) for step in range(3)))
    song = replace_cell(song, 0, Part.BASS, Cell((Take(bass),), 0))
    cell = CellRef(0, Part.BASS)
    steps = tiny_filler.fill(song, [cell], 1, 9, [KeptBars(cell, (2,))])
    new = next(step for step in steps if isinstance(step, CellTakes)).takes[0].phrase
    for bar in (0, 2, 4, 6):
        assert some_bars(new, bar, 1).notes == some_bars(bass, 2, 1).notes
    assert check_cell(song, 0, Part.BASS, new).broken["form"] == 0


@pytest.mark.parametrize(("gap", "beats"), [(None, 1), (0, 0), (4, 4)])
def test_every_part_is_silent_before_a_drop_for_as_long_as_it_asks(
    tiny_filler: Filler, gap: int | None, beats: int
) -> None:
    full = Density(0.8, 0.8, 0.8, 0.8)
    sections = (
        Section(SectionKind.BREAK, 4, Constraints(density=full)),
        Section(SectionKind.DROP, 4, Constraints(density=full, gap=gap)),
    )
    song = Song(sections=sections)
    written = fill(tiny_filler, song, [CellRef(0, part) for part in PARTS])
    ends = [max(note.end_tick for note in one.takes[0].phrase.notes) for one in written.values()]
    assert max(ends) <= 4 * 384 - beats * 96
    assert beats or max(ends) > 4 * 384 - 96
