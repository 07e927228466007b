"""Bar conditions: kinds and places where sections are known, and what each part is told beside them."""

import numpy as np
import pytest

from model.language.bar_conditions import PlacedSection, bar_conditions
from model.language.conditions import BACKBEAT, BAR_COLUMNS, HALF_TIME, KINDS, MAJOR, MINOR, NEW, SAME_RHYTHM
from song.parts import PARTS, Part
from song.sections import SectionKind


def columns(part: Part, bars: int, *sections: PlacedSection, **known: object) -> dict[str, list[int]]:
    written = bar_conditions(part, np.full(bars, NEW), sections, **known)
    assert written.shape == (bars, len(BAR_COLUMNS))
    assert written.dtype == np.int16
    return dict(zip(BAR_COLUMNS, written.T.tolist(), strict=True))


def test_nothing_known_is_zero_but_for_labels_and_the_eight_bars_of_a_phrase() -> None:
    found = columns(Part.LEAD, 10, first_bar=6)
    assert found.pop("label") == [NEW] * 10
    assert found.pop("phrase_place") == [6, 7, 0, 1, 2, 3, 4, 5, 6, 7]
    assert all(set(values) == {0} for values in found.values())


def test_a_section_tells_its_kind_its_place_and_the_bars_that_are_left() -> None:
    drop, build = KINDS.index(SectionKind.DROP) + 1, KINDS.index(SectionKind.BUILD) + 1
    found = columns(
        Part.BASS,
        6,
        PlacedSection(-2, 4, SectionKind.BUILD),
        PlacedSection(3, 20, SectionKind.DROP),
        first_bar=5,
    )
    assert found["kind"] == [build, build, 0, drop, drop, drop]
    assert found["section_place"] == [3, 4, 0, 1, 2, 3]
    assert found["bars_left"] == [2, 1, 0, 9, 9, 9], "9 stands for nine bars or more"
    assert found["phrase_place"] == [2, 3, 7, 0, 1, 2], "counted from the section where it is known"


def test_a_loose_phrase_of_a_section_knows_the_kind_and_no_place() -> None:
    found = columns(Part.LEAD, 2, PlacedSection(0, 2, SectionKind.DROP, place_known=False))
    assert found["kind"] == [KINDS.index(SectionKind.DROP) + 1] * 2
    assert found["section_place"] == found["bars_left"] == [0, 0]


@pytest.mark.parametrize("part", PARTS)
def test_drums_are_told_the_feel_pitched_parts_the_mode_and_the_bass_its_wobble(part: Part) -> None:
    feels = np.array([HALF_TIME, BACKBEAT])
    found = columns(part, 2, feels=feels, minor=True, wobbles=True)
    assert found["feel"] == (feels.tolist() if part is Part.DRUMS else [0, 0])
    assert found["mode"] == ([0, 0] if part is Part.DRUMS else [MINOR, MINOR])
    assert found["wobble_wanted"] == ([2, 2] if part is Part.BASS else [0, 0])


def test_unknown_is_told_from_no() -> None:
    assert columns(Part.BASS, 1, minor=False, wobbles=False)["mode"] == [MAJOR]
    assert columns(Part.BASS, 1, minor=False, wobbles=False)["wobble_wanted"] == [1]
    assert columns(Part.BASS, 1)["mode"] == columns(Part.BASS, 1)["wobble_wanted"] == [0]


def test_every_value_has_a_place_in_its_table() -> None:
    labels = np.array([NEW, SAME_RHYTHM] * 64)
    long = PlacedSection(0, 128, SectionKind.OUTRO)
    written = bar_conditions(Part.BASS, labels, [long], feels=HALF_TIME, minor=False, wobbles=True)
    assert (written >= 0).all()
    assert (written < np.array(list(BAR_COLUMNS.values()))).all()
