"""The wobble as the file carries it: CC 74 and CC 1 on the bass track alone, read with mido, symusic and music21."""

import pytest
import symusic
from music21 import midi as music21_midi

from song.export.midi import assemble
from song.notes import RATE_TICKS, Note, Phrase, Wobble
from song.parts import Part
from song.sections import SectionKind, Song
from song.templates import song_from_form
from tests.song_tests.midi_reading import controls, notes, of_type, read
from tests.song_tests.song_strategies import filled

BAR = 384


def bass_song(wobbles: tuple[Wobble, ...], *bass: Note) -> Song:
    """Two bars of intro, then four of drop with that bass."""
    song = song_from_form([(SectionKind.INTRO, 2), (SectionKind.DROP, 4)])
    return filled(song, 1, Part.BASS, Phrase(4, bass or (Note(0, 36, 4 * BAR, 100),), wobbles))


@pytest.mark.parametrize("rate", ["1/1", "1/2", "1/4", "1/4T", "1/8", "1/8.", "1/8T", "1/16", "1/16T", "1/32"])
def test_the_filters_cycle_is_as_long_as_the_rate_says(rate: str) -> None:
    bass = read(assemble(bass_song((Wobble(0, 4 * BAR, rate, 0.9),)))).tracks[2]
    closed = [tick for tick, value in controls(bass, 74) if value == 13]
    ticks = RATE_TICKS[rate]
    # The first is the note's onset, at the start of the third bar.
    assert closed == list(range(2 * BAR, 6 * BAR, ticks))


@pytest.mark.parametrize("onset", [0, 7, 96, 250])
def test_the_cycle_starts_with_the_note(onset: int) -> None:
    song = bass_song((Wobble(0, 4 * BAR, "1/8", 1.0),), Note(onset, 36, 96, 100), Note(onset + 130, 38, 60, 100))
    bass = read(assemble(song)).tracks[2]
    onsets = [tick for tick, *_ in notes(bass)]
    closed = [tick for tick, value in controls(bass, 74) if value == 0]
    assert closed == [onsets[0], onsets[0] + 48, onsets[1], onsets[1] + 48]


@pytest.mark.parametrize("depth", [0.2, 0.5, 1.0])
def test_the_depth_is_in_the_wheel_and_in_how_far_the_filter_closes(depth: float) -> None:
    bass = read(assemble(bass_song((Wobble(0, BAR, "1/8", depth),)))).tracks[2]
    assert controls(bass, 1) == [(2 * BAR, round(127 * depth)), (3 * BAR - 1, 0)]
    assert min(value for _, value in controls(bass, 74)) == round(127 * (1 - depth))


def test_there_is_nothing_where_there_is_no_wobble() -> None:
    song = bass_song((Wobble(BAR, BAR, "1/8", 0.9),))
    drums, bass, chords, lead, sub = read(assemble(song)).tracks[1:]
    ticks = [tick for tick, _ in of_type(bass, "control_change")]
    assert (min(ticks), max(ticks)) == (3 * BAR, 4 * BAR - 1)
    assert not any(of_type(track, "control_change") for track in (drums, chords, lead, sub))
    silent = read(assemble(bass_song(()))).tracks[2]
    assert not of_type(silent, "control_change")


def test_a_wobble_without_a_bass_writes_nothing() -> None:
    song = bass_song((Wobble(BAR, BAR, "1/8", 0.9),), Note(0, 36, BAR, 100))
    assert not of_type(read(assemble(song)).tracks[2], "control_change")


def test_a_wobble_at_the_songs_end_stays_within_it() -> None:
    bass = read(assemble(bass_song((Wobble(3 * BAR, BAR, "1/32T", 0.9),)))).tracks[2]
    assert controls(bass, 74)[-1] == (6 * BAR - 1, 127)
    assert [tick for tick, _ in of_type(bass, "end_of_track")] == [6 * BAR]


def test_symusic_and_music21_read_the_same_curve() -> None:
    data = assemble(bass_song((Wobble(0, 2 * BAR, "1/8T", 0.7, "sine"),)))
    expected = sorted(controls(read(data).tracks[2], 74))
    (bass,) = [track for track in symusic.Score.from_midi(data).tracks if track.name == "Bass"]
    assert sorted((change.time, change.value) for change in bass.controls if change.number == 74) == expected
    file = music21_midi.MidiFile()
    file.readstr(data)
    at, found = 0, []
    for delta, event in zip(file.tracks[2].events[::2], file.tracks[2].events[1::2], strict=True):
        at += delta.time
        if event.type == music21_midi.ChannelVoiceMessages.CONTROLLER_CHANGE and event.parameter1 == 74:
            found.append((at, event.parameter2))
    assert found == expected
