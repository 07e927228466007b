"""Progressions as they are typed: read as music21 reads them, refused in a line, and laid out bar by bar."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from music21 import roman

from song.errors import UserError
from song.harmony import (
    CHORD_BEATS,
    STRETCHES_A_BAR,
    Chord,
    diatonic_numeral,
    parse_progression,
    progression_text,
    section_harmony,
    sounding_chords,
)
from song.limits import MAX_CHORDS
from song.parts import Part
from song.scales import SCALES, TONIC_NAMES, Key, parse_key
from song.sections import Constraints, PartForms, Section, SectionKind

KEYS = ("C minor", "F minor", "F# minor", "Bb major", "C major", "E major")
ROMANS = ("i", "ii", "iii", "iv", "v", "vi", "vii")
QUALITIES = ("", "5", "6", "7", "maj7", "9", "add9", "sus2", "sus4", "dim", "°", "o", "aug", "+", "M7")

numerals = st.builds(
    lambda accidental, roman_numeral, big, quality: (
        accidental + (roman_numeral.upper() if big else roman_numeral) + quality
    ),
    st.sampled_from(("", "b", "#")),
    st.sampled_from(ROMANS),
    st.booleans(),
    st.sampled_from(QUALITIES),
)


def one(numeral: str, key: str = "C minor") -> Chord:
    (chord,) = parse_progression(numeral, parse_key(key))
    return chord


@pytest.mark.parametrize("key", KEYS)
def test_triads_and_sevenths_are_those_of_music21(key: str) -> None:
    tonic, mode = key.split()
    theirs = tonic.replace("b", "-") if mode == "major" else tonic.replace("b", "-").lower()
    plain = ("i", "iv", "v", "VI", "VII", "III", "ii°", "V") if mode == "minor" else ("I", "ii", "iii", "IV", "V", "vi")
    for numeral in plain:
        other = roman.RomanNumeral(
            numeral.replace("°", "o"),
            theirs,
            sixthMinor=roman.Minor67Default.FLAT,
            seventhMinor=roman.Minor67Default.FLAT,
        )
        mine = one(numeral, key)
        assert (mine.root, set(mine.tones)) == (other.root().pitchClass, set(other.pitchClasses)), numeral


@pytest.mark.parametrize(
    ("numeral", "tones", "name"),
    [
        ("i", [0, 3, 7], "Cm"),
        ("I", [0, 4, 7], "C"),
        ("VI", [8, 0, 3], "Ab"),
        ("v7", [7, 10, 2, 5], "Gm7"),
        ("V7", [7, 11, 2, 5], "G7"),
        ("imaj7", [0, 3, 7, 11], "Cmmaj7"),
        ("VImaj7", [8, 0, 3, 7], "Abmaj7"),
        ("im7", [0, 3, 7, 10], "Cm7"),
        ("i5", [0, 7], "C5"),
        ("isus2", [0, 2, 7], "Csus2"),
        ("vsus4", [7, 0, 2], "Gsus4"),
        ("iadd9", [0, 3, 7, 2], "Cmadd9"),
        ("bII", [1, 5, 8], "Db"),
        ("#iv°", [6, 9, 0], "F#°"),
        ("III+", [3, 7, 11], "Eb+"),
    ],
)
def test_what_a_numeral_means_in_c_minor(numeral: str, tones: list[int], name: str) -> None:
    chord = one(numeral)
    assert (list(chord.tones), chord.root, chord.name) == (tones, tones[0], name)


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("tonic", TONIC_NAMES)
def test_the_flat_second_is_one_chord_in_every_scale(tonic: str, scale: str) -> None:
    key = Key(tonic, scale)
    (chord,) = parse_progression("bII", key)
    assert set(chord.tones) == {(key.tonic_class + above) % 12 for above in (1, 5, 8)}


@pytest.mark.parametrize("scale", SCALES)
def test_a_triad_on_each_step_stays_in_its_scale_and_starts_on_its_step(scale: str) -> None:
    key = Key("G", scale)
    steps = SCALES["minor" if scale == "chromatic" else scale]
    for degree in range(1, 8):
        (chord,) = parse_progression(diatonic_numeral(degree, scale), key)
        assert chord.root == (key.tonic_class + steps[degree - 1]) % 12
        assert set(chord.tones) <= {(key.tonic_class + step) % 12 for step in steps}
        assert len(chord.tones) == 3


@given(st.lists(numerals, min_size=1, max_size=MAX_CHORDS), st.sampled_from((" ", ", ", "-", " – ", " | ", "\t", "\n")))
def test_what_is_kept_is_read_the_same_again_and_is_spelled_one_way(typed: list[str], between: str) -> None:
    text = progression_text(between.join(typed))
    assert progression_text(text) == text
    assert "\n" not in text
    for scale in SCALES:
        key = Key("Eb", scale)
        assert parse_progression(text, key) == parse_progression(between.join(typed), key)


@given(numerals, st.sampled_from(tuple(SCALES)), st.sampled_from(TONIC_NAMES))
def test_in_another_key_a_numeral_is_the_same_chord_moved(numeral: str, scale: str, tonic: str) -> None:
    key = Key(tonic, scale)
    (at_c,), (moved,) = parse_progression(numeral, Key("C", scale)), parse_progression(numeral, key)
    assert moved.tones == tuple((tone + key.tonic_class) % 12 for tone in at_c.tones)
    assert moved.tones[0] == moved.root


@pytest.mark.parametrize(
    "text",
    [
        "", "   ", ",", "- -", "x", "viii", "iiii", "IV7b9", "Iv", "bbII", "Am F C G", "1 6 3 7", "i VI III VIII",
        "Im7", "ⅳ", "i\0", "vi7\x1b[2J", "x" * 1_000_000, "i " * (MAX_CHORDS + 1), "i " * 1_000_000, "b" * 99, "#",
    ],
    ids=lambda text: repr(text[:12]),
)  # fmt: skip
def test_what_is_no_progression_is_refused_in_a_line_that_shows_one(text: str) -> None:
    began = time.process_time()
    for read in (lambda: parse_progression(text, Key("F", "minor")), lambda: progression_text(text)):
        with pytest.raises(UserError, match="such as i VI III VII") as caught:
            read()
        assert len(str(caught.value)) <= 1100
        assert "\n" not in str(caught.value)
    assert time.process_time() - began < 5


@given(st.text(max_size=40))
def test_any_text_is_a_progression_or_refused(text: str) -> None:
    try:
        kept = progression_text(text)
    except UserError:
        return
    assert 1 <= len(kept.split(" ")) <= MAX_CHORDS


@pytest.mark.parametrize("beats", CHORD_BEATS)
def test_a_progression_goes_round_with_each_chord_as_long_as_asked(beats: int) -> None:
    chords = parse_progression("i VI VII", Key("C", "minor"))
    at = sounding_chords(chords, beats, 3 * 3 * beats // 2 + 1)
    assert at == [index for _ in range(3) for index in range(3) for _ in range(beats // 2)] + [0]


def harmony(bars: int, part: Part | None = Part.LEAD, **asked: object) -> list[str]:
    """The chord of each half bar."""
    section = Section(SectionKind.DROP, bars, Constraints(**asked))
    chords, at = section_harmony(section, Key("F", "minor"), part)
    assert len(at) == (bars * STRETCHES_A_BAR if chords else 0)
    return [chords[index].numeral for index in at]


def test_bars_under_one_letter_have_the_chords_of_the_first_of_them() -> None:
    assert harmony(3, chords="i VI III") == ["i", "i", "VI", "VI", "III", "III"]
    assert harmony(2, chords="i VI III", chord_beats=2) == ["i", "VI", "III", "i"]
    folded = harmony(6, chords="i VI III VII", form="AAB", form_bars=1)
    assert folded[::2] == ["i", "i", "III", "i", "i", "VI"], "and the last is a turn over its own"
    long = harmony(8, chords="i VI III VII iv v", form="AB", form_bars=2)
    assert long[::2] == ["i", "VI", "III", "VII", "i", "VI", "III", "VI"]
    free = harmony(6, Part.LEAD, chords="i VI III VII", form="AAB", form_bars=1, forms=PartForms(lead=""))
    assert free[::2] == harmony(6, None, chords="i VI III VII", form="AAB")[::2] == ["i", "VI", "III", "VII", "i", "VI"]
    assert harmony(1, chords="i VI", chord_beats=16) == ["i", "i"]


def test_without_a_progression_nothing_sounds_and_bars_without_end_are_cheap() -> None:
    assert harmony(4) == []
    assert len(harmony(128, chords="i VI", form="ABCDEFGH", form_bars=8)) == 256
