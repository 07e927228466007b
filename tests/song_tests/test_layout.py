"""Layouts that are drawn: within a style's ranges, the same from a seed, and never over what the user has set."""

from itertools import product
from statistics import fmean

import pytest
from msgspec.structs import replace

from corpus.starter.pieces import starter_pieces
from song import layout
from song.arrangements import ARRANGEMENTS, arrangement
from song.edits.constraints import (
    set_chord_beats,
    set_chords,
    set_density,
    set_passing,
    set_quote,
    set_tempo,
    set_theme,
)
from song.edits.sections import add_section, take_arrangement
from song.edits.takes import add_takes
from song.harmony import parse_progression
from song.layout import draw_layout, redraw
from song.notes import Phrase, some_bars
from song.parts import PARTS, Part
from song.progressions import with_progressions
from song.scales import parse_key
from song.sections import SectionKind, Song, Take
from song.theme import theme_section
from song.validation import find_problem

SEEDS = range(40)


def forms(songs: list[Song]) -> set[tuple[tuple[SectionKind, int], ...]]:
    return {tuple((section.kind, section.bars) for section in song.sections) for song in songs}


@pytest.mark.parametrize("name", ARRANGEMENTS)
def test_forty_songs_of_an_arrangement_differ_in_key_tempo_form_and_fullness(name: str) -> None:
    songs = [draw_layout(name, seed) for seed in SEEDS]
    assert all(find_problem(song) is None for song in songs)
    assert len({song.key for song in songs}) >= 6
    assert len({song.sections[0].constraints.tempo_bpm for song in songs}) >= 5
    assert len(forms(songs)) >= 4
    assert len({tuple(section.constraints.density for section in song.sections) for song in songs}) == 40
    assert all(song.style == arrangement(name).style for song in songs)


@pytest.mark.parametrize("name", ARRANGEMENTS)
def test_no_section_is_silent_and_a_drop_has_drums_and_bass(name: str) -> None:
    for seed in SEEDS:
        for section in draw_layout(name, seed).sections:
            playing = {part for part in PARTS if section.constraints.density.of(part) > 0}
            assert playing
            assert section.kind is not SectionKind.DROP or {Part.DRUMS, Part.BASS} <= playing


def test_in_most_drops_of_dubstep_a_part_sits_out() -> None:
    drops = [one for seed in SEEDS for one in draw_layout("dubstep", seed).sections if one.kind is SectionKind.DROP]
    full = sum(all(drop.constraints.density.of(part) > 0 for part in PARTS) for drop in drops)
    assert full <= 0.35 * len(drops)


def test_a_seed_draws_one_layout_everywhere() -> None:
    song = draw_layout("dubstep", 4711)
    assert song == draw_layout("dubstep", 4711)
    assert song != draw_layout("dubstep", 4712)
    assert (song.template, song.seed) == ("dubstep", 4711)
    told = [song.key, song.sections[0].constraints.tempo_bpm[0], [section.bars for section in song.sections]]
    assert told == ["F minor", 140, [8, 8, 16, 8, 8, 16, 4]]


def pair() -> tuple[int, int]:
    """Two seeds that draw one row of kinds and other values."""
    first = draw_layout("dubstep", 0)
    for seed in range(1, 100):
        other = draw_layout("dubstep", seed)
        same = [one.kind for one in other.sections] == [one.kind for one in first.sections]
        if same and other.key != first.key and forms([other]) != forms([first]):
            return 0, seed
    raise AssertionError("no such seeds")


def test_drawn_again_a_song_is_what_the_other_seed_draws() -> None:
    old, new = pair()
    assert redraw(draw_layout("dubstep", old), new) == draw_layout("dubstep", new)


def test_what_the_user_has_set_is_never_drawn_over() -> None:
    old, new = pair()
    song = set_density(set_tempo(draw_layout("dubstep", old), 2, 150, 160), 2, Part.BASS, 0.77)
    song = replace(song, key="C# dorian", title="Mine")
    again, drawn = redraw(song, new), draw_layout("dubstep", new)
    drawn = with_progressions(replace(drawn, key="C# dorian"), range(len(drawn.sections)))
    drop, other = again.sections[2].constraints, drawn.sections[2].constraints
    assert (again.key, again.title, drop.tempo_bpm, drop.density.bass) == ("C# dorian", "Mine", (150, 160), 0.77)
    assert drop.density.drums == other.density.drums
    in_that_key = with_progressions(replace(drawn, key=song.key), range(len(drawn.sections)))
    assert again.sections[:2] == in_that_key.sections[:2]


def test_numerals_drawn_again_are_those_of_the_key_that_stays() -> None:
    for key in ("E phrygian", "D major"):
        again = redraw(replace(draw_layout("dubstep", 0), key=key), 5)
        assert again.key == key
        for section in again.sections:
            chords = parse_progression(section.constraints.chords or "", parse_key(key))
            assert {tone for chord in chords for tone in chord.tones} <= parse_key(key).pitch_classes(), section


