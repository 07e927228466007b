"""Projects of songs read back by software that others wrote: flpkit, and PyFLP where it can be had."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import flpkit
import msgspec
import pytest

from song.drums import KICK
from song.export.arrangement import Arrangement
from song.export.drum_lanes import SAMPLE_PITCH, drum_of_label
from song.export.flp.parts import CUTOFF_PARAMETER, NEUTRAL, FlProject
from song.export.flp.song_project import LOWEST_TEMPO, TEMPO_SPAN, flp_bytes, song_project
from song.export.tempo import tempo_changes
from song.export.wobble_cc import FILTER_CONTROLLER
from song.notes import Note, Phrase, Wobble
from song.parts import Part
from song.sections import SectionKind, Song
from song.templates import song_from_form
from tests.foreign_software import pyflp
from tests.song_tests.export.made_songs import made_songs
from tests.song_tests.song_strategies import filled

SONGS = made_songs()
# PyFLP takes playlists of these many clips for ones of other records.
MISREAD = 15


@pytest.fixture(params=SONGS, ids=str)
def song(request: pytest.FixtureRequest) -> Song:
    return SONGS[request.param]


@pytest.fixture
def read(tmp_path: Path) -> Callable[[Song], Any]:
    def read_back(song: Song) -> Any:
        path = tmp_path / "song.flp"
        path.write_bytes(flp_bytes(Arrangement(song)))
        return flpkit.read(path)

    return read_back


def song_notes(song: Song) -> Counter[tuple[str, int, int, int, int]]:
    """Every note of a song: of which drum or track, onset, pitch, length and velocity."""
    return Counter(
        (track.name, note.onset_tick, note.pitch, note.duration_ticks, note.velocity)
        for track in Arrangement(song).tracks
        for note in track.notes
    )


def seen_notes(project: Any, velocity: Callable[[Any], int]) -> Counter[tuple[str, int, int, int, int]]:
    """The same, of the notes that the playlist's clips play, as a foreign reader sees them."""
    names = {channel.index: channel.name for channel in project.channels}
    of_pattern: dict[int, list[Any]] = {}
    for note in project.notes:
        of_pattern.setdefault(note.pattern, []).append(note)
    found: Counter[tuple[str, int, int, int, int]] = Counter()
    for clip in project.playlist:
        for note in of_pattern.get(clip.pattern, ()) if clip.pattern is not None else ():
            assert note.position + note.length <= clip.length
            drum = drum_of_label(names[note.channel])
            name = "Drums" if drum is not None else names[note.channel].partition(" (")[0]
            assert drum is None or note.key == SAMPLE_PITCH
            pitch = note.key if drum is None else drum
            found[name, note.position + clip.position, pitch, note.length, velocity(note)] += 1
    return found


def test_flpkit_sees_every_note_and_clip(song: Song, read: Callable[[Song], Any]) -> None:
    project = read(song)
    assert seen_notes(project, lambda note: note.velocity) == song_notes(song)
    played = {(clip.stretch.start_tick, track) for track, clips in enumerate(Arrangement(song).clips, 1)
              for clip in clips if clip.notes}  # fmt: skip
    assert {(clip.position, clip.track) for clip in project.playlist if clip.pattern is not None} == played
    assert (project.title, project.fl_version, project.ppq) == (song.title, "20.8.4.2576", 96)


def test_flpkit_sees_every_tempo(song: Song, read: Callable[[Song], Any]) -> None:
    project = read(song)
    changes = tempo_changes(song)
    assert project.tempo == pytest.approx(changes[0][1], abs=5e-4)
    tempo = next((channel for channel in project.channels if channel.name == "Tempo"), None)
    assert (tempo is not None) == (len(changes) > 1)
    if tempo is None:
        return
    ((clip,),) = [[one for one in project.playlist if one.channel == tempo.index]]
    assert (clip.position, clip.length) == (0, song.length_ticks)
    corners = [(point.position * 96, point.value * TEMPO_SPAN + LOWEST_TEMPO) for point in tempo.automation]
    for tick, tempo_bpm in changes:
        assert curve(corners, tick) == pytest.approx(tempo_bpm, abs=1e-3), tick


def curve(corners: list[tuple[float, float]], tick: int) -> float:
    """The value of a curve of straight lines at a tick; after a step where it has one there."""
    before = max((at, index) for index, (at, _) in enumerate(corners) if at <= tick + 1e-6)[1]
    (start, value) = corners[before]
    if before + 1 == len(corners):
        return value
    end, next_value = corners[before + 1]
    return value + (next_value - value) * (tick - start) / (end - start)


def test_the_wobble_is_an_automation_clip_with_every_change_of_the_filter(read: Callable[[Song], Any]) -> None:
    song = SONGS["plain"]
    project = read(song)
    wobbles = {channel.index: channel for channel in project.channels if channel.name.endswith("Bass wobble")}
    assert wobbles
    seen = {}
    for clip in project.playlist:
        for point in wobbles[clip.channel].automation if clip.channel in wobbles else ():
            seen[clip.position + round(point.position * 96)] = round(point.value * 127)
    changes = {tick: value for track in Arrangement(song).tracks if track.name == "Bass"
               for tick, which, value in track.controllers if which == FILTER_CONTROLLER}  # fmt: skip
    assert changes
    assert {tick: seen.get(tick) for tick in changes} == changes


