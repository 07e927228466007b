"""The report: every section and every cell, what was asked and what the takes do."""

import json

import pytest
from hypothesis import given, settings

from song.edits.constraints import set_chords, set_key
from song.export.midi import assemble
from song.notes import Note, Phrase, Wobble
from song.parts import PARTS, Part
from song.report import describe_cells, describe_sections
from song.sections import SectionKind, Song
from song.templates import song_from_form
from tests.song_tests.midi_reading import notes, read
from tests.song_tests.song_strategies import filled, songs


def test_the_sections_in_order_with_bars_from_0() -> None:
    song = song_from_form([(SectionKind.DROP, 4), (SectionKind.BREAK, 2), (SectionKind.DROP, 8)], tempo_bpm=145)
    song = set_key(set_chords(song, 1, "VI VII"), 2, "G minor")
    free = {"tempo": [145.0, 145.0], "key": "F minor", "chords": None, "chord_beats": 4}
    assert describe_sections(song) == [
        {"name": "DROP 1", "kind": "drop", "start_bar": 0, "bars": 4, **free},
        {"name": "BREAK", "kind": "break", "start_bar": 4, "bars": 2, **free, "chords": "VI VII"},
        {"name": "DROP 2", "kind": "drop", "start_bar": 6, "bars": 8, **free, "key": "G minor"},
    ]


def test_a_cell_with_its_wobbles() -> None:
    song = song_from_form([(SectionKind.INTRO, 2), (SectionKind.DROP, 2)])
    bass = (Note(0, 36, 96, 100), Note(0, 43, 96, 100), Note(384, 36, 96, 100))
    wobbles = (Wobble(0, 48, "1/8", 0.5), Wobble(48, 48, "1/16", 0.8), Wobble(200, 48, "1/4", 1.0))
    (cell,) = [
        cell
        for cell in describe_cells(filled(song, 1, Part.BASS, Phrase(2, bass, wobbles)))
        if (cell["section"], cell["part"]) == (1, "bass")
    ]
    assert (cell["kind"], cell["start_bar"], cell["bars"]) == ("drop", 2, 2)
    # Two notes on one tick are one onset.
    assert cell["onsets_per_bar"]["achieved"] == 1.0
    # The wobble at 200 is over a rest: nobody hears it, and the file does not have it.
    assert cell["wobble"] == {"allowed": ["1/4", "1/8", "1/8T", "1/16"], "used": ["1/16", "1/8"], "depth": 0.8}


def test_an_empty_cell_is_there_and_silent() -> None:
    cells = describe_cells(song_from_form([(SectionKind.DROP, 2)]))
    assert [cell["part"] for cell in cells] == [part.value for part in PARTS]
    assert {cell["onsets_per_bar"]["achieved"] for cell in cells} == {0.0}
    assert [cell["wobble"]["used"] for cell in cells] == [[]] * 4
    assert [bool(cell["wobble"]["allowed"]) for cell in cells] == [False, True, False, False]


@given(songs)
@settings(max_examples=40)
def test_a_report_is_plain_data_and_its_onsets_are_those_in_the_file(song: Song) -> None:
    tracks = dict(zip(("drums", "bass", "chords", "lead"), read(assemble(song)).tracks[1:5], strict=True))
    cells = describe_cells(song)
    report = {"sections": describe_sections(song), "cells": cells}
    assert json.loads(json.dumps(report)) == report
    assert [(cell["section"], cell["part"]) for cell in cells] == [
        (index, part.value) for index in range(len(song.sections)) for part in PARTS
    ]
    for cell in cells:
        start, end = (bar * 384 for bar in (cell["start_bar"], cell["start_bar"] + cell["bars"]))
        onsets = {onset for onset, *_ in notes(tracks[cell["part"]]) if start <= onset < end}
        assert cell["onsets_per_bar"]["achieved"] == pytest.approx(len(onsets) / cell["bars"])
