"""A song as MIDI messages in frames, read back by mido."""

import mido
import msgspec

from song.export.tracks import lay_out
from song.parts import PART_SPECS, Part
from sound.clock import Clock
from sound.playing.midi_score import CLOCK, is_note_on, score_of, silence
from sound.rates import SAMPLE_RATE
from tests.sound_tests.played_songs import played_song


def test_notes_and_controllers_are_those_of_the_file_at_their_frames() -> None:
    song = played_song()
    clock, score = Clock(song), score_of(song)
    for index, track in enumerate(lay_out(song)):
        messages = [
            (event.frame, mido.Message.from_bytes(event.message)) for event in score.events if event.part is not None
        ]
        mine = [(frame, one) for frame, one in messages if one.channel == track.channel]
        ons = [(frame, one.note, one.velocity) for frame, one in mine if one.type == "note_on"]
        assert ons == [(clock.frame(note.onset_tick), note.pitch, note.velocity) for note in track.notes]
        assert len([one for _, one in mine if one.type == "note_off"]) == len(ons)
        changes = [(frame, one.control, one.value) for frame, one in mine if one.type == "control_change"]
        assert changes == [(clock.frame(tick), control, value) for tick, control, value in track.controllers]
        assert score.channels[index] == track.channel
        assert mido.Message.from_bytes(score.programs[index]).program == track.program


def test_a_clock_ticks_24_times_a_quarter() -> None:
    score = score_of(played_song())
    clocks = [event.frame for event in score.events if event.message == CLOCK]
    assert len(clocks) == 3 * 4 * 24
    quarter = 60 / 140 * SAMPLE_RATE
    assert all(abs(frame - index * quarter / 24) <= 1 for index, frame in enumerate(clocks))


def test_a_stretch_is_found_and_a_place_is_told_in_sixteenths() -> None:
    score = score_of(played_song())
    beat = round(60 / 140 * SAMPLE_RATE)
    ons = [event.frame for event in score.between(beat - 5, beat + 5) if is_note_on(event.message)]
    assert ons == [round(60 / 140 * SAMPLE_RATE)]
    assert mido.Message.from_bytes(score.position(0)).pos == 0
    assert mido.Message.from_bytes(score.position(4 * beat)).pos == 16


def test_muted_parts_are_in_it_and_silence_is_for_every_channel() -> None:
    muted = msgspec.structs.replace(played_song(), muted=(Part.BASS, Part.DRUMS))
    assert score_of(muted) == score_of(played_song())
    told = [mido.Message.from_bytes(one) for one in silence((PART_SPECS[Part.BASS].channel, 9))]
    assert {(one.channel, one.control) for one in told} == {
        (PART_SPECS[Part.BASS].channel, 123), (PART_SPECS[Part.BASS].channel, 120), (9, 123), (9, 120),
    }  # fmt: skip