# PyFLP takes seconds for a song and minutes for the longest; flpkit reads them all.
@pytest.mark.parametrize("name", ["plain", "odd bars", "ramps", "one bar", "without sub", "emoji", "style riddim"])
def test_pyflp_sees_every_channel_pattern_marker_name_and_colour(name: str, tmp_path: Path) -> None:
    reader, song = pyflp(), SONGS[name]
    path = tmp_path / "song.flp"
    path.write_bytes(flp_bytes(Arrangement(song)))
    written, seen = song_project(Arrangement(song)), reader.parse(path)
    assert seen.title == written.title
    assert seen.tempo == pytest.approx(written.tempo_bpm, abs=5e-4)
    assert [channel.name for channel in seen.channels] == [channel.name for channel in written.channels]
    assert [(pattern.name, len(list(pattern.notes))) for pattern in seen.patterns] == [
        (pattern.name, len(pattern.notes)) for pattern in written.patterns
    ]
    (arrangement,) = seen.arrangements
    assert [(marker.position, marker.name) for marker in arrangement.timemarkers] == [
        (marker.position, marker.name) for marker in written.markers
    ]
    inserts = list(seen.mixer)
    for number, insert in written.inserts.items():
        assert inserts[number].name == insert.name
    colours = [(channel.color.red, channel.color.green, channel.color.blue) for channel in seen.channels]
    assert [sum(round(255 * share) << 8 * at for at, share in enumerate(colour)) for colour in colours] == [
        channel.colour for channel in written.channels
    ]
    if len(written.clips) % MISREAD:
        tracks = list(arrangement.tracks)[: len(written.tracks)]
        assert [track.name for track in tracks] == [track.name for track in written.tracks]
        assert sum(len(list(track)) for track in arrangement.tracks) == len(written.clips)


def drop(*notes: Note, wobbles: tuple[Wobble, ...] = ()) -> Song:
    song = song_from_form([(SectionKind.DROP, 2), (SectionKind.DROP, 2)])
    for index in range(2):
        song = filled(song, index, Part.BASS, Phrase(2, notes, wobbles))
    return msgspec.structs.replace(song, sub=False)


def project_of(song: Song) -> FlProject:
    return song_project(Arrangement(song))


def test_sections_with_the_same_notes_share_a_pattern() -> None:
    project = project_of(drop(Note(0, 41, 96, 100)))
    assert [pattern.name for pattern in project.patterns] == ["DROP 1 Bass"]
    assert [(clip.position, clip.pattern) for clip in project.clips] == [(0, 1), (768, 1)]


def test_a_clip_is_no_longer_than_its_pattern_which_would_be_repeated() -> None:
    assert [clip.length for clip in project_of(drop(Note(0, 41, 96, 100))).clips] == [384, 384]
    assert [clip.length for clip in project_of(drop(Note(380, 41, 10, 100))).clips] == [768, 768]


def test_a_note_that_wobbles_has_the_mean_cutoff_as_mod_x() -> None:
    notes = (Note(0, 41, 192, 100), Note(384, 41, 192, 100))
    (pattern,) = project_of(drop(*notes, wobbles=(Wobble(0, 192, "1/4", 1.0, "square"),))).patterns
    # Open for half of each cycle, closed for the other.
    assert [note.mod_x for note in pattern.notes] == [pytest.approx(NEUTRAL / 2, abs=1), NEUTRAL]


def test_the_wobble_is_linked_to_the_cutoff_of_the_bass() -> None:
    project = project_of(drop(Note(0, 41, 192, 100), wobbles=(Wobble(0, 192, "1/4", 1.0),)))
    (link,) = project.links
    assert (project.channels[link.target].name, link.parameter) == ("Bass (growl or reese)", CUTOFF_PARAMETER)
    assert project.channels[link.channel].name == "DROP 1 Bass wobble"


def test_each_drum_is_a_channel_of_its_own_on_c5_and_the_kick_is_heard_by_the_others() -> None:
    song = song_from_form([(SectionKind.DROP, 1)])
    song = filled(song, 0, Part.DRUMS, Phrase(1, (Note(0, KICK, 24, 110), Note(0, 42, 24, 70))))
    project = project_of(song)
    assert [channel.name for channel in project.channels[:2]] == ["Kick", "Closed hat"]
    assert {note.key for note in project.patterns[0].notes} == {SAMPLE_PITCH}
    kick, hat = (project.inserts[channel.insert] for channel in project.channels[:2])
    assert [project.inserts[target].name for target in kick.sidechains] == ["Bass", "Chords", "Lead", "Sub"]
    assert not hat.sidechains
    assert project.inserts[1].name == "Drums"
    assert kick.routes == hat.routes == (1,)


def test_the_same_song_is_the_same_bytes() -> None:
    song = SONGS["ramps"]
    assert flp_bytes(Arrangement(song)) == flp_bytes(Arrangement(song))
