"""Themes: the hook that is heard most, laid into other sections as far as these have room for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from song.density import onsets_to_density
from song.edits.constraints import set_quote, set_theme
from song.edits.sections import delete_section
from song.layout import draw_layout
from song.notes import Note, Phrase
from song.parts import Part
from song.scales import SCALES, parse_key
from song.sections import Constraints, Density, PitchRanges, Section, SectionKind, Song, number_sections
from song.theme import (
    FIRST_DROP,
    NO_THEME,
    QUOTES,
    USUAL_QUOTES,
    Quote,
    hooks,
    quote_of,
    quoted,
    theme_section,
    way_of,
    with_quotes,
)

BAR = 384
DROP, BREAK = 0, 1
RIFF = (41, 44, 48, 46)
"""A bar of the hook: F, Ab, C, Bb."""


def line(*bars: tuple[int, ...], step: int = 96) -> Phrase:
    """A note a step in each bar, of those pitches."""
    notes = [
        Note(bar * BAR + number * step, pitch, step // 2, 100)
        for bar, pitches in enumerate(bars)
        for number, pitch in enumerate(pitches)
    ]
    return Phrase(len(bars), tuple(notes))


def asking(part: Part, onsets: float, **asked: object) -> Constraints:
    return Constraints(density=Density(**{part.value: onsets_to_density(part, onsets)}), **asked)


def song(
    bars: int = 8, part: Part = Part.BASS, onsets: float = 4, kind: SectionKind = SectionKind.BREAK, **asked: object
) -> Song:
    """A drop of four onsets a bar, and a section after it that asks for something."""
    sections = (Section(SectionKind.DROP, 8, asking(part, 4)), Section(kind, bars, asking(part, onsets, **asked)))
    return number_sections(Song(key="F minor", sections=sections))


def laid(
    made: Song, way: str = "whole", part: Part = Part.BASS, source: Phrase | None = None
) -> tuple[Phrase, set[int]]:
    hook = source or line(*[RIFF] * 4)
    phrase, places = quoted(made, BREAK, part, Quote(DROP, part, way), hook)
    assert phrase.bars == made.sections[BREAK].bars
    assert all(bar in range(phrase.bars) for bar in places)
    return phrase, set(places)


def in_bars(phrase: Phrase, bars: set[int]) -> list[tuple[int, int]]:
    return [(note.onset_tick, note.pitch) for note in phrase.notes if note.onset_tick // BAR in bars]


def test_the_hook_is_the_block_that_is_heard_most() -> None:
    quiet, busy = (41,), (41, 44, 46, 48)
    assert hooks(line(*[quiet] * 4, *[busy] * 4)) == [(4, 5, 6, 7), (0, 1, 2, 3)]
    once = (44, 46, 48, 51)
    repeated = line(*[busy] * 4, *[once, once, once, (41, 48, 44)], *[busy] * 4)
    assert hooks(repeated)[0] == (0, 1, 2, 3), "bars that come again count again"
    assert len(hooks(repeated)) == 2, "a block that is another's again is no further one"
    assert hooks(Phrase(8)) == []
    assert hooks(line(quiet, busy)) == [(0, 1)], "a phrase of fewer bars is all hook"
    assert hooks(line(*[busy] * 4, (), ())) == [(0, 1, 2, 3)], "bars of silence are none"


@given(st.lists(st.lists(st.integers(31, 64), max_size=4).map(tuple), min_size=1, max_size=20))
def test_hooks_are_blocks_of_the_phrase_that_differ_and_sound(bars: list[tuple[int, ...]]) -> None:
    found = hooks(line(*bars))
    assert bool(found) == any(bars)
    assert all(block[0] % 4 == 0 and len(block) <= 4 and any(bars[bar] for bar in block) for block in found)
    assert len({tuple(bars[bar] for bar in block) for block in found}) == len(found)


def test_a_whole_quotation_has_the_notes_of_the_hook_where_eight_bars_begin() -> None:
    source = line(RIFF, (41, 41, 44, 48), RIFF, (48, 46, 44, 41))
    phrase, places = laid(song(bars=16), source=source)
    assert places == {0, 1, 2, 3, 8, 9, 10, 11}
    assert in_bars(phrase, {0, 1, 2, 3}) == in_bars(source, {0, 1, 2, 3})
    assert [(tick - 8 * BAR, pitch) for tick, pitch in in_bars(phrase, {8, 9, 10, 11})] == in_bars(source, {0, 1, 2, 3})
    assert [note.duration_ticks for note in phrase.notes[:16]] == [note.duration_ticks for note in source.notes]


def test_another_eight_bars_begin_with_the_next_block() -> None:
    other = (48, 46, 44, 41)
    phrase, _ = laid(song(bars=16), source=line(*[RIFF] * 4, *[other] * 4))
    assert {pitch for _, pitch in in_bars(phrase, {0})} == set(RIFF)
    assert [pitch for _, pitch in in_bars(phrase, {8})] == list(other)


@pytest.mark.parametrize("bars", [1, 2, 3, 4, 5, 7])
def test_a_section_shorter_than_the_hook_has_its_beginning(bars: int) -> None:
    source = line(RIFF, (41, 41, 44, 48), RIFF, (48, 46, 44, 41))
    phrase, places = laid(song(bars=bars), source=source)
    assert places == set(range(min(bars, 4)))
    assert in_bars(phrase, places) == in_bars(source, places)


def test_an_intro_comes_to_the_hook_late() -> None:
    assert laid(song(bars=16, kind=SectionKind.INTRO))[1] == {8, 9, 10, 11}
    assert laid(song(bars=1, kind=SectionKind.INTRO))[1] == {0}


def test_thinned_the_strong_notes_are_left_and_the_motif_with_them() -> None:
    eighths = (41, 42, 44, 42, 48, 42, 46, 42)
    source = line(*[eighths] * 4, step=48)
    phrase, places = laid(song(onsets=6, key="F chromatic"), "thinned", source=source)
    assert places
    first = in_bars(phrase, {0})
    assert set(first) < set(in_bars(source, {0})), "it only leaves out"
    assert {tick for tick, _ in first} >= {0, 96, 192, 288}, "beats stay"
    assert len(first) == 6


def test_slow_each_bar_is_two_at_half_the_pace() -> None:
    source = line((41, 44, 48, 46), (48, 46, 44, 41), (41,), (41,))
    phrase, places = laid(song(onsets=2), "slow", source=line(*[(41, 44, 48, 46), (48, 46, 44, 41)] * 2))
    assert places == {0, 1, 2, 3}
    assert in_bars(phrase, places) == [
        (0, 41), (192, 44), (384, 48), (576, 46), (768, 48), (960, 46), (1152, 44), (1344, 41),
    ]  # fmt: skip
    assert {note.duration_ticks for note in phrase.notes} == {96}
    long = Phrase(4, tuple(Note(bar * BAR + 96, 41, 480, 100) for bar in range(4)))
    slow, _ = laid(song(onsets=1), "slow", source=long)
    assert all(note.end_tick <= (note.onset_tick // BAR + 1) * BAR for note in slow.notes), "none reaches into a bar"
    assert source.bars == 4


@pytest.mark.parametrize("key", ["G minor", "E minor", "C minor", "Bb minor"])
def test_in_another_key_the_motif_is_moved_as_one(key: str) -> None:
    phrase, places = laid(song(key=key))
    assert places == {0, 1, 2, 3}
    shifts = {mine[1] - hook for mine, hook in zip(in_bars(phrase, {0}), RIFF, strict=True)}
    assert len(shifts) == 1
    assert (shifts.pop() - parse_key(key).tonic_class + parse_key("F minor").tonic_class) % 12 == 0
    low, high = 31, 64
    assert all(low <= note.pitch <= high for note in phrase.notes)


def test_bars_that_leave_the_scale_or_the_range_are_not_quoted() -> None:
    phrase, places = laid(song(key="F major"), source=line((41, 41, 48, 48), RIFF, (41, 41, 48, 48), RIFF))
    assert places == {0, 2}, "Ab is not in F major"
    assert phrase.notes
    narrow = song(ranges=PitchRanges(bass=(41, 52)))
    assert laid(narrow, source=line(RIFF, (41, 44, 60, 46), RIFF, RIFF))[1] == {0, 2, 3}
    high = laid(song(ranges=PitchRanges(bass=(50, 62))))
    assert [pitch for _, pitch in in_bars(high[0], {0})] == [pitch + 12 for pitch in RIFF], "octaves are free"


def test_passing_notes_are_quoted_where_the_section_may_pass() -> None:
    notes = tuple(Note(bar * BAR + 96 * beat + 24, 42, 24, 90) for bar in range(4) for beat in range(4))
    for passing in (True, False):
        assert bool(laid(song(passing=passing), source=Phrase(4, notes))[1]) is passing


@pytest.mark.parametrize("bars", [4, 8])
@pytest.mark.parametrize("asked", [0.5, 1, 2, 4, 8, 14])
def test_what_is_quoted_leaves_room_for_the_density_asked_for(asked: float, bars: int) -> None:
    made = song(bars=bars, onsets=asked)
    _, places = laid(made)
    free = bars - len(places)
    if free:
        left = (asked * bars - 4 * len(places)) / free
        assert 0.49 * asked <= left <= 1.51 * asked
    else:
        assert abs(asked - 4) <= max(1, 0.15 * asked)
    assert asked != 4 or len(places) == 4, "a hook as busy as is asked stays whole"


def test_a_last_bar_that_falls_silent_is_not_quoted() -> None:
    drop = Section(SectionKind.DROP, 8, asking(Part.BASS, 4))
    build = Section(SectionKind.BUILD, 4, asking(Part.BASS, 4))
    made = number_sections(Song(sections=(drop, build, drop)))
    _, places = quoted(made, BREAK, Part.BASS, Quote(DROP, Part.BASS, "whole"), line(*[RIFF] * 4))
    assert places == {0, 1, 2}


def test_where_a_form_makes_bars_the_same_nothing_is_laid_over_it() -> None:
    assert laid(song(form="AB", form_bars=1))[1] == set()


def test_nothing_is_quoted_of_silence() -> None:
    assert laid(song(), source=Phrase(8))[1] == set()


def test_the_theme_is_of_the_first_drop_unless_another_section_is_named() -> None:
    made = draw_layout("dubstep", 0)
    drops = [index for index, section in enumerate(made.sections) if section.kind is SectionKind.DROP]
    assert made.theme == FIRST_DROP
    assert theme_section(made) == drops[0]
    second = set_theme(made, made.sections[drops[1]].id)
    assert theme_section(second) == drops[1]
    assert theme_section(set_theme(made, NO_THEME)) is None
    gone = delete_section(second, drops[1])
    assert theme_section(gone) == drops[0], "a section that is gone leaves the theme to the first drop"
    assert theme_section(Song(sections=(Section(SectionKind.BREAK, 4),))) is None
    assert theme_section(Song()) is None


def test_who_quotes_whom() -> None:
    made = song(part=Part.LEAD)
    assert quote_of(made, BREAK, Part.LEAD) == Quote(DROP, Part.LEAD, USUAL_QUOTES[SectionKind.BREAK])
    assert quote_of(made, DROP, Part.LEAD) is None, "a theme does not quote itself"
    assert quote_of(made, BREAK, Part.DRUMS) is None
    assert quote_of(made, BREAK, Part.CHORDS) is None
    assert quote_of(set_theme(made, NO_THEME), BREAK, Part.LEAD) is None
    assert quote_of(set_quote(made, BREAK, "none"), BREAK, Part.LEAD) is None
    for way in QUOTES[1:]:
        assert quote_of(set_quote(made, BREAK, way), BREAK, Part.LEAD) == Quote(DROP, Part.LEAD, way)


def test_a_lead_sings_the_bass_where_the_theme_has_no_lead_and_silence_quotes_nothing() -> None:
    only_bass = Section(SectionKind.DROP, 8, Constraints(density=Density(0.5, 0.5, 0.5, 0)))
    silent_lead = Section(SectionKind.BREAK, 8, Constraints(density=Density(0.5, 0.5, 0.5, 0)))
    made = number_sections(Song(sections=(only_bass, Section(SectionKind.BREAK, 8), silent_lead)))
    assert quote_of(made, 1, Part.LEAD) == Quote(0, Part.BASS, "whole")
    assert quote_of(made, 2, Part.LEAD) is None
    nothing = Section(SectionKind.DROP, 8, Constraints(density=Density(0.5, 0, 0.5, 0)))
    assert quote_of(number_sections(Song(sections=(nothing, Section(SectionKind.BREAK, 8)))), 1, Part.LEAD) is None


def test_a_lead_that_sings_the_bass_does_so_in_its_own_range() -> None:
    sections = (Section(SectionKind.DROP, 8, asking(Part.BASS, 4)), Section(SectionKind.BREAK, 8, asking(Part.LEAD, 4)))
    made = number_sections(Song(sections=sections))
    phrase, places = quoted(made, BREAK, Part.LEAD, Quote(DROP, Part.BASS, "whole"), line(*[RIFF] * 4))
    assert places == {0, 1, 2, 3}
    first = [pitch for _, pitch in in_bars(phrase, {0})]
    assert [(a - b) for a, b in zip(first, RIFF, strict=True)] == [first[0] - RIFF[0]] * 4
    assert (first[0] - RIFF[0]) % 12 == 0
    assert all(55 <= pitch <= 96 for pitch in first)


def test_ways_are_drawn_by_the_seed_for_all_but_drops_which_stay() -> None:
    layouts = [with_quotes(Song(seed=seed, sections=draw_layout("dubstep", 0).sections)) for seed in range(30)]
    assert layouts[3] == with_quotes(Song(seed=3, sections=draw_layout("dubstep", 0).sections))
    for made in layouts:
        for section in made.sections:
            assert way_of(section) in QUOTES
            assert section.kind is not SectionKind.DROP or section.constraints.theme is None
    ways = [tuple(way_of(section) for section in made.sections) for made in layouts]
    assert len(set(ways)) >= 10
    breaks = {way_of(one) for made in layouts for one in made.sections if one.kind is SectionKind.BREAK}
    assert "none" not in breaks, "a break is where a theme is remembered"


@given(
    st.lists(st.lists(st.integers(31, 64), max_size=4).map(tuple), min_size=1, max_size=8),
    st.integers(1, 12),
    st.sampled_from(QUOTES[1:]),
    st.sampled_from([f"{tonic} {scale}" for tonic in ("C", "F#", "B") for scale in SCALES]),
    st.floats(0.1, 12),
    st.sampled_from([None, (40, 52), (45, 64)]),
)
def test_whatever_is_quoted_keeps_range_and_scale(
    bars: list[tuple[int, ...]], length: int, way: str, key: str, asked: float, pitches: tuple[int, int] | None
) -> None:
    made = song(bars=length, onsets=asked, key=key, passing=False, ranges=PitchRanges(bass=pitches))
    phrase, places = laid(made, way, source=line(*bars))
    low, high = made.sections[BREAK].constraints.pitch_range(Part.BASS)
    for note in phrase.notes:
        assert note.end_tick <= phrase.length_ticks
        if note.onset_tick // BAR in places:
            assert low <= note.pitch <= high
            assert note.pitch % 12 in parse_key(key).pitch_classes()


def test_a_bass_is_quoted_where_its_bars_begin_on_a_tone_of_the_chord_and_a_lead_anywhere() -> None:
    made = song(chords="i VI v VII", bars=4)
    _, places = laid(made)
    assert places == {0, 1}, "F is a tone of Fm and of Db, none of Cm and Eb"
    sung = song(part=Part.LEAD, chords="i VI v VII", bars=4)
    hook = line(*[tuple(pitch + 24 for pitch in RIFF)] * 4)
    assert laid(sung, part=Part.LEAD, source=hook)[1] == {0, 1, 2, 3}
