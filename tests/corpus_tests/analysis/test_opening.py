"""A recording laid out as a song: nothing is lost, and the account adds up."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.analysis.opening import open_recording
from corpus.tracks import KeyChange, Loss, Recording
from song.notes import Note
from song.parts import PARTS, Part
from tests.corpus_tests.raw_tracks import TUNE, line, stacks, track

notes = st.builds(Note, st.integers(0, 384 * 12), st.integers(0, 127), st.integers(1, 800), st.integers(1, 127))
tracks = st.lists(
    st.builds(
        track,
        st.lists(notes, max_size=30),
        st.sampled_from(["", "Kick", "Bass", "Lead", "Pad", "Vox chop"]),
        st.sampled_from([None, 0, 33, 90, 81, 119, 125]),
        st.booleans(),
    ),
    min_size=1,
    max_size=12,
)
wishes = st.dictionaries(st.integers(0, 11), st.sampled_from([*PARTS, None]), max_size=4)


@given(tracks, wishes, st.booleans())
@settings(max_examples=150, deadline=None)
def test_every_note_of_any_tracks_is_in_a_take_or_in_a_line(found, wished, quantize):
    music = Recording(tuple(found), 140.0, tempi=((0, 140.0),))
    opened = open_recording(music, wished, quantize=quantize)
    in_takes = sum(
        len(phrase.notes) for one in opened.sections for phrases in one.phrases.values() for phrase in phrases
    )
    assert in_takes == opened.account.arrived
    for one, account in zip(found, opened.account.tracks, strict=True):
        assert account.notes == len(one.notes)
        assert account.notes == account.first + account.spare + sum(loss.notes for loss in account.losses)
        assert (account.part is None) == any(
            loss.why == "left out, as you chose" for loss in account.losses
        ) or not one.notes


def test_lost_notes_of_the_reader_stay_in_the_account():
    one = msgspec.structs.replace(track(TUNE, "Lead", 81), losses=(Loss("in bars that are not 4/4", 5),))
    (account,) = open_recording(Recording((one,), 140.0)).account.tracks
    assert (account.notes, account.first, account.losses) == (13, 8, (Loss("in bars that are not 4/4", 5),))


def test_a_second_lead_is_a_spare_take_where_it_clashes_and_sounds_where_it_does_not():
    first = track(line(*[72, 74, 75, 77] * 8), "Lead", 81)
    second = track(line(*[79, 77, 75, 74] * 8, start=4 * 384), "Lead 2", 80)
    music = Recording((first, second), 140.0, ((0, "Intro"), (4, "Drop"), (8, "Outro")), bars=12)
    opened = open_recording(music)
    assert [len(one.phrases[Part.LEAD]) for one in opened.sections] == [1, 2, 1]
    assert (opened.account.tracks[1].first, opened.account.tracks[1].spare) == (16, 16)


def test_what_rings_on_past_a_section_is_cut_and_told():
    music = Recording(
        (track(stacks((57, 60, 64), length=8 * 384), "Pad", 90),), 140.0, ((0, "Intro"), (4, "Drop")), bars=8
    )
    opened = open_recording(music)
    assert {note.duration_ticks for note in opened.sections[0].phrases[Part.CHORDS][0].notes} == {4 * 384}
    assert opened.account.told == ("3 notes ringing on past the end of a section: cut there",)


@pytest.mark.parametrize(
    ("keys", "found"),
    [(((0, -4, True),), ["F minor"] * 2), (((0, 2, False), (4 * 384, 3, False)), ["D major", "A major"])],
)
def test_each_section_has_the_key_of_the_signature_that_holds_there(keys, found):
    signatures = tuple(KeyChange(*one) for one in keys)
    music = Recording((track(TUNE * 1, "Lead", 81),), 140.0, ((0, "Intro"), (4, "Drop")), bars=8, keys=signatures)
    assert [one.key for one in open_recording(music).sections] == found


def test_c_major_that_the_notes_contradict_is_not_believed():
    tune = track(line(*[66, 68, 70, 71, 73, 75, 77, 66] * 4), "Lead", 81)
    music = Recording((tune,), 140.0, bars=8, keys=(KeyChange(0, 0, False),))
    assert open_recording(music).sections[0].key != "C major"
