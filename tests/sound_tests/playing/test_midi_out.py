"""MIDI as it is heard: in time, from the place that is played, without muted parts, and silent on stop."""

import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import mido
import pytest

from song.errors import UserError
from song.parts import PART_SPECS, Part
from sound.playing.midi_out import MidiOut, MidiPort
from sound.playing.midi_score import score_of
from sound.rates import SAMPLE_RATE
from tests.sound_tests.played_songs import played_song

_PATIENCE_SECONDS = 20
BEAT = round(60 / 140 * SAMPLE_RATE)
PIECE = 2880


class Recorder:
    """A port that keeps what it is sent, and when."""

    name = "recorder"

    def __init__(self) -> None:
        self.sent: list[tuple[float, Any]] = []
        self.closed = False
        self.changed = threading.Condition()

    def send(self, message: bytes) -> None:
        with self.changed:
            self.sent.append((time.monotonic(), mido.Message.from_bytes(message)))
            self.changed.notify_all()

    def close(self) -> None:
        self.closed = True

    def until(self, condition: Callable[[], object]) -> None:
        with self.changed:
            assert self.changed.wait_for(condition, _PATIENCE_SECONDS)

    def ons(self, channel: int) -> list[float]:
        return [at for at, one in self.sent if one.type == "note_on" and one.channel == channel]


def play(out: MidiOut, first: int, frames: int, start: float) -> None:
    """Give a card pieces, all at once, as if it had asked for each when it was due."""
    for at in range(first, first + frames, PIECE):
        out.played([(at, PIECE)], start + (at - first) / SAMPLE_RATE)


def test_notes_are_sent_when_they_sound_and_a_clock_with_them() -> None:
    port = Recorder()
    out = MidiOut(port, 0.05)
    out.set_score(score_of(played_song()))
    started = time.monotonic()
    play(out, 0, 2 * BEAT + 100, started)
    port.until(lambda: len(port.ons(9)) == 3)
    types = [one.type for _, one in port.sent]
    assert types.index("program_change") < types.index("songpos") < types.index("start") < types.index("note_on")
    for beat, at in enumerate(port.ons(9)):
        assert at >= started + 0.05 + beat * 60 / 140
    assert types.count("clock") >= 48
    out.close()
    assert port.closed
    assert [one.type for _, one in port.sent][-1] == "control_change"


def test_from_the_middle_it_goes_on_there_and_a_jump_is_told() -> None:
    port = Recorder()
    out = MidiOut(port, 0.0)
    out.set_score(score_of(played_song()))
    now = time.monotonic()
    out.played([(4 * BEAT, PIECE), (0, PIECE)], now)
    port.until(lambda: any(one.type == "start" for _, one in port.sent))
    told = [one for _, one in port.sent if one.type in ("songpos", "continue", "stop", "start")]
    assert [one.type for one in told] == ["songpos", "continue", "stop", "songpos", "start"]
    assert told[0].pos == 16
    out.close()


def test_a_muted_part_sends_no_notes_and_those_that_sound_are_ended() -> None:
    port = Recorder()
    out = MidiOut(port, 0.0)
    out.set_score(score_of(played_song()))
    bass = PART_SPECS[Part.BASS].channel
    drop = 4 * BEAT
    out.played([(drop, PIECE)], time.monotonic())
    port.until(lambda: port.ons(bass))
    out.set_heard((Part.DRUMS,))
    panic = [one for _, one in port.sent if one.type == "control_change" and one.control == 123]
    assert {one.channel for one in panic} >= {bass, 9}
    before = len(port.ons(bass))
    out.played([(drop + 4 * BEAT - PIECE // 2, PIECE)], time.monotonic())
    port.until(lambda: len(port.ons(9)) >= 2)
    assert len(port.ons(bass)) == before
    out.close()


def test_stop_silences_every_channel_and_drops_what_was_to_come() -> None:
    port = Recorder()
    out = MidiOut(port, 30.0)
    out.set_score(score_of(played_song()))
    out.played([(0, PIECE)], time.monotonic())
    out.stop()
    out.stop()
    assert [one.type for _, one in port.sent] == ["stop"] + ["control_change"] * 2 * 5
    assert not out._waiting
    out.close()


def test_a_port_that_is_not_there_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rtmidi2", None)
    with pytest.raises(UserError, match=r"MIDI out needs rtmidi2: pip install 'dropsmith\[midi\]'"):
        MidiPort("synth")


def test_with_the_library_a_port_that_is_not_there_is_one_line_too() -> None:
    pytest.importorskip("rtmidi2", reason="the extra midi is not installed")
    with pytest.raises(UserError, match=r"there is no MIDI (on this machine|port)"):
        MidiPort("no port of any machine has this name")
