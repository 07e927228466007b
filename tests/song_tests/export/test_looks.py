"""Colours and words for tracks."""

from song.export.looks import KIND_COLOURS, PRESETS, TRACK_COLOURS, hex_colour, swapped
from song.parts import PART_SPECS, SUB_NAME
from song.sections import SectionKind


def test_every_track_and_every_kind_has_a_colour_and_a_preset() -> None:
    names = {spec.name for spec in PART_SPECS.values()} | {SUB_NAME}
    assert set(TRACK_COLOURS) == set(PRESETS) == names
    assert set(KIND_COLOURS) == set(SectionKind)


def test_colours_are_written_as_others_have_them() -> None:
    assert hex_colour(0x0102FF) == "#0102ff"
    assert swapped(0x0102FF) == 0xFF0201
