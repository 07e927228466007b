"""DAWproject files: held against what the official schemas allow, and read back by the XML alone."""

import io
import os
import zipfile
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest
from lxml import etree

from song.export.arrangement import Arrangement
from song.export.dawproject import METADATA_FILE, PROJECT_FILE, dawproject_bytes
from tests.places import ROOT
from tests.song_tests.export.dawproject_rules import breaches
from tests.song_tests.export.made_songs import made_songs

SONGS = made_songs()
SCHEMAS = Path(os.environ.get("DAWPROJECT_SCHEMAS", ROOT.parent / "shared" / "schemas"))
"""A folder with the official Project.xsd and MetaData.xsd, which no package registry has."""


@pytest.fixture(params=SONGS, ids=str)
def laid_out(request: pytest.FixtureRequest) -> Arrangement:
    return Arrangement(SONGS[request.param])


def unzipped(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize(("file", "schema"), [(PROJECT_FILE, "Project.xsd"), (METADATA_FILE, "MetaData.xsd")])
def test_the_official_schemas_accept_it(file: str, schema: str, laid_out: Arrangement) -> None:
    if not (SCHEMAS / schema).exists():
        pytest.skip(f"{schema} is not in {SCHEMAS}: DAWPROJECT_SCHEMAS names the folder that has it")
    rules = etree.XMLSchema(etree.parse(SCHEMAS / schema))
    rules.assertValid(etree.fromstring(unzipped(dawproject_bytes(laid_out))[file]))


def test_nothing_in_it_breaks_the_rules_of_the_schemas(laid_out: Arrangement) -> None:
    files = unzipped(dawproject_bytes(laid_out))
    assert set(files) == {PROJECT_FILE, METADATA_FILE}
    for data in files.values():
        assert breaches(ElementTree.fromstring(data)) == []


def test_every_note_marker_and_tempo_is_there(laid_out: Arrangement) -> None:
    root = ElementTree.fromstring(unzipped(dawproject_bytes(laid_out))[PROJECT_FILE])
    names = {track.get("id"): track.get("name") for track in root.iter("Track")}
    found: Counter[tuple[str | None, int, int, int, int]] = Counter()
    for lanes in root.iterfind("Arrangement/Lanes/Lanes"):
        for clip in lanes.iter("Clip"):
            start = float(clip.get("time", ""))
            for note in clip.iter("Note"):
                tick = round((start + float(note.get("time", ""))) * 96)
                length, velocity = round(float(note.get("duration", "")) * 96), round(float(note.get("vel", "")) * 127)
                found[names[lanes.get("track")], tick, int(note.get("key", "")), length, velocity] += 1
    assert found == Counter(
        (track.name, note.onset_tick, note.pitch, note.duration_ticks, note.velocity)
        for track in laid_out.tracks
        for note in track.notes
    )
    markers = [round(float(marker.get("time", "")) * 96) for marker in root.iter("Marker")]
    assert markers == [stretch.start_tick for stretch in laid_out.stretches]
    points = [
        (round(float(point.get("time", "")) * 96), float(point.get("value", "")), point.get("interpolation"))
        for point in root.iterfind("Arrangement/TempoAutomation/RealPoint")
    ]
    tempo = root.find("Transport/Tempo")
    assert tempo is not None
    points = points or [(0, float(tempo.get("value", "")), "hold")]
    for tick, bpm in laid_out.tempi:
        before = max(index for index, point in enumerate(points) if point[0] <= tick)
        at, value, interpolation = points[before]
        if interpolation == "linear":
            end, following, _ = points[before + 1]
            value += (following - value) * (tick - at) / (end - at)
        assert value == pytest.approx(bpm, abs=1e-3)


def test_controllers_are_in_the_clips_of_the_bass() -> None:
    laid_out = Arrangement(SONGS["plain"])
    root = ElementTree.fromstring(unzipped(dawproject_bytes(laid_out))[PROJECT_FILE])
    moving = [clip for clip in laid_out.clips[1] if clip.controllers and clip.notes]
    controllers = [points.find("Target").get("controller") for points in root.iter("Points")]
    assert controllers == ["1", "74"] * len(moving)


def test_the_same_song_is_the_same_bytes() -> None:
    assert dawproject_bytes(Arrangement(SONGS["ramps"])) == dawproject_bytes(Arrangement(SONGS["ramps"]))
