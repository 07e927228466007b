"""Real bytes, made with mido or damaged by hand: what is read, and the reason given for what is not."""

import io

import mido
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.readers.midi_chunks import MAX_BYTES
from corpus.readers.midi_files import read_midi
from song.errors import UserError
from song.notes import Note


def file_of(*tracks, kind=1, division=480):
    file = mido.MidiFile(type=kind, ticks_per_beat=division)
    for messages in tracks:
        file.tracks.append(mido.MidiTrack(messages))
    buffer = io.BytesIO()
    file.save(file=buffer)
    return buffer.getvalue()


def note(pitch, ticks=480, channel=0, velocity=90, wait=0):
    return [
        mido.Message("note_on", channel=channel, note=pitch, velocity=velocity, time=wait),
        mido.Message("note_off", channel=channel, note=pitch, velocity=0, time=ticks),
    ]


def meter(beats, unit=4, wait=0):
    return mido.MetaMessage("time_signature", numerator=beats, denominator=unit, time=wait)


def good():
    return file_of([mido.MetaMessage("set_tempo", tempo=500_000), *note(60) * 8])


def chunk(body, name=b"MTrk"):
    return name + len(body).to_bytes(4, "big") + body


def header(kind=0, tracks=1, division=96):
    return b"MThd" + bytes((0, 0, 0, 6, 0, kind, 0, tracks)) + division.to_bytes(2, "big")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "it is empty"),
        (b"MThd", "cut short inside its header"),
        (good()[:30], "cut short inside track 1 of 1"),
        (good()[:-3], "cut short inside track 1 of 1"),
        (good()[:14], "0 of its 1 tracks are there"),
        (b"Ceci n'est pas une pipe\n" * 20, "not a MIDI file"),
        (b"PK\x03\x04" + bytes(200), "not a MIDI file"),
        (b"RIFF\0\0\0\0RMID" + good(), "a RIFF file without MIDI"),
        (b"MThd\0\0\0\x02" + bytes(20), "header is damaged"),
        (header(kind=7) + chunk(b"\0\xff\x2f\0"), "header is damaged"),
        (header(kind=2) + chunk(b"\0\xff\x2f\0"), "type 2"),
        (header(division=0xE728) + chunk(b"\0\xff\x2f\0"), "SMPTE"),
        (header(division=0) + chunk(b"\0\xff\x2f\0"), "no ticks a quarter"),
        (header() + chunk(b"\0\xff\x2f\0"), "no notes"),
        (header(tracks=3) + chunk(b"\0\x90\x3c\x40\x60\x80\x3c\x40\0\xff\x2f\0"), "1 of its 3 tracks"),
        # A data byte with no status before it.
        (header() + chunk(b"\0\x3c\x40\x60\x3c\x40\0\xff\x2f\0"), "damaged (a note comes before any status"),
        # A velocity of 200.
        (header() + chunk(b"\0\x90\x3c\xc8\x60\x80\x3c\x40\0\xff\x2f\0"), "damaged (a value is above 127"),
        # A meta event that claims to be longer than its track.
        (header() + chunk(b"\0\xff\x03\x7fabc"), "damaged (an event is longer than its track"),
        # Running status after a system message, which has none to run on.
        (header() + chunk(b"\0\xf0\x02\x41\xf7\0\x3c\x40\0\xff\x2f\0"), "damaged (a note comes before any status"),
        (file_of([*note(60, ticks=20_000_000)]), "over 10 million ticks"),
        (file_of([*note(60), *note(62, wait=480 * 7200)]), "over an hour long"),
        (file_of([mido.MetaMessage("text", text="silence", time=480 * 7100)]), "no notes"),
        (
            header(division=9600) + chunk(b"\0\x90\x3c\x40" + b"\1\x3c\0\0\x3c\x40" * 400_001 + b"\0\xff\x2f\0"),
            "over 400000",
        ),
        (file_of([mido.MetaMessage("set_tempo", tempo=16_000_000), *note(60, ticks=120_000)]), "over an hour long"),
        (file_of([meter(3), *note(60) * 6]), "it is in 3/4"),
        (file_of([meter(6, 8), *note(60) * 6, meter(7, 8)]), "it is in 6/8, 7/8"),
        (b"MThd" + bytes(MAX_BYTES), "over 8 MB"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_used_is_refused_in_plain_words(data, words):
    with pytest.raises(UserError) as refusal:
        read_midi(data)
    assert words in str(refusal.value)


def test_times_are_counted_at_96_a_quarter():
    music = read_midi(file_of([*note(60, ticks=240), *note(62, ticks=480), *note(64, ticks=7)]))
    assert music.tracks[0].notes == (Note(0, 60, 48, 90), Note(48, 62, 96, 90), Note(144, 64, 1, 90))


def test_running_status_and_silent_note_ons_are_read():
    # 0x90 once, then pairs: C4 on, C4 on with velocity 0 (which ends it), E4 on, E4 off.
    body = b"\0\x90\x3c\x40\x60\x3c\0\0\x40\x50\x60\x40\0\0\xff\x2f\0"
    music = read_midi(header() + chunk(b"junk", b"XFIH") + chunk(body))
    assert music.tracks[0].notes == (Note(0, 60, 96, 64), Note(96, 64, 96, 80))


def test_a_status_that_runs_on_over_a_meta_event_is_forgiven():
    """The standard ends it there; writers that leave it out are many."""
    body = b"\0\x90\x3c\x40\0\xff\x06\x01a\x60\x3c\0\0\xff\x2f\0"
    assert read_midi(header() + chunk(body)).tracks[0].notes == (Note(0, 60, 96, 64),)


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 255)), min_size=1, max_size=12), st.integers(0, 40))
@settings(deadline=None)
def test_damaged_bytes_are_read_or_refused_and_nothing_else(changes, cut):
    data = bytearray(file_of([meter(4), *note(60) * 9], [*note(38, channel=9) * 9]))
    for at, value in changes:
        data[at % len(data)] = value
    try:
        music = read_midi(bytes(data[: len(data) - cut]))
    except UserError:
        return
    assert all(0 <= one.pitch <= 127 and 1 <= one.velocity <= 127 for track in music.tracks for one in track.notes)


