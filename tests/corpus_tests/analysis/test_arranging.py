"""The tracks of a source as pieces: their bars, key and sections."""

import random

from corpus.analysis.arranging import arrange
from corpus.tracks import RawTrack
from song.notes import Note
from song.parts import Part
from tests.corpus_tests.made_forms import BAR, BREAK, BUILD, DROP, INTRO, OUTRO, as_pairs, form


def tracks_of(parts):
    return [
        RawTrack("drums", None, True, parts[Part.DRUMS]),
        RawTrack("bass", 38, False, parts[Part.BASS]),
    ]


def test_markers_are_believed_first():
    tracks = tracks_of(form((INTRO, 8), (BUILD, 8), (DROP, 16), (BREAK, 8), (BUILD, 8), (DROP, 16), (OUTRO, 8)))
    guessed = arrange(tracks)[0].sections
    named = arrange(tracks, [(0, "Verse"), (32, "Chorus")])[0].sections
    assert as_pairs(guessed) == [(INTRO, 8), (BUILD, 8), (DROP, 16), (BREAK, 8), (BUILD, 8), (DROP, 16), (OUTRO, 8)]
    assert as_pairs(named) == [(BREAK, 32), (DROP, 40)]
    assert not any(section.estimated for section in named)


def test_further_voices_have_the_sections_of_the_whole():
    parts = form((INTRO, 8), (BUILD, 8), (DROP, 16), (BREAK, 8), (DROP, 16), (OUTRO, 8))
    chance = random.Random(1)
    tunes = [
        tuple(Note(16 * BAR + step * 48, chance.randrange(70, 84), 48, 90) for step in range(16 * 8)) for _ in range(2)
    ]
    tracks = [*tracks_of(parts), *(RawTrack("lead", 81, False, tune) for tune in tunes)]
    whole, second = arrange(tracks)
    assert as_pairs(whole.sections)[2] == (DROP, 16)
    assert (second.start_bar, as_pairs(second.sections)) == (16, [(DROP, 16)])


def test_silent_bars_at_both_ends_are_cut_off_by_groups_of_four():
    hits = tuple(Note(bar * BAR + beat * 96, 36, 24, 100) for bar in range(6, 13) for beat in range(4))
    (piece,) = arrange([RawTrack("drums", None, True, hits)])
    # The first bar with music is the seventh: its group of four begins with the fifth.
    assert (piece.start_bar, piece.bars) == (4, 9)
    assert piece.parts[Part.DRUMS].bars == 9
    assert piece.parts[Part.DRUMS].notes[0].onset_tick == 2 * BAR


def test_tracks_without_a_part_make_no_piece():
    assert arrange([]) == []
    assert arrange([RawTrack("siren", None, False, (Note(0, 69, 96, 90),))]) == []


def test_further_voices_are_in_the_key_of_the_whole():
    bass = tuple(Note(bar * BAR, 33, BAR, 90) for bar in range(8))
    scale = (69, 71, 72, 74, 76, 77, 79, 81)
    first = tuple(Note(step * 96, scale[step % 8], 96, 90) for step in range(32))
    # By itself, this one would be in C.
    second = tuple(Note(step * 96 + 24, pitch, 48, 90) for step, pitch in enumerate((84, 88, 91, 88, 84) * 6))
    whole, other = arrange(
        [RawTrack("bass", 38, False, bass), RawTrack("lead", 81, False, first), RawTrack("", 30, False, second)]
    )
    assert (whole.tonic_class, whole.minor) == (9, True)
    assert (other.tonic_class, other.minor) == (9, True)
    assert arrange([RawTrack("", 30, False, second)])[0].tonic_class == 0
