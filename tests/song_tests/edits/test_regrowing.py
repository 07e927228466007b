import msgspec
import pytest

from song.edits.history import History
from song.edits.notes import add_note, edit_phrase, remove_notes
from song.edits.takes import add_takes, set_bars
from song.notes import Note, Phrase, Wobble
from song.parts import Part
from song.sections import Section, SectionKind, Song, Take, number_sections
from song.time import TICKS_PER_BAR

LONG = Note(TICKS_PER_BAR, 40, 2 * TICKS_PER_BAR, 90)
LAST = Note(3 * TICKS_PER_BAR, 41, 96, 80)
PHRASE = Phrase(4, (Note(0, 36, 96, 100), LONG, LAST), (Wobble(0, 4 * TICKS_PER_BAR, "1/8", 0.5),))


@pytest.fixture
def history() -> History:
    song = number_sections(Song(sections=(Section(SectionKind.BUILD, 4), Section(SectionKind.DROP, 4))))
    takes = (Take(PHRASE, seed=1, edited=(3,), kept=(3,)), Take(Phrase(4, (LAST,)), seed=2))
    return History(add_takes(song, 1, Part.BASS, takes))


def resized(history: History, bars: int, index: int = 1) -> History:
    return history.after(lambda song: set_bars(song, index, bars))


def amended(history: History, bars: int) -> History:
    return history.amended(lambda song: set_bars(song, 1, bars))


def takes(history: History) -> tuple[Take, ...]:
    return history.present.sections[1].cell(Part.BASS).takes


def test_a_section_made_shorter_and_longer_again_is_as_it_was(history: History) -> None:
    for way in ((3, 4), (1, 2, 3, 4), (2, 4), (3, 1, 4)):
        walked = history
        for bars in way:
            walked = resized(walked, bars)
        assert takes(walked) == takes(history), way
        assert walked.present == history.present


def test_one_step_of_undo_too_gives_the_music_back(history: History) -> None:
    once = resized(history, 3)
    for bars in (2, 1, 2, 4):
        once = amended(once, bars)
    assert once.present == history.present


def test_what_was_changed_meanwhile_stays_and_the_tail_comes_back(history: History) -> None:
    new = Note(96, 43, 48, 70)
    shorter = resized(history, 2).after(
        lambda song: edit_phrase(song, 1, Part.BASS, lambda phrase: add_note(phrase, Part.BASS, new))
    )
    phrase = takes(resized(shorter, 4))[0].phrase
    assert new in phrase.notes
    assert LAST in phrase.notes
    assert phrase.bars == 4


def test_what_was_taken_away_before_stays_away(history: History) -> None:
    without = history.after(lambda song: edit_phrase(song, 1, Part.BASS, lambda phrase: remove_notes(phrase, (LAST,))))
    assert LAST not in takes(resized(resized(without, 3), 4))[0].phrase.notes


def test_new_music_and_bars_that_never_were_end_in_silence(history: History) -> None:
    longer = resized(history, 6)
    assert takes(longer)[0].phrase.notes == PHRASE.notes
    other = resized(history, 2).after(lambda song: add_takes(song, 1, Part.BASS, (Take(Phrase(2), seed=9),)))
    assert takes(resized(other, 4))[2].phrase == Phrase(4)


def test_another_section_with_the_same_music_is_not_asked(history: History) -> None:
    song = history.present
    twice = History(msgspec.structs.replace(song, sections=(*song.sections, Section(SectionKind.DROP, 2, id=9))))
    grown = resized(resized(twice, 1, 2), 2, 2)
    assert grown.present.sections[2].cells == twice.present.sections[2].cells
