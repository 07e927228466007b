"""Tracks laid out from phrases, and the place of a mistake in one."""

import pytest

from corpus.starter.notation import check, read_files
from song.parts import Part
from song.sections import SectionKind
from tests.corpus_tests.starter_lanes import HEAD


def test_tracks_name_phrases_that_there_are(tmp_path):
    (tmp_path / "a.phrases").write_text(f"[drums beat]\n{HEAD}kick | x x x x |\n[bass low]\n{HEAD}notes | 1:16 |\n")
    track = tmp_path / "a.tracks"
    track.write_text(
        "[track one]\nstyle = dubstep\nkey = F minor\ntempo = 140\n"
        "build 8 tempo=140-150\n  drums = beat*2 rest*2\ndrop 16\n  bass = low\n"
    )
    assert check([track]) == ([], "0 phrases, 1 track")
    sections = read_files([track, tmp_path / "a.phrases"]).tracks[0].sections
    assert [(one.kind, one.bars, one.tempo_bpm) for one in sections] == [
        (SectionKind.BUILD, 8, (140.0, 150.0)),
        (SectionKind.DROP, 16, (140.0, 140.0)),
    ]
    assert [(played.name, played.times) for played in sections[0].parts[Part.DRUMS]] == [("beat", 2), ("", 2)]


@pytest.mark.parametrize(
    ("lines", "place", "words"),
    [
        ("drop 16\n  drums = beet", (6, 11), 'no phrase is called "beet"'),
        ("drop 16\n  drums = low", (6, 11), "is a phrase for bass, not drums"),
        ("drop 16\n  drums = beat*0", (6, 11), "is not a phrase"),
        ("drop", (5, 1), "a section is its kind and 1-128 bars"),
        ("drop 0", (5, 1), "a section is its kind and 1-128 bars"),
        ("drop 16 tempo=500", (5, 15), "outside 40-300"),
        ("  drums = beat", (5, 3), "stands under its section"),
        ("drop 16\n  drums = beat\n  drums = beat", (7, 3), "given twice"),
        ("drop 16\ntempo = 150", (6, 1), "above the first section"),
        ("bridge = 3", (5, 1), '"bridge" is not one of'),
        ("", (1, 1), "has no sections"),
    ],
)
def test_a_mistake_in_a_track_is_told_with_its_place(tmp_path, lines, place, words):
    (tmp_path / "a.phrases").write_text(f"[drums beat]\n{HEAD}kick | x x x x |\n[bass low]\n{HEAD}notes | 1:16 |\n")
    track = tmp_path / "a.tracks"
    track.write_text(f"[track one]\nstyle = dubstep\nkey = F minor\ntempo = 140\n{lines}\n")
    mistakes, _ = check([track])
    assert len(mistakes) == 1
    assert mistakes[0].startswith(f"{track}:{place[0]}:{place[1]}: ")
    assert words in mistakes[0]
