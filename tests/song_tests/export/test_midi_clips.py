"""Clips, drums and automation as small MIDI files, read back with mido."""

from collections import Counter

import mido
import pytest
import symusic

from song.drums import KICK, LANES
from song.export.arrangement import Arrangement
from song.export.drum_lanes import SAMPLE_PITCH
from song.export.midi_clips import (
    controller_files,
    drum_files,
    general_midi_drum_files,
    section_clips,
    sidechain_file,
)
from song.notes import Note, Phrase
from song.parts import Part
from song.sections import SectionKind, Song
from song.templates import song_from_form
from song.time import ramp
from tests.song_tests.export.made_songs import made_songs
from tests.song_tests.midi_reading import controls, notes, of_type, read
from tests.song_tests.song_strategies import filled

SONGS = made_songs()


@pytest.fixture(params=SONGS, ids=str)
def laid_out(request: pytest.FixtureRequest) -> Arrangement:
    return Arrangement(SONGS[request.param])


def track_of(data: bytes) -> mido.MidiTrack:
    file = read(data)
    assert (file.type, file.ticks_per_beat) == (0, 96)
    (track,) = file.tracks
    return track


def test_clips_hold_every_note_of_their_sections_from_bar_1_on(laid_out: Arrangement) -> None:
    files = {file.path: file.data for file in section_clips(laid_out)}
    spans = {stretch.number: stretch for stretch in laid_out.stretches}
    found: Counter[tuple[str, int, int, int, int]] = Counter()
    for path, data in files.items():
        number, _, name = path.removeprefix("clips/").removesuffix(".mid").partition("-")
        stretch, track = spans[int(number)], track_of(data)
        for onset, pitch, length, velocity in notes(track):
            found[name.rpartition("__")[2], onset + stretch.start_tick, pitch, length, velocity] += 1
        assert [tick for tick, _ in of_type(track, "end_of_track")] == [stretch.section.length_ticks]
    assert found == Counter(
        (track.name, note.onset_tick, note.pitch, note.duration_ticks, note.velocity)
        for track in laid_out.tracks
        for note in track.notes
    )


def test_clips_have_the_tempo_channel_and_program_of_their_own(laid_out: Arrangement) -> None:
    specs = {track.name: (track.channel, track.program) for track in laid_out.tracks}
    for file in section_clips(laid_out):
        track = track_of(file.data)
        number, _, rest = file.path.removeprefix("clips/").partition("-")
        section = laid_out.stretches[int(number) - 1].section
        name = rest.removesuffix(".mid").rpartition("__")[2]
        assert [(m.channel, m.program) for _, m in of_type(track, "program_change")] == [specs[name]]
        tempi = {tick: 60e6 / m.tempo for tick, m in of_type(track, "set_tempo")}
        at = 0.0
        for tick, bpm in ramp(*section.constraints.tempo_bpm, section.bars):
            at = tempi.get(tick, at)
            assert at == pytest.approx(bpm, rel=2e-5)


def test_names_are_those_of_sections_and_tracks_and_safe_everywhere() -> None:
    song = song_from_form([(SectionKind.DROP, 1), (SectionKind.DROP, 1)])
    song = filled(song, 1, Part.BASS, Phrase(1, (Note(0, 41, 96, 100),)))
    assert [file.path for file in section_clips(Arrangement(song))] == [
        "clips/02-DROP_2__Bass.mid",
        "clips/02-DROP_2__Sub.mid",
    ]
    for file in section_clips(Arrangement(SONGS["emoji"])):
        assert not set(file.path.removeprefix("clips/")) & set('<>:"/\\|?* ')
        assert len(file.path.encode()) < 120
    paths = [file.path for file in section_clips(Arrangement(SONGS["128 sections"]))]
    assert paths[0].startswith("clips/001-")
    assert len({path.lower() for path in paths}) == len(paths)


def test_each_drum_is_a_file_with_its_hits_on_60_and_on_request_on_its_own_note(laid_out: Arrangement) -> None:
    played = Counter((note.onset_tick, note.duration_ticks, note.velocity) for note in laid_out.tracks[0].notes)
    found: Counter[tuple[int, int, int]] = Counter()
    for file in drum_files(laid_out):
        for onset, pitch, length, velocity in notes(track_of(file.data)):
            assert pitch == SAMPLE_PITCH
            found[onset, length, velocity] += 1
    assert found == played
    pitches = {pitch for file in general_midi_drum_files(laid_out) for _, pitch, _, _ in notes(track_of(file.data))}
    assert pitches == {note.pitch for note in laid_out.tracks[0].notes}


def test_drums_have_files_by_name() -> None:
    song = song_from_form([(SectionKind.DROP, 1)])
    song = filled(song, 0, Part.DRUMS, Phrase(1, (Note(0, KICK, 24, 110), Note(0, LANES["hat"], 24, 70))))
    assert [file.path for file in drum_files(Arrangement(song))] == ["drums/Kick.mid", "drums/Closed_hat.mid"]


def test_a_controller_is_a_file_with_nothing_else_in_it(laid_out: Arrangement) -> None:
    bass = laid_out.tracks[1]
    files = {file.path: track_of(file.data) for file in controller_files(laid_out)}
    assert set(files) == {
        f"automation/Bass_CC{which}_{name}.mid"
        for which, name in ((1, "wobble_depth"), (74, "cutoff"))
        if any(change[1] == which for change in bass.controllers)
    }
    for path, track in files.items():
        which = int(path.partition("_CC")[2].partition("_")[0])
        assert {m.control for _, m in of_type(track, "control_change")} == {which}
        assert controls(track, which) == [(tick, value) for tick, one, value in bass.controllers if one == which]
        assert not notes(track)


def test_the_side_chain_is_the_kick_alone() -> None:
    song = song_from_form([(SectionKind.DROP, 1)])
    hits = (Note(0, 36, 24, 110), Note(10, 35, 24, 90), Note(0, 42, 24, 70), Note(370, 36, 90, 1))
    song = filled(song, 0, Part.DRUMS, Phrase(1, hits))
    (file,) = sidechain_file(Arrangement(song))
    assert file.path == "SIDECHAIN.mid"
    assert notes(track_of(file.data)) == [(0, 60, 10, 100), (10, 60, 24, 100), (370, 60, 14, 100)]
    assert list(sidechain_file(Arrangement(Song()))) == []


def test_symusic_reads_every_clip() -> None:
    laid_out = Arrangement(SONGS["emoji"])
    read_notes = sum(
        len(track.notes) for file in section_clips(laid_out) for track in symusic.Score.from_midi(file.data).tracks
    )
    assert read_notes == sum(len(track.notes) for track in laid_out.tracks)
