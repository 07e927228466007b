"""The assembled file read back with mido, symusic and music21's own reader: structure, names, tempi, keys, notes."""

import subprocess
import sys
import threading
from pathlib import Path

import msgspec
import pretty_midi
import pytest
import symusic
from music21 import converter, expressions, tempo
from music21 import midi as music21_midi

from song.errors import UserError
from song.export.midi import assemble, to_score, write_midi
from song.export.tempo import tempo_changes
from song.export.tracks import lay_out
from song.notes import Note, Phrase, Wobble
from song.parts import Part
from song.sections import Constraints, Section, SectionKind, Song
from song.store import save_song
from song.templates import song_from_form
from tests.places import ROOT
from tests.song_tests.midi_reading import notes, of_type, read, timed
from tests.song_tests.song_strategies import filled

BAR = 384


@pytest.fixture
def song() -> Song:
    """The built-in form with a ramp in the first build, another key in the break, and something in every part."""
    song = song_from_form(title="Night Bus")
    sections = list(song.sections)
    for index, changes in ((1, {"tempo_bpm": (140.0, 150.0)}), (3, {"key": "C# minor"})):
        constraints = msgspec.structs.replace(sections[index].constraints, **changes)
        sections[index] = msgspec.structs.replace(sections[index], constraints=constraints)
    song = msgspec.structs.replace(song, sections=tuple(sections))
    song = filled(song, 2, Part.DRUMS, Phrase(16, (Note(0, 36, 24, 110), Note(0, 42, 24, 70), Note(192, 38, 24, 120))))
    song = filled(song, 2, Part.BASS, Phrase(16, (Note(0, 41, 192, 100),), (Wobble(0, 192, "1/8", 0.8),)))
    song = filled(song, 2, Part.CHORDS, Phrase(16, (Note(0, 53, 384, 80), Note(0, 56, 384, 90), Note(0, 60, 384, 1))))
    return filled(song, 5, Part.LEAD, Phrase(16, (Note(7, 72, 5, 127),)))


def bare_song(*sections: Section, **fields: object) -> Song:
    return Song(sections=sections, **fields)


def test_the_header_is_type_1_with_96_ticks_a_quarter(song: Song) -> None:
    # MThd, 6 bytes of it: type 1, 6 tracks, 96 ticks a quarter.
    assert assemble(song)[:14] == bytes.fromhex("4d546864 00000006 0001 0006 0060")


def test_the_conductor_comes_first_with_title_meter_key_and_markers(song: Song) -> None:
    conductor = read(assemble(song)).tracks[0]
    assert conductor.name == "Night Bus"
    assert [(t, m.text) for t, m in of_type(conductor, "marker")] == [
        (0, "INTRO"),
        (8 * BAR, "BUILD 1"),
        (16 * BAR, "DROP 1"),
        (32 * BAR, "BREAK"),
        (40 * BAR, "BUILD 2"),
        (48 * BAR, "DROP 2"),
        (64 * BAR, "OUTRO"),
    ]
    assert [(t, m.numerator, m.denominator) for t, m in of_type(conductor, "time_signature")] == [(0, 4, 4)]
    assert [(t, m.key) for t, m in of_type(conductor, "key_signature")] == [
        (0, "Fm"),
        (32 * BAR, "C#m"),
        (40 * BAR, "Fm"),
    ]
    assert all(message.is_meta for _, message in timed(conductor))


def test_a_tempo_stands_only_where_it_changes_once_a_quarter_on_a_ramp(song: Song) -> None:
    tempi = {t: 60e6 / m.tempo for t, m in of_type(read(assemble(song)).tracks[0], "set_tempo")}
    # The ramp's first quarter has the tempo before it; the sections after it all have that of the first.
    ramp = range(8 * BAR + 96, 16 * BAR, 96)
    assert sorted(tempi) == sorted([0, *ramp, 16 * BAR])
    for quarter, tick in enumerate(ramp, 1):
        assert tempi.pop(tick) == pytest.approx(140 + 10 * quarter / 31, rel=1e-5)
    assert list(tempi.values()) == pytest.approx([140] * 2, rel=1e-5)


