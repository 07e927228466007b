"""Progressions that are drawn: in their scale, unlike each other, shared by what does the same, and found elsewhere."""

import json
import re
from functools import cache
from itertools import pairwise

import pytest
from msgspec.structs import replace

from corpus.starter.pieces import starter_pieces
from song.arrangements import ARRANGEMENTS
from song.harmony import CHORD_BEATS, parse_progression
from song.layout import draw_layout
from song.parts import Part
from song.plan import parse_plan
from song.progressions import is_sung, progression, progression_choices, progressions, with_progressions
from song.scales import SCALES, Key, parse_key
from song.sections import Constraints, Section, SectionKind, Song, number_sections
from song.styles import STYLES
from song.time import TICKS_PER_BAR
from tests.places import SHARED

PUBLIC = SHARED / "chords" / "progressions.json"
SCALES_DRAWN_IN = [scale for scale in SCALES if scale != "chromatic"]
_PUBLIC_NUMERAL = re.compile(r"([b#]?)([IViv]+)")
_ROMANS = ("i", "ii", "iii", "iv", "v", "vi", "vii")


def song(key: str = "F minor", style: str = "dubstep", seed: int = 0) -> Song:
    kinds = (SectionKind.INTRO, SectionKind.BUILD, SectionKind.DROP, SectionKind.BREAK, SectionKind.BUILD)
    sections = tuple(Section(kind, 8) for kind in (*kinds, SectionKind.DROP, SectionKind.OUTRO))
    return number_sections(Song(key=key, style={style: 1.0}, seed=seed, sections=sections))


def drawn(plain: Song) -> list[Constraints]:
    return [one.constraints for one in with_progressions(plain, range(len(plain.sections))).sections]


@pytest.mark.parametrize("scale", SCALES_DRAWN_IN)
@pytest.mark.parametrize("kind", SectionKind)
def test_every_progression_there_is_stays_in_its_scale(kind: SectionKind, scale: str) -> None:
    key = Key("F#", scale)
    for sung in (True, False):
        rows = progressions(kind, scale, sung)
        for number in range(len(rows)):
            found = progression(kind, key, sung, number / len(rows) + 1e-9)
            chords = parse_progression(found.chords, key)
            assert len(chords) == len(rows[number][0])
            assert {tone for chord in chords for tone in chord.tones} <= key.pitch_classes()
            assert found.chord_beats in CHORD_BEATS
        assert progression(kind, key, sung, 1 - 2**-53).chords, "the highest share there is picks one too"


@pytest.mark.parametrize("scale", SCALES_DRAWN_IN)
@pytest.mark.parametrize("style", STYLES)
def test_choices_are_those_that_are_drawn_each_once(style: str, scale: str) -> None:
    key = Key("C", scale)
    for kind in SectionKind:
        choices = progression_choices(kind, key, {style: 1.0})
        assert len(set(choices)) == len(choices) >= 3
        shares = [number / 100 for number in range(100)]
        assert {progression(kind, key, is_sung({style: 1.0}), share).chords for share in shares} == set(choices)


@pytest.mark.parametrize("style", ["dubstep", "riddim", "melodic dubstep", "house"])
@pytest.mark.parametrize("key", ["F minor", "D phrygian", "C major"])
def test_forty_songs_go_through_different_chords(style: str, key: str) -> None:
    songs = [drawn(song(key, style, seed)) for seed in range(40)]
    most = len(progressions(SectionKind.DROP, parse_key(key).scale, style in ("melodic dubstep", "house")))
    drops = {one[2].chords for one in songs}
    assert len(drops) >= min(most, 12) * 0.6
    assert len({tuple(asked.chords for asked in one) for one in songs}) >= 20


@pytest.mark.parametrize("seed", range(5))
def test_what_does_the_same_goes_through_the_same_and_leaves_the_key_out(seed: int) -> None:
    intro, build, drop, rest, again, second, outro = drawn(song(seed=seed))
    assert (drop.chords, drop.chord_beats) == (second.chords, second.chord_beats)
    assert (build.chords, build.chord_beats) == (again.chords, again.chord_beats)
    assert intro.chords == rest.chords == outro.chords
    assert drawn(song(seed=seed)) == drawn(song(seed=seed))
    others = drawn(song("A minor", seed=seed))
    assert [asked.chords for asked in others] == [asked.chords for asked in drawn(song(seed=seed))]


def test_only_what_is_named_gets_one_and_a_chromatic_key_none() -> None:
    plain = song()
    some = with_progressions(plain, [2])
    assert [bool(one.constraints.chords) for one in some.sections] == [number == 2 for number in range(7)]
    assert drawn(song("C chromatic")) == [one.constraints for one in song("C chromatic").sections]
    sections = [replace(one, constraints=replace(one.constraints, key="E chromatic")) for one in plain.sections[:1]]
    mixed = replace(plain, sections=(*sections, *plain.sections[1:]))
    assert [bool(asked.chords) for asked in drawn(mixed)] == [False, *[True] * 6]


