"""Changes from one view to the next, told in lines: without a process, without a screen."""

import msgspec

from song.edits.notes import add_note, edit_phrase, set_kept
from song.edits.sections import add_section, delete_section, move_section, rename_section, toggle_muted
from song.edits.takes import add_takes, clear_cell, set_locked
from song.notes import Note, Phrase
from song.parts import Part
from song.sections import Song, Take, number_sections
from tests.tui_tests.driving import filled_song, short_song
from tui.field_text import read_field
from tui.plain.changes import changes
from tui.plain.words import bar_words, takes_words
from tui.view import Cursor, EngineState, EngineStatus, View, Writing


def told(old: Song, new: Song, **fields: object) -> list[str]:
    view = View(song=number_sections(old))
    return changes(view, msgspec.structs.replace(view, song=number_sections(new), **fields))


def test_nothing_is_told_where_nothing_changes() -> None:
    view = View(song=number_sections(filled_song()))
    assert changes(view, view) == []
    assert changes(view, msgspec.structs.replace(view, writing=Writing(done=2))) == []


def test_takes_locks_and_constraints_are_told() -> None:
    song = number_sections(short_song())
    phrase = Phrase(4, tuple(Note(tick, 36, 24, 100) for tick in range(0, 4 * 384, 384)))
    take = Take(phrase, 7, "fake", "0", nats_per_note=1.234, critic=0.5, copied_notes=4, copied_from="a song")
    written = add_takes(song, 1, Part.DRUMS, (take,))
    assert told(song, written) == [
        "DROP drums: take 1 of 1: 1.0 onsets a bar, asked 10.3, not all as asked, "
        "score 1.23 nats a note, critic 0.50, 4 notes as in a song"
    ]
    assert told(written, set_locked(written, 1, Part.DRUMS, True)) == ["DROP drums: locked"]
    assert told(written, clear_cell(written, 1, Part.DRUMS)) == ["DROP drums: empty"]
    assert told(written, read_field(written, 1, "drums", "0")) == [
        "DROP: density 0.25",
        "DROP: drums density 0.00, asked 0.0 onsets a bar, got 1.0",
    ]
    assert told(written, read_field(written, 1, "tempo", "140-150")) == ["DROP: ramp to 150 BPM"]
    # Its phrase becomes longer too, which goes without saying.
    assert told(written, read_field(written, 1, "bars", "8")) == ["DROP: bars 8"]
    assert told(song, toggle_muted(song, Part.LEAD)) == ["heard: drums, bass, chords"]


def test_harmony_and_the_theme_are_told() -> None:
    song = number_sections(short_song())
    assert told(song, read_field(song, 1, "progression", "i VI")) == ["DROP: chords go i VI, Fm Db"]
    assert told(song, read_field(song, 1, "chord-length", "2 bars")) == ["DROP: a chord 2 bars"]
    assert told(song, read_field(song, 1, "passing", "no")) == ["DROP: passing no"]
    assert told(song, read_field(song, 0, "theme", "slow")) == ["INTRO: theme slow, of DROP"]
    assert told(song, read_field(song, 0, "theme", "here")) == ["the theme: INTRO"]
    assert told(song, read_field(song, 0, "theme", "off")) == ["no section is quoted"]


def test_the_form_is_told() -> None:
    song = number_sections(filled_song())
    assert told(song, add_section(song, 2)) == ["OUTRO 2 is new: section 4 of 4, 8 bars"]
    assert told(song, delete_section(song, 1)) == ["DROP is gone"]
    assert told(song, move_section(song, 0, 1))[0] == "sections: DROP, INTRO, OUTRO"
    assert told(song, rename_section(song, 0, "Dusk")) == ["INTRO is called Dusk now"]


def test_notes_are_told_one_by_one_or_counted() -> None:
    song = number_sections(filled_song())
    more = edit_phrase(song, 0, Part.BASS, lambda phrase: add_note(phrase, Part.BASS, Note(384, 41, 48, 100)))
    assert told(song, more) == [
        "INTRO bass: with F2 at bar 2 beat 1, 2 steps long, velocity 100",
        "INTRO bass: kept from fills: bar 2",
    ]
    none = edit_phrase(more, 0, Part.BASS, lambda phrase: Phrase(phrase.bars))
    assert any(line.startswith("INTRO bass: without E2 at bar 1 beat 1, 4 steps") for line in told(more, none))
    assert told(song, set_kept(song, 0, Part.BASS, (0,), True)) == ["INTRO bass: kept from fills: bar 1"]


def test_where_one_goes_is_told() -> None:
    view = View(song=number_sections(filled_song()))
    place = changes(view, msgspec.structs.replace(view, section=1, part=Part.BASS))
    assert len(place) == 1
    assert place[0].startswith("DROP bass: section 2 of 3, bars 3 to 6; take 1 of 1: 0.2 onsets a bar, asked 4.0")
    assert changes(view, msgspec.structs.replace(view, field="tempo")) == ["tempo 140 BPM"]
    assert changes(view, msgspec.structs.replace(view, bar=1)) == ["bar 2 of 2: nothing"]
    assert bar_words(view) == "bar 1 of 2: snare 1"
    here = Cursor(24, 38, "1/16", 24, (0, 1))
    assert changes(view, msgspec.structs.replace(view, cursor=here)) == [
        "in the notes of INTRO drums",
        "bar 1 beat 1.25, snare: no note, bars 1 to 2 marked",
    ]
    assert changes(msgspec.structs.replace(view, cursor=here), view) == ["left the notes"]


def test_the_engine_the_file_and_notes_are_told() -> None:
    view = View(song=number_sections(short_song()))
    ready = EngineStatus(EngineState.READY, "cpu")
    assert changes(view, msgspec.structs.replace(view, engine=ready)) == ["engine ready on cpu"]
    assert changes(view, msgspec.structs.replace(view, saved=False, file_name="a.drop")) == ["a.drop, unsaved changes"]
    assert changes(view, msgspec.structs.replace(view, note="undone")) == ["undone"]
    assert changes(view, msgspec.structs.replace(view, failed=frozenset({view.cell_ref}))) == [
        "INTRO drums: not written"
    ]
    assert changes(view, msgspec.structs.replace(view, writing=Writing(frozenset({view.cell_ref})))) == [
        "writing 1 cell"
    ]
    assert takes_words(view) == ["no takes yet"]
