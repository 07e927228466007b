"""Exports of any song opened again: the same song, note for note, tick for tick, tempo for tempo, key for key."""

import msgspec
import pytest
from hypothesis import Phase, assume, given, settings

from corpus.analysis.wobble_exact import heard_changes
from corpus.readers.dawproject import read_dawproject
from corpus.readers.exported_midi import read_exported
from corpus.readers.fl_projects import read_fl_project
from corpus.readers.rebuilding import rebuilt
from corpus.timelines import Timeline
from song.export.arrangement import Arrangement
from song.export.dawproject import dawproject_bytes
from song.export.flp.song_project import flp_bytes
from song.export.midi import assemble
from song.export.midi_text import midi_text
from song.export.tempo import microseconds
from song.scales import parse_key
from song.sections import Song
from song.time import ramp
from tests.song_tests.export.made_songs import made_songs
from tests.song_tests.song_strategies import mixed_songs

SONGS = made_songs()
# To shrink a whole song takes minutes.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
READERS = {
    "mid": lambda song: read_exported(assemble(song)),
    "flp": lambda song: read_fl_project(flp_bytes(Arrangement(song))),
    "dawproject": lambda song: read_dawproject(dawproject_bytes(Arrangement(song))),
}


def one_line(name: str) -> str:
    """A name as every format can hold it."""
    return midi_text(name).decode()


def printable(name: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in name)


def check_same(song: Song, again: Song, exactly: bool = True) -> None:
    """Hold two songs against one another: all that is heard, and where the sections lie.

    Args:
        exactly: whether tempi come back to the last bit; a MIDI file has whole microseconds a quarter.
    """
    before, after = Arrangement(song), Arrangement(again)
    assert [track.name for track in after.tracks] == [track.name for track in before.tracks]
    for one, other in zip(before.tracks, after.tracks, strict=True):
        assert other.notes == one.notes
        assert heard_changes(other.controllers) == heard_changes(one.controllers)
    for one, other in zip(before.stretches, after.stretches, strict=True):
        assert (other.start_bar, other.section.bars) == (one.start_bar, one.section.bars)
        assert parse_key(other.key) == parse_key(one.key)
        assert other.section.kind == one.section.kind
        tempi = [[bpm for _, bpm in ramp(*at.section.constraints.tempo_bpm, at.section.bars)] for at in (one, other)]
        if exactly:
            assert tempi[1] == tempi[0]
        else:
            steps = [{microseconds(bpm) for bpm in steps} for steps in tempi]
            assert abs(min(steps[1]) - min(steps[0])) <= 1
            assert abs(max(steps[1]) - max(steps[0])) <= 1


@pytest.mark.parametrize("form", READERS)
@pytest.mark.parametrize(
    "name", ["plain", "odd bars", "ramps", "one bar", "300 BPM", "without sub", "emoji", "style trap"]
)
def test_an_export_of_a_made_song_is_the_same_song(name: str, form: str) -> None:
    song = SONGS[name]
    timeline = READERS[form](song)
    assert timeline is not None
    again = rebuilt(timeline, song.seed)
    assert again is not None
    check_same(song, again)
    assert again.section_names() == song.section_names()
    assert again.title == printable(song.title)
    assert again.sub == song.sub
    if form != "mid":
        assert again.style == song.style
    if name != "999 bars":
        # Assembling that takes seconds, and all that is in it was compared.
        assert assemble(again) == assemble(msgspec.structs.replace(song, title=again.title))


@pytest.mark.parametrize("form", READERS)
@settings(max_examples=15, phases=PHASES)
@given(song=mixed_songs)
def test_an_export_of_any_song_is_the_same_song(form: str, song: Song) -> None:
    laid_out = Arrangement(song)
    assume(song.sections)
    if form != "mid":
        # A file without a note is no project that anybody opens; it is told.
        assume(any(track.notes for track in laid_out.tracks))
    timeline = READERS[form](song)
    assert timeline is not None
    again = rebuilt(timeline, song.seed)
    assert again is not None
    check_same(song, again, exactly=form != "mid")


@given(song=mixed_songs)
@settings(max_examples=15, phases=PHASES)
def test_a_midi_file_that_was_opened_is_exported_as_the_same_bytes(song: Song) -> None:
    assume(song.sections)
    # A name that MIDI has no bytes for is a blank from the first export on, and so is a tempo's fraction.
    timeline = read_exported(assemble(song))
    assert timeline is not None
    once = rebuilt(timeline, 0)
    assert once is not None
    again = read_exported(assemble(once))
    assert again is not None
    twice = rebuilt(again, 0)
    assert twice is not None
    assert assemble(twice) == assemble(once)


def changed(**facts: object) -> Timeline:
    timeline = read_exported(assemble(SONGS["plain"]))
    assert timeline is not None
    return msgspec.structs.replace(timeline, **facts)


def test_what_is_not_as_ours_is_left_to_others() -> None:
    timeline = changed()
    drums, *others = timeline.tracks
    assert rebuilt(timeline, 0) is not None
    assert rebuilt(changed(markers=()), 0) is None
    assert rebuilt(changed(markers=((1, "DROP"),)), 0) is None
    assert rebuilt(changed(markers=((0, "DROP"), (100, "DROP"))), 0) is None
    assert rebuilt(changed(tracks=tuple(others)), 0) is None
    assert rebuilt(changed(tracks=(*timeline.tracks, drums)), 0) is None
    assert rebuilt(changed(tracks=(msgspec.structs.replace(drums, name="Piano"), *others)), 0) is None


def test_a_marker_that_was_renamed_wins_over_the_comments() -> None:
    timeline = read_fl_project(flp_bytes(Arrangement(SONGS["plain"])))
    renamed = msgspec.structs.replace(timeline, markers=((0, "Build up"), *timeline.markers[1:]))
    song = rebuilt(renamed, 0)
    assert song is not None
    assert song.section_names()[0] == "Build up"
    assert song.sections[0].kind.value == "build"
