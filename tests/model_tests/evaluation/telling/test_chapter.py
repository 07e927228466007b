"""The chapter on drops told from real ones: each row, each way of asking, each figure asked for."""

import pytest

from model.evaluation.report import report_markdown
from model.evaluation.telling import chapter, classifiers
from model.evaluation.telling.chapter import ALL, ASKED, FLOOR, WAYS, compose_pairs, telling_results
from model.evaluation.telling.features import GROUPS
from model.evaluation.telling.pairs import real_drops
from model.writing.fill import Filler
from song.errors import UserError
from song.parts import Part
from tests.model_tests.evaluation.telling.test_pairs import piece
from tests.model_tests.told_drops import beats, told


def test_the_chapter_has_every_row_and_tells_what_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(classifiers, "FOLDS", 2)
    monkeypatch.setattr(classifiers, "TREES", 8)
    monkeypatch.setattr(classifiers, "ROUNDS", 4)
    monkeypatch.setattr(chapter, "FOLDINGS", 1)
    monkeypatch.setattr(chapter, "MOST_TELLING", 3)
    drops = real_drops([piece(str(n), drums=beats(*[4] * 8, pitch=36), bass=beats(*[2] * 8)) for n in range(6)])
    level = [told(bass=beats(*[2 + n % 3] * 8)) for n in range(12)]
    wavy = [told(bass=beats(*([1, 5] * 4)[n % 2 : 8 - n % 3], *[2] * (n % 2 + n % 3))) for n in range(12)]
    pairs = {way: list(zip(level, wavy, strict=True)) for way in WAYS}
    done = []
    results = telling_results(drops, pairs, "digest", 0, lambda number, total: done.append((number, total)))
    main, whole, by_group = results.tables
    assert [row[0] for row in main.rows] == [*GROUPS, ALL, FLOOR]
    assert {row[0]: row[1] for row in main.rows if row[1]} == ASKED
    assert main.columns[3] == "asked for as a drop"
    by_name = {row[0]: row for row in main.rows}
    assert by_name["evenness"][3] > 90
    assert by_name[FLOOR][3] < 80
    assert by_name[ALL][2] == sum(by_name[group][2] for group in GROUPS)
    assert len(whole.rows) == 3
    assert whole.rows[0][3] == 1.0
    assert {row[1] for row in by_group.rows} >= {"evenness", "form"}
    assert done[0] == (0, 14)
    text = report_markdown({"mirrored": results})
    assert "## Told from real, mirrored" in text
    assert "6 real songs" in text
    assert "6 of mine" in text
    assert "(0 named, 0 guessed)" in text
    assert "6 of 8 bars; 6 of 2 parts" in text


def test_each_drop_is_composed_in_each_way(tiny_filler: Filler) -> None:
    drops = real_drops([piece(str(n), drums=beats(*[4] * 8, pitch=36), bass=beats(*[2] * 8)) for n in range(5)])
    pairs = compose_pairs(tiny_filler, drops, 0, lambda done, total: None)
    assert pairs.keys() == WAYS.keys()
    for of_way in pairs.values():
        assert [(real.name, composed.name) for real, composed in of_way] == [(str(n), str(n)) for n in range(5)]
        assert all(set(composed.parts) == {Part.DRUMS, Part.BASS} for _, composed in of_way)
    with pytest.raises(UserError, match="4 songs of two parts are held out"):
        compose_pairs(tiny_filler, drops[:4], 0, lambda done, total: None)
