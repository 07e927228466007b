"""Real music held against itself, and against music on one note."""

import msgspec
import pytest

from model.evaluation.distribution import compare, describe_stretch, distribution_tables, tell_apart
from model.training.mirrored_songs import MirroredSong
from song.notes import Note
from song.parts import Part
from tests.model_tests.mirrored import starter_stretches


@pytest.fixture(scope="module")
def starter() -> list[MirroredSong]:
    return starter_stretches()


@pytest.fixture(autouse=True)
def _fitted_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few steps tell such music apart."""
    monkeypatch.setattr("model.metrics.logistic._STEPS", 80)


def test_music_is_not_told_from_itself_and_lies_as_near_as_its_own_halves(starter: list[MirroredSong]) -> None:
    real = [one for stretch in starter for one in describe_stretch(stretch, stretch.phrases)]
    assert all(heard.accuracy == 0.5 for heard in tell_apart(real, real, 0).values())
    compared = compare(real, real, 0)
    assert {part for part, _ in compared} == set(Part)
    assert all(found.overlap > 0.8 for found, _ in compared.values())


def test_music_on_one_note_is_told_from_real_music(starter: list[MirroredSong]) -> None:
    real, dull = [], []
    for stretch in starter:
        flat = {
            cell: msgspec.structs.replace(
                phrase,
                notes=tuple(Note(384 * bar + 96 * n, 42, 24, 100) for bar in range(phrase.bars) for n in range(4)),
            )
            for cell, phrase in stretch.phrases.items()
        }
        real += describe_stretch(stretch, stretch.phrases)
        dull += describe_stretch(stretch, flat)
    assert all(heard.accuracy > 0.8 for heard in tell_apart(real, dull, 0).values())
    compared = compare(real, dull, 0)
    assert compared[Part.LEAD, "pitch classes"][0].overlap < compared[Part.LEAD, "pitch classes"][1].overlap - 0.2
    classifier, means, *distances = distribution_tables(real, dull, 0)
    assert [row[0] for row in classifier.rows] == [part.value for part in Part]
    assert means.rows[1][2] == 1.0
    assert len(distances) == 4