def test_a_type_0_file_comes_apart_by_channel_and_not_by_program():
    messages = [
        mido.Message("program_change", channel=0, program=38),
        mido.Message("program_change", channel=1, program=90),
        *note(36),
        *note(60, channel=1),
        *note(38, channel=9),
        mido.Message("program_change", channel=0, program=81),
        *note(72) * 2,
    ]
    tracks = read_midi(file_of(messages, kind=0)).tracks
    assert [(track.is_drum, track.program, [one.pitch for one in track.notes]) for track in tracks] == [
        (False, 81, [36, 72, 72]),
        (False, 90, [60]),
        (True, 0, [38]),
    ]
    assert tracks[0].told == ("2 programs, one track",)


def test_the_longest_stretch_of_four_four_is_taken_from_its_bar_line():
    waltz = [meter(3), *note(50) * 6]
    common = [meter(4), mido.MetaMessage("marker", text="Chorus"), *note(60) * 16]
    music = read_midi(file_of([*waltz, *common, meter(3), *note(70) * 3]))
    assert [one.pitch for one in music.tracks[0].notes] == [60] * 16
    assert music.tracks[0].notes[0].onset_tick == 0
    assert music.markers == ((0, "Chorus"),)
    assert "not the bars in 3/4" in music.partly


def test_two_two_has_bars_of_the_same_length():
    assert read_midi(file_of([meter(2, 2), *note(60) * 8])).partly == ""


def test_the_tempo_is_the_one_that_lasts_longest():
    tempo = [mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(bpm)) for bpm in (90, 150, 100)]
    music = read_midi(file_of([tempo[0], *note(60) * 2, tempo[1], *note(60) * 9, tempo[2], *note(60) * 4]))
    assert music.tempo_bpm == 150.0


def test_a_million_ticks_of_silence_are_only_silence():
    music = read_midi(file_of([*note(60, wait=1_000_000)]))
    assert [one.onset_tick for one in music.tracks[0].notes] == [200_000]