@pytest.mark.parametrize("bpm", [40.0, 300.0, 123.456])
def test_a_tempo_is_kept_to_a_microsecond_a_quarter(bpm: float) -> None:
    song = bare_song(Section(SectionKind.DROP, 1, Constraints(tempo_bpm=(bpm, bpm))))
    ((_, message),) = of_type(read(assemble(song)).tracks[0], "set_tempo")
    assert message.tempo == round(60e6 / bpm)


def test_each_part_has_its_track_channel_and_program(song: Song) -> None:
    tracks = read(assemble(song)).tracks[1:]
    assert [track.name for track in tracks] == ["Drums", "Bass", "Chords", "Lead", "Sub"]
    # mido counts channels from 0: 9 is MIDI's channel 10.
    programs = [[(t, m.channel, m.program) for t, m in of_type(track, "program_change")] for track in tracks]
    assert programs == [[(0, 9, 0)], [(0, 0, 38)], [(0, 1, 90)], [(0, 2, 81)], [(0, 3, 39)]]


def test_notes_arrive_with_their_ticks_pitches_and_velocities(song: Song) -> None:
    drums, bass, chords, lead, sub = read(assemble(song)).tracks[1:]
    drop = 16 * BAR
    assert notes(drums) == [(drop, 36, 24, 110), (drop, 42, 24, 70), (drop + 192, 38, 24, 120)]
    assert notes(bass) == [(drop, 41, 192, 100)]
    assert notes(chords) == [(drop, 53, 384, 80), (drop, 56, 384, 90), (drop, 60, 384, 1)]
    assert notes(lead) == [(48 * BAR + 7, 72, 5, 127)]
    assert notes(sub) == [(drop, 29, 192, 100)]


def test_every_track_ends_on_the_last_tick_of_the_song(song: Song) -> None:
    for track in read(assemble(song)).tracks:
        assert [tick for tick, _ in of_type(track, "end_of_track")] == [72 * BAR]


def test_no_track_has_a_pitch_bend_or_an_event_twice(song: Song) -> None:
    for track in read(assemble(song)).tracks:
        events = [(tick, message.bytes()) for tick, message in timed(track)]
        assert len(events) == len({(tick, tuple(data)) for tick, data in events})
        assert not of_type(track, "pitchwheel")


def test_without_the_sub_bass_there_is_no_sub_track(song: Song) -> None:
    tracks = read(assemble(msgspec.structs.replace(song, sub=False))).tracks
    assert [track.name for track in tracks] == ["Night Bus", "Drums", "Bass", "Chords", "Lead"]


def test_a_silent_song_has_all_its_tracks() -> None:
    tracks = read(assemble(song_from_form([(SectionKind.BREAK, 2)]))).tracks
    assert [track.name for track in tracks[1:]] == ["Drums", "Bass", "Chords", "Lead", "Sub"]
    assert [notes(track) for track in tracks[1:]] == [[]] * 5


def test_a_song_without_sections_is_a_file_of_no_length() -> None:
    tracks = read(assemble(Song(title="Nothing"))).tracks
    assert [sum(message.time for message in track) for track in tracks] == [0] * 6
    assert [m.key for _, m in of_type(tracks[0], "key_signature")] == ["Fm"]


@pytest.mark.parametrize("pitch", [0, 11, 12, 127])
def test_the_lowest_and_highest_pitches_stay_where_they_are(pitch: int) -> None:
    song = filled(song_from_form([(SectionKind.DROP, 1)]), 0, Part.LEAD, Phrase(1, (Note(0, pitch, 96, 90),)))
    assert notes(read(assemble(song)).tracks[4]) == [(0, pitch, 96, 90)]


def test_a_note_that_ends_where_the_next_begins_ends_first() -> None:
    # Two notes of one pitch, back to back: the second must not be cut by the first one's end.
    phrase = Phrase(1, (Note(0, 60, 96, 90), Note(96, 60, 96, 91)))
    song = filled(song_from_form([(SectionKind.DROP, 1)]), 0, Part.LEAD, phrase)
    messages = [m.type for t, m in timed(read(assemble(song)).tracks[4]) if t == 96]
    assert messages == ["note_off", "note_on"]


