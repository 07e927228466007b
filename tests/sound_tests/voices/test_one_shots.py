"""Own drums: found by name, at any rate; what cannot be used is told, and nothing hangs."""

import os
import time
from pathlib import Path

import numpy as np
import pytest

from song.errors import UserError
from sound.evidence.scenes import short_track
from sound.voices.one_shots import LONGEST_SECONDS, load_one_shot, load_one_shots
from tests.sound_tests.rendered import rendered


def write(path: Path, seconds: float = 0.2, rate: int = 44_100, channels: int = 1, hertz: float = 300) -> Path:
    import soundfile

    at = np.arange(int(seconds * rate)) / rate
    sound = np.sin(2 * np.pi * hertz * at) * np.exp(-at * 10) * 0.3
    kind = {".aif": "AIFF"}.get(path.suffix)
    soundfile.write(str(path), np.repeat(sound[:, None], channels, axis=1), rate, format=kind)
    return path


@pytest.mark.parametrize("ending", [".wav", ".flac", ".aiff", ".aif", ".ogg", ".WAV"])
def test_files_of_every_kind_are_read(tmp_path: Path, ending: str) -> None:
    write(tmp_path / f"Kick 01{ending}")
    own = load_one_shots(tmp_path)
    assert list(own.sounds) == ["kick"]
    assert own.sounds["kick"].shape == (2, pytest.approx(9600, abs=120))
    assert own.refused == []


@pytest.mark.parametrize("rate", [8000, 22_050, 48_000, 96_000])
@pytest.mark.parametrize("channels", [1, 2, 4])
def test_rates_and_channels_become_ours(tmp_path: Path, rate: int, channels: int) -> None:
    sound = load_one_shot(write(tmp_path / "a.wav", rate=rate, channels=channels))
    assert sound.shape == (2, pytest.approx(9600, abs=20))
    assert np.abs(sound).max() == pytest.approx(1)
    spectrum = np.abs(np.fft.rfft(sound[0]))
    assert spectrum.argmax() * 48_000 / sound.shape[1] == pytest.approx(300, abs=8)


def test_names_mean_drums_and_the_first_of_several_is_taken(tmp_path: Path) -> None:
    for name in ("snare_b", "snare_a", "HH closed", "open hat", "46hat_open", "zither", "808 kick"):
        write(tmp_path / f"{name}.wav")
    own = load_one_shots(tmp_path)
    assert {name: path.stem for name, path in own.files.items()} == {
        "open": "46hat_open",
        "kick": "808 kick",
        "hat": "HH closed",
        "snare": "snare_a",
    }
    assert own.refused == ["zither.wav: its name means no drum; name it after one, such as kick or snare2"]


def test_own_drums_are_heard_in_place_of_ours(tmp_path: Path) -> None:
    write(tmp_path / "snare.wav", hertz=4000)
    song = short_track()
    ours, theirs = rendered(song), rendered(song, one_shots=load_one_shots(tmp_path).sounds)
    assert np.abs(ours - theirs).max() > 0.05


def test_silence_in_front_is_cut_so_that_a_hit_is_in_time(tmp_path: Path) -> None:
    import soundfile

    late = np.concatenate((np.zeros(20_000), 0.5 * np.ones(4000)))
    soundfile.write(str(tmp_path / "kick.wav"), late, 48_000)
    assert load_one_shot(tmp_path / "kick.wav").shape == (2, 4000)


def test_what_cannot_be_used_is_a_line_each_and_the_rest_is_taken(tmp_path: Path) -> None:
    import soundfile

    write(tmp_path / "clap.wav")
    good = write(tmp_path / "ride.flac").read_bytes()
    (tmp_path / "kick.wav").write_bytes(b"RIFF\xff\xff\xff\xffWAVEfmt " + os.urandom(500))
    (tmp_path / "ride.flac").write_bytes(good[:200] + os.urandom(len(good) - 200))
    (tmp_path / "snare.wav").write_bytes(b"")
    # A video by the name of a sound, and one by its own.
    (tmp_path / "hat.wav").write_bytes(b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00" + os.urandom(5000))
    (tmp_path / "crash.mp4").write_bytes(os.urandom(5000))
    soundfile.write(str(tmp_path / "tom.wav"), np.zeros(4800), 48_000)
    soundfile.write(str(tmp_path / "rim.wav"), np.full(4800, np.nan), 48_000, subtype="FLOAT")
    soundfile.write(str(tmp_path / "shaker.wav"), np.ones((480, 12)), 48_000)
    (tmp_path / "cowbell.wav").mkdir()
    own = load_one_shots(tmp_path)
    assert "clap" in own.sounds
    assert not {"kick", "snare", "hat", "crash", "mid-tom", "rim", "shaker", "cowbell"} & set(own.sounds)
    told = "\n".join(own.refused)
    for name in ("kick.wav", "snare.wav", "hat.wav", "tom.wav", "rim.wav", "shaker.wav", "cowbell.wav"):
        assert name in told
    assert "crash.mp4" not in told
    assert all(len(line.splitlines()) == 1 for line in own.refused)


def test_a_file_of_an_hour_is_refused_without_being_read(tmp_path: Path) -> None:
    import soundfile

    with soundfile.SoundFile(str(tmp_path / "kick.flac"), "w", 8000, 1) as file:
        for _ in range(60):
            file.write(np.full(8000 * 60, 0.1))
    write(tmp_path / "snare.wav")
    started = time.process_time()
    own = load_one_shots(tmp_path)
    assert time.process_time() - started < 5
    assert list(own.sounds) == ["snare"]
    assert "kick.flac: it is longer than 60 s; cut the hit out of it, or take it away" in own.refused


def test_no_more_of_a_file_is_heard_than_a_hit_lasts(tmp_path: Path) -> None:
    sound = load_one_shot(write(tmp_path / "a.wav", seconds=30, rate=8000))
    assert sound.shape[1] <= LONGEST_SECONDS * 48_000


def test_ten_thousand_files_are_looked_at_and_few_opened(tmp_path: Path) -> None:
    write(tmp_path / "kick.wav")
    for number in range(9999):
        (tmp_path / f"broken snare {number}.wav").write_bytes(b"x") if number % 2 else (
            tmp_path / f"zither {number}.wav"
        ).touch()
    opened = 0

    def count() -> None:
        nonlocal opened
        opened += 1

    own = load_one_shots(tmp_path, count)
    # Those whose number begins with a 2 are for a second snare.
    assert opened <= 41
    assert list(own.sounds) == ["kick"]
    assert any("snare: 20 files of " in line for line in own.refused)


def test_folders_that_hold_nothing_or_too_much_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UserError, match="there is no folder"):
        load_one_shots(tmp_path / "none")
    with pytest.raises(UserError, match="has no drums: put WAV, FLAC, AIFF or OGG files there"):
        load_one_shots(tmp_path)
    monkeypatch.setattr("sound.voices.one_shots.MOST_ENTRIES", 10)
    for number in range(12):
        (tmp_path / f"{number}.txt").touch()
    with pytest.raises(UserError, match="holds more than 10 files: give a folder of fewer"):
        load_one_shots(tmp_path)


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "kick.wav")
    write(tmp_path / "snare.wav")
    own = load_one_shots(tmp_path)
    assert list(own.sounds) == ["snare"]
    assert "it is a pipe" in own.refused[0]
