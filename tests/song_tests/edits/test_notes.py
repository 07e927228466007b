"""Editing by hand: what each edit does to notes and wobbles, what it refuses, and that its bars are marked."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from song.edits.notes import (
    HUMANIZE_TICKS,
    HUMANIZE_VELOCITY,
    add_note,
    changed_bars,
    edit_phrase,
    humanize,
    lengthen,
    louder,
    move,
    note_at,
    notes_in,
    paint_wobble,
    quantize,
    remove_notes,
    set_kept,
    toggle_hit,
    transpose,
)
from song.edits.takes import add_takes, set_locked
from song.errors import UserError
from song.notes import Note, Phrase, Wobble
from song.parts import PART_SPECS, Part
from song.sections import SectionKind, Song, Take
from song.templates import song_from_form
from song.time import TICKS_PER_BAR
from song.validation import find_problem

BAR = TICKS_PER_BAR
LOW, HIGH = Note(0, 40, 96, 100), Note(BAR, 52, 96, 80)
PHRASE = Phrase(4, (LOW, HIGH))


@pytest.fixture
def song() -> Song:
    empty = song_from_form([(SectionKind.DROP, 4)])
    return add_takes(empty, 0, Part.BASS, (Take(PHRASE, seed=5, engine="1"),))


def bass(song: Song) -> Take:
    take = song.sections[0].cells.bass.take
    assert take is not None
    return take


def test_an_edit_marks_its_bars_and_keeps_them(song: Song) -> None:
    edited = edit_phrase(song, 0, Part.BASS, lambda phrase: move(phrase, [HIGH], BAR))
    assert (bass(edited).edited, bass(edited).kept) == ((1, 2), (1, 2))
    again = edit_phrase(edited, 0, Part.BASS, lambda phrase: louder(phrase, [LOW], 5))
    assert bass(again).edited == (0, 1, 2)
    assert (bass(again).seed, bass(again).engine) == (5, "1")
    assert find_problem(again) is None


def test_an_edit_that_changes_nothing_leaves_the_song(song: Song) -> None:
    assert edit_phrase(song, 0, Part.BASS, lambda phrase: louder(phrase, [], 5)) is song


def test_an_empty_cell_gets_a_take_by_hand(song: Song) -> None:
    edited = edit_phrase(song, 0, Part.DRUMS, lambda phrase: toggle_hit(phrase, Part.DRUMS, BAR, 38, 110))
    take = edited.sections[0].cells.drums.take
    assert take == Take(Phrase(4, (Note(BAR, 38, 24, 110),)), edited=(1,), kept=(1,))


def test_a_locked_cell_is_not_edited(song: Song) -> None:
    locked = set_locked(song, 0, Part.BASS, True)
    with pytest.raises(UserError, match="locked"):
        edit_phrase(locked, 0, Part.BASS, lambda phrase: remove_notes(phrase, [LOW]))


def test_bars_are_kept_and_freed(song: Song) -> None:
    kept = set_kept(song, 0, Part.BASS, [3, 1], True)
    assert (bass(kept).kept, bass(kept).edited) == ((1, 3), ())
    assert bass(set_kept(kept, 0, Part.BASS, [1], False)).kept == (3,)
    with pytest.raises(UserError, match="nothing to keep"):
        set_kept(song, 0, Part.LEAD, [0], True)


def test_a_second_toggle_takes_the_hit_away() -> None:
    hit = toggle_hit(Phrase(1), Part.DRUMS, 48, 42, 90)
    assert hit.notes == (Note(48, 42, 24, 90),)
    assert toggle_hit(hit, Part.DRUMS, 48, 42, 90) == Phrase(1)


def test_a_bass_note_makes_way_for_one_that_starts_with_it(song: Song) -> None:
    edited = edit_phrase(song, 0, Part.BASS, lambda phrase: add_note(phrase, Part.BASS, Note(0, 43, 48, 90)))
    assert bass(edited).phrase.notes == (Note(0, 43, 48, 90), HIGH)
    inside = edit_phrase(song, 0, Part.BASS, lambda phrase: add_note(phrase, Part.BASS, Note(48, 43, 48, 90)))
    assert bass(inside).phrase.notes[0] == Note(0, 40, 48, 100)


def test_what_a_part_cannot_play_is_refused(song: Song) -> None:
    with pytest.raises(UserError, match="bass plays pitches 31 to 64"):
        add_note(PHRASE, Part.BASS, Note(0, 65, 48, 90))
    with pytest.raises(UserError, match="plays pitches"):
        transpose(PHRASE, Part.BASS, [HIGH], 13)
    chord = Phrase(4, tuple(Note(0, 50 + pitch, 96, 90) for pitch in range(5)))
    full = add_takes(song, 0, Part.CHORDS, (Take(chord),))
    with pytest.raises(UserError, match="at most 5 notes at once"):
        edit_phrase(full, 0, Part.CHORDS, lambda phrase: add_note(phrase, Part.CHORDS, Note(0, 70, 96, 90)))


def test_notes_do_not_land_on_one_another(song: Song) -> None:
    beside = Phrase(4, (LOW, Note(96, 40, 96, 90)))
    with pytest.raises(UserError, match="a note already"):
        move(beside, [LOW], 96)
    with pytest.raises(UserError, match="leave the section"):
        move(beside, [LOW], -1)
    with pytest.raises(UserError, match="a note already"):
        edit_phrase(song, 0, Part.BASS, lambda phrase: move(phrase, [LOW], BAR))


def test_moving_several_at_once_may_pass_through_their_own_places() -> None:
    row = Phrase(1, (Note(0, 40, 24, 90), Note(24, 40, 24, 90)))
    assert [note.onset_tick for note in move(row, row.notes, 24).notes] == [24, 48]


def test_transposing_lengthening_and_velocity_change_one_thing() -> None:
    assert transpose(PHRASE, Part.BASS, [LOW], 12).notes == (Note(0, 52, 96, 100), HIGH)
    assert lengthen(PHRASE, [LOW], 24).notes == (Note(0, 40, 120, 100), HIGH)
    assert lengthen(PHRASE, [LOW], -500).notes[0].duration_ticks == 1
    assert lengthen(PHRASE, [HIGH], 9999).notes[1].end_tick == PHRASE.length_ticks
    assert [louder(PHRASE, [LOW], change).notes[0].velocity for change in (-200, 5, 200)] == [1, 105, 127]


def test_humanizing_is_small_the_same_for_a_seed_and_keeps_chords_together() -> None:
    chord = Phrase(1, tuple(Note(96, pitch, 96, 90) for pitch in (60, 63, 67)))
    played = humanize(chord, chord.notes, 3)
    assert played == humanize(chord, chord.notes, 3)
    assert any(humanize(chord, chord.notes, seed) != played for seed in range(4))
    assert len({note.onset_tick for note in played.notes}) == 1
    assert all(abs(note.onset_tick - 96) <= HUMANIZE_TICKS for note in played.notes)
    assert all(abs(note.velocity - 90) <= HUMANIZE_VELOCITY for note in played.notes)


def test_quantizing_goes_to_the_nearest_line_and_merges() -> None:
    loose = Phrase(1, (Note(11, 60, 24, 90), Note(13, 60, 24, 110), Note(383, 60, 1, 90)))
    assert [note.onset_tick for note in quantize(loose, Part.LEAD, loose.notes, 24).notes] == [0, 24, 360]
    together = Phrase(1, (Note(20, 40, 24, 90), Note(28, 43, 24, 110)))
    assert quantize(together, Part.BASS, together.notes, 24).notes == (Note(24, 43, 24, 110),)


def test_a_painted_wobble_replaces_what_lies_under_it() -> None:
    long = Phrase(2, (), (Wobble(0, 2 * BAR, "1/4", 0.8),))
    painted = paint_wobble(long, 96, 192, "1/16", 0.5, "saw")
    assert painted.wobbles == (
        Wobble(0, 96, "1/4", 0.8),
        Wobble(96, 96, "1/16", 0.5, "saw"),
        Wobble(192, 2 * BAR - 192, "1/4", 0.8),
    )
    assert paint_wobble(painted, 0, 9999, None, 0, "").wobbles == ()
    with pytest.raises(UserError, match="not a wobble rate"):
        paint_wobble(long, 0, 96, "1/7", 0.5, "saw")
    assert changed_bars(long, paint_wobble(long, BAR, BAR + 96, "1/8", 1, "sine")) == (0, 1)


def test_a_note_is_found_while_it_sounds() -> None:
    assert note_at(PHRASE, 95, 40) == LOW
    assert note_at(PHRASE, 96, 40) is None
    assert note_at(PHRASE, 0, 41) is None
    assert notes_in(PHRASE, {1, 2}) == (HIGH,)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_no_row_of_edits_makes_a_song_invalid(data: st.DataObject) -> None:
    song = song_from_form([(SectionKind.DROP, 2)])
    for _ in range(data.draw(st.integers(1, 12))):
        part = data.draw(st.sampled_from(Part))
        spec = PART_SPECS[part]
        take = song.sections[0].cell(part).take
        notes = take.phrase.notes if take is not None else ()
        some = [note for note in notes if data.draw(st.booleans())]
        pitch = data.draw(st.integers(spec.low, spec.high))
        tick, amount = data.draw(st.integers(0, 2 * BAR - 1)), data.draw(st.integers(-100, 100))
        note = Note(tick, pitch, data.draw(st.integers(1, 900)), 90)
        edits = (
            lambda phrase, note=note, part=part: add_note(phrase, part, note),
            lambda phrase, some=some, part=part, by=amount // 8: transpose(phrase, part, some, by),
            lambda phrase, some=some, by=amount: move(phrase, some, by),
            lambda phrase, some=some, by=amount: lengthen(phrase, some, by),
            lambda phrase, some=some: humanize(phrase, some, 1),
            lambda phrase, some=some, part=part: quantize(phrase, part, some, 32),
            lambda phrase, some=some: remove_notes(phrase, some),
            lambda phrase, at=tick, by=amount: paint_wobble(phrase, at, at + abs(by) + 1, "1/8", 1.0, "saw"),
        )
        before = song
        try:
            song = edit_phrase(song, 0, part, data.draw(st.sampled_from(edits)))
        except UserError:
            assert song is before
        assert find_problem(song) is None
        heard = song.sections[0].cell(part).phrase
        onsets = [note.onset_tick for note in heard.notes] if heard is not None else []
        assert all(onsets.count(onset) <= spec.polyphony for onset in onsets)
