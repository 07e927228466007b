"""Song files: every song comes back as it was, and every damaged file is refused in one line and left alone."""

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from song.errors import UserError
from song.harmony import USUAL_CHORD_BEATS
from song.notes import Note, Phrase, Wobble
from song.parts import Part
from song.sections import Constraints, PartPatches, SectionKind, Song
from song.store import SCHEMA_VERSION, decode_song, encode_song, load_song, save_song
from song.templates import song_from_form
from song.theme import FIRST_DROP
from song.validation import find_problem
from tests.song_tests.song_strategies import filled, mixed_songs

PHRASE = Phrase(2, (Note(0, 36, 96, 100), Note(96, 38, 96, 90)), (Wobble(0, 96, "1/8", 0.5), Wobble(96, 96, "1/4", 1)))
SONG = filled(song_from_form([(SectionKind.INTRO, 2), (SectionKind.DROP, 2)], title="Bus"), 1, Part.BASS, PHRASE)
GOOD = encode_song(SONG)


def message_of(data: bytes) -> str:
    with pytest.raises(UserError) as caught:
        decode_song(data, "bus.drop")
    message = str(caught.value)
    assert len(message.splitlines()) == 1
    assert message.startswith("bus.drop")
    return message


def changed(path: str, value: Any) -> bytes:
    """The good file with one value replaced; the path is keys and indices with dots between."""
    document = json.loads(GOOD)
    *steps, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    place = document
    for step in steps:
        place = place[step]
    place[last] = value
    return json.dumps(document).encode()


@given(mixed_songs)
@settings(max_examples=60)
def test_every_song_comes_back_as_it_was(song: Song) -> None:
    assert decode_song(encode_song(song), "any.drop") == song


def test_a_song_file_is_json_that_starts_with_its_version(tmp_path: Path) -> None:
    save_song(tmp_path / "bus.drop", SONG)
    document = json.loads((tmp_path / "bus.drop").read_text(encoding="utf-8"))
    assert list(document) == ["dropsmith", "song"]
    assert document["dropsmith"] == SCHEMA_VERSION
    assert load_song(tmp_path / "bus.drop") == SONG


def test_saving_again_replaces_the_file_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    save_song(tmp_path / "bus.drop", Song())
    save_song(tmp_path / "bus.drop", SONG)
    assert [entry.name for entry in tmp_path.iterdir()] == ["bus.drop"]
    assert load_song(tmp_path / "bus.drop") == SONG


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    for path in (tmp_path / "none.drop", tmp_path):
        with pytest.raises(UserError, match=re.escape(f"cannot open {path}")):
            load_song(path)


def test_a_pipe_is_refused_and_not_waited_on(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "bus.drop")
    with pytest.raises(UserError, match=r"cannot open .*bus\.drop: it is a pipe"):
        load_song(tmp_path / "bus.drop")


def test_a_damaged_file_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "bus.drop"
    path.write_bytes(GOOD[:500])
    with pytest.raises(UserError, match=re.escape(str(path))):
        load_song(path)
    assert path.read_bytes() == GOOD[:500]


