"""The cursor in a phrase and edits at it, without a screen: where it goes, what is chosen, and what is refused."""

import pytest

from song.edits.notes import edit_phrase, move, paint_wobble
from song.edits.takes import set_locked
from song.errors import UserError
from song.notes import Note, Wobble
from song.parts import PART_SPECS, Part
from song.time import TICKS_PER_BAR as BAR
from tests.tui_tests.example_songs import bass_song
from tui.phrase_editor import GRIDS, PhraseEditor, next_ghost
from tui.workspace import Workspace

KICK, SNARE = 36, 38
FIRST, SECOND = Note(0, 41, 48, 100), Note(BAR, 44, 48, 60)


def editing(part: Part = Part.BASS, bar: int = 0) -> tuple[PhraseEditor, Workspace]:
    """An editor in a cell of the song with two bass notes, and its workspace."""
    work = Workspace(bass_song())
    work.select(0, part, bar)
    editor = PhraseEditor(work)
    editor.begin()
    return editor, work


def notes(work: Workspace) -> tuple[Note, ...]:
    phrase = work.selected_section.cell(work.part).phrase
    return phrase.notes if phrase is not None else ()


def wobbles(work: Workspace) -> tuple[Wobble, ...]:
    phrase = work.selected_section.cell(Part.BASS).phrase
    return phrase.wobbles if phrase is not None else ()


def test_editing_begins_at_the_first_note_of_the_selected_bar() -> None:
    for bar, place in ((0, (0, 41)), (1, (BAR, 44)), (2, (2 * BAR, 41))):
        editor, _ = editing(bar=bar)
        assert (editor.tick, editor.pitch) == place


def test_drums_are_walked_by_rows_and_end_at_the_kick() -> None:
    editor, _ = editing(Part.DRUMS)
    assert editor.pitch == SNARE
    editor.move(0, -1)
    assert editor.pitch == KICK
    editor.move(0, -9)
    assert editor.pitch == KICK
    editor.move(0, 1)
    assert editor.pitch == SNARE


def test_pitches_end_with_the_range_of_the_part() -> None:
    editor, _ = editing()
    editor.move(0, 999)
    assert editor.pitch == PART_SPECS[Part.BASS].high
    editor.move(0, -999)
    assert editor.pitch == PART_SPECS[Part.BASS].low


def test_the_cursor_takes_the_selected_bar_along_and_stays_in_the_section() -> None:
    editor, work = editing()
    editor.move_bars(2)
    assert (editor.tick, work.bar) == (2 * BAR, 2)
    editor.move(-1, 0)
    assert (editor.tick, work.bar) == (2 * BAR - 24, 1)
    editor.move_bars(99)
    editor.move(99, 0)
    assert (editor.tick, work.bar) == (4 * BAR - 24, 3)


def test_another_grid_puts_the_cursor_on_it() -> None:
    editor, _ = editing()
    editor.move(1, 0)
    assert editor.next_grid() == "1/8T"
    assert editor.tick == 0
    editor.move(1, 0)
    assert editor.tick == 32
    assert [editor.next_grid() for _ in GRIDS] == ["1/16T", "1/32", "1/8", "1/16", "1/8T"]


def test_marks_reach_from_where_they_began_to_the_cursor_in_both_directions() -> None:
    editor, _ = editing(bar=1)
    assert editor.chosen_bars() == (1,)
    assert editor.mark()
    editor.move_bars(2)
    assert editor.marked == (1, 3)
    assert editor.chosen_bars() == (1, 2, 3)
    editor.move_bars(-3)
    assert editor.marked == (0, 1)
    assert not editor.mark()
    assert editor.chosen_bars() == (0,)


def test_a_note_that_sounds_is_chosen_and_a_drum_only_where_it_is_hit() -> None:
    editor, _ = editing()
    editor.move(1, 0)
    assert editor.note() == FIRST
    editor.move(1, 0)
    assert editor.note() is None
    drums, work = editing(Part.DRUMS)
    drums.toggle()
    assert drums.note() == Note(0, SNARE, 24, 100)
    drums.move(1, 0)
    assert drums.note() is None
    assert notes(work) == (Note(0, SNARE, 24, 100),)


def test_a_new_note_is_a_step_long_and_as_loud_as_the_last_one_that_was_changed() -> None:
    editor, work = editing()
    editor.louder(-40)
    editor.move(4, 2)
    editor.toggle()
    assert notes(work) == (Note(0, 41, 48, 60), Note(96, 43, 24, 60), SECOND)
    editor.toggle()
    assert notes(work) == (Note(0, 41, 48, 60), SECOND)


def test_a_changed_note_takes_the_cursor_along_and_marked_bars_do_not() -> None:
    editor, work = editing()
    editor.transpose(2)
    editor.shift(1)
    assert (editor.tick, editor.pitch) == (24, 43)
    assert notes(work)[0] == Note(24, 43, 48, 100)
    editor.mark()
    editor.move_bars(1)
    editor.transpose(-1)
    assert (editor.tick, editor.pitch) == (BAR + 24, 43)
    assert notes(work) == (Note(24, 42, 48, 100), Note(BAR, 43, 48, 60))