@pytest.mark.parametrize("name", ARRANGEMENTS)
@pytest.mark.parametrize("seed", range(6))
def test_a_layout_gives_every_section_chords_of_its_key(name: str, seed: int) -> None:
    layout = draw_layout(name, seed)
    key = parse_key(layout.key)
    for section in layout.sections:
        chords = parse_progression(section.constraints.chords or "", key)
        assert {tone for chord in chords for tone in chord.tones} <= key.pitch_classes()


@pytest.mark.parametrize(
    ("says", "chords", "beats"),
    [
        ('chords = "i, iv"', "i iv", 4),
        ('chords = "i iv"\nchord_beats = 16', "i iv", 16),
        ('chords = "free"', None, 4),
        ('chords = " Free "\nchord_beats = 2', None, 2),
    ],
)
def test_what_a_plan_names_is_never_drawn_over(says: str, chords: str | None, beats: int) -> None:
    for seed in range(10):
        text = f'[[section]]\nkind = "drop"\nbars = 8\n{says}\n[[section]]\nkind = "build"\nbars = 4'
        read = parse_plan(text, "plan.toml", seed)
        asked = read.sections[0].constraints
        assert (asked.chords, asked.chord_beats) == (chords, beats)
        assert read.sections[1].constraints.chords


def test_a_length_that_a_plan_names_holds_for_the_chords_that_are_drawn() -> None:
    for seed in range(10):
        read = parse_plan('[[section]]\nkind = "build"\nbars = 8\nchord_beats = 2', "p", seed)
        assert read.sections[0].constraints.chords
        assert read.sections[0].constraints.chord_beats == 2


def test_a_mixture_is_led_by_chords_where_they_are_its_larger_part() -> None:
    assert is_sung({"house": 0.6, "dubstep": 0.4})
    assert not is_sung({"house": 0.4, "dubstep": 0.3, "riddim": 0.3})


def _degree(numeral: str, steps: tuple[int, ...]) -> int | None:
    """Semitones of a public numeral's root above the tonic."""
    match = _PUBLIC_NUMERAL.match(numeral)
    if match is None or match[2].lower() not in _ROMANS:
        return None
    return (steps[_ROMANS.index(match[2].lower())] + {"b": -1, "#": 1, "": 0}[match[1]]) % 12


@cache
def public_moves(major: bool) -> frozenset[tuple[int, int]]:
    """Moves between the roots of neighbours, in semitones above the tonic, round and round."""
    moves: set[tuple[int, int]] = set()
    modes = {"maj": SCALES["major"]} if major else {"min": SCALES["minor"], "modal": SCALES["major"]}
    for row in json.loads(PUBLIC.read_text()):
        if row["mode"] in modes:
            roots = [_degree(numeral, modes[row["mode"]]) for numeral in row["chords"]]
            known = [root for root in roots if root is not None]
            moves |= set(pairwise([*known, *known[:1]]))
    return frozenset(moves)


@cache
def starter_moves(major: bool) -> frozenset[tuple[int, int]]:
    """Moves between the basses of neighbouring bars of the starter set, in semitones above the tonic."""
    moves: set[tuple[int, int]] = set()
    for piece in starter_pieces():
        phrase = piece.parts.get(Part.BASS)
        if piece.tonic_class is None or phrase is None or piece.minor is major:
            continue
        tonic = piece.tonic_class
        firsts: dict[int, int] = {}
        for note in phrase.notes:
            firsts.setdefault(note.onset_tick // TICKS_PER_BAR, (note.pitch - tonic) % 12)
        moves |= {(firsts[bar], firsts[bar + 1]) for bar in firsts if bar + 1 in firsts}
    return frozenset(moves)


@pytest.mark.skipif(not PUBLIC.exists(), reason="the public progressions are not on this machine")
@pytest.mark.parametrize("scale", ["minor", "phrygian", "major"])
def test_every_move_of_a_progression_is_found_in_public_ones_or_in_the_starter_set(scale: str) -> None:
    steps, major = SCALES[scale], scale == "major"
    missing = set()
    for kind in SectionKind:
        for sung in (True, False):
            for degrees, _ in progressions(kind, scale, sung):
                roots = [steps[degree - 1] for degree in degrees]
                for move in pairwise([*roots, roots[0]]):
                    if move[0] != move[1] and move not in public_moves(major) | starter_moves(major):
                        missing.add((degrees, move))
    assert missing == set()