def test_a_file_cut_short_is_named_by_its_last_line() -> None:
    cut = GOOD[: GOOD.index(b'"sections"')]
    lines = len(cut.splitlines())
    assert f"line {lines}" in message_of(cut)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "line 1: not a whole song file"),
        (b"null", "is not a Dropsmith song: Expected `object`, got `null`"),
        (b"[]", "is not a Dropsmith song: Expected `object`, got `array`"),
        (b"{}", "is not a Dropsmith song: Object missing required field `dropsmith`"),
        (b'{"dropsmith": 1}', "is not a Dropsmith song: Object missing required field `song`"),
        (b'{"dropsmith": "1", "song": {}}', "`$.dropsmith`"),
        (b'{"dropsmith": 0, "song": {}}', "there is no version 0"),
        (b'{"dropsmith": 6, "song": 5}', "was written by a newer Dropsmith: update Dropsmith to open it"),
        (b"MThd\x00\x00\x00\x06", "line 1: not a whole song file"),
        (bytes(range(256)), "not a whole song file"),
        (b'{"dropsmith": 1, "song": {"title": "\xff"}}', "not a whole song file"),
        (b'{"dropsmith": 1, "x": ' + b"[" * 100_000, "its brackets are nested too deeply"),
    ],
)
def test_what_is_not_a_song_file_says_so(data: bytes, message: str) -> None:
    assert message in message_of(data)


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("song.title", 5, "Expected `str`, got `int` - at `$.song.title`"),
        ("song.seed", -1, "seed: -1 is outside 0-"),
        ("song.seed", 10**30, "seed: 1000000000000000000000000000000 is outside 0-"),
        ("song.key", "H minor", 'key "H minor" is not known: write a tonic A to G'),
        ("song.style", {}, "style needs at least one name"),
        ("song.style", {"polka": 1.0}, 'style "polka" is not known: use one of dubstep'),
        ("song.sub", 1, "Expected `bool`, got `int` - at `$.song.sub`"),
        ("song.sections.1.kind", "solo", "Invalid enum value 'solo' - at `$.song.sections[1].kind`"),
        ("song.sections.1.bars", 0, "section 2: bars: 0 is outside 1-128"),
        ("song.sections.1.bars", 10**12, "section 2: bars: 1000000000000 is outside 1-128"),
        ("song.sections.1.bars", 1, "section 2: bass: a take has 2 bars, outside 1-1"),
        ("song.sections.1.constraints.tempo_bpm", [20, 140], "section 2: tempo_bpm: [20.0, 140.0] is outside 40-300"),
        ("song.sections.1.constraints.tempo_bpm", [140], "`$.song.sections[1].constraints.tempo_bpm`"),
        ("song.sections.1.constraints.density.lead", 2, "section 2: density: lead 2 is outside 0-1"),
        ("song.sections.1.constraints.wobble.rates", ["1/7"], 'section 2: wobble: rate "1/7" is not one of 1/1., '),
        ("song.sections.1.constraints.wobble.shape", "zig", 'section 2: wobble: shape "zig" is not one of sine, '),
        ("song.sections.1.constraints.wobble.depth", 2, "section 2: wobble: depth 2 is outside 0-1"),
        ("song.sections.1.constraints.key", "H", 'section 2: key "H" is not known'),
        ("song.sections.1.constraints.form", "ab", 'section 2: form: "ab" is not one or more of the letters A-Z'),
        ("song.sections.1.constraints.forms", {"bass": "a"}, 'forms: bass: "a" is not one or more of the letters A-Z'),
        ("song.sections.1.constraints.form_bars", 9, "section 2: form_bars: 9 is outside 1-8"),
        ("song.sections.1.constraints.temperature", 0, "section 2: temperature: 0 is outside 0.1-2"),
        ("song.sections.1.constraints.style", {"polka": 1.0}, 'section 2: style "polka" is not known'),
        ("song.sections.1.constraints.ranges", {"lead": [72, 60]}, "section 2: ranges: lead 72-60 is not within 55-96"),
        ("song.sections.1.constraints.ranges", {"bass": [1, 60]}, "section 2: ranges: bass 1-60 is not within 31-64"),
        ("song.sections.1.cells.bass.takes.0.kept", [2], "a take has edited or kept bars outside 0-1"),
        ("song.sections.1.cells.bass.takes.0.edited", [-1], "a take has edited or kept bars outside 0-1"),
        ("song.muted", ["flute"], "Invalid enum value 'flute'"),
        ("song.patches.bass", "../x", 'patches: bass: "../x" cannot be a patch: use a-z, 0-9, - and _, up to 40'),
        ("song.patches.lead", "x" * 41, "cannot be a patch"),
        ("song.patches.lead", 5, "Expected `str`, got `int` - at `$.song.patches.lead`"),
        ("song.patches", {"guitar": "x"}, "guitar"),
        ("song.theme", -2, "theme: -2 is outside -1-2147483647"),
        ("song.theme", 2**31, "theme: 2147483648 is outside"),
        ("song.theme", "DROP", "Expected `int`, got `str` - at `$.song.theme`"),
        ("song.sections.1.constraints.chords", "x" * 10**6, 'section 2: chords: "xxxx'),
        ("song.sections.1.constraints.chords", "", "section 2: chords: a progression is 1 to 16 roman numerals"),
        ("song.sections.1.constraints.chords", "i " * 10**5, "section 2: chords: a progression is 1 to 16 roman"),
        ("song.sections.1.constraints.chords", ["i"], "Expected `str | null`, got `array`"),
        ("song.sections.1.constraints.chord_beats", 3, "section 2: chord_beats: 3 is none of 2, 4, 8, 16"),
        ("song.sections.1.constraints.chord_beats", 0, "section 2: chord_beats: 0 is none of 2, 4, 8, 16"),
        ("song.sections.1.constraints.theme", "zzz", 'section 2: theme: "zzz" is none of none, whole, thinned, slow'),
        ("song.sections.1.constraints.theme", "z" * 10**6, 'section 2: theme: "zzz'),
        ("song.sections.1.constraints.passing", "yes", "Expected `bool | null`, got `str`"),
        ("song.sections.1.constraints.speed", 1, "unknown field `speed`"),
        ("song.sections.1.cells.bass.chosen", 1, "section 2: bass: there is no take 1"),
        ("song.sections.1.cells.bass.chosen", -1, "section 2: bass: there is no take -1"),
        ("song.sections.1.cells.bass.takes.0.seed", -1, "section 2: bass: a take's seed -1 is outside"),
        ("song.sections.1.cells.bass.takes.0.phrase.bars", 0, "section 2: bass: a take has 0 bars, outside 1-2"),
        (
            "song.sections.1.cells.bass.takes.0.phrase.notes.0.pitch",
            128,
            "a note has pitch 128 and velocity 100, outside",
        ),
        (
            "song.sections.1.cells.bass.takes.0.phrase.notes.0.velocity",
            0,
            "a note has pitch 36 and velocity 0, outside",
        ),
        (
            "song.sections.1.cells.bass.takes.0.phrase.notes.1.onset_tick",
            768,
            "a note at tick 768 lies outside its 2 bars",
        ),
        ("song.sections.1.cells.bass.takes.0.phrase.notes.0.onset_tick", -1, "a note at tick -1 lies outside"),
        ("song.sections.1.cells.bass.takes.0.phrase.notes.0.duration_ticks", 0, "or lasts under a tick"),
        ("song.sections.1.cells.bass.takes.0.phrase.notes.0.onset_tick", 200, "the notes are not in the order"),
        ("song.sections.1.cells.bass.takes.0.phrase.wobbles.0.rate", "1/5", 'wobble: rate "1/5" is not one of'),
        ("song.sections.1.cells.bass.takes.0.phrase.wobbles.0.depth", -1, "wobble: depth -1 is outside 0-1"),
        ("song.sections.1.cells.bass.takes.0.phrase.wobbles.0.shape", "x", 'wobble: shape "x" is not one of'),
        ("song.sections.1.cells.bass.takes.0.phrase.wobbles.0.duration_ticks", 97, "two wobbles overlap"),
        ("song.sections.1.cells.bass.takes.0.phrase.wobbles.1.onset_tick", 768, "a wobble at tick 768 lies outside"),
    ],
)
def test_a_value_out_of_range_is_named_with_its_place(path: str, value: Any, message: str) -> None:
    assert message in message_of(changed(path, value))


