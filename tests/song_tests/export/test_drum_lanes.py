"""Drums one by one: names that lead back to their notes."""

import pytest

from song.drums import DRUMS
from song.export.drum_lanes import SAMPLE_PITCH, drum_label, drum_lanes, drum_of_label
from song.notes import Note


@pytest.mark.parametrize("pitch", range(128))
def test_a_name_leads_back_to_its_note(pitch: int) -> None:
    assert drum_of_label(drum_label(pitch)) == pitch


def test_every_drum_of_the_table_has_a_name_of_its_own() -> None:
    labels = [drum_label(drum.pitch) for drum in DRUMS]
    assert len(set(labels)) == len(labels)
    assert {"Kick", "Snare", "Snare 2", "Closed hat", "Open hat", "Ride bell", "Floor tom"} <= set(labels)


@pytest.mark.parametrize(
    ("label", "pitch"), [("Kik_808", 36), ("snr 2", 40), ("Note 35", 35), ("Note 200", None), ("Bass", None)]
)
def test_names_of_others_mean_what_they_mean_elsewhere(label: str, pitch: int | None) -> None:
    assert drum_of_label(label) == pitch


def test_hits_come_apart_by_drum_in_the_order_of_the_table() -> None:
    hits = (Note(0, 42, 24, 90), Note(0, 36, 24, 100), Note(96, 36, 24, 101), Note(96, 3, 24, 1))
    lanes = drum_lanes(hits)
    assert [lane.label for lane in lanes] == ["Kick", "Closed hat", "Drum (note 3)"]
    assert lanes[0].notes == (Note(0, SAMPLE_PITCH, 24, 100), Note(96, SAMPLE_PITCH, 24, 101))
