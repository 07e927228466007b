"""The `dropsmith` command as a user types it: mistakes in a line, where an error comes from, and the help."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.places import ROOT
from tests.tui_tests.command_line import dropsmith, dropsmith_here, fails
from tui.cli import HELP, main

AS_A_PROCESS = ("dance", "train")
"""Commands of which a mistake is made in a process of its own, so that its exit code is seen as a shell sees it."""


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["compose", "--out", "nowhere/x.mid"], "no folder nowhere"),
        (["compose", "--out", "x.mid", "--report", "nowhere/x.json"], "no folder nowhere"),
        (["compose", "--out", "."], "folder"),
        (["compose", "--out", "x.mid", "--takes", "0"], "--takes 0 is outside 1-64"),
        (["compose", "--out", "x.mid", "--seed", "-1"], "outside"),
        (["compose", "--out", "x.mid", "--seed", "seven"], "invalid int value"),
        (["compose"], "--out"),
        (["compose", "--out", "x.mid", "--weights", "no.safetensors"], "no weights at no.safetensors"),
        (["--speed", "3"], "unrecognized arguments: --speed"),
        (["compose", "missing.toml", "--out", "x.mid"], "cannot open missing.toml"),
        (["compose", "--out", "x.mid", "--wav", "x.mp3"], "the name of a sound file ends in one of .wav, .flac, .ogg"),
        (["compose", "--out", "x.mid", "--wav", "nowhere/x.wav"], "no folder nowhere"),
        (["render", "missing.drop", "--out", "x.wav"], "cannot open missing.drop"),
        (["render", "missing.drop"], "--out"),
        (["patches", "--copy", "nosuch", "."], "there is no patch nosuch"),
        (["dance"], "neither a command nor a song"),
        (["song.drop"], "dropsmith compose --seed 7 --out song.mid"),
        ([], "dropsmith compose --seed 7 --out song.mid"),
        (["train", "nowhere", "--out", "x.safetensors"], "nowhere"),
        (["train", "--out", "x.pt"], ".safetensors"),
        (["evaluate", "nowhere"], "nowhere"),
        (["evaluate"], "PATH"),
    ],
)
def test_mistakes_are_one_line_and_exit_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str], wanted: str
) -> None:
    done = dropsmith(*words) if words[:1] and words[0] in AS_A_PROCESS else dropsmith_here(monkeypatch, capsys, *words)
    assert wanted in fails(done)


def test_debug_shows_where_an_error_comes_from(tmp_path: Path) -> None:
    done = dropsmith("compose", "missing.toml", "--out", "x.mid", "--debug", cwd=tmp_path)
    assert "Traceback" in done.stderr


@pytest.mark.parametrize(
    "words", [[], ["compose"], ["render"], ["patches"], ["serve"], ["train"], ["evaluate"], ["engine"], ["corpus"]]
)
def test_help_fits_one_screen(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    done = dropsmith_here(monkeypatch, capsys, *words, "--help")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert 0 < len(lines) <= 24
    assert max(map(len, lines)) <= 80


def test_the_help_and_the_version_need_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    for word in ("-h", "--help", "help"):
        assert main([word]) == 0
        assert capsys.readouterr().out == HELP
    assert main(["--version"]) == 0
    assert re.fullmatch(r"dropsmith \d[\w.]*\n", capsys.readouterr().out)


def test_a_mistake_goes_to_the_error_stream_after_its_origin_where_that_is_asked_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["night.txt"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("dropsmith: night.txt is neither a command nor a song")
    assert main(["night.txt", "--debug"]) == 2
    *origin, last = capsys.readouterr().err.splitlines()
    assert origin[0].startswith("Traceback")
    assert last.startswith("dropsmith: night.txt is neither a command nor a song")


@pytest.mark.parametrize(
    "words",
    [["doctor"], ["open"], ["open", "a.mid"], ["--plain"], ["a.drop"], ["serve"], ["compose"], ["train"], ["evaluate"],
     ["ablate"], ["engine"], ["corpus"], ["corpus", "add"], ["corpus", "starter", "play-midi"]],
)  # fmt: skip
def test_every_command_takes_help(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for flag in ("--help", "-h"):
        done = dropsmith_here(monkeypatch, capsys, *words, flag)
        assert (done.returncode, done.stderr) == (0, "")
        assert "usage: dropsmith" in done.stdout


def test_a_reader_who_has_seen_enough_is_no_trouble() -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as gone:
        done = subprocess.run(
            [sys.executable, "-m", "tui", "--help"],
            stdout=gone,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            text=True,
            check=False,
        )
    assert (done.returncode, done.stderr) == (0, "")
