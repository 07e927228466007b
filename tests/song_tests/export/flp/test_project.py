"""The writer of projects held against one that FL Studio saved, and its limits."""

import struct
from pathlib import Path

import flpkit
import pytest

from corpus.readers.fl_events import FlFile, events_of
from song.export.flp.notes import NOTES
from song.export.flp.parts import FlChannel, FlClip, FlInsert, FlNote, FlPattern, FlPoint, FlProject
from song.export.flp.project import project_bytes
from tests.foreign_software import fl_saved
from tests.song_tests.export.flp.records import read_notes

PROJECT = FlProject(140.0, (FlChannel("Kick"),), (FlPattern("One", (FlNote(0, 0, 24, 60, 100),)),))


def first(file: FlFile, kind: int) -> bytes:
    return next(event.data for event in file.events if event.kind == kind)


def test_the_contents_of_a_project_that_fl_studio_saved_become_the_same_bytes() -> None:
    saved = fl_saved("patterns/multi-channel.flp")
    file = events_of(saved)
    created, worked = struct.unpack("<dd", first(file, 237))
    project = FlProject(
        tempo_bpm=int.from_bytes(first(file, 156), "little") / 1000,
        channels=(FlChannel(), FlChannel()),
        patterns=(FlPattern(None, read_notes(first(file, NOTES))),),
        song_mode=False,
        licensee=first(file, 200),
        created=created,
        worked=worked,
    )
    assert len(file.events) == 2400
    assert project_bytes(project) == saved


def test_the_licensee_is_empty_and_the_dates_are_fixed() -> None:
    file = events_of(project_bytes(PROJECT))
    assert first(file, 200) == b"\0\0"
    assert struct.unpack("<dd", first(file, 237)) == (45000.0, 0.0)
    assert first(file, 199) == b"20.8.4.2576\0"


def test_the_header_counts_all_channels() -> None:
    channels = (FlChannel("Kick"), FlChannel("Tempo", points=(FlPoint(0, 0.5),)))
    data = project_bytes(FlProject(140.0, channels))
    # FLhd, 6 bytes of it: a project, 2 channels, 96 ticks a quarter.
    assert data[:14] == bytes.fromhex("464c6864 06000000 0000 0200 6000")


@pytest.mark.parametrize("size", [0, 1, 127, 128, 16383, 16384])
def test_texts_of_any_length_come_back(size: int) -> None:
    project = FlProject(140.0, (FlChannel("x" * size),), title="t" * size)
    assert [event.text for event in events_of(project_bytes(project)).events if event.kind == 203] == ["x" * size]


def test_a_sample_is_named_at_the_end_of_its_channel_as_fl_studio_has_it(tmp_path: Path) -> None:
    with_sample = FlProject(140.0, (FlChannel("Kick", sample="samples/kick.wav"), FlChannel("Snare")))
    file = events_of(project_bytes(with_sample))
    kinds = [event.kind for event in file.events]
    place = kinds.index(196)
    assert file.events[place].text == "samples/kick.wav"
    assert (kinds[place - 1], kinds[place + 1]) == (20, 64)
    saved = [event.kind for event in events_of(fl_saved("FL 20.8.4.flp")).events]
    assert (saved[saved.index(196) - 1], saved[saved.index(196) + 1]) == (20, 64)
    path = tmp_path / "a.flp"
    path.write_bytes(project_bytes(with_sample))
    assert [channel.sample_path for channel in flpkit.read(path).channels] == ["samples/kick.wav", ""]


def test_a_sidechain_is_a_route_without_a_level() -> None:
    heard = FlProject(140.0, (FlChannel(),), inserts={3: FlInsert("Kick", routes=(1,), sidechains=(2,))})
    file = events_of(project_bytes(heard))
    routes = [event.data for event in file.events if event.kind == 235][3]
    assert [target for target, is_routed in enumerate(routes) if is_routed] == [1, 2, 100, 101, 102, 103]
    levels = first(file, 225)
    place = 0x2000 + 64 * 3
    records = [struct.unpack_from("<IBBHI", levels, at) for at in range(0, len(levels), 12)]
    assert (0, 64 + 2, 31, place, 0) in records
    assert not [record for record in records if record[1] == 64 + 1 and record[3] == place]


@pytest.mark.parametrize(
    ("project", "said"),
    [
        (FlProject(140.0, (FlChannel(),) * 257), "257 channels are more than the 256"),
        (FlProject(140.0, (), (FlPattern("", ()),) * 1000), "1000 patterns are more than the 999"),
        (FlProject(140.0, (), (FlPattern("", (FlNote(0, 0, 24, 60, 300),)),)), "does not fit"),
        (FlProject(140.0, (), (FlPattern("", (FlNote(-1, 0, 24, 60, 100),)),)), "does not fit"),
        (FlProject(1e9, ()), "does not fit"),
        (FlProject(140.0, (), clips=(FlClip(-1, 1, 1, 1),)), "does not fit"),
    ],
    ids=["channels", "patterns", "velocity", "position", "tempo", "clip"],
)
def test_what_no_project_holds_is_refused(project: FlProject, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        project_bytes(project)


def test_the_same_project_is_the_same_bytes() -> None:
    assert project_bytes(PROJECT) == project_bytes(PROJECT)
