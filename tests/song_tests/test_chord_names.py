import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from song.chord_names import typed_progression
from song.edits.constraints import set_chords
from song.errors import UserError
from song.harmony import parse_progression
from song.limits import MAX_CHORDS
from song.plan import parse_plan
from song.scales import FLAT_NAMES, SCALES, SHARP_NAMES, TONIC_NAMES, Key, parse_key
from song.sections import Section, SectionKind, Song

ABOVE = {
    "": (0, 4, 7), "m": (0, 3, 7), "5": (0, 7), "7": (0, 4, 7, 10), "m7": (0, 3, 7, 10), "maj7": (0, 4, 7, 11),
    "6": (0, 4, 7, 9), "m6": (0, 3, 7, 9), "9": (0, 4, 7, 10, 2), "add9": (0, 4, 7, 2), "sus2": (0, 2, 7),
    "sus4": (0, 5, 7), "dim": (0, 3, 6), "aug": (0, 4, 8),
}  # fmt: skip
keys = st.builds(Key, st.sampled_from(TONIC_NAMES), st.sampled_from(tuple(SCALES)))
roots = st.sampled_from((*FLAT_NAMES, *SHARP_NAMES, "Cb", "Fb", "E#", "B#"))


@given(roots, st.sampled_from(tuple(ABOVE)), keys)
def test_a_name_is_the_same_notes_in_any_key(root: str, quality: str, key: Key) -> None:
    letter = parse_key(f"{root} minor").tonic_class
    # Of a scale with a raised seventh step one chord has no numeral.
    assume((key.scale, quality, (letter - key.tonic_class) % 12) != ("harmonic minor", "dim", 10))
    (chord,) = parse_progression(typed_progression(root + quality, key), key)
    assert chord.tones == tuple((letter + above) % 12 for above in ABOVE[quality])
    assert chord.root == letter


def test_the_one_chord_without_a_numeral_is_refused() -> None:
    with pytest.raises(UserError, match="no numeral in A harmonic minor: write another chord"):
        typed_progression("Gdim", Key("A", "harmonic minor"))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Fm Db Ab Eb", "i VI III VII"),
        ("Fm-Db-Ab-Eb", "i VI III VII"),
        ("| Fm | Db | Ab | Eb |", "i VI III VII"),
        ("Fmin, D♭, Abmaj7, EbM7", "i VI IIImaj7 VIImaj7"),
        ("F-7 Bbm9 Csus", "i7 iv9 Vsus4"),
        ("i VI Ab bII", "i VI III bII"),
        ("F°", "i°"),
    ],
)
def test_names_are_read_as_people_write_them(typed: str, kept: str) -> None:
    assert typed_progression(typed, Key("F", "minor")) == kept


def test_a_tone_below_the_tonic_is_the_seventh_step_of_harmonic_minor_too() -> None:
    key = Key("A", "harmonic minor")
    assert [chord.name for chord in parse_progression("i VII v vii°", key)] == ["Am", "G", "Em", "G#°"]
    assert typed_progression("G Gm", key) == "VII vii"


@pytest.mark.parametrize(
    "text",
    ["H", "Fmm", "Fsus9", "Am/C", "Fmsus4", "Cx", "", "A" * 100_000, "A " * 100_000, "Am " * (MAX_CHORDS + 1), "Fm\0"],
    ids=lambda text: repr(text[:8]),
)
def test_what_is_no_chord_is_refused_in_a_line_that_shows_some(text: str) -> None:
    began = time.process_time()
    with pytest.raises(UserError, match="such as") as caught:
        typed_progression(text, Key("F", "minor"))
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) <= 1100
    assert time.process_time() - began < 5


@given(st.text(max_size=30), keys)
def test_any_text_is_a_progression_or_refused(text: str, key: Key) -> None:
    try:
        kept = typed_progression(text, key)
    except UserError:
        return
    assert typed_progression(kept, key) == kept


def test_names_count_in_the_key_of_their_section_in_the_app_and_in_a_plan() -> None:
    song = Song(key="F minor", sections=(Section(SectionKind.DROP, 8), Section(SectionKind.BREAK, 8)))
    assert set_chords(song, 0, "Fm Eb").sections[0].constraints.chords == "i VII"
    table = '[[section]]\nkind = "drop"\nbars = 8\nchords = "Dm Bb"\n'
    plan = parse_plan(f'key = "F minor"\n{table}key = "D minor"\n{table}', "plan")
    assert [section.constraints.chords for section in plan.sections] == ["i VI", "#vi IV"]
