"""Starter tracks written out as the music they sound like."""

import pytest

from corpus.pieces import PieceSection
from corpus.starter.pieces import VALIDATION_TRACKS, starter_pieces
from song.parts import Part
from song.sections import SectionKind
from song.time import TICKS_PER_BAR
from tests.corpus_tests.starter_set import starter_set

HEAD = "kinds = build, drop\nstyles = dubstep, riddim\nenergy = 0.5\ntempo = 138-150\n"
PHRASES = f"""
[drums beat]
{HEAD}kick | x x . . | . x . . |
[bass low]
{HEAD}notes | 1:16 | ~:8 5:8 | 3:16 |
wobble | 1/8:16 | 1/4:16 | . |
[chords pad]
{HEAD}scale = major
notes | 1+3+5:16 |
[lead alone]
{HEAD}notes | 1:16 |
"""
TRACK = """
[track one]
style = dubstep
key = A minor
tempo = 140
intro 3
  drums = rest beat
drop 4 tempo=150
  bass = low
  chords = pad
"""


@pytest.fixture
def pieces(tmp_path):
    (tmp_path / "a.phrases").write_text(PHRASES)
    (tmp_path / "a.tracks").write_text(TRACK)
    return {piece.name: piece for piece in starter_pieces(tmp_path)}


def test_a_track_is_one_piece_with_labelled_sections(pieces):
    one = pieces["one"]
    assert one.sections == (PieceSection(0, 3, SectionKind.INTRO), PieceSection(3, 4, SectionKind.DROP))
    assert (one.bars, one.tempo_bpm, one.tonic_class, one.minor) == (7, 150.0, 9, True)
    assert one.style == {"dubstep": 1.0}
    assert one.wobble_known
    assert one.velocity_known
    assert all(phrase.bars == 7 for phrase in one.parts.values())


def test_rests_are_silent_and_a_line_repeats_until_its_section_is_full(pieces):
    onsets = [note.onset_tick for note in pieces["one"].parts[Part.DRUMS].notes]
    assert onsets == [TICKS_PER_BAR, TICKS_PER_BAR + 96, 2 * TICKS_PER_BAR + 96]


def test_a_phrase_is_cut_at_the_end_of_its_section_and_moved_to_the_key(pieces):
    bass = pieces["one"].parts[Part.BASS]
    start = 3 * TICKS_PER_BAR
    # Three bars of phrase fill four bars once and a third: the last note starts again and is cut at the end.
    assert [(note.onset_tick - start, note.pitch) for note in bass.notes] == [
        (0, 45),
        (576, 52),
        (768, 48),
        (1152, 45),
    ]
    assert bass.notes[-1].end_tick == 7 * TICKS_PER_BAR
    assert bass.wobbles[-1].end_tick <= 7 * TICKS_PER_BAR
    chords = pieces["one"].parts[Part.CHORDS]
    assert [note.pitch for note in chords.notes[:3]] == [57, 61, 64]


def test_a_phrase_that_no_track_plays_is_a_piece_of_its_own(pieces):
    assert set(pieces) == {"one", "alone"}
    alone = pieces["alone"]
    assert alone.sections == (PieceSection(0, 1, SectionKind.BUILD),)
    assert alone.style == {"dubstep": 0.5, "riddim": 0.5}
    assert alone.tempo_bpm == 144.0


def test_the_starter_set_as_it_ships_can_be_read():
    pieces = starter_pieces()
    assert {part for piece in pieces for part in piece.parts} == set(Part)
    assert {piece.split for piece in pieces} == {"train", "validation"}
    for piece in pieces:
        for phrase in piece.parts.values():
            assert phrase.bars == piece.bars
            assert all(note.onset_tick % 4 == 0 and note.end_tick <= phrase.length_ticks for note in phrase.notes)


def test_little_that_the_validation_tracks_play_is_learned_from():
    phrases, tracks = starter_set()
    bars = {phrase.name: phrase.phrase.bars for phrase in phrases}
    learned = {name for track in tracks if track.name not in VALIDATION_TRACKS for name in track.phrase_names()}
    held_out = [track for track in tracks if track.name in VALIDATION_TRACKS]
    assert {track.name for track in held_out} == VALIDATION_TRACKS
    assert len({track.styles for track in held_out}) == 5
    played, leaked = 0, 0
    for track in held_out:
        for section in track.sections:
            for line in section.parts.values():
                for one in line:
                    played += bars.get(one.name, 0) * one.times
                    leaked += bars[one.name] * one.times if one.name in learned else 0
    assert leaked / played <= 0.25
