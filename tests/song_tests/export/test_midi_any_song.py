"""Whatever the song, the file keeps its promises: read back with mido and symusic."""

import symusic
from hypothesis import given, settings

from song.export.midi import assemble
from song.parts import Part
from song.sections import Song
from tests.song_tests.midi_reading import notes, of_type, read, timed
from tests.song_tests.song_strategies import songs

CHANNELS = {"Drums": 9, "Bass": 0, "Chords": 1, "Lead": 2, "Sub": 3}
RANK = {"track_name": 0, "program_change": 1, "control_change": 2, "note_off": 3, "note_on": 4, "end_of_track": 5}


@given(songs)
@settings(max_examples=60)
def test_every_onset_is_in_the_file_once_on_tracks_that_hold_what_they_should(song: Song) -> None:
    file = read(assemble(song))
    assert (file.type, file.ticks_per_beat) == (1, 96)
    names = [track.name for track in file.tracks[1:]]
    assert names == ["Drums", "Bass", "Chords", "Lead"] + (["Sub"] if song.sub else [])
    for track in file.tracks:
        (end,) = of_type(track, "end_of_track")
        assert end[0] == song.bars * 384
        assert timed(track)[-1] == end
    for name, track in zip(names, file.tracks[1:], strict=True):
        messages = timed(track)
        assert {m.channel for _, m in messages if not m.is_meta} == {CHANNELS[name]}
        assert [tick for tick, _ in of_type(track, "program_change")] == [0]
        assert set(RANK) >= {m.type for _, m in messages}
        assert messages == sorted(messages, key=lambda timed_message: (timed_message[0], RANK[timed_message[1].type]))
        assert all(onset + duration <= song.bars * 384 for onset, _, duration, _ in notes(track))
    for part, track in zip(Part, file.tracks[1:5], strict=True):
        start, expected = 0, set()
        for section in song.sections:
            phrase = section.cell(part).phrase
            expected |= {(start + n.onset_tick, n.pitch) for n in (phrase.notes if phrase else ())}
            start += section.bars * 384
        assert {(onset, pitch) for onset, pitch, _, _ in notes(track)} == expected


@given(songs)
@settings(max_examples=40)
def test_the_same_song_gives_the_same_bytes_and_symusic_reads_the_notes_that_mido_reads(song: Song) -> None:
    data = assemble(song)
    assert assemble(song) == data
    # symusic leaves out a track without notes, so tracks are found by name.
    tracks = {track.name: track for track in symusic.Score.from_midi(data).tracks}
    for track in read(data).tracks[1:]:
        seen = [(n.time, n.pitch, n.duration, n.velocity) for n in tracks[track.name].notes] if notes(track) else []
        assert sorted(seen) == notes(track)
