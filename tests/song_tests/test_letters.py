"""Bars put under letters: what stays takes its letter along, and bars in another order lose and double nothing."""

from hypothesis import given
from hypothesis import strategies as st

from song.checks import FORM, check_phrase
from song.forms import turn_bars
from song.letters import keep_letters, rearranged
from song.notes import Note, Phrase, Wobble, some_bars
from song.parts import Part
from song.sections import Constraints, PartForms, Section, SectionKind
from song.time import TICKS_PER_BAR


def line(*pitches: int, duration: int = 96) -> Phrase:
    """A note at the start of each bar."""
    notes = (Note(bar * TICKS_PER_BAR, pitch, duration, 100) for bar, pitch in enumerate(pitches))
    return Phrase(len(pitches), tuple(notes))


def drop(bars: int, **asked: object) -> Section:
    return Section(SectionKind.DROP, bars, Constraints(**{"form_bars": 1, **asked}))


def pitches(phrase: Phrase) -> list[int]:
    return [note.pitch for note in phrase.notes]


def test_a_bar_that_stays_takes_those_of_its_letter_along_whichever_of_them_it_is() -> None:
    phrase, kept = keep_letters(line(40, 41, 42, 43, 44), (2,), drop(5, form="AB"), Part.BASS)
    assert (pitches(phrase), kept) == ([42, 41, 42, 43, 44], {0, 2})


def test_bars_of_one_letter_that_all_stay_may_differ() -> None:
    phrase, kept = keep_letters(line(40, 41, 42, 43, 44, 45, 46), (2, 4), drop(7, form="AB"), Part.BASS)
    assert (pitches(phrase), kept) == ([42, 41, 42, 43, 44, 45, 46], {0, 2, 4})


def test_a_turn_that_stays_takes_no_other_bar_along() -> None:
    asked, phrase = drop(4, form="A"), line(40, 41, 42, 43)
    assert keep_letters(phrase, (3,), asked, Part.BASS) == (phrase, {3})


def test_without_a_form_what_stays_is_what_was_to_stay() -> None:
    asked, phrase = drop(3, form="A", forms=PartForms(bass="")), line(40, 41, 42, 43)
    assert keep_letters(phrase, (0, 3, 7), asked, Part.BASS) == (phrase, {0})


@given(
    st.lists(st.integers(40, 60), min_size=1, max_size=20),
    st.sets(st.integers(0, 20)),
    st.text("ABC", min_size=1, max_size=4),
    st.integers(1, 4),
)
def test_what_stays_is_as_it_was_and_the_rest_of_its_letter_breaks_no_form(
    played: list[int], kept: set[int], form: str, unit: int
) -> None:
    before, asked = line(*played), drop(len(played), form=form, form_bars=unit)
    after, staying = keep_letters(before, kept, asked, Part.BASS)
    assert staying >= {bar for bar in kept if bar < len(played)}
    for bar in kept & staying:
        assert some_bars(after, bar, 1) == some_bars(before, bar, 1)
    if len(kept - turn_bars(len(played))) <= 1:
        whole = Phrase(after.bars, tuple(note for note in after.notes if note.onset_tick // TICKS_PER_BAR in staying))
        silent = {bar for bar in range(len(played)) if bar not in staying}
        filled = (*whole.notes, *(Note(bar * TICKS_PER_BAR, 1, 96, 100) for bar in silent))
        findings = check_phrase(asked, Part.BASS, Phrase(after.bars, tuple(sorted(filled))), "C chromatic")
        assert [one.off for one in findings if one.name == FORM] == [0]


def test_bars_in_their_own_order_are_the_phrase_itself() -> None:
    notes = (*line(40, 41, duration=500).notes, Note(2 * TICKS_PER_BAR, 42, 96, 100))
    phrase = Phrase(3, notes, (Wobble(0, 900, "1/8", 0.5),))
    assert rearranged(phrase, (0, 1, 2), Part.CHORDS) == phrase


def test_a_note_ends_where_a_bar_begins_that_did_not_follow_its_own() -> None:
    bass = line(40, 41, 42, duration=500)
    ends = [note.end_tick for note in rearranged(bass, (0, 0, 1), Part.BASS).notes]
    assert ends == [384, 384 + 500, 3 * 384]
    assert [note.end_tick for note in rearranged(bass, (1, 0), Part.CHORDS).notes] == [500, 768]


def test_wobbles_go_with_their_bars_and_end_at_the_bar_line() -> None:
    held = Phrase(2, (Note(0, 40, 480, 100), Note(700, 41, 48, 100)), (Wobble(192, 288, "1/8", 0.5),))
    assert rearranged(held, (0, 0), Part.BASS).wobbles == (
        Wobble(192, 192, "1/8", 0.5),
        Wobble(576, 192, "1/8", 0.5),
    )
    assert rearranged(held, (1, 1), Part.BASS).wobbles == (), "what was under the note of the bar before is not heard"
    assert rearranged(held, (5, 0), Part.BASS).notes == (Note(384, 40, 384, 100),)
