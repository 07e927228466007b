"""Sound files: whole or not at all, and read by others as they were written."""

import json
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from song.errors import UserError
from sound.audio_files import AUDIO_KINDS, AudioWriter, audio_facts, kind_of, read_audio

SOUND = (0.4 * np.sin(np.arange(48_000 * 2)[:, None] * [0.05, 0.071])).astype(np.float32)
ENDINGS = [one.kind.suffixes[0] for one in AUDIO_KINDS]


def write(path: Path, sound: np.ndarray = SOUND) -> None:
    with AudioWriter(path, len(sound)) as writer:
        for at in range(0, len(sound), 10_000):
            writer.write(sound[at : at + 10_000])
        writer.commit()


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_file_holds_what_was_written(tmp_path: Path, ending: str) -> None:
    import soundfile

    path = tmp_path / f"a{ending}"
    write(path)
    sound, rate = soundfile.read(str(path))
    assert rate == 48_000
    assert sound.shape == SOUND.shape
    error = np.abs(sound - SOUND)[100:-100]
    assert error.max() < (2**-22 if ending != ".ogg" else 0.1)
    assert kind_of(path).kind.recognizes(path.read_bytes()[:64])
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("ending", ENDINGS)
def test_ffmpeg_and_sox_agree_on_length_and_rate(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a{ending}"
    write(path)
    if shutil.which("ffprobe"):
        asked = ["ffprobe", "-v", "error", "-show_streams", "-of", "json", str(path)]
        (stream,) = json.loads(subprocess.run(asked, capture_output=True, check=True).stdout)["streams"]
        assert (stream["sample_rate"], stream["channels"]) == ("48000", 2)
        assert float(stream["duration"]) == pytest.approx(2, abs=1e-4)
    if shutil.which("soxi"):
        told = subprocess.run(["soxi", "-r", str(path)], capture_output=True, text=True, check=True).stdout
        samples = subprocess.run(["soxi", "-s", str(path)], capture_output=True, text=True, check=True).stdout
        assert (told.strip(), samples.strip()) == ("48000", "96000")
    if not shutil.which("ffprobe") and not shutil.which("soxi"):
        pytest.skip("neither ffmpeg nor sox is installed")


def test_nothing_is_left_of_a_file_that_was_not_completed(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(b"before")
    with AudioWriter(tmp_path / "a.wav", len(SOUND)) as writer:
        writer.write(SOUND)
    assert [one.name for one in tmp_path.iterdir()] == ["a.wav"]
    assert (tmp_path / "a.wav").read_bytes() == b"before"


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits of file sizes are Linux's here")
def test_a_disk_that_is_full_is_one_line_and_leaves_nothing(tmp_path: Path, ending: str) -> None:
    script = f"""
import resource, signal, sys
from pathlib import Path
import numpy as np, soundfile
from song.errors import UserError
from sound.audio_files import AudioWriter
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
noise = np.random.default_rng(1).standard_normal((480_000, 2)).astype(np.float32) * 0.1
try:
    with AudioWriter(Path({str(tmp_path)!r}) / "a{ending}", len(noise)) as writer:
        for at in range(0, len(noise), 48_000):
            writer.write(noise[at : at + 48_000])
        writer.commit()
except UserError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "choose another folder or free some space" in done.stdout
    assert len(done.stdout.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 100_000


@pytest.mark.parametrize("name", ["a.mp3", "a", "a.mid"])
def test_other_endings_are_refused(name: str) -> None:
    with pytest.raises(UserError, match=r"the name of a sound file ends in one of \.wav, \.flac, \.ogg"):
        kind_of(Path(name))


def test_folders_that_are_not_there_are_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="there is no folder"):
        AudioWriter(tmp_path / "none" / "a.wav", 5)


def test_a_wav_file_is_one_that_every_program_reads_as_long_as_it_can_be(tmp_path: Path) -> None:
    write(tmp_path / "a.wav")
    assert (tmp_path / "a.wav").read_bytes()[:4] == b"RIFF"
    with AudioWriter(tmp_path / "b.wav", 2**32 // 6) as writer:
        writer.write(SOUND)
        writer.commit()
    head = (tmp_path / "b.wav").read_bytes()[:64]
    assert head[:4] == b"RF64"
    assert kind_of(tmp_path / "b.wav").kind.recognizes(head)


def test_a_file_is_read_as_far_as_is_asked(tmp_path: Path) -> None:
    write(tmp_path / "a.flac")
    assert audio_facts(tmp_path / "a.flac") == (48_000, 2, len(SOUND))
    assert read_audio(tmp_path / "a.flac", 1000) == pytest.approx(SOUND[:1000], abs=1e-6)
    (tmp_path / "b.wav").write_bytes(b"RIFF but no more")
    with pytest.raises(UserError, match=r"b\.wav: no sound file that can be read"):
        audio_facts(tmp_path / "b.wav")
