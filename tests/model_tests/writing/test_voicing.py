"""Chords voiced: whole, no cluster, near to what came before, and the same where they were drawn the same."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.writing.voicing import CLOSE, DOUBLED, OPEN, ROOTED, WIDE, Voicing, voiced, voicing_of
from song.harmony import STRETCH_TICKS, Chord, parse_progression, section_harmony, sounding_chords
from song.notes import Note, Phrase, cut_overlaps
from song.parts import PART_SPECS, Part
from song.scales import Key
from song.sections import Constraints, Section, SectionKind

BAR = 384
WHOLE = (PART_SPECS[Part.CHORDS].low, PART_SPECS[Part.CHORDS].high)
MOST = PART_SPECS[Part.CHORDS].polyphony
KEY = Key("F", "minor")
SYMBOLS = ("i", "VI", "III", "VII", "iv7", "bII", "V7", "i5", "isus2", "isus4", "v°", "III+", "iadd9", "imaj7", "i9")


def chord(numeral: str) -> Chord:
    (found,) = parse_progression(numeral, KEY)
    return found


def stab(tick: int, *pitches: int, ticks: int = 96, velocity: int = 100) -> list[Note]:
    return [Note(tick, pitch, ticks, velocity) for pitch in pitches]


def voice(
    text: str, notes: list[Note], bars: int = 4, beats: int = 4, pitch_range: tuple[int, int] = WHOLE, full: bool = True
) -> Phrase:
    chords = parse_progression(text, KEY)
    sounding = sounding_chords(chords, beats, 2 * bars)
    return voiced(Phrase(bars, tuple(sorted(notes))), chords, sounding, pitch_range, full)


def at(phrase: Phrase, tick: int) -> list[int]:
    return [note.pitch for note in phrase.notes if note.onset_tick == tick]


def drawn_under(symbol: Chord, low: int = WHOLE[0]) -> int:
    """A tone of a chord, somewhere in the middle."""
    return next(pitch for pitch in range(low + 12, low + 24) if pitch % 12 in symbol.tones)


@pytest.mark.parametrize("numeral", SYMBOLS)
@pytest.mark.parametrize("voices", [1, 2, 3, 4, 5])
def test_every_tone_of_the_symbol_is_there_and_nothing_else(numeral: str, voices: int) -> None:
    symbol = chord(numeral)
    ladder = [pitch for pitch in range(55, 80) if pitch % 12 in symbol.tones]
    pitches = at(voice(numeral, stab(0, *ladder[:voices])), 0)
    assert {pitch % 12 for pitch in pitches} == set(symbol.tones)
    assert max(len(ladder[:voices]), len(symbol.tones)) == len(pitches) <= MOST
    assert pitches == sorted(set(pitches))


@pytest.mark.parametrize("numeral", ["i", "VI", "iv7", "V7", "bII", "v°", "isus4"])
def test_there_is_no_cluster_that_the_symbol_does_not_have(numeral: str) -> None:
    tones = sorted(chord(numeral).tones)
    nearest = min((b - a) % 12 for a, b in zip(tones, [*tones[1:], tones[0]], strict=True))
    for voices in (3, 4, 5):
        ladder = [pitch for pitch in range(55, 80) if pitch % 12 in tones]
        pitches = at(voice(numeral, stab(0, *ladder[:voices])), 0)
        assert min(b - a for a, b in pairwise(pitches)) >= nearest


@pytest.mark.parametrize("text", ["i VI III VII", "VI VII i i", "i iv VI V7", "i bII i VII"])
@pytest.mark.parametrize("top", [60, 65, 72, 77])
def test_voices_move_by_small_steps(text: str, top: int) -> None:
    notes = []
    for bar, symbol in enumerate(parse_progression(text, KEY)):
        nearest = min((pitch for pitch in range(50, 84) if pitch % 12 in symbol.tones), key=lambda p: abs(p - top))
        notes += stab(bar * BAR, nearest, ticks=BAR)
    found = voice(text, notes)
    voicings = [at(found, bar * BAR) for bar in range(4)]
    for one, other in pairwise(voicings):
        for pitch in other:
            assert min(abs(pitch - before) for before in one) <= 5, voicings
        assert abs(sum(one) / len(one) - sum(other) / len(other)) <= 5, "the hand stays where it is"


def test_the_top_is_led_by_what_was_drawn() -> None:
    low, high = (at(voice("i", stab(0, pitch)), 0) for pitch in (60, 77))
    assert max(low) < max(high)


def test_drawn_alike_under_one_chord_is_voiced_alike_wherever_it_stands() -> None:
    notes = [*stab(0, 60, 65), *stab(2 * BAR, 68), *stab(4 * BAR, 60, 65), *stab(6 * BAR, 60, 65)]
    found = voice("i VI", [*notes, *stab(BAR, 61), *stab(3 * BAR, 65), *stab(5 * BAR, 61)], bars=8)
    assert at(found, 0) == at(found, 4 * BAR) == at(found, 6 * BAR)
    assert at(found, BAR) == at(found, 5 * BAR)


def test_a_chord_written_twice_in_a_progression_is_one() -> None:
    found = voice("i i VI", [*stab(0, 60, ticks=2 * BAR), *stab(BAR + 96, 60)])
    assert at(found, 0) == at(found, BAR + 96)
    assert [note.duration_ticks for note in found.notes if note.onset_tick == 0] == [BAR + 96] * 3, "no cut at the bar"


def test_notes_end_where_the_harmony_moves_on() -> None:
    found = voice("i VI", stab(96, 60, 65, ticks=3 * BAR))
    assert {note.end_tick for note in found.notes} == {BAR}
    halves = voice("i VI", stab(STRETCH_TICKS - 10, 60, ticks=BAR), beats=2)
    assert {note.end_tick for note in halves.notes} == {STRETCH_TICKS}
    alone = voice("i", stab(96, 60, ticks=BAR * 3))
    assert {note.end_tick for note in alone.notes} == {96 + BAR * 3}, "one chord goes on"


def test_no_pitch_starts_while_it_sounds() -> None:
    found = voice("i", [*stab(0, 60, 65, 68, ticks=BAR), *stab(96, 72, 77, ticks=96), *stab(144, 60, ticks=240)])
    assert cut_overlaps(found.notes, found.length_ticks) == found.notes


def test_single_notes_off_the_beat_are_an_arpeggio_where_chords_are_not_full() -> None:
    notes = [*stab(0, 60), *stab(48, 65), *stab(96, 68), *stab(120, 60, 65)]
    sparse, full = voice("i", notes, full=False), voice("i", notes)
    assert [len(at(sparse, tick)) for tick in (0, 48, 96, 120)] == [3, 1, 3, 3]
    assert at(sparse, 48) == [65]
    assert [len(at(full, tick)) for tick in (0, 48, 96, 120)] == [3, 3, 3, 3]


def test_each_voice_is_as_loud_as_the_note_that_it_was_drawn_as() -> None:
    notes = [Note(0, 60, 96, 50), Note(0, 65, 96, 90)]
    assert [note.velocity for note in voice("i", notes).notes] == [50, 90, 90]


@pytest.mark.parametrize("low", [48, 53, 60, 73])
@pytest.mark.parametrize("numeral", SYMBOLS)
def test_a_range_of_an_octave_is_kept_to(low: int, numeral: str) -> None:
    pitch_range = (low, low + 11)
    drawn = next(pitch for pitch in range(low, low + 12) if pitch % 12 in chord(numeral).tones)
    pitches = at(voice(numeral, stab(0, drawn), pitch_range=pitch_range), 0)
    assert all(low <= pitch <= low + 11 for pitch in pitches)
    assert {pitch % 12 for pitch in pitches} == set(chord(numeral).tones)


def test_where_a_chord_does_not_fit_what_was_drawn_stays() -> None:
    assert at(voice("i", stab(0, 60), pitch_range=(60, 62)), 0) == [60]
    assert at(voice("i", stab(0, 53, 56, 60, 65, 68), pitch_range=(53, 64)), 0) == [53, 56, 60, 65, 68]


_LADDERS = {
    index: [p for p in range(52, 80) if p % 12 in c.tones]
    for index, c in enumerate(parse_progression("i VI bII V7", KEY))
}


@st.composite
def phrases(draw: st.DrawFn) -> tuple[Phrase, int]:
    """Chords of the tones that sound, and bars to voice of them."""
    notes: list[Note] = []
    for tick in sorted(draw(st.sets(st.integers(0, 8 * BAR // 24 - 1), max_size=14))):
        ladder = _LADDERS[tick * 24 // BAR % 4]
        for pitch in draw(st.sets(st.sampled_from(ladder), min_size=1, max_size=4)):
            notes.append(Note(tick * 24, pitch, draw(st.sampled_from((24, 96, 384, 800))), draw(st.integers(1, 127))))
    return Phrase(8, cut_overlaps(tuple(notes), 8 * BAR)), draw(st.integers(1, 7))


@given(phrases(), st.booleans())
def test_the_first_bars_are_voiced_as_they_are_with_all_that_follows(drawn: tuple[Phrase, int], full: bool) -> None:
    phrase, bars = drawn
    whole = voice("i VI bII V7", list(phrase.notes), bars=8, full=full)
    first = voice("i VI bII V7", [note for note in phrase.notes if note.onset_tick < bars * BAR], bars=8, full=full)
    assert [(n.onset_tick, n.pitch, n.velocity) for n in whole.notes if n.onset_tick < bars * BAR] == [
        (n.onset_tick, n.pitch, n.velocity) for n in first.notes
    ]


@given(phrases(), st.booleans())
def test_onsets_stay_and_every_note_is_a_tone_of_what_sounds(drawn: tuple[Phrase, int], full: bool) -> None:
    phrase, _ = drawn
    found = voice("i VI bII V7", list(phrase.notes), bars=8, full=full)
    assert {note.onset_tick for note in found.notes} == {note.onset_tick for note in phrase.notes}
    symbols = parse_progression("i VI bII V7", KEY)
    for note in found.notes:
        assert note.pitch % 12 in symbols[note.onset_tick // BAR % 4].tones
        assert (note.end_tick - 1) // BAR == note.onset_tick // BAR
        assert WHOLE[0] <= note.pitch <= WHOLE[1]
    assert cut_overlaps(found.notes, found.length_ticks) == found.notes


def test_bars_of_one_letter_are_voiced_alike() -> None:
    section = Section(SectionKind.DROP, 6, Constraints(chords="i VI III VII", form="AAB", form_bars=1))
    chords, sounding = section_harmony(section, KEY, Part.CHORDS)
    notes = [note for bar in range(6) for note in stab(bar * BAR, 60 if bar % 3 < 2 else 63)]
    found = voiced(Phrase(6, tuple(notes)), chords, sounding, WHOLE, True)
    assert at(found, 0) == at(found, BAR) == at(found, 3 * BAR)
    assert at(found, 4 * BAR) == at(found, 0)


@pytest.mark.parametrize("seed", range(30))
def test_songs_voice_the_same_draw_in_ways_of_their_own_and_every_way_is_whole(seed: int) -> None:
    chords, sounding = section_harmony(Section(SectionKind.DROP, 4, Constraints(chords="i VI III VII")), KEY)
    notes = [note for bar in range(4) for note in stab(bar * BAR, 60, 65, 68)]
    found = voiced(Phrase(4, tuple(notes)), chords, sounding, WHOLE, True, voicing_of(seed))
    for bar, chord in enumerate(chords):
        pitches = at(found, bar * BAR)
        assert {pitch % 12 for pitch in pitches} == set(chord.tones)
        assert all(b - a > 2 for a, b in pairwise(pitches))
        if voicing_of(seed).spread == ROOTED:
            assert pitches[0] % 12 == chord.root
            assert pitches[1] - pitches[0] >= 8


@pytest.mark.parametrize(
    ("spread", "gaps"),
    [(CLOSE, [3, 4]), (OPEN, [15, 4]), (ROOTED, [15, 4]), (WIDE, [9, 7]), (DOUBLED, [5, 3, 4])],
)
def test_a_spread_lays_the_tones_out_in_its_way(spread: int, gaps: list[int]) -> None:
    chords, sounding = section_harmony(Section(SectionKind.DROP, 1, Constraints(chords="i")), KEY)
    triad = Phrase(1, tuple(stab(0, 65, 68, 72)))
    pitches = at(voiced(triad, chords, sounding, WHOLE, True, Voicing(spread)), 0)
    assert [b - a for a, b in pairwise(pitches)] == gaps


@pytest.mark.parametrize("spread", range(5))
def test_no_spread_has_more_voices_than_the_part(spread: int) -> None:
    chords, sounding = section_harmony(Section(SectionKind.DROP, 1, Constraints(chords="i")), KEY)
    full = Phrase(1, tuple(stab(0, 60, 65, 68, 72, 77, 80)))
    found = at(voiced(full, chords, sounding, WHOLE, True, Voicing(spread, 1)), 0)
    assert len(found) <= PART_SPECS[Part.CHORDS].polyphony


@pytest.mark.parametrize("answer", [-4, 0, 4])
def test_a_song_may_answer_the_first_chord_of_a_bar_higher_or_lower(answer: int) -> None:
    chords, sounding = section_harmony(Section(SectionKind.DROP, 2, Constraints(chords="i")), KEY)
    notes = [note for tick in (0, BAR // 2, BAR) for note in stab(tick, 60, 65, 68)]
    found = voiced(Phrase(2, tuple(notes)), chords, sounding, WHOLE, True, Voicing(answer=answer))
    first, second, again = (at(found, tick) for tick in (0, BAR // 2, BAR))
    assert again == first
    assert (second[-1] > first[-1], second[-1] < first[-1]) == (answer > 0, answer < 0)


def test_thirty_songs_have_many_voicings_of_one_stab() -> None:
    chords, sounding = section_harmony(Section(SectionKind.DROP, 1, Constraints(chords="i")), KEY)
    stabs = Phrase(1, tuple(stab(0, 60, 65, 68)))
    found = {tuple(at(voiced(stabs, chords, sounding, WHOLE, True, voicing_of(seed)), 0)) for seed in range(30)}
    assert len(found) >= 14
