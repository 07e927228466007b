"""Random plans, which ask for everything, and plans that differ in one thing."""

from model.training.plans import asking_song, random_song
from song.harmony import CHORD_BEATS
from song.notes import RATES
from song.parts import PART_SPECS, PARTS, Part
from song.sections import SectionKind
from song.theme import QUOTES, quote_of
from song.validation import find_problem


def test_random_plans_ask_for_everything_and_come_from_their_seed() -> None:
    songs = [random_song(seed) for seed in range(40)]
    sections = [section for one in songs for section in one.sections]
    assert random_song(3) == songs[3]
    assert {section.kind for section in sections} == set(SectionKind)
    assert {rate for section in sections for rate in section.constraints.wobble.rates} == set(RATES)
    assert {section.constraints.form is None for section in sections} == {True, False}
    forms = {section.constraints.forms.of(part) for section in sections for part in PARTS}
    assert {None, "", "AABA", "ABCD"} < forms
    assert {section.constraints.key is None for section in sections} == {True, False}
    assert {section.constraints.style is None for section in sections} == {True, False}
    assert {section.constraints.ranges.bass is None for section in sections} == {True, False}
    assert len({section.constraints.chords for section in sections}) > 60
    assert None in {section.constraints.chords for section in sections}
    assert {section.constraints.chord_beats for section in sections} == set(CHORD_BEATS)
    assert {section.constraints.passing for section in sections} == {None, True, False}
    assert {section.constraints.theme for section in sections} == {None, *QUOTES}
    assert {one.theme for one in songs} == {*range(-1, 6)}
    quotes = {quote_of(one, index, Part.LEAD) for one in songs for index in range(len(one.sections))}
    assert {quote.way for quote in quotes if quote} == set(QUOTES) - {"none"}
    assert [find_problem(one) for one in songs] == [None] * len(songs)
    assert len({one.key for one in songs}) > 20
    assert len({section.bars for section in sections}) >= 6


def test_a_song_that_asks_for_one_thing_is_plain_in_all_else() -> None:
    plain = asking_song("density", "0.5")
    for asked, level in (("density", "0.75"), ("style", "house"), ("section kind", "break")):
        made = asking_song(asked, level)
        (section,), (usual,) = made.sections, plain.sections
        assert (section.constraints.density != usual.constraints.density) == (asked == "density")
        assert (made.style != plain.style) == (asked == "style")
        assert (section.kind != usual.kind) == (asked == "section kind")
        assert (section.bars, section.constraints.wobble) == (usual.bars, usual.constraints.wobble)
        assert find_problem(made) is None


def test_ranges_that_are_asked_for_hold_an_octave_of_their_part() -> None:
    ranges = [
        (part, found)
        for seed in range(40)
        for section in random_song(seed).sections
        for part in (Part.BASS, Part.CHORDS, Part.LEAD)
        if (found := section.constraints.pitch_range(part)) != (PART_SPECS[part].low, PART_SPECS[part].high)
    ]
    assert len(ranges) > 100
    for part, (low, high) in ranges:
        assert PART_SPECS[part].low <= low <= high - 12
        assert high <= PART_SPECS[part].high
