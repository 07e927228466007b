"""Keys and pitches as text, their pitch classes, and what is said of a text that names none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from song.errors import UserError
from song.parts import Part
from song.scales import SCALES, Key, parse_key, parse_pitch, pitch_name, tonic_shift
from tests.song_tests.song_strategies import keys


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("F minor", Key("F", "minor")),
        ("f minor", Key("F", "minor")),
        ("  C#   Harmonic   MINOR ", Key("C#", "harmonic minor")),
        ("Bb", Key("Bb", "minor")),
        ("bb major", Key("Bb", "major")),
        ("b minor", Key("B", "minor")),
        ("E phrygian", Key("E", "phrygian")),
    ],
)
def test_a_key_is_read_whatever_its_capitals_and_spaces(text: str, key: Key) -> None:
    assert parse_key(text) == key


@pytest.mark.parametrize(
    "text", ["", " ", "H minor", "C## minor", "Cminor", "C lydian", "C minor pentatonic", "1", "minor"]
)
def test_an_unknown_key_is_refused_with_what_is_allowed(text: str) -> None:
    with pytest.raises(UserError) as caught:
        parse_key(text)
    message = str(caught.value)
    assert f'"{text.strip()}"' in message.replace(f'"{text}"', f'"{text.strip()}"')
    assert "A to G (with # or b)" in message
    assert all(scale in message for scale in SCALES)


@pytest.mark.parametrize(("tonic", "pitch_class"), [("C", 0), ("B#", 0), ("Cb", 11), ("F#", 6), ("Gb", 6), ("A", 9)])
def test_a_tonics_pitch_class(tonic: str, pitch_class: int) -> None:
    assert Key(tonic, "minor").tonic_class == pitch_class


def test_the_pitch_classes_of_a_scale() -> None:
    assert Key("F", "minor").pitch_classes() == {5, 7, 8, 10, 0, 1, 3}
    assert Key("C", "major").pitch_classes() == {0, 2, 4, 5, 7, 9, 11}
    assert Key("G", "chromatic").pitch_classes() == set(range(12))


@given(keys)
def test_a_keys_text_reads_back_as_the_key(text: str) -> None:
    key = parse_key(text)
    assert parse_key(str(key)) == key
    assert key.tonic_class in key.pitch_classes()
    assert len(key.pitch_classes()) == len(SCALES[key.scale])


@given(keys)
def test_a_key_is_minor_or_has_a_major_third(text: str) -> None:
    key = parse_key(text)
    if key.scale != "chromatic":
        third = 3 if key.is_minor else 4
        assert (key.tonic_class + third) % 12 in key.pitch_classes()


@given(st.text(max_size=20))
def test_any_text_is_a_key_or_is_refused_in_one_line(text: str) -> None:
    tonic, _, scale = text.strip().partition(" ")
    known = tonic[:1].upper() in set("ABCDEFG") and tonic[1:] in ("", "#", "b") and tonic
    if known and " ".join(scale.lower().split()) in ("", *SCALES):
        assert parse_key(text).scale in SCALES
    else:
        with pytest.raises(UserError) as caught:
            parse_key(text)
        assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize(("tonic", "bass", "lead"), [(0, 0, 0), (5, 5, 5), (6, 6, -6), (9, 9, -3), (10, -2, -2)])
def test_a_bass_moves_up_to_the_key_and_the_rest_the_nearest_way(tonic: int, bass: int, lead: int) -> None:
    assert tonic_shift(Part.BASS, tonic) == bass
    assert tonic_shift(Part.LEAD, tonic) == lead
    assert tonic_shift(Part.DRUMS, tonic) == 0


@pytest.mark.parametrize(
    ("text", "pitch"),
    [("C4", 60), (" c4 ", 60), ("F#3", 54), ("Gb3", 54), ("B#3", 60), ("Cb4", 59), ("A0", 21), ("C-1", 0), ("G9", 127)],
)
def test_a_pitch_is_read_by_its_name(text: str, pitch: int) -> None:
    assert parse_pitch(text) == pitch


@pytest.mark.parametrize("text", ["", "C", "4", "H4", "C##4", "C 4", "C44", "60"])
def test_a_text_that_names_no_pitch_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="is not a pitch: write one such as C2 or F#3"):
        parse_pitch(text)


@pytest.mark.parametrize("text", ["Cb-1", "C-2", "G#9", "A9"])
def test_a_pitch_beyond_midi_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="is outside C-1 to G9"):
        parse_pitch(text)


@given(st.integers(0, 127), st.none() | keys.map(parse_key))
def test_a_pitchs_name_reads_back_as_the_pitch_in_any_key(pitch: int, key: Key | None) -> None:
    assert parse_pitch(pitch_name(pitch, key)) == pitch


@pytest.mark.parametrize(
    ("key", "names"),
    [
        (None, ["C4", "C#4", "Eb4", "F#4", "Ab4", "Bb4"]),
        ("F minor", ["C4", "Db4", "Eb4", "Gb4", "Ab4", "Bb4"]),
        ("C# minor", ["C4", "C#4", "D#4", "F#4", "G#4", "A#4"]),
        ("D major", ["C4", "C#4", "D#4", "F#4", "G#4", "A#4"]),
        ("Db major", ["C4", "Db4", "Eb4", "Gb4", "Ab4", "Bb4"]),
    ],
)
def test_a_key_spells_pitches_as_its_signature_does(key: str | None, names: list[str]) -> None:
    assert [pitch_name(pitch, parse_key(key) if key else None) for pitch in (60, 61, 63, 66, 68, 70)] == names
