"""The measurements behind the chapters: their sizes, the music that they judge, their tables."""

from pathlib import Path

import msgspec
import pytest

from model.checkpoint import SHIPPED, load_weights
from model.evaluation.measurements import MEASUREMENTS, Sizes, Subject, measure_distribution
from model.evaluation.report import CHAPTERS
from model.evaluation.telling import chapter, classifiers
from model.evaluation.telling.features import GROUPS
from song.parts import Part
from tests.model_tests.starter_set import starter_pieces


def test_the_chapter_on_distribution_has_every_part(tiny_weights_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("model.metrics.logistic._STEPS", 80)
    subject = Subject(tiny_weights_path, starter_pieces(), Sizes.small(5), 0)
    results = measure_distribution(subject, lambda what, done, total: None)
    classifier, means, *distances = results.tables
    assert [row[0] for row in classifier.rows] == [part.value for part in Part]
    assert means.rows[0][1] == pytest.approx(means.rows[0][2], rel=0.15)
    assert {table.title for table in distances} == {f"Distances: {part.value}" for part in Part}
    assert results.weights == subject.weights.digest
    assert "5 of starter" in results.text[0]


def test_the_chapter_on_mirrored_drops_takes_as_many_songs_as_are_wanted(
    tiny_weights_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chapter, "FOLDINGS", 1)
    for name, few in (("FOLDS", 2), ("TREES", 4), ("ROUNDS", 2)):
        monkeypatch.setattr(classifiers, name, few)
    for group in ("form", "places", "pitch", "length"):
        monkeypatch.delitem(GROUPS, group)
    pieces = [msgspec.structs.replace(piece, source="mine") for piece in starter_pieces() if len(piece.parts) > 2]
    subject = Subject(tiny_weights_path, pieces, Sizes.small(5), 0)
    told: list[str] = []
    results = MEASUREMENTS["mirrored"](subject, lambda what, done, total: told.append(f"{what}: {done} of {total}"))
    assert results.weights == subject.weights.digest
    assert results.text[0].startswith("5 real songs")
    assert [told[0], told[4], told[5]] == [
        "mirrored, composed: 0 of 5", "mirrored, composed: 4 of 5", "mirrored, told: 0 of 6",
    ]  # fmt: skip


def test_every_measurement_fills_a_chapter_of_the_report() -> None:
    assert MEASUREMENTS.keys() <= CHAPTERS.keys()


def test_a_quick_look_is_smaller_in_everything_but_the_takes_of_a_cell() -> None:
    small, whole = (msgspec.structs.asdict(sizes) for sizes in (Sizes.small(5), Sizes()))
    assert small.pop("asking_takes") == whole.pop("asking_takes")
    assert set(small.values()) == {5}
    assert all(small[name] < whole[name] for name in whole)


def test_music_that_the_weights_have_heard_is_not_judged() -> None:
    trained_on = load_weights(SHIPPED).card.trained_on
    heard, new = (
        msgspec.structs.replace(starter_pieces()[0], name=name, family=name, digest=digest)
        for name, digest in (("heard", trained_on[0].ljust(64, "0")), ("new", "f" * 64))
    )
    version = msgspec.structs.replace(heard, name="version", digest="e" * 64)
    subject = Subject(None, [heard, version, new], Sizes(), 0)
    assert [piece.name for piece in subject.pieces] == ["new"]
    assert subject.path == SHIPPED