@pytest.mark.parametrize(
    ("key", "signature"),
    [
        ("C major", "C"),
        ("A minor", "Am"),
        ("F# major", "F#"),
        ("Gb major", "Gb"),
        ("E phrygian", "Em"),
        ("D dorian", "Dm"),
        ("G# harmonic minor", "G#m"),
        ("C chromatic", "Cm"),
        # Eight sharps or more do not exist in a file: these are spelled the other way.
        ("G# major", "Ab"),
        ("E# minor", "Fm"),
        ("B# major", "C"),
        ("Fb major", "E"),
        ("Cb minor", "Bm"),
    ],
)
def test_a_key_is_written_as_its_major_or_minor_signature(key: str, signature: str) -> None:
    song = bare_song(Section(SectionKind.DROP, 1), key=key)
    assert [m.key for _, m in of_type(read(assemble(song)).tracks[0], "key_signature")] == [signature]


@pytest.mark.parametrize(
    ("key", "texts"),
    [
        ("F minor", []),
        ("Ab minor", []),
        ("E phrygian", ["Dropsmith: key E phrygian"]),
        ("E# minor", ["Dropsmith: key E# minor"]),
        ("C chromatic", ["Dropsmith: key C chromatic"]),
    ],
)
def test_a_key_that_no_signature_says_stands_beside_it_in_words(key: str, texts: list[str]) -> None:
    conductor = read(assemble(bare_song(Section(SectionKind.DROP, 1), key=key))).tracks[0]
    assert [m.text for _, m in of_type(conductor, "text")] == texts


def test_a_section_that_the_user_named_says_its_kind_in_words() -> None:
    song = bare_song(Section(SectionKind.DROP, 1, name="Hook"), Section(SectionKind.BREAK, 1))
    conductor = read(assemble(song)).tracks[0]
    assert [(t, m.text) for t, m in of_type(conductor, "text")] == [(0, "Dropsmith: drop")]


@pytest.mark.parametrize("title", ["", "Ünïcödé", "夜行バス", "🚌 night 👨‍👩‍👧", "x" * 300])
def test_every_reader_takes_any_title(title: str) -> None:
    song = bare_song(Section(SectionKind.DROP, 1, name=title), title=title)
    data = assemble(song)
    assert read(data).tracks[0].name == title
    assert [m.text for _, m in of_type(read(data).tracks[0], "marker")] == [title or "DROP"]
    assert [marker.text for marker in symusic.Score.from_midi(data).markers] == [title or "DROP"]
    file = music21_midi.MidiFile()
    file.readstr(data)
    assert file.tracks[0].events[1].data == title.encode()
    assert music21_midi.translate.midiFileToStream(file) is not None


def test_line_breaks_and_half_characters_become_spaces() -> None:
    song = bare_song(Section(SectionKind.DROP, 1, name="one\ntwo\x00"), title="a\ud800b\u2028c")
    conductor = read(assemble(song)).tracks[0]
    assert conductor.name == "a b c"
    assert [m.text for _, m in of_type(conductor, "marker")] == ["one two "]


def test_symusic_reads_the_structure(song: Song) -> None:
    score = symusic.Score.from_midi(assemble(song))
    assert score.ticks_per_quarter == 96
    assert [(marker.time, marker.text) for marker in score.markers][:2] == [(0, "INTRO"), (8 * BAR, "BUILD 1")]
    assert len(score.tempos) == 1 + 31 + 1
    tracks = {track.name: track for track in score.tracks}
    assert {name: track.program for name, track in tracks.items()} == {
        "Drums": 0, "Bass": 38, "Chords": 90, "Lead": 81, "Sub": 39,
    }  # fmt: skip
    assert [name for name, track in tracks.items() if track.is_drum] == ["Drums"]
    assert not any(track.pitch_bends for track in tracks.values())


