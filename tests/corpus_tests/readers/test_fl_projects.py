"""FL Studio projects as arrangements: those that FL Studio saved, made ones of other records, and what is damaged."""

import contextlib
import struct

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.readers.fl_events import Event, events_of
from corpus.readers.fl_projects import read_fl_project
from song.errors import UserError
from song.export.arrangement import Arrangement
from song.export.flp.events import PROJECT, data, event, whole_file
from song.export.flp.parts import FlChannel, FlClip, FlLink, FlMarker, FlNote, FlPattern, FlPoint, FlProject
from song.export.flp.project import project_bytes
from song.export.flp.song_project import flp_bytes
from song.notes import Note
from tests.foreign_software import fl_saved
from tests.song_tests.export.made_songs import made_songs

HIT = FlNote(0, 0, 24, 60, 100)
PROJECT_OF_TWO = FlProject(
    150.5,
    (FlChannel("Kick"), FlChannel("My growl")),
    (FlPattern("A", (HIT, FlNote(96, 1, 500, 41, 90))), FlPattern("B", (FlNote(0, 1, 96, 43, 128),))),
    (FlClip(0, 384, 1, 1), FlClip(384, 768, 1, 1), FlClip(1536, 96, 2, 2)),
    (FlMarker(0, "Intro"), FlMarker(1536, "Drop")),
    title="Two",
)


def again(project: bytes, change: object) -> bytes:
    """A project with its events changed."""
    file = events_of(project)
    events = [one for old in file.events for one in change(old)]
    written = [event(one.kind, one.number) if one.kind < 192 else data(one.kind, one.data) for one in events]
    return whole_file(PROJECT, 2, 96, written)


def test_notes_lie_where_clips_play_them_and_a_longer_clip_plays_them_again() -> None:
    found = read_fl_project(project_bytes(PROJECT_OF_TWO))
    drums, growl = found.tracks
    assert (drums.name, drums.is_drum, drums.notes) == (
        "Drums", True, (Note(0, 36, 24, 100), Note(384, 36, 24, 100)),
    )  # fmt: skip
    # The pattern is two bars long, by its longest note; the first clip cuts that off.
    assert (growl.name, growl.notes) == (
        "My growl", (Note(96, 41, 288, 90), Note(480, 41, 500, 90), Note(1536, 43, 96, 127)),
    )  # fmt: skip
    assert found.markers == ((0, "Intro"), (1536, "Drop"))
    assert found.tempi == ((0, 150.5),)
    assert found.title == "Two"


def test_a_pattern_within_a_clip_of_twice_its_length_is_heard_twice() -> None:
    project = msgspec.structs.replace(PROJECT_OF_TWO, clips=(FlClip(0, 768, 1, 2),))
    (growl,) = read_fl_project(project_bytes(project)).tracks
    assert [note.onset_tick for note in growl.notes] == [0, 384]


@pytest.mark.parametrize("stride", [60, 80, 88])
def test_records_of_other_versions_are_read_by_their_length(stride: int) -> None:
    def widened(one: Event) -> list[Event]:
        if one.kind != 233:
            return [one]
        records = [one.data[at : at + 32] for at in range(0, len(one.data), 32)]
        return [Event(233, b"".join(record.ljust(stride, b"\0") for record in records))]

    plain = project_bytes(PROJECT_OF_TWO)
    assert read_fl_project(again(plain, widened)) == read_fl_project(plain)


def test_a_clip_that_begins_within_its_pattern_plays_the_rest() -> None:
    def cut(one: Event) -> list[Event]:
        if one.kind != 233:
            return [one]
        record = bytearray(one.data[:32])
        struct.pack_into("<I", record, 8, 192)
        struct.pack_into("<II", record, 24, 96, 288)
        return [Event(233, bytes(record))]

    (growl,) = read_fl_project(again(project_bytes(PROJECT_OF_TWO), cut)).tracks
    assert growl.notes == (Note(0, 41, 192, 90),)


