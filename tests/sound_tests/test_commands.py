"""`dropsmith render` and `patches` as a user types them: what is written, what is told, what is refused."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from song.edits.patches import set_patch
from song.errors import UserError
from song.parts import PARTS, Part
from song.sections import Song
from song.store import save_song
from sound.commands import patches_main, render_main
from sound.evidence.scenes import short_track


@pytest.fixture
def song(tmp_path: Path) -> Path:
    save_song(tmp_path / "short.drop", short_track())
    return tmp_path / "short.drop"


def frames(path: Path) -> int:
    import soundfile

    return int(soundfile.info(str(path)).frames)


def test_a_song_is_rendered_and_told_in_one_line(song: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = song.with_name("short.wav")
    assert render_main([str(song), "--out", str(out)]) == 0
    told = capsys.readouterr()
    assert told.out == ""
    assert re.fullmatch(rf"{re.escape(str(out))}: 22\.6 s, -9\.\d LUFS, in [\d.]+ s\n", told.err)
    assert frames(out) == round((12 * 4 * 60 / 140 + 2) * 48_000)


def test_a_section_by_its_name_and_stems_beside_the_mix(song: Path) -> None:
    stems = song.with_name("stems")
    stems.mkdir()
    out = song.with_name("drop.flac")
    assert render_main([str(song), "--out", str(out), "--section", "DROP", "--stems", str(stems)]) == 0
    assert frames(out) == round((4 * 4 * 60 / 140 + 2) * 48_000)
    assert sorted(path.name for path in stems.iterdir()) == sorted(f"drop-{part}.flac" for part in PARTS)
    assert {frames(path) for path in stems.iterdir()} == {frames(out)}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--out", "a.mp3"], "the name of a sound file ends in one of .wav, .flac, .ogg"),
        (["--out", "none/a.wav"], "there is no folder"),
        (["--out", "a.wav", "--section", "CHORUS"], 'there is no section "CHORUS": use one of BREAK, BUILD, DROP'),
        (["--out", "a.wav", "--stems", "notes.wav"], "cannot make the folder notes.wav"),
        (["--out", "a.wav", "--stems", "new", "--one-shots", "none"], "there is no folder"),
        (["--out", "a.wav", "--loudness", "0"], "--loudness 0 is outside -40 to -6 LUFS"),
        (["--out", "a.wav", "--loudness", "nan"], "--loudness nan is outside"),
        (["--out", "there.wav"], "is there already: give another name, or --force to write over it"),
        (["--out", "notes.wav", "--force"], "what is there is not a WAV file; give another name"),
        (["--out", "a.wav", "--one-shots", "none"], "there is no folder"),
    ],
)
def test_mistakes_are_told_before_anything_is_written(
    song: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], message: str
) -> None:
    monkeypatch.chdir(song.parent)
    Path("there.wav").write_bytes(b"RIFF0000WAVE")
    Path("notes.wav").write_text("my notes")
    before = {path: path.read_bytes() for path in song.parent.iterdir()}
    with pytest.raises(UserError, match=re.escape(message)):
        render_main(["short.drop", *words])
    assert {path: path.read_bytes() for path in song.parent.iterdir()} == before


def test_a_broken_patch_and_one_that_is_gone_are_told(song: Path) -> None:
    folder = song.with_name("mine")
    folder.mkdir()
    (folder / "growl.toml").write_text('part = "bass"\n[sound]\nwave = "sqare"\n')
    words = [str(song), "--out", str(song.with_name("a.wav")), "--patches", str(folder)]
    with pytest.raises(UserError, match=r"growl\.toml, line 3: sound\.wave: 'sqare' is none of saw"):
        render_main(words)
    save_song(song, set_patch(short_track(), Part.BASS, "gone"))
    with pytest.raises(UserError, match="there is no patch gone"):
        render_main([str(song), "--out", str(song.with_name("a.wav"))])
    assert not song.with_name("a.wav").exists()


def test_own_drums_are_taken_and_what_is_left_out_is_told(song: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import numpy as np
    import soundfile

    folder = song.with_name("drums")
    folder.mkdir()
    soundfile.write(str(folder / "kick.wav"), np.ones(4800) * 0.5, 48_000)
    for number in range(8):
        (folder / f"zither {number}.wav").touch()
    (folder / "snare\x1b[2J.wav").touch()
    render_main([str(song), "--out", str(song.with_name("a.wav")), "--one-shots", str(folder)])
    told = capsys.readouterr().err
    assert "left out: zither 0.wav" in told or "left out: snare" in told
    assert "left out: 4 more" in told
    assert "\x1b" not in told


def test_an_empty_song_is_silence_and_said_to_be(song: Path, capsys: pytest.CaptureFixture[str]) -> None:
    save_song(song, Song())
    render_main([str(song), "--out", str(song.with_name("a.wav"))])
    assert ": 2.0 s, silent, in" in capsys.readouterr().err


@pytest.mark.skipif(os.name != "posix", reason="signals are sent as on POSIX")
def test_ctrl_c_leaves_nothing_half_written(song: Path) -> None:
    save_song(song, short_track(tempo_bpm=40.0))
    before = sorted(song.parent.iterdir())
    command = [sys.executable, "-m", "tui", "render", str(song), "--out", str(song.with_name("a.wav"))]
    child = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 30
    # Not before it has begun: a start that is broken off is Python's business.
    while not any(path.suffix == ".tmp" for path in song.parent.iterdir()) and time.monotonic() < deadline:
        if child.poll() is not None:
            pytest.skip("it was done before it could be stopped")
        time.sleep(0.005)
    child.send_signal(signal.SIGINT)
    _, told = child.communicate(timeout=30)
    if child.returncode == 0:
        pytest.skip("it was done before it could be stopped")
    assert child.returncode == 130
    assert told.strip().splitlines()[-1] == "dropsmith: stopped"
    assert sorted(song.parent.iterdir()) == before


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits of file sizes are Linux's here")
def test_a_full_disk_is_one_line_and_leaves_nothing(song: Path) -> None:
    script = f"""
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
from tui.cli import main
raise SystemExit(main(["render", {str(song)!r}, "--out", {str(song.with_name("a.wav"))!r}]))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert "choose another folder or free some space" in line
    assert list(song.parent.iterdir()) == [song]


def test_patches_are_listed_by_part_with_the_users_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.toml").write_text('part = "lead"\nabout = "my own lead"\n[sound]\n')
    assert patches_main([], tmp_path) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line.endswith(":")] == ["drums:", "bass:", "chords:", "lead:"]
    assert any(re.match(r"  growl +a vowel-like growl", line) for line in lines)
    assert any(re.match(rf"  mine +my own lead  \({re.escape(str(tmp_path))}", line) for line in lines)


def test_a_patch_is_copied_to_be_changed_and_nothing_is_written_over(tmp_path: Path) -> None:
    assert patches_main(["--copy", "growl", str(tmp_path)]) == 0
    copied = tmp_path / "growl.toml"
    assert copied.read_text().startswith('part = "bass"')
    copied.write_text(copied.read_text().replace("growl", "saw"))
    with pytest.raises(UserError, match="is there already"):
        patches_main(["--copy", "growl", str(tmp_path)])
    assert "saw" in copied.read_text()
    with pytest.raises(UserError, match="there is no folder"):
        patches_main(["--copy", "growl", str(tmp_path / "none")])
    with pytest.raises(UserError, match="there is no patch nosuch"):
        patches_main(["--copy", "nosuch", str(tmp_path)])
