"""All that the sheet of an arrangement says."""

import msgspec
import pytest

from song.export.arrangement import Arrangement
from song.export.sheet import clock, sheet_of
from song.notes import Note, Phrase
from song.parts import Part
from song.sections import Cell, Cells, Constraints, Density, Section, SectionKind, Song, Take
from tests.song_tests.export.made_songs import made_songs


def one_drop(**asked: object) -> Song:
    constraints = Constraints(**{"tempo_bpm": (150.0, 150.0), "density": Density(0, 0, 0, 0), **asked})
    take = Take(Phrase(2, (Note(0, 41, 96, 100),)), copied_notes=9, copied_from="Song, bar 3")
    cells = Cells(**{part.value: Cell((Take(Phrase(2)),), 0) for part in Part})
    cells = msgspec.structs.replace(cells, bass=Cell((take,), 0))
    return Song(title="One", sections=(Section(SectionKind.DROP, 2, constraints, cells),))


def test_sections_say_where_they_begin_and_what_is_asked_of_them() -> None:
    sheet = sheet_of(Arrangement(one_drop(chords="i VI", key="C minor", tempo_bpm=(120.0, 150.0))))
    (row,) = sheet.sections
    assert (row.bar, row.bars, row.second, row.name) == (1, 2, 0.0, "DROP")
    assert (row.tempo, row.key, row.chords) == ("120 to 150", "C minor", "Cm Ab")
    assert sheet.facts[0] == "2 bars, 0:03"


def test_tracks_say_channel_program_and_how_full_each_bar_is() -> None:
    bass = sheet_of(Arrangement(one_drop())).tracks[1]
    assert (bass.name, bass.channel, bass.program, bass.notes) == ("Bass", 1, 39, 1)
    assert [fullness > 0 for fullness in bass.fullness] == [True, False]


def test_the_report_tells_what_came_out_otherwise_and_what_was_copied() -> None:
    report = sheet_of(
        Arrangement(one_drop(ranges=msgspec.convert({"bass": (45, 60)}, type=type(Constraints().ranges))))
    ).report
    assert any(line.startswith("DROP, bass: range asked A2 to C4") for line in report)
    assert "DROP, bass: its longest run that is in the training set too has 9 notes, from Song, bar 3" in report
    empty = sheet_of(Arrangement(Song(sections=(Section(SectionKind.DROP, 1),)))).report
    assert empty == tuple(f"DROP, {part}: empty" for part in Part)


def test_nothing_to_report_is_said_too() -> None:
    assert sheet_of(Arrangement(Song())).report == ("Everything came out as it was asked for, and no run was copied.",)


def test_the_steps_say_first_what_was_not_tried() -> None:
    heading, lines = sheet_of(Arrangement(Song())).steps[0]
    assert heading == "FL Studio: open the project"
    assert "20.8.4.2576" in lines[0]
    assert "not tried in FL Studio" in lines[0]


@pytest.mark.parametrize(("second", "shown"), [(0, "0:00"), (65.9, "1:05"), (3600, "60:00")])
def test_seconds_are_minutes(second: float, shown: str) -> None:
    assert clock(second) == shown


def test_credits_are_handed_on() -> None:
    assert sheet_of(Arrangement(made_songs()["plain"], ("by somebody",))).credits == ("by somebody",)
