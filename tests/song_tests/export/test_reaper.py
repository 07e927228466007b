"""REAPER projects read back with the rpp package."""

from typing import Any

import pytest
import rpp

from song.export.arrangement import Arrangement
from song.export.reaper import reaper_bytes
from song.time import seconds
from tests.song_tests.export.made_songs import made_songs

SONGS = made_songs()


@pytest.fixture(params=SONGS, ids=str)
def laid_out(request: pytest.FixtureRequest) -> Arrangement:
    return Arrangement(SONGS[request.param])


def items(project: Any) -> list[tuple[str, Any]]:
    return [(track.find("NAME")[1], item) for track in project.findall("TRACK") for item in track.findall("ITEM")]


def test_rpp_sees_every_note_of_every_item_where_it_sounds(laid_out: Arrangement) -> None:
    project = rpp.loads(reaper_bytes(laid_out).decode())
    clips = [clip for of_track in laid_out.clips for clip in of_track if clip.notes]
    found = items(project)
    assert len(found) == len(clips)
    for (track, item), clip in zip(found, clips, strict=True):
        assert track == clip.track.name
        assert float(item.find("POSITION")[1]) == pytest.approx(seconds(laid_out.tempi, clip.stretch.start_tick))
        source = item.find("SOURCE")
        assert list(source.find("HASDATA")) == ["HASDATA", "1", "96", "QN"]
        at, notes, sounding = 0, [], {}
        for line in source.findall("E"):
            at += int(line[1])
            status, first, second = (int(value, 16) for value in line[2:5])
            if status >> 4 == 9:
                sounding[first] = at, second
            elif status >> 4 == 8:
                onset, velocity = sounding.pop(first)
                notes.append((onset, first, at - onset, velocity))
        assert at == clip.stretch.section.length_ticks
        assert sorted(notes) == [(n.onset_tick, n.pitch, n.duration_ticks, n.velocity) for n in clip.notes]


def test_rpp_sees_every_tempo_and_marker(laid_out: Arrangement) -> None:
    project = rpp.loads(reaper_bytes(laid_out).decode())
    assert float(project.find("TEMPO")[1]) == pytest.approx(laid_out.tempo_at(0))
    envelope = project.find("TEMPOENVEX")
    points = [(float(point[1]), float(point[2])) for point in envelope.findall("PT")] if envelope is not None else []
    if len(laid_out.tempi) > 1:
        assert points == [
            (pytest.approx(seconds(laid_out.tempi, tick), abs=1e-6), pytest.approx(bpm)) for tick, bpm in laid_out.tempi
        ]
    markers = project.findall("MARKER")
    assert [float(marker[2]) for marker in markers] == [
        pytest.approx(seconds(laid_out.tempi, stretch.start_tick), abs=1e-6) for stretch in laid_out.stretches
    ]


def test_names_keep_their_quotes() -> None:
    text = reaper_bytes(Arrangement(SONGS["emoji"])).decode()
    project = rpp.loads(text)
    assert [marker[3] for marker in project.findall("MARKER")] == ["🚌 night", 'a/b\\c:d*e?"<>|']


def test_the_same_song_is_the_same_bytes() -> None:
    assert reaper_bytes(Arrangement(SONGS["ramps"])) == reaper_bytes(Arrangement(SONGS["ramps"]))
