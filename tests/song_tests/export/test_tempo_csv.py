"""The table of tempo changes."""

import csv
import io

import pytest

from song.export.arrangement import Arrangement
from song.export.tempo_csv import tempo_file
from song.sections import Constraints, Section, SectionKind, Song
from tests.song_tests.export.made_songs import made_songs


def rows(song: Song) -> list[dict[str, str]]:
    (file,) = tempo_file(Arrangement(song))
    assert file.path == "Tempo.csv"
    return list(csv.DictReader(io.StringIO(file.data.decode(), newline="")))


def test_a_change_is_a_row_with_its_bar_beat_and_second() -> None:
    sections = [Section(SectionKind.DROP, 1, Constraints(tempo_bpm=bpm)) for bpm in ((120, 120), (60, 60), (60, 120))]
    found = rows(Song(sections=tuple(sections)))
    assert found[:2] == [
        {"bar": "1", "beat": "1", "tick": "0", "seconds": "0.000", "bpm": "120"},
        {"bar": "2", "beat": "1", "tick": "384", "seconds": "2.000", "bpm": "60"},
    ]
    assert [(row["bar"], row["beat"], row["bpm"]) for row in found[2:]] == [
        ("3", "2", "80"), ("3", "3", "100"), ("3", "4", "120"),
    ]  # fmt: skip


@pytest.mark.parametrize("name", made_songs())
def test_every_change_has_a_row(name: str) -> None:
    laid_out = Arrangement(made_songs()[name])
    assert [(int(row["tick"]), float(row["bpm"])) for row in rows(laid_out.song)] == [
        (tick, pytest.approx(bpm, rel=1e-5)) for tick, bpm in laid_out.tempi
    ]
