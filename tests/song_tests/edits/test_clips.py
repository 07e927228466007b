import pytest
from hypothesis import given
from hypothesis import strategies as st

from song.edits.clips import copied_bars, pasted, repeated, without_bars
from song.edits.takes import add_takes
from song.errors import UserError
from song.notes import Note, Phrase, Wobble
from song.parts import PART_SPECS, PARTS, Part
from song.sections import Section, SectionKind, Song, Take
from song.time import TICKS_PER_BAR
from song.validation import find_problem

PHRASE = Phrase(
    4,
    (Note(0, 40, 48, 90), Note(TICKS_PER_BAR, 43, 2 * TICKS_PER_BAR, 80), Note(TICKS_PER_BAR + 96, 45, 48, 70)),
    (Wobble(0, 2 * TICKS_PER_BAR, "1/8", 0.5), Wobble(2 * TICKS_PER_BAR, TICKS_PER_BAR, "1/16", 1.0, "saw")),
)


def test_a_clip_has_what_starts_in_its_bars_cut_at_their_end() -> None:
    clip = copied_bars(PHRASE, Part.BASS, 1, 1)
    assert clip.notes == (Note(0, 43, TICKS_PER_BAR, 80), Note(96, 45, 48, 70))
    assert clip.wobbles == (Wobble(0, TICKS_PER_BAR, "1/8", 0.5),)
    with pytest.raises(UserError, match="nothing in these bars"):
        copied_bars(PHRASE, Part.BASS, 3, 1)


def test_pasted_bars_are_as_they_were_and_the_rest_stays() -> None:
    clip = copied_bars(PHRASE, Part.BASS, 1, 1)
    found = pasted(PHRASE, Part.BASS, clip, 3 * TICKS_PER_BAR)
    assert copied_bars(found, Part.BASS, 3, 1) == clip
    assert [note for note in found.notes if note.onset_tick < 3 * TICKS_PER_BAR] == list(PHRASE.notes)
    assert found.wobbles[:2] == PHRASE.wobbles


def test_what_does_not_fit_is_cut_at_the_end() -> None:
    clip = copied_bars(PHRASE, Part.BASS, 0, 4)
    found = pasted(Phrase(2), Part.BASS, clip, TICKS_PER_BAR)
    assert found.notes == (Note(TICKS_PER_BAR, 40, 48, 90),)
    assert found.wobbles == (Wobble(TICKS_PER_BAR, TICKS_PER_BAR, "1/8", 0.5),)


def test_emptied_bars_have_neither_notes_nor_wobbles() -> None:
    found = without_bars(PHRASE, range(1, 3))
    assert found.notes == (Note(0, 40, 48, 90),)
    assert found.wobbles == (Wobble(0, TICKS_PER_BAR, "1/8", 0.5),)


def test_bars_are_repeated_behind_themselves() -> None:
    found = repeated(PHRASE, Part.BASS, 0, 1)
    assert copied_bars(found, Part.BASS, 1, 1) == copied_bars(PHRASE, Part.BASS, 0, 1)
    with pytest.raises(UserError, match="the section ends here"):
        repeated(PHRASE, Part.BASS, 2, 2) if PHRASE.bars > 4 else repeated(
            Phrase(1, (Note(0, 40, 9, 9),)), Part.BASS, 0, 1
        )


def test_notes_of_another_part_go_to_its_octave_and_drums_do_not_mix() -> None:
    clip = copied_bars(Phrase(1, (Note(0, 84, 48, 90),)), Part.LEAD, 0, 1)
    (note,) = pasted(Phrase(1), Part.BASS, clip, 0).notes
    assert note.pitch % 12 == 0
    assert PART_SPECS[Part.BASS].low <= note.pitch <= PART_SPECS[Part.BASS].high
    with pytest.raises(UserError, match="drums cannot play them"):
        pasted(Phrase(1), Part.DRUMS, clip, 0)
    hits = copied_bars(Phrase(1, (Note(0, 36, 24, 90),)), Part.DRUMS, 0, 1)
    with pytest.raises(UserError, match="lead cannot play them"):
        pasted(Phrase(1), Part.LEAD, hits, 0)


@given(st.data(), st.sampled_from([part for part in PARTS if part is not Part.DRUMS]), st.integers(0, 7))
def test_any_clip_anywhere_gives_a_phrase_that_is_whole(data: st.DataObject, part: Part, beat: int) -> None:
    notes = data.draw(
        st.lists(
            st.builds(Note, st.integers(0, 767), st.integers(30, 90), st.integers(1, 900), st.integers(1, 127)),
            min_size=1,
        )
    )
    onsets = {note.onset_tick: note for note in notes}
    source = Phrase(2, tuple(sorted(onsets.values())))
    clip = copied_bars(pasted(Phrase(2), part, copied_bars(source, Part.LEAD, 0, 2), 0), part, 0, 2)
    found = pasted(Phrase(2), part, clip, beat * 96)
    assert all(note.end_tick <= found.length_ticks for note in found.notes)
    song = Song(sections=(Section(SectionKind.DROP, 2),))
    assert find_problem(add_takes(song, 0, part, (Take(found),))) is None
