"""The words for what is on the screen: the song, a place, a cell, a take, a constraint, a bar, a note."""

import msgspec
import pytest

from song.edits.constraints import set_part_form
from song.edits.sections import toggle_muted, toggle_solo
from song.edits.takes import set_locked
from song.notes import Note
from song.parts import Part
from song.sections import number_sections
from tests.tui_tests.driving import DROP_DRUMS, INTRO_DRUMS, filled_song
from tests.tui_tests.example_songs import take, three_takes
from tui.field_text import read_field
from tui.plain.words import (
    bar_words,
    bars_words,
    beat_words,
    cell_words,
    cursor_words,
    engine_words,
    field_words,
    heard_words,
    in_minutes,
    note_words,
    pitch_words,
    place_words,
    song_words,
    take_words,
    takes_words,
    writing_words,
)
from tui.view import Cursor, Draft, EngineState, EngineStatus, View, Writing

SONG = number_sections(three_takes())
VIEW = View(SONG, part=Part.BASS)


def test_the_song_is_told_with_its_file_its_sections_and_how_much_is_written() -> None:
    told = song_words(msgspec.structs.replace(VIEW, file_name="a.drop", saved=False))
    assert told[0] == "Short: F minor, dubstep, 8 bars, 0:14, seed 0; a.drop, unsaved changes"
    assert told[1:] == ["sections: INTRO 2 bars, DROP 4 bars, OUTRO 2 bars", "1 of 12 cells written"]
    assert song_words(View(filled_song()))[-1] == "12 of 12 cells written"


@pytest.mark.parametrize(("seconds", "told"), [(0, "0:00"), (9.6, "0:10"), (59.5, "1:00"), (605, "10:05")])
def test_lengths_are_told_in_minutes_and_seconds(seconds: float, told: str) -> None:
    assert in_minutes(seconds) == told


def test_the_engine_is_told_with_its_device_once_that_is_known() -> None:
    assert engine_words(EngineStatus(EngineState.WARMING)) == "engine warming"
    assert engine_words(EngineStatus(EngineState.READY, "cuda")) == "engine ready on cuda"
    assert engine_words(EngineStatus(EngineState.READY, "cuda", silent=True)) == "engine ready on cuda, silent"


def test_writing_is_told_as_far_as_it_is_known() -> None:
    assert writing_words(Writing(done=3), SONG) == ""
    waiting = Writing(frozenset({INTRO_DRUMS, DROP_DRUMS}))
    assert writing_words(waiting, SONG) == "writing: 0 of 2 cells done"
    begun = Writing(frozenset({INTRO_DRUMS}), {DROP_DRUMS: Draft(3)}, 1, DROP_DRUMS, 0.2)
    assert writing_words(begun, SONG) == "writing: 1 of 3 cells done, DROP drums at bar 3 of 4, 1 seconds left"


def test_a_place_is_told_with_its_bars_from_the_start_of_the_song() -> None:
    outro = msgspec.structs.replace(VIEW, section=2, part=Part.LEAD)
    assert place_words(outro) == "OUTRO lead: section 3 of 3, bars 7 to 8; empty"


def test_a_cell_is_told_with_its_lock_and_its_take() -> None:
    assert cell_words(SONG, 0, Part.LEAD) == "empty"
    assert cell_words(set_locked(SONG, 0, Part.LEAD, True), 0, Part.LEAD) == "locked, empty"
    assert cell_words(SONG, 0, Part.BASS).startswith("take 2 of 3: 0.5 onsets a bar, asked 0.0")


def test_a_take_is_told_with_what_is_not_as_asked_its_score_and_its_copies() -> None:
    told = take_words(SONG, 0, Part.BASS, take(42, critic=0.5, copied_notes=3, copied_from="a song", edited=(0, 1)))
    assert "key not met: asked F minor, got 1 outside" in told
    assert told.endswith("not all as asked, critic 0.50, 3 notes as in a song, edited by hand: bars 1, 2")


def test_the_take_that_sounds_is_told_while_another_is_seen() -> None:
    for view, sounding in ((VIEW, 1), (msgspec.structs.replace(VIEW, sounding=2), 2)):
        told = takes_words(view)
        assert [", sounds: " in line for line in told] == [number == sounding for number in range(3)]
        assert [line.rpartition(", seed ")[2] for line in told] == ["41", "43", "42"]
    assert takes_words(View(SONG)) == ["no takes yet"]


def test_a_constraint_that_is_left_to_the_song_is_told_as_the_songs() -> None:
    assert field_words(SONG, 0, "key") == "key F minor, the song's"
    assert field_words(SONG, 0, "bars") == "bars 2"
    assert field_words(SONG, 0, "lead-form") == "lead form the section's"
    assert field_words(set_part_form(SONG, 0, Part.LEAD, "AB"), 0, "lead-form") == "lead form AB"
    assert field_words(SONG, 0, "bass") == "bass density 0.00, asked 0.0 onsets a bar, got 0.5"
    assert field_words(SONG, 1, "bass") == "bass density 0.40, asked 4.0 onsets a bar"


def test_harmony_is_told_as_it_is_written_and_by_the_names_of_its_chords() -> None:
    song = read_field(read_field(SONG, 0, "progression", "i bII"), 0, "chord-length", "2")
    assert field_words(song, 0, "progression") == "chords go i bII, Fm Gb"
    assert field_words(SONG, 0, "progression") == "chords go free"
    assert bar_words(View(song, bar=1)) == "bar 2 of 2 over Fm Gb: nothing"
    assert bar_words(View(SONG, bar=1)) == "bar 2 of 2: nothing"


@pytest.mark.parametrize(("tick", "told"), [(0, "1"), (96, "2"), (384 + 24, "1.25"), (32, "1.333"), (383, "4.99")])
def test_beats_count_from_one_within_their_bar(tick: int, told: str) -> None:
    assert beat_words(tick) == told


def test_notes_are_told_by_name_place_length_and_loudness() -> None:
    assert note_words(VIEW, Note(384 + 48, 42, 24, 90)) == "Gb2 at bar 2 beat 1.5, 1 step long, velocity 90"
    assert note_words(View(SONG), Note(0, 38, 36, 7)) == "snare at bar 1 beat 1, 1.5 steps long, velocity 7"
    assert pitch_words(View(SONG), 81) == "drum 81"


def test_the_cursor_is_told_by_the_note_that_is_there_or_by_its_place() -> None:
    assert cursor_words(VIEW) == ""
    here = Cursor(24, 41, "1/16", 24)
    assert cursor_words(msgspec.structs.replace(VIEW, cursor=here)) == "bar 1 beat 1.25, F2: no note"
    on_a_note = msgspec.structs.replace(here, note=Note(0, 41, 96, 100), marked=(0, 1))
    told = cursor_words(msgspec.structs.replace(VIEW, cursor=on_a_note))
    assert told == "F2 at bar 1 beat 1, 4 steps long, velocity 100, bars 1 to 2 marked"


@pytest.mark.parametrize(("bars", "told"), [((), "no bars"), ((0,), "bar 1"), ((0, 3), "bars 1, 4")])
def test_bars_count_from_one(bars: tuple[int, ...], told: str) -> None:
    assert bars_words(bars) == told


def test_the_parts_that_sound_are_told() -> None:
    assert heard_words(SONG) == "heard: all parts"
    assert heard_words(toggle_muted(SONG, Part.BASS)) == "heard: drums, chords, lead"
    assert heard_words(toggle_solo(SONG, Part.LEAD)) == "heard: lead"
    assert heard_words(toggle_muted(toggle_solo(SONG, Part.LEAD), Part.LEAD)) == "heard: nothing"
