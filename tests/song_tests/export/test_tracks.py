"""Tracks in ticks from the song's start: sections in their place, cuts at their ends, the sub bass, and ranges."""

import msgspec
import pytest
from hypothesis import given

from song.export.tracks import Track, lay_out
from song.notes import Note, Phrase, Wobble
from song.parts import PARTS, Part
from song.sections import Section, SectionKind, Song
from tests.song_tests.song_strategies import filled, songs

BAR = 384
TWO_BARS = Song(sections=(Section(SectionKind.BUILD, 1), Section(SectionKind.DROP, 1)))


def tracks(song: Song) -> dict[str, Track]:
    return {track.name: track for track in lay_out(song)}


def bass(*notes: Note, wobbles: tuple[Wobble, ...] = ()) -> Song:
    return filled(TWO_BARS, 1, Part.BASS, Phrase(1, notes, wobbles))


def test_a_section_starts_where_the_one_before_ends() -> None:
    assert tracks(bass(Note(24, 40, 96, 100)))["Bass"].notes == (Note(BAR + 24, 40, 96, 100),)


def test_a_note_is_cut_at_its_sections_end() -> None:
    song = filled(TWO_BARS, 0, Part.LEAD, Phrase(1, (Note(300, 70, 1000, 90),)))
    assert tracks(song)["Lead"].notes == (Note(300, 70, BAR - 300, 90),)


def test_of_two_notes_that_overlap_on_a_pitch_the_first_is_cut() -> None:
    phrase = Phrase(1, (Note(0, 70, 100, 90), Note(50, 70, 100, 91), Note(50, 74, 100, 92)))
    assert tracks(filled(TWO_BARS, 0, Part.LEAD, phrase))["Lead"].notes == (
        Note(0, 70, 50, 90),
        Note(50, 70, 100, 91),
        Note(50, 74, 100, 92),
    )


@pytest.mark.parametrize(("pitch", "sub"), [(64, 52), (36, 24), (35, 35), (31, 31), (47, 35)])
def test_the_sub_is_an_octave_down_where_that_can_be_heard(pitch: int, sub: int) -> None:
    assert tracks(bass(Note(0, pitch, 96, 100)))["Sub"].notes == (Note(BAR, sub, 96, 100),)


def test_two_basses_that_meet_on_one_sub_pitch_do_not_overlap() -> None:
    # 35 stays and 47 comes down to it while it still sounds.
    song = bass(Note(0, 35, 96, 100), Note(48, 47, 96, 90))
    assert tracks(song)["Sub"].notes == (Note(BAR, 35, 48, 100), Note(BAR + 48, 35, 96, 90))


def test_only_the_bass_has_controllers() -> None:
    song = bass(Note(0, 40, BAR, 100), wobbles=(Wobble(0, BAR, "1/4", 0.5),))
    assert {name for name, track in tracks(song).items() if track.controllers} == {"Bass"}
    in_the_lead = filled(TWO_BARS, 0, Part.LEAD, Phrase(1, (Note(0, 70, 96, 90),), (Wobble(0, 96, "1/8", 0.5),)))
    assert not any(track.controllers for track in lay_out(in_the_lead))


def test_a_wobble_is_cut_at_its_sections_end() -> None:
    # The next section's bass sounds on, but the wobble is not its own.
    song = filled(TWO_BARS, 0, Part.BASS, Phrase(1, (Note(0, 40, BAR, 100),), (Wobble(0, 2 * BAR, "1/8", 0.5),)))
    song = filled(song, 1, Part.BASS, Phrase(1, (Note(0, 40, BAR, 100),)))
    assert max(tick for tick, _, _ in tracks(song)["Bass"].controllers) == BAR - 1


def test_a_take_that_does_not_sound_is_not_laid_out() -> None:
    song = bass(Note(0, 40, 96, 100))
    cell = msgspec.structs.replace(song.sections[1].cells.bass, chosen=None)
    section = msgspec.structs.replace(
        song.sections[1], cells=msgspec.structs.replace(song.sections[1].cells, bass=cell)
    )
    assert tracks(msgspec.structs.replace(song, sections=(song.sections[0], section)))["Bass"].notes == ()


@pytest.mark.parametrize(
    ("note", "problem"),
    [
        (Note(0, 128, 96, 100), "bass pitch 128 is outside 0-127"),
        (Note(0, -1, 96, 100), "bass pitch -1 is outside 0-127"),
        (Note(0, 40, 96, 0), "bass velocity 0 is outside 1-127"),
        (Note(0, 40, 96, 128), "bass velocity 128 is outside 1-127"),
        (Note(-1, 40, 96, 100), "bass onset -1 is outside 0-383"),
        (Note(BAR, 40, 96, 100), "bass onset 384 is outside 0-383"),
        (Note(0, 40, 0, 100), "bass duration 0 is below 1"),
    ],
)
def test_a_note_out_of_range_is_refused(note: Note, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        lay_out(bass(note))


@pytest.mark.parametrize(
    ("wobble", "problem"),
    [
        (Wobble(0, 96, "1/8", 1.5), "wobble depth 1.5 is outside 0-1"),
        (Wobble(0, 96, "1/8", float("nan")), "wobble depth nan is outside 0-1"),
        (Wobble(400, 96, "1/8", 0.5), "wobble onset 400 is outside 0-383"),
        (Wobble(0, 0, "1/8", 0.5), "wobble duration 0 is below 1"),
        (Wobble(0, 96, "1/8", 0.5, "zigzag"), "zigzag is not the shape of a wobble"),
    ],
)
def test_a_wobble_out_of_range_is_refused(wobble: Wobble, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        lay_out(bass(Note(0, 40, 96, 100), wobbles=(wobble,)))


@given(songs)
def test_the_sub_plays_when_the_bass_does(song: Song) -> None:
    song = msgspec.structs.replace(song, sub=True)
    laid = tracks(song)
    assert {n.onset_tick for n in laid["Sub"].notes} == {n.onset_tick for n in laid["Bass"].notes}
    assert all(note.pitch >= 24 for note in laid["Sub"].notes)


def test_muted_parts_are_silent_and_solo_silences_the_others() -> None:
    song = TWO_BARS
    phrase = Phrase(1, (Note(0, 60, 96, 100),), (Wobble(0, 96, "1/8", 1.0),))
    for part in PARTS:
        song = filled(song, 0, part, phrase)
    sounding = {track.name for track in lay_out(song) if track.notes}
    assert sounding == {"Drums", "Bass", "Chords", "Lead", "Sub"}
    without_bass = lay_out(msgspec.structs.replace(song, muted=(Part.BASS,)))
    assert {track.name for track in without_bass if track.notes} == {"Drums", "Chords", "Lead"}
    assert not any(track.controllers for track in without_bass)
    assert [track.name for track in without_bass] == [track.name for track in lay_out(song)]
    alone = lay_out(msgspec.structs.replace(song, solo=(Part.LEAD,)))
    assert {track.name for track in alone if track.notes} == {"Lead"}
    neither = lay_out(msgspec.structs.replace(song, solo=(Part.LEAD,), muted=(Part.LEAD,)))
    assert not any(track.notes for track in neither)