def test_pretty_midi_sees_every_note_and_tempo(song: Song, tmp_path: Path) -> None:
    write_midi(song, tmp_path / "song.mid")
    seen = pretty_midi.PrettyMIDI(str(tmp_path / "song.mid"))
    times, tempi = seen.get_tempo_changes()
    assert [(seen.time_to_tick(time), bpm) for time, bpm in zip(times, tempi, strict=True)] == [
        (tick, pytest.approx(bpm, rel=1e-5)) for tick, bpm in tempo_changes(song)
    ]
    names = {instrument.name: instrument for instrument in seen.instruments}
    for track in lay_out(song):
        heard = (
            sorted(
                (seen.time_to_tick(note.start), note.pitch, seen.time_to_tick(note.end), note.velocity)
                for note in names[track.name].notes
            )
            if track.name in names
            else []
        )
        assert heard == sorted((n.onset_tick, n.pitch, n.end_tick, n.velocity) for n in track.notes)


def test_music21_reads_its_own_file_back(song: Song, tmp_path: Path) -> None:
    write_midi(song, tmp_path / "song.mid")
    file = music21_midi.MidiFile()
    file.open(tmp_path / "song.mid")
    file.read()
    file.close()
    markers = [e.data.decode() for e in file.tracks[0].events if e.type == music21_midi.MetaEvents.MARKER]
    assert markers == ["INTRO", "BUILD 1", "DROP 1", "BREAK", "BUILD 2", "DROP 2", "OUTRO"]
    assert [track.getChannels() for track in file.tracks] == [[], [10], [1], [2], [3], [4]]

    score = converter.parse(tmp_path / "song.mid", quantizePost=False)
    heard = {(float(n.offset), n.pitches[0].midi) for n in score.parts[3].flatten().notes}
    assert heard == {(48 * 4 + 7 / 96, 72)}
    assert max(mark.number for mark in score.flatten().getElementsByClass(tempo.MetronomeMark)) == pytest.approx(150)


def test_the_score_in_between_is_one_that_music21_knows(song: Song) -> None:
    score = to_score(song)
    assert [part.partName for part in score.parts] == ["Night Bus", "Drums", "Bass", "Chords", "Lead", "Sub"]
    marks = score.parts[0].getElementsByClass(expressions.RehearsalMark)
    assert [(mark.offset, mark.content) for mark in marks][1] == (32.0, "BUILD 1")
    (triad,) = score.parts[3].notes
    assert triad.isChord
    assert triad.duration.quarterLength == 4


def test_another_process_writes_the_same_bytes(song: Song, tmp_path: Path) -> None:
    save_song(tmp_path / "song.drop", song)
    code = (
        "import sys; from pathlib import Path; from song.store import load_song; from song.export.midi import assemble;"
        "sys.stdout.buffer.write(assemble(load_song(Path(sys.argv[1]))))"
    )
    outputs = [
        subprocess.run(
            [sys.executable, "-c", code, str(tmp_path / "song.drop")],
            capture_output=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
        ).stdout
        for seed in ("1", "2")
    ]
    assert outputs == [assemble(song)] * 2


def test_assembling_in_threads_gives_the_same_bytes(song: Song) -> None:
    expected, results = assemble(song), []
    threads = [threading.Thread(target=lambda: results.append(assemble(song))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [expected] * 4


def test_writing_where_there_is_no_folder_says_so(song: Song, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot write"):
        write_midi(song, tmp_path / "nowhere" / "song.mid")


def test_writing_over_a_file_replaces_it_whole(song: Song, tmp_path: Path) -> None:
    path = tmp_path / "song.mid"
    path.write_bytes(b"old" * 10_000)
    write_midi(song, path)
    assert path.read_bytes() == assemble(song)
    assert [entry.name for entry in tmp_path.iterdir()] == ["song.mid"]


def test_an_unknown_key_is_named() -> None:
    with pytest.raises(UserError, match='key "H minor" is not known'):
        assemble(bare_song(Section(SectionKind.DROP, 1), key="H minor"))


@pytest.mark.parametrize("bpm", [(0.0, 140.0), (3.0, 3.0), (140.0, 1e9), (float("nan"), 140.0)])
def test_a_tempo_that_three_bytes_cannot_hold_is_refused(bpm: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match=r"tempo .* is outside 40-300"):
        assemble(bare_song(Section(SectionKind.DROP, 1, Constraints(tempo_bpm=bpm))))