@given(st.integers(0, len(GOOD) - 2))
@settings(max_examples=200)
def test_a_file_cut_anywhere_is_refused(length: int) -> None:
    # The last byte is a line break, and a file without it is still whole.
    message_of(GOOD[:length])


@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255))
@settings(max_examples=300)
def test_a_file_with_one_byte_wrong_is_a_valid_song_or_refused(index: int, difference: int) -> None:
    damaged = bytearray(GOOD)
    damaged[index] ^= difference
    try:
        song = decode_song(bytes(damaged), "bus.drop")
    except UserError:
        message_of(bytes(damaged))
    else:
        assert find_problem(song) is None


def test_a_file_of_the_first_version_is_read_and_its_sections_get_ids() -> None:
    document = json.loads(GOOD)
    document["dropsmith"] = 1
    for section in document["song"]["sections"]:
        del section["id"]
        for later in ("style", "ranges", "gap", "forms"):
            del section["constraints"][later]
        for cell in section["cells"].values():
            for take in cell["takes"]:
                del take["edited"], take["kept"]
    for later in ("muted", "solo"):
        del document["song"][later]
    song = decode_song(json.dumps(document).encode(), "old.drop")
    assert song == SONG
    assert [section.id for section in song.sections] == [1, 2]


@pytest.mark.parametrize("version", [1, 2, 3])
def test_a_file_from_before_there_was_harmony_leaves_it_and_the_theme_as_they_are_by_default(version: int) -> None:
    document = json.loads(GOOD)
    document["dropsmith"] = version
    del document["song"]["theme"]
    for section in document["song"]["sections"]:
        for later in ("chords", "chord_beats", "passing", "theme"):
            del section["constraints"][later]
    song = decode_song(json.dumps(document).encode(), "old.drop")
    assert song == SONG
    assert song.theme == FIRST_DROP
    asked = song.sections[1].constraints
    assert (asked.chords, asked.chord_beats, asked.passing, asked.theme) == (None, USUAL_CHORD_BEATS, None, None)


def test_a_file_from_before_there_were_patches_has_the_usual_ones() -> None:
    document = json.loads(GOOD)
    document["dropsmith"] = 4
    del document["song"]["patches"]
    assert decode_song(json.dumps(document).encode(), "bus.drop") == SONG
    assert SONG.patches == PartPatches()


def test_harmony_and_theme_come_back_from_a_file() -> None:
    asked = Constraints(chords="i bII7 VI°", chord_beats=16, passing=False, theme="slow")
    song = replace(SONG, theme=2, sections=(replace(SONG.sections[0], constraints=asked), *SONG.sections[1:]))
    assert decode_song(encode_song(song), "bus.drop") == song


def test_two_sections_of_one_id_are_told_apart() -> None:
    song = decode_song(changed("song.sections.1.id", 1), "bus.drop")
    assert [section.id for section in song.sections] == [1, 2]


def test_what_else_stands_in_a_damaged_file_is_not_read_for_the_line() -> None:
    assert "line 3: not a whole song file" in message_of(b'{"a": ' + b"9" * 6000 + b",\n\n x")
    assert "line 2: not a whole song file" in message_of(b'{"a": ' + b"9" * 6000 + b",\n ")