def test_wobble_is_painted_from_beat_to_beat_as_far_as_the_section_goes() -> None:
    editor, work = editing(bar=3)
    for _ in range(4):
        editor.paint("1/8")
    with pytest.raises(UserError, match="so already"):
        editor.paint("1/8")
    phrase = work.selected_section.cells.bass.phrase
    assert phrase is not None
    assert phrase.wobbles == (Wobble(3 * BAR, BAR, "1/8", 0.85),)
    assert editor.tick == 4 * BAR - 24


def test_bars_are_kept_and_freed_together() -> None:
    editor, work = editing()
    editor.mark()
    editor.move_bars(1)
    assert editor.toggle_kept()
    assert work.kept_bars(work.cell_ref) == (0, 1)
    editor.mark()
    assert not editor.toggle_kept()
    assert work.kept_bars(work.cell_ref) == (0,)


def test_what_cannot_be_done_is_refused_and_changes_nothing() -> None:
    drums, _ = editing(Part.DRUMS)
    drums.toggle()
    with pytest.raises(UserError, match="drums have no pitch"):
        drums.transpose(1)
    with pytest.raises(UserError, match="the wobble is the bass's"):
        drums.paint("1/8")
    editor, work = editing(bar=2)
    before = work.song
    for edit in (editor.remove, lambda: editor.shift(1), lambda: editor.resize(1), lambda: editor.louder(8)):
        with pytest.raises(UserError, match="no note here"):
            edit()
    for edit in (editor.humanize, editor.quantize):
        with pytest.raises(UserError, match="no note in these bars"):
            edit()
    work.edit(lambda song: set_locked(song, 0, Part.BASS, True))
    with pytest.raises(UserError, match="locked"):
        editor.toggle()
    assert notes(work) == (FIRST, SECOND)
    assert work.undo()
    assert work.song == before


def test_ghosts_are_the_other_parts_in_turn_and_then_none() -> None:
    shown: list[Part | None] = [None]
    for _ in range(4):
        shown.append(next_ghost(shown[-1], Part.BASS))
    assert shown == [None, Part.DRUMS, Part.CHORDS, Part.LEAD, None]
    assert next_ghost(Part.BASS, Part.BASS) is Part.DRUMS


def test_folded_the_cursor_goes_from_pitch_to_pitch_in_use() -> None:
    editor, _ = editing()
    assert editor.fold()
    editor.move(0, 1)
    assert editor.pitch == SECOND.pitch
    editor.move(0, 1)
    assert editor.pitch == SECOND.pitch, "there is none above"
    editor.move(0, 12)
    assert editor.pitch == SECOND.pitch + 12, "an octave leads anywhere"
    assert editor.cursor.folded
    assert not editor.fold()


def test_bars_are_cut_pasted_and_repeated() -> None:
    editor, work = editing()
    clip = editor.cut()
    assert notes(work) == (SECOND,)
    editor.move_bars(2)
    editor.paste(clip)
    assert notes(work) == (SECOND, Note(2 * BAR, 41, 48, 100))
    editor.repeat()
    assert notes(work)[-1] == Note(3 * BAR, 41, 48, 100)
    assert editor.tick == 3 * BAR
    with pytest.raises(UserError, match="the section ends here"):
        editor.repeat()


def test_a_clip_goes_into_another_section_and_another_part() -> None:
    editor, work = editing()
    clip = editor.copy()
    work.select(0, Part.LEAD)
    editor.begin()
    editor.paste(clip)
    assert [note.pitch % 12 for note in notes(work)] == [FIRST.pitch % 12]
    work.select(0, Part.DRUMS)
    editor.begin()
    with pytest.raises(UserError, match="drums cannot play them"):
        editor.paste(clip)


def test_bars_are_held_turned_and_played_at_another_speed() -> None:
    editor, work = editing()
    editor.legato()
    assert notes(work)[0].duration_ticks == BAR
    with pytest.raises(UserError, match="held already"):
        editor.legato()
    editor.change_speed(faster=True)
    assert [note.onset_tick for note in notes(work)] == [0, BAR // 2, BAR]
    with pytest.raises(UserError, match="the same both ways"):
        editor.mirror()
    work.edit(lambda song: edit_phrase(song, 0, Part.BASS, lambda phrase: move(phrase, notes(work)[1:2], 24)))
    editor.mirror()
    assert notes(work)[0].onset_tick == 0
    assert notes(work)[0].pitch == FIRST.pitch


def test_quantizing_half_comes_nearer_and_arrives() -> None:
    editor, work = editing()
    work.edit(lambda song: edit_phrase(song, 0, Part.BASS, lambda phrase: move(phrase, (FIRST,), 10)))
    places = []
    for _ in range(5):
        try:
            editor.quantize(0.5)
        except UserError:
            break
        places.append(notes(work)[0].onset_tick)
    assert places == [5, 2, 1, 0]


def test_the_lane_gets_deeper_and_of_another_shape_where_there_is_one() -> None:
    editor, work = editing()
    work.edit(lambda song: edit_phrase(song, 0, Part.BASS, lambda phrase: paint_wobble(phrase, 0, BAR, None, 0, "")))
    for edit in (lambda: editor.deepen(0.1), editor.next_shape):
        with pytest.raises(UserError, match="no wobble here"):
            edit()
    editor.paint("1/8")
    editor.move_bars(-9)
    editor.go_to(0, 41)
    before = wobbles(work)[0]
    editor.deepen(-0.1)
    assert wobbles(work)[0].depth == pytest.approx(before.depth - 0.1)
    assert editor.next_shape() == wobbles(work)[0].shape != before.shape
