"""Tempo changes, written only where the tempo changes, and the curve through them."""

import pytest

from song.export.tempo import microseconds, tempo_changes, tempo_corners
from song.sections import Constraints, Section, SectionKind, Song


def song_of(*tempi: tuple[float, float]) -> Song:
    return Song(sections=tuple(Section(SectionKind.DROP, 2, Constraints(tempo_bpm=tempo)) for tempo in tempi))


def test_an_equal_tempo_is_written_once() -> None:
    assert tempo_changes(song_of((140, 140), (140, 140), (126, 126), (140, 140))) == [
        (0, 140),
        (1536, 126),
        (2304, 140),
    ]


def test_tempi_that_a_file_writes_alike_are_one() -> None:
    assert microseconds(140) == microseconds(140.00001)
    assert len(tempo_changes(song_of((140, 140), (140.00001, 140.00001)))) == 1


def test_a_ramp_changes_once_a_quarter_and_what_follows_at_its_end_does_not() -> None:
    changes = tempo_changes(song_of((140, 154), (154, 154)))
    assert changes == [(quarter * 96, pytest.approx(140 + 2 * quarter)) for quarter in range(8)]


def test_the_curve_goes_through_every_change() -> None:
    corners = tempo_corners(song_of((100, 100), (140, 154), (90, 90)))
    assert corners == [(0, 100), (768, 100), (768, 140), (768 + 672, 154), (1536, 154), (1536, 90), (2304, 90)]


@pytest.mark.parametrize("bpm", [0.0, 39.9, 1e9, float("nan")])
def test_a_tempo_out_of_range_is_refused(bpm: float) -> None:
    with pytest.raises(ValueError, match="outside 40-300"):
        tempo_changes(song_of((bpm, bpm)))
