"""From a folder of one's own MIDI to weights, and from those to a track: the commands as a user types them."""

import hashlib
import json
from pathlib import Path

import mido
import pytest

from model.checkpoint import SHIPPED
from tests.bass_lines import write_bass_lines
from tests.tui_tests.command_line import dropsmith, dropsmith_here


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_bass_lines(tmp_path / "midi", bars=8)
    (tmp_path / "midi" / "damaged.mid").write_bytes((tmp_path / "midi" / "one.mid").read_bytes()[:40])
    return tmp_path


@pytest.mark.slow
def test_own_midi_becomes_weights_that_compose(folder: Path) -> None:
    # The cell that hears no other part is compiled sooner; the other is trained below.
    train = ("train", "midi", "--no-starter", "--hidden", "8", "--cell", "lstm", "--events", "200")
    done = dropsmith(*train, "--steps", "3", "--out", "mine.safetensors", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "damaged.mid" in done.stderr
    assert "1 files left out" in done.stderr
    card = json.loads((folder / "mine.json").read_text())
    assert card["train_steps"] == 3
    assert card["network"]["context"] == "none"
    assert len(card["trained_on"]) <= 3

    (folder / "short.toml").write_text('[[section]]\nkind = "drop"\nbars = 2\n')
    done = dropsmith("compose", "short.toml", "--weights", "mine.safetensors", "--out", "a.mid", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert mido.MidiFile(folder / "a.mid").length > 0

    # One that was held out would be judged, which takes far longer and is tested elsewhere.
    learned = [path for path in (folder / "midi").iterdir() if _digest(path) in card["trained_on"]]
    assert len(learned) == 2
    done = dropsmith("evaluate", *map(str, learned), "--weights", "mine.safetensors", cwd=folder)
    assert "2 pieces are left out: the weights were trained on them" in done.stderr


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def test_a_folder_without_music_is_said_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "notes.mid").write_text("not MIDI at all")
    # It is for a process of its own: the tests after this one are to have the devices that they begin with.
    monkeypatch.setattr("model.nn.devices.use_every_core", lambda: None)
    train = ("train", "notes.mid", "--no-starter", "--out", "x.safetensors")
    done = dropsmith_here(monkeypatch, capsys, *train)
    assert done.returncode == 2
    assert "notes.mid" in done.stderr
    assert "nothing to learn from" in done.stderr
    assert not (tmp_path / "x.safetensors").exists()


def test_training_can_begin_with_the_shipped_weights_and_remembers_what_they_heard(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    for name in ("use_every_core", "keep_freed_memory"):
        monkeypatch.setattr(f"model.nn.devices.{name}", lambda: None)
    # Two files are too few to hold one out: to judge by one as well, by so large a network, takes longer than the rest.
    (folder / "midi" / "three.mid").unlink()
    train = ("train", "midi", "--no-starter", "--from", "shipped", "--events", "48", "--out", "mine.safetensors")
    done = dropsmith_here(monkeypatch, capsys, *train, "--steps", "2", "--rate", "0.0001")
    assert done.returncode == 0, done.stderr
    mine, shipped = (json.loads(path.read_text()) for path in (folder / "mine.json", SHIPPED.with_suffix(".json")))
    assert set(shipped["trained_on"]) < set(mine["trained_on"])
    assert mine["network"] == shipped["network"]
    assert mine["feels"]["dubstep drop"] == shipped["feels"]["dubstep drop"]
    assert mine["forms"]["drums drop"] == shipped["forms"]["drums drop"]