def test_tempo_automation_is_changes_of_tempo() -> None:
    points = (FlPoint(0, 0.25), FlPoint(384, 0.25), FlPoint(384, 0.5), FlPoint(768, 0.75))
    project = msgspec.structs.replace(
        PROJECT_OF_TWO,
        channels=(*PROJECT_OF_TWO.channels, FlChannel("Tempo", points=points)),
        clips=(*PROJECT_OF_TWO.clips, FlClip(0, 1632, 3, channel=2)),
        links=(FlLink(2, 0x4000, 5),),
    )
    assert read_fl_project(project_bytes(project)).tempi == (
        (0, 138.0), (384, 266.0), (480, 298.0), (576, 330.0), (672, 362.0), (768, 394.0),
    )  # fmt: skip


def test_a_project_that_fl_studio_saved_is_read() -> None:
    found = read_fl_project(fl_saved("FL 20.8.4.flp"))
    assert found.title == "PyFLP Test FLP"
    assert found.tempi == ((0, 69.42),)
    notes = [note for track in found.tracks for note in track.notes]
    # Its one pattern of notes lies in four clips of a bar; several of its notes are one.
    bars = [[note.onset_tick % 384 for note in notes if note.onset_tick // 384 == bar] for bar in range(4)]
    assert len(bars[0]) == 42
    assert bars == [bars[0]] * 4
    assert len(notes) == 4 * 42


def test_a_pattern_that_no_clip_plays_is_played_from_the_start() -> None:
    found = read_fl_project(fl_saved("patterns/multi-channel.flp"))
    assert [[(note.onset_tick, note.pitch, note.duration_ticks) for note in track.notes] for track in found.tracks] == [
        [(0, 60, 384)],
        [(0, 60, 384)],
    ]


def without(kind: int) -> object:
    return lambda one: [] if one.kind == kind else [one]


def replaced(kind: int, contents: bytes) -> object:
    return lambda one: [Event(kind, contents)] if one.kind == kind else [one]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (without(224), "it has no notes"),
        (without(199), "does not say which FL Studio it is from"),
        (replaced(199, b"9.6.0\0"), "it is from FL Studio 9.6.0, whose files are not known"),
        (replaced(224, b"x" * 25), "its notes are of a version of FL Studio that is not known"),
        (replaced(233, b"x" * 32), "its playlist is of a version of FL Studio that is not known"),
        (lambda one: [Event(28, b"\0")] if one.kind == 28 else [Event(98, b"\x77\x77")] if one.kind == 98 else [one],
         "saved by a trial version of FL Studio"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_what_to_do(change: object, said: str) -> None:
    with pytest.raises(UserError, match=said):
        read_fl_project(again(project_bytes(PROJECT_OF_TWO), change))


def test_a_damaged_automation_clip_is_told() -> None:
    project = flp_bytes(Arrangement(made_songs()["ramps"]))
    with pytest.raises(UserError, match="an automation clip in it is damaged"):
        read_fl_project(again(project, replaced(234, struct.pack("<IIBIII", 1, 64, 1, 4, 3, 9) + b"\0" * 100)))
    with pytest.raises(UserError, match="an automation clip in it is cut short"):
        read_fl_project(again(project, replaced(234, b"\0" * 20)))


@settings(max_examples=60)
@given(st.data())
def test_any_damage_ends_in_an_arrangement_or_an_error_in_words(draw: st.DataObject) -> None:
    project = project_bytes(PROJECT_OF_TWO)
    spoiled = bytearray(project[:3000])
    for _ in range(draw.draw(st.integers(1, 6))):
        spoiled[draw.draw(st.integers(22, len(spoiled) - 1))] = draw.draw(st.integers(0, 255))
    with contextlib.suppress(UserError):
        read_fl_project(bytes(spoiled) + project[3000:])
