"""Starter phrases and tracks as a song to listen to."""

import pytest

from corpus.starter.notation import read_files
from corpus.starter.song import starter_song
from song.parts import Part
from song.sections import SectionKind
from song.validation import find_problem

HEAD = "kinds = drop, build\nstyles = dubstep\nenergy = 0.5\ntempo = 138-151\n"
PHRASES = f"""
[drums beat]
{HEAD}kick | x x . . | . x . . |

[bass low]
{HEAD}scale = phrygian
notes | 1:16 | 5:16 |
wobble | 1/8:16 | 1/4:16 |
"""
TRACK = """
[track one]
style = dubstep
key = A minor
tempo = 140
build 2 tempo=140-150
  drums = beat
drop 3
  drums = rest beat
  bass = low
"""


@pytest.fixture
def starter(tmp_path):
    (tmp_path / "a.phrases").write_text(PHRASES)
    (tmp_path / "a.tracks").write_text(TRACK)
    reading = read_files(tmp_path.iterdir())
    assert reading.mistakes == []
    return {phrase.name: phrase for phrase in reading.phrases}, reading.tracks[0]


def test_a_phrase_is_a_section_of_its_name_in_c_with_a_bar_of_rest(starter):
    phrases, _ = starter
    song = starter_song([phrases["low"]], phrases, "heard")
    (section,) = song.sections
    assert (song.title, section.name, section.kind, section.bars) == ("heard", "low", SectionKind.DROP, 3)
    # The middle of 138 and 151, in whole BPM.
    assert section.constraints.tempo_bpm == (144, 144)
    assert section.constraints.key == "C phrygian"
    bass = section.cells.bass.phrase
    assert [note.pitch for note in bass.notes] == [36, 43]
    assert bass.wobbles == phrases["low"].phrase.wobbles
    assert [section.cell(part).takes for part in Part if part is not Part.BASS] == [()] * 3
    assert find_problem(song) is None


def test_a_track_is_its_sections_in_its_key_and_tempi(starter):
    phrases, track = starter
    song = starter_song([track], phrases, "heard")
    assert song.section_names() == ["one: build", "one: drop"]
    assert [section.constraints.tempo_bpm for section in song.sections] == [(140, 150), (140, 140)]
    assert [song.key_of(index) for index in (0, 1)] == ["A minor"] * 2
    build, drop = song.sections
    assert [note.onset_tick for note in build.cells.drums.phrase.notes] == [0, 96, 480]
    # Ticks count from the section's own start, and C moves up to A.
    assert [note.onset_tick for note in drop.cells.drums.phrase.notes] == [384, 480, 864]
    assert [(note.onset_tick, note.pitch) for note in drop.cells.bass.phrase.notes] == [(0, 45), (384, 52), (768, 45)]
    assert (build.cells.bass.chosen, drop.cells.bass.phrase.bars) == (None, 3)
    assert find_problem(song) is None


def test_what_is_chosen_is_heard_in_its_order(starter):
    phrases, track = starter
    song = starter_song([phrases["low"], track, phrases["beat"]], phrases, "heard")
    assert song.section_names() == ["low", "one: build", "one: drop", "beat"]
    assert song.start_bars() == [0, 3, 5, 8]
