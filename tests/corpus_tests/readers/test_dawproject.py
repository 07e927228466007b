"""DAWproject files of other programs as arrangements, and what is damaged."""

import contextlib
import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.readers.dawproject import MAX_XML_BYTES, read_dawproject
from song.errors import UserError
from song.export.arrangement import Arrangement
from song.export.dawproject import dawproject_bytes
from song.notes import Note
from tests.song_tests.export.made_songs import made_songs

PROJECT = """<?xml version="1.0" encoding="UTF-8"?>
<Project version="1.0"><Application name="Other" version="5"/>
<Transport><Tempo unit="bpm" value="128"/><TimeSignature numerator="4" denominator="4"/></Transport>
<Structure>
 <Track id="t1" name="Growl" contentType="notes"><Channel role="regular"/></Track>
 <Track id="t2" name="Kit" contentType="notes"><Channel role="regular"/></Track>
 <Track id="m" name="Master" contentType="audio notes"><Channel role="master"/></Track>
</Structure>
<Arrangement><Lanes timeUnit="beats">
 <Lanes track="t1"><Clips>
  <Clip time="4" duration="2" playStart="1"><Notes>
   <Note time="0" duration="1" channel="0" key="40" vel="0.5"/>
   <Note time="1" duration="9" channel="0" key="41" vel="0.787402"/>
   <Note time="3" duration="1" channel="0" key="42"/></Notes></Clip>
  <Clip time="8" duration="4" enable="false"><Notes><Note time="0" duration="1" channel="0" key="50"/></Notes></Clip>
 </Clips></Lanes>
 <Lanes track="t2"><Clips><Clip time="0" duration="4"><Lanes><Notes>
   <Note time="0.5" duration="0.25" channel="9" key="36" vel="1"/></Notes></Lanes></Clip></Clips></Lanes>
</Lanes>
<Markers><Marker time="4" name="Drop"/><Marker time="0" name="Intro"/></Markers>
<TempoAutomation unit="bpm"><Target/><RealPoint time="0" value="128" interpolation="linear"/>
<RealPoint time="2" value="130"/></TempoAutomation>
</Arrangement></Project>"""


def packed(project: str | bytes, name: str = "project.xml") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, project)
    return file.getvalue()


def test_clips_play_what_they_show_of_their_notes() -> None:
    found = read_dawproject(packed(PROJECT))
    growl, kit = found.tracks
    assert (growl.name, growl.is_drum, growl.notes) == ("Growl", False, (Note(384, 41, 192, 100),))
    assert (kit.name, kit.is_drum, kit.notes) == ("Kit", True, (Note(48, 36, 24, 127),))
    assert found.markers == ((0, "Intro"), (384, "Drop"))
    assert found.tempi == ((0, 128.0), (96, 129.0), (192, 130.0))
    assert found.length_ticks == 768


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (b"", "it is empty"),
        (b"words", "it is no DAWproject file, or cut short"),
        (packed(PROJECT)[:-30], "it is no DAWproject file, or cut short"),
        (packed(PROJECT, "other.xml"), "there is no project.xml in it"),
        (packed("<Song/>"), "its XML is of another kind"),
        (packed("<Project>"), "it is damaged"),
        (packed('<Project version="1.0"/>'), "it has no arrangement"),
        (packed('<Project version="1.0"><Arrangement/></Project>'), "it has no notes"),
        (packed(PROJECT.replace('numerator="4"', 'numerator="3"')), "it is in 3/4: only 4/4"),
        (packed(PROJECT.replace('time="0.5"', 'time="soon"')), '"soon" stands where time should be a number'),
        (packed(PROJECT.replace('time="0.5"', 'time="1e99"')), "should be a number of a song"),
        (packed(PROJECT.replace('key="36"', 'key="nan"')), '"nan" stands where key'),
        (packed(b"<Project>" + b" " * (MAX_XML_BYTES + 1)), "is over 64 MB"),
        (packed('<!DOCTYPE a [<!ENTITY b "c">]>' + PROJECT.partition("?>")[2]), "declares XML entities"),
    ],
    # What is packed has the time in it, and so would a name of it.
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_read_says_what_to_do(file: bytes, said: str) -> None:
    with pytest.raises(UserError, match=said):
        read_dawproject(file)


@settings(max_examples=60)
@given(st.data())
def test_any_damage_ends_in_an_arrangement_or_an_error_in_words(draw: st.DataObject) -> None:
    spoiled = bytearray(dawproject_bytes(Arrangement(made_songs()["one bar"])))
    for _ in range(draw.draw(st.integers(1, 6))):
        spoiled[draw.draw(st.integers(0, len(spoiled) - 1))] = draw.draw(st.integers(0, 255))
    with contextlib.suppress(UserError):
        read_dawproject(bytes(spoiled))
