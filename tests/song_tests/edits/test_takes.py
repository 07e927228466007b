"""Sections, cells and takes put in a song: each edit returns a new song and leaves the rest alone."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from song.edits.takes import (
    add_takes,
    choose_take,
    clear_cell,
    fit_phrase,
    replace_cell,
    replace_section,
    set_bars,
    set_locked,
)
from song.errors import UserError
from song.notes import Note, Phrase, Wobble
from song.parts import PARTS, Part
from song.sections import Cell, Song
from song.validation import find_problem
from tests.song_tests.edited_songs import DROP, SONG, TAKE, take
from tests.song_tests.song_strategies import note_tuples, songs, wobble_tuples


def test_replacing_a_section_leaves_the_others_as_they_are() -> None:
    section = msgspec.structs.replace(SONG.sections[1], name="The drop")
    changed = replace_section(SONG, 1, section)
    assert changed.sections[1] is section
    assert changed.sections[0] is SONG.sections[0]
    assert changed.sections[2] is SONG.sections[2]
    assert SONG.sections[1].name == ""


@pytest.mark.parametrize("part", PARTS)
def test_replacing_a_cell_leaves_the_other_parts_as_they_are(part: Part) -> None:
    cell = Cell((TAKE,), 0)
    section = replace_cell(SONG, 2, part, cell).sections[2]
    assert {other for other in PARTS if section.cell(other) == cell} == {part}


def test_new_takes_come_after_the_old_and_one_of_them_sounds() -> None:
    song = add_takes(SONG, 1, Part.BASS, (TAKE,))
    other = msgspec.structs.replace(TAKE, seed=4)
    cell = add_takes(song, 1, Part.BASS, (other, TAKE), chosen=0).sections[1].cells.bass
    assert cell.takes == (TAKE, other, TAKE)
    assert cell.take == other
    assert cell.phrase == other.phrase


def test_a_take_of_another_length_is_fitted_to_the_section() -> None:
    # The engine was asked while the section had 4 bars; it has 2 when the take arrives.
    song = add_takes(set_bars(SONG, 1, 2), 1, Part.BASS, (TAKE,))
    (take,) = song.sections[1].cells.bass.takes
    assert take.phrase == Phrase(2, (Note(0, 36, 96, 100),), (Wobble(0, 768, "1/8", 0.5),))
    assert take.seed == 3
    assert find_problem(song) is None


def test_a_locked_cell_is_neither_filled_nor_cleared() -> None:
    song = set_locked(add_takes(SONG, 1, Part.BASS, (TAKE,)), 1, Part.BASS, True)
    for edit in (lambda: add_takes(song, 1, Part.BASS, (TAKE,)), lambda: clear_cell(song, 1, Part.BASS)):
        with pytest.raises(UserError, match="the cell is locked: unlock it first"):
            edit()
    unlocked = set_locked(song, 1, Part.BASS, False)
    assert clear_cell(unlocked, 1, Part.BASS) == SONG


def test_a_shorter_section_cuts_its_takes() -> None:
    song = set_bars(add_takes(SONG, 1, Part.BASS, (TAKE,)), 1, 1)
    assert song.sections[1].bars == 1
    assert song.sections[1].cells.bass.phrase == Phrase(1, (Note(0, 36, 96, 100),), (Wobble(0, 384, "1/8", 0.5),))


def test_a_longer_section_ends_its_takes_in_silence() -> None:
    song = set_bars(add_takes(SONG, 1, Part.BASS, (TAKE,)), 1, 8)
    phrase = song.sections[1].cells.bass.phrase
    assert phrase == Phrase(8, TAKE.phrase.notes, TAKE.phrase.wobbles)


@pytest.mark.parametrize("bars", [0, -1, 129])
def test_a_section_of_no_or_too_many_bars_is_refused(bars: int) -> None:
    with pytest.raises(UserError, match=f"a section has 1 to 128 bars, not {bars}"):
        set_bars(SONG, 0, bars)


@given(st.builds(Phrase, st.just(3), note_tuples(Part.BASS, 3), wobble_tuples(3)), st.integers(1, 6))
def test_a_fitted_phrase_lies_within_its_bars(phrase: Phrase, bars: int) -> None:
    fitted = fit_phrase(phrase, bars)
    assert fitted.bars == bars
    assert all(note.end_tick <= fitted.length_ticks for note in fitted.notes)
    assert all(wobble.end_tick <= fitted.length_ticks for wobble in fitted.wobbles)
    assert fit_phrase(fitted, bars) == fitted


@given(songs.filter(lambda song: song.sections), st.integers(1, 6))
@settings(max_examples=30)
def test_a_valid_song_stays_valid_whatever_its_bars_become(song: Song, bars: int) -> None:
    assert find_problem(set_bars(song, 0, bars)) is None


def test_choosing_a_take(song: Song) -> None:
    filled = add_takes(song, DROP, Part.BASS, (take(1), take(2)))
    chosen = choose_take(filled, DROP, Part.BASS, 1).sections[DROP].cells.bass
    assert chosen.take == take(2)
    assert len(chosen.takes) == 2
    for missing in (-1, 2):
        with pytest.raises(UserError, match="there is no take"):
            choose_take(filled, DROP, Part.BASS, missing)
    with pytest.raises(UserError, match="locked"):
        choose_take(set_locked(filled, DROP, Part.BASS, True), DROP, Part.BASS, 1)
