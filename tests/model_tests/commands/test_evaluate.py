"""`dropsmith evaluate` on real music: the shipped network beats both baselines; what it learned from is not judged."""

import json
from pathlib import Path

import mido
import pytest

from model.commands.cli import main
from model.evaluation.likelihood import PartScore
from tests.bass_lines import write_bass_lines
from tests.places import SHARED
from tests.tui_tests.command_line import dropsmith_here, fails

GROOVE = SHARED / "groove"
SPLITS = ("train", "validation", "test")


@pytest.mark.slow
@pytest.mark.skipif(not GROOVE.is_dir(), reason="the Groove MIDI Dataset is not beside the checkout")
def test_the_network_beats_the_baselines_on_drums_it_has_not_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # Half of what the set holds out: all of it says the same and takes twice as long.
    rows = [row.split(",") for row in (GROOVE / "info.csv").read_text().splitlines()[1:]]
    files = {split: [GROOVE / row[7] for row in rows if row[-1] == split and row[6] == "4-4"] for split in SPLITS}
    asked = [*files["train"][:20], *files["validation"][::2], *files["test"][::2]]
    words = ("evaluate", *map(str, asked), "--json", str(tmp_path / "scores.json"))
    done = dropsmith_here(monkeypatch, capsys, *words)
    assert done.returncode == 0, done.stderr
    assert "left out: the weights were trained on them" in done.stderr
    drums = json.loads((tmp_path / "scores.json").read_text())["parts"]["drums"]
    assert drums["notes"] > 15_000
    assert drums["model"] < drums["copying"] < drums["ngram5"] < drums["unigram"]
    assert "drums" in done.stdout


def test_any_folder_of_midi_is_taken_and_a_damaged_file_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    midi = mido.MidiFile(ticks_per_beat=96)
    track = mido.MidiTrack([mido.Message("program_change", channel=0, program=38, time=0)])
    for pitch in (36, 36, 43, 41) * 8:
        track.append(mido.Message("note_on", channel=0, note=pitch, velocity=100, time=0))
        track.append(mido.Message("note_off", channel=0, note=pitch, velocity=0, time=96))
    midi.tracks.append(track)
    midi.save(tmp_path / "bass line.mid")
    (tmp_path / "broken.mid").write_bytes(b"MThd\0\0\0\6\0\1\0\2")
    done = dropsmith_here(monkeypatch, capsys, "evaluate", str(tmp_path), "--json", str(tmp_path / "scores.json"))
    assert done.returncode == 0, done.stderr
    assert "broken.mid" in done.stderr
    bass = json.loads((tmp_path / "scores.json").read_text())["parts"]["bass"]
    assert bass["notes"] == 32
    assert bass["model"] < bass["unigram"]


def test_figures_that_come_to_stand_there_meanwhile_stay(
    tiny_weights_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    scores = tmp_path / "scores.json"

    def meanwhile(*_: object) -> dict[str, PartScore]:
        scores.write_text("{}")
        return {"bass": PartScore(1.0, 2.0, 3.0, 4.0, 5, 0.5)}

    monkeypatch.setattr("model.evaluation.likelihood.score_parts", meanwhile)
    monkeypatch.setattr("model.evaluation.baselines.load_baselines", lambda path: {})
    write_bass_lines(tmp_path / "midi", bars=2)
    assert main(["evaluate", str(tmp_path / "midi"), "--weights", str(tiny_weights_path), "--json", str(scores)]) == 0
    assert "scores-2.json is written in its place" in capsys.readouterr().err
    assert scores.read_text() == "{}"
    assert json.loads((tmp_path / "scores-2.json").read_text())["parts"]["bass"]["notes"] == 5


def test_an_empty_folder_is_an_error_of_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "it has no MIDI files" in fails(dropsmith_here(monkeypatch, capsys, "evaluate", str(tmp_path)))