def test_what_is_written_with_its_key_and_sections_of_ones_own_stay() -> None:
    old, new = pair()
    song = draw_layout("dubstep", old)
    written = add_takes(song, 0, Part.CHORDS, (Take(Phrase(song.sections[0].bars)),))
    again = redraw(written, new)
    assert (again.key, again.sections[0]) == (written.key, written.sections[0])
    assert again.sections[1:] == draw_layout("dubstep", new).sections[1:]
    longer = set_density(add_section(song, 0), 1, Part.LEAD, 0.66)
    again = redraw(longer, new)
    assert [(one.id, one.kind) for one in again.sections] == [(one.id, one.kind) for one in longer.sections]
    assert again.sections[1].constraints.density.lead == 0.66


def test_another_row_of_sections_brings_new_ones() -> None:
    song = draw_layout("dubstep", 0)
    other = next(seed for seed in range(100) if len(draw_layout("dubstep", seed).sections) != len(song.sections))
    again = redraw(song, other)
    assert forms([again]) == forms([draw_layout("dubstep", other)])
    assert not {one.id for one in again.sections} & {one.id for one in song.sections}


def test_a_song_that_is_laid_out_knows_its_template() -> None:
    song = take_arrangement(Song(seed=5), draw_layout("riddim", 5))
    assert (song.template, song.seed) == ("riddim", 5)
    assert redraw(song, 6).seed == 6


def test_harmony_and_quotations_that_the_user_has_set_stay() -> None:
    old, new = pair()
    song = draw_layout("dubstep", old)
    song = set_chords(set_chord_beats(song, 0, 16), 2, "i iv bII V")
    song = set_passing(set_quote(set_chords(song, 3, None), 1, "none"), 2, False)
    again, drawn = redraw(song, new), draw_layout("dubstep", new)
    asked, other = [[one.constraints for one in of.sections] for of in (again, drawn)]
    assert (asked[2].chords, asked[2].chord_beats, asked[2].passing) == ("i iv bII V", 4, False)
    assert (asked[3].chords, asked[1].theme) == (None, "none")
    assert (asked[0].chords, asked[0].chord_beats) == (other[0].chords, 16)
    assert [one.chords for one in asked[4:]] == [one.chords for one in other[4:]]
    assert [one.theme for one in asked[2:]] == [one.theme for one in other[2:]]


def test_a_written_section_keeps_its_progression() -> None:
    old, new = pair()
    song = draw_layout("dubstep", old)
    written = add_takes(song, 2, Part.BASS, (Take(Phrase(song.sections[2].bars)),))
    again, drawn = redraw(written, new), draw_layout("dubstep", new)
    assert again.sections[2] == written.sections[2]
    assert again.sections[0].constraints.chords == drawn.sections[0].constraints.chords


@pytest.mark.parametrize("key", ["F phrygian", "Eb major", "C chromatic"])
def test_progressions_are_drawn_for_the_key_that_the_user_has_set(key: str) -> None:
    old, new = pair()
    song = replace(draw_layout("dubstep", old), key=key)
    once = redraw(song, new)
    assert once == with_progressions(once, range(len(once.sections)))
    assert once.sections[0].constraints.density == draw_layout("dubstep", new).sections[0].constraints.density
    # Neither are they taken for the user's own by the next draw, nor the sections for changed ones.
    for seed in range(20):
        twice = redraw(once, seed)
        assert twice == with_progressions(twice, range(len(twice.sections)))
        assert twice.key == key
        assert forms([twice]) == forms([draw_layout("dubstep", seed)])


def test_one_value_that_was_set_keeps_no_other_from_being_drawn_again_and_again() -> None:
    song = set_density(draw_layout("dubstep", 0), 2, Part.BASS, 0.77)
    seen = set()
    for seed in range(1, 30):
        song = redraw(song, seed)
        assert [one.kind for one in song.sections] == [one.kind for one in draw_layout("dubstep", 0).sections]
        assert song.sections[2].constraints.density.bass == 0.77
        seen.add((song.sections[0].constraints.density, song.sections[0].constraints.chords, song.sections[0].bars))
    assert len(seen) >= 25


def test_a_section_that_has_the_theme_by_name_stays_in_its_row() -> None:
    song = draw_layout("dubstep", 0)
    song = set_theme(song, song.sections[3].id)
    other = next(seed for seed in range(100) if len(draw_layout("dubstep", seed).sections) != len(song.sections))
    again = redraw(song, other)
    assert theme_section(again) == 3
    assert [one.id for one in again.sections] == [one.id for one in song.sections]


@pytest.mark.parametrize(("sits_out", "sung"), [(layout._SITS_OUT, False), (layout._SUNG, True)])
def test_a_part_sits_out_as_often_as_in_the_tracks_of_the_starter_set(
    sits_out: dict[tuple[SectionKind, Part], float], sung: bool
) -> None:
    silent: dict[tuple[SectionKind, Part], list[bool]] = {}
    for piece in starter_pieces():
        main = max(piece.style, key=lambda name: piece.style[name])
        if len(piece.sections) > 1 and (main in ("melodic dubstep", "house")) is sung:
            for section, part in product(piece.sections, PARTS):
                phrase = piece.parts.get(part, Phrase(piece.bars))
                heard = some_bars(phrase, section.start_bar, section.bars).notes
                silent.setdefault((section.kind, part), []).append(not heard)
    for cell, share in sits_out.items():
        assert share == pytest.approx(fmean(silent[cell]), abs=0.06)
