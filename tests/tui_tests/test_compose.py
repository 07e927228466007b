"""Composing without the app: as a user types it, with the real engine and the shipped weights; and by the function."""

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mido
import pytest

from model.checkpoint import SHIPPED
from model.protocol import Answer, Done, Ready, encode
from song.errors import UserError
from song.layout import draw_layout
from song.parts import PARTS
from song.sections import Song
from song.store import encode_song, load_song
from song.time import ramp, seconds
from sound.render import TAIL_SECONDS
from tests.tui_tests.command_line import dropsmith, dropsmith_here, fails
from tests.tui_tests.driving import engine_command, filled_song, short_song
from tests.tui_tests.engine_here import EngineHere
from tests.tui_tests.fake_engine import WEIGHTS
from tui.cli import main
from tui.compose import ComposedSong, compose, in_tenths
from tui.files.kept import kept_paths
from tui.files.locks import take_lock

SHIPPED_DIGEST = hashlib.sha256(SHIPPED.read_bytes()).hexdigest()[:16]
SEED = 10
"""A seed whose layout is as short as one is drawn."""
PLAN = """\
title = "Night Bus"
key = "G minor"
tempo = 140

[[section]]
kind = "build"
bars = 4
tempo = [140, 150]

[[section]]
kind = "drop"
bars = 8
tempo = 150
density = { drums = 0.7, bass = 0.8, chords = 0.2, lead = 0.4 }
wobble = { rates = ["1/8", "1/8T"], depth = 0.9, shape = "saw" }
form = "ABAC"
range = { bass = ["A1", "A2"] }
"""


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment in which the user's engine is a fake one."""
    folder = tmp_path_factory.mktemp("config")
    (folder / "dropsmith").mkdir()
    (folder / "dropsmith" / "settings.toml").write_text(f"engine = {json.dumps(engine_command())}\n")
    return {"XDG_CONFIG_HOME": str(folder)}


@pytest.fixture(scope="module")
def composed(tmp_path_factory: pytest.TempPathFactory, settings: dict[str, str]) -> Path:
    """The default track, by the shipped weights, with all that can be written."""
    folder = tmp_path_factory.mktemp("composed")
    files = ("--out", "first.mid", "--song", "first.drop", "--report", "first.json", "--wav", "first.wav")
    words = ("compose", "--seed", str(SEED), "--weights", str(SHIPPED), *files)
    done = dropsmith(*words, cwd=folder, environment=settings)
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    return folder


@pytest.fixture(scope="module")
def report(composed: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((composed / "first.json").read_text())
    return loaded


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plan, composed twice with one seed and once with another, and what was told of it the first time.

    That is the command as a user types it, with an engine of its own; the others are another process.
    """
    folder = tmp_path_factory.mktemp("planned")
    (folder / "plan.toml").write_text(PLAN)

    def composing(name: str, seed: str) -> tuple[str, ...]:
        files = ("--out", f"{name}.mid", "--report", f"{name}.json", "--song", f"{name}.drop")
        return ("compose", "plan.toml", "--seed", seed, "--takes", "3", "--plain", *files)

    settings = {"XDG_CONFIG_HOME": str(folder / "none")}
    done = dropsmith(*composing("first", "7"), cwd=folder, environment=settings)
    assert done.returncode == 0, done.stderr
    (folder / "first.txt").write_text(done.stderr)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv(*next(iter(settings.items())))
        patch.setattr("tui.compose.EngineClient", EngineHere)
        for name, seed in (("again", "7"), ("other", "8")):
            assert main(composing(name, seed)) == 0
    return folder


def test_one_seed_is_one_file_and_another_is_other_music(planned: Path) -> None:
    first, again, other = (
        hashlib.sha256((planned / f"{n}.mid").read_bytes()).digest() for n in ("first", "again", "other")
    )
    assert first == again
    assert first != other
    songs = [load_song(planned / f"{name}.drop") for name in ("first", "other")]
    for index, part in songs[0].cell_refs():
        phrases = [song.sections[index].cell(part).phrase for song in songs]
        assert phrases[0] is not None
        assert phrases[0] != phrases[1] or not phrases[0].notes


def test_the_layout_of_the_seed_is_in_the_report_and_in_the_markers(composed: Path, report: dict[str, Any]) -> None:
    layout = draw_layout("dubstep", SEED)
    names = layout.section_names()
    assert names[:3] == ["INTRO", "BUILD 1", "DROP 1"]
    assert report["seed"] == SEED
    assert [section["name"] for section in report["sections"]] == names
    assert [section["bars"] for section in report["sections"]] == [section.bars for section in layout.sections]
    assert [section["start_bar"] for section in report["sections"]] == layout.start_bars()
    tempi = [list(section.constraints.tempo_bpm) for section in layout.sections]
    assert [section["tempo"] for section in report["sections"]] == tempi
    midi = mido.MidiFile(composed / "first.mid")
    assert [message.text for message in midi.tracks[0] if message.type == "marker"] == names
    assert [track.name for track in midi.tracks[1:]] == ["Drums", "Bass", "Chords", "Lead", "Sub"]


def test_the_song_is_rendered_too(composed: Path) -> None:
    import soundfile

    song = load_song(composed / "first.drop")
    bars = sum(seconds(ramp(*one.constraints.tempo_bpm, one.bars), one.length_ticks) for one in song.sections)
    assert soundfile.info(str(composed / "first.wav")).duration == pytest.approx(bars + TAIL_SECONDS, abs=0.01)


def test_every_cell_is_reported_as_the_file_has_it(composed: Path, report: dict[str, Any]) -> None:
    midi = mido.MidiFile(composed / "first.mid")
    onsets: dict[str, set[int]] = {}
    for track in midi.tracks[1:]:
        tick, starts = 0, onsets.setdefault(track.name.lower(), set())
        for message in track:
            tick += message.time
            if message.type == "note_on" and message.velocity:
                starts.add(tick)
    assert len(report["cells"]) == len(draw_layout("dubstep", SEED).sections) * len(PARTS)
    for cell in report["cells"]:
        first, last = cell["start_bar"] * 384, (cell["start_bar"] + cell["bars"]) * 384
        achieved = sum(first <= tick < last for tick in onsets[cell["part"]]) / cell["bars"]
        asked = cell["onsets_per_bar"]["requested"]
        assert cell["onsets_per_bar"]["achieved"] == pytest.approx(achieved)
        assert abs(achieved - asked) <= max(0.15 * asked, 1)
        assert set(cell["wobble"]["used"]) <= set(cell["wobble"]["allowed"])


def test_the_drop_wobbles_and_is_busier_than_the_break(report: dict[str, Any]) -> None:
    by_kind: dict[str, float] = {}
    for cell in report["cells"]:
        if cell["part"] in ("drums", "bass"):
            by_kind[cell["kind"]] = by_kind.get(cell["kind"], 0) + cell["onsets_per_bar"]["achieved"] / 2
    assert by_kind["drop"] / 2 > by_kind["break"]
    drops = [cell for cell in report["cells"] if cell["kind"] == "drop" and cell["part"] == "bass"]
    assert all(cell["wobble"]["used"] and cell["wobble"]["depth"] > 0 for cell in drops)
    others = [cell for cell in report["cells"] if cell["kind"] != "drop"]
    assert not any(cell["wobble"]["used"] for cell in others)


def test_a_plan_is_followed(planned: Path) -> None:
    *told, end = (planned / "first.txt").read_text().splitlines()
    assert 2 <= len(told) <= 10
    assert all(re.fullmatch(r"composing: \d+ of 48 bars", line) for line in told)
    assert end.startswith("first.mid: 12 bars in ")
    report = json.loads((planned / "first.json").read_text())
    assert report["weights"] == SHIPPED_DIGEST
    assert [section["tempo"] for section in report["sections"]] == [[140, 150], [150, 150]]
    bass = next(cell for cell in report["cells"] if cell["section"] == 1 and cell["part"] == "bass")
    assert set(bass["wobble"]["used"]) <= {"1/8", "1/8T"}
    song = load_song(planned / "first.drop")
    assert song.title == "Night Bus"
    drop = song.sections[1]
    assert all(len(drop.cell(part).takes) == 3 for part in PARTS)
    played = drop.cells.bass.phrase
    assert played is not None
    assert all(33 <= note.pitch <= 45 for note in played.notes)
    drums = drop.cell(PARTS[0]).phrase
    assert drums is not None
    starts = [{(n.onset_tick % 384, n.pitch) for n in drums.notes if n.onset_tick // 384 == bar} for bar in range(8)]
    assert starts[0] == starts[4]
    assert starts[1] == starts[5]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('[[section]]\nkind = "drop"\nbars = 0', "section 1: bars: 0 is not a whole number in 1-128"),
        ('[[section]]\nkind = "drop"\nbars = 8\ntempo = 500', "500"),
        ('[[section]]\nkind = "drop"\nbars = 8\nspeed = 5', "speed: unknown key"),
        ('[[section]]\nkind = "drop"\nbars = 8\nwobble = { rates = ["1/7"] }', '"1/7" is not a rate'),
        ("title = \nseed = 3", "line 1"),
    ],
)
def test_a_bad_plan_is_one_line_that_names_the_file_and_what_is_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], text: str, wanted: str
) -> None:
    (tmp_path / "bad.toml").write_text(text)
    line = fails(dropsmith_here(monkeypatch, capsys, "compose", "bad.toml", "--out", "x.mid"))
    assert "bad.toml" in line
    assert wanted in line
    assert not (tmp_path / "x.mid").exists()


def test_the_engine_of_the_settings_composes_unless_weights_of_this_machine_are_named(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    settings: dict[str, str],
    report: dict[str, Any],
) -> None:
    (tmp_path / "plan.toml").write_text(PLAN)
    words = ("compose", "plan.toml", "--out", "a.mid", "--report", "a.json")
    done = dropsmith(*words, cwd=tmp_path, environment=settings)
    assert done.returncode == 0, done.stderr
    assert json.loads((tmp_path / "a.json").read_text())["weights"] == WEIGHTS
    # Composed under the same settings, with weights named.
    assert report["weights"] == SHIPPED_DIGEST
    own = tmp_path / "config" / "dropsmith" / "settings.toml"
    own.parent.mkdir(parents=True)
    own.write_text("engine = 3\n")
    assert "settings.toml" in fails(dropsmith_here(monkeypatch, capsys, *words))


def test_every_cell_is_filled_by_whatever_engine_there_is_and_progress_is_told_to_the_end() -> None:
    told: list[int] = []
    composed = compose(short_song(), 2, told.append, engine_command())
    assert all(len(composed.song.sections[index].cell(part).takes) == 2 for index, part in composed.song.cell_refs())
    assert told == sorted(told)
    assert told[-1] == 8 * len(PARTS)
    report = composed.report()
    assert (report["engine"], report["weights"], report["device"]) == ("fake 1", WEIGHTS, "cpu")
    assert len(report["cells"]) == 12


def test_an_engine_may_die_once_and_not_twice(tmp_path: Path) -> None:
    once = engine_command("--die-after=3", f"--once={tmp_path / 'died'}")
    composed = compose(short_song(), 1, command=once)
    assert (tmp_path / "died").exists()
    assert all(composed.song.sections[index].cell(part).takes for index, part in composed.song.cell_refs())
    with pytest.raises(UserError, match="out of luck"):
        compose(short_song(), 1, command=engine_command("--die-after=3"))


@pytest.mark.parametrize("greeting", [(), (Ready(1, "1", "0", "cpu"),)])
def test_an_engine_that_is_done_too_early_is_told(tmp_path: Path, greeting: tuple[Answer, ...]) -> None:
    said = tmp_path / "said"
    said.write_bytes(b"".join(encode(one) for one in (*greeting, Done(1, 0.5))))
    with pytest.raises(UserError, match="ended before it had written every cell: give the same command again"):
        compose(short_song(), 1, command=("sh", "-c", 'cat "$0"; exec cat >/dev/null', str(said)))


def test_progress_in_lines_is_told_once_for_each_tenth() -> None:
    lines: list[str] = []
    progress = in_tenths(40, lines.append)
    for bars in range(41):
        progress(bars)
    assert lines == [f"composing: {bars} of 40 bars" for bars in range(4, 41, 4)]


def test_composing_writes_over_nothing_unasked_and_over_no_other_kind_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def composing(*words: str) -> str:
        return fails(dropsmith_here(monkeypatch, capsys, "compose", *words))

    (tmp_path / "plan.toml").write_text(PLAN)
    (tmp_path / "song.drop").write_bytes(encode_song(short_song()))
    (tmp_path / "old.mid").write_bytes(b"MThd")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    assert "ends in .mid" in composing("--out", "song.drop", "--force")
    assert "ends in .mid" in composing("plan.toml", "--out", "plan2.toml")
    assert "are one file" in composing("plan.toml", "--out", "plan.toml", "--force")
    assert "--force to write over it" in composing("--out", "old.mid")
    assert "are one file" in composing("--out", "x.mid", "--song", "x.mid")
    assert "ends in .drop" in composing("--out", "x.mid", "--song", "y.mid")
    assert "--force to write over it" in composing("--out", "x.mid", "--song", "song.drop")
    lock = take_lock(tmp_path / "song.drop")
    assert "is open elsewhere" in composing("--out", "x.mid", "--song", "song.drop", "--force")
    lock.release()
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()} == before


def test_composing_writes_over_what_is_there_when_that_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], settings: dict[str, str]
) -> None:
    monkeypatch.setenv(*next(iter(settings.items())))
    (tmp_path / "plan.toml").write_text('[[section]]\nkind = "drop"\nbars = 2\n')
    (tmp_path / "old.mid").write_bytes(b"MThd")
    (tmp_path / "old.drop").write_bytes(encode_song(short_song()))
    words = ("compose", "plan.toml", "--out", "old.mid", "--song", "old.drop", "--force")
    seeds = []
    for _ in range(2):
        done = dropsmith_here(monkeypatch, capsys, *words)
        assert done.returncode == 0, done.stderr
        seeds.append(load_song(tmp_path / "old.drop").seed)
        assert f"seed {seeds[-1]}" in done.stderr
    assert seeds[0] != seeds[1]
    assert mido.MidiFile(tmp_path / "old.mid").length > 0


def test_what_comes_to_stand_there_while_it_composes_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], settings: dict[str, str]
) -> None:
    monkeypatch.setenv(*next(iter(settings.items())))
    (tmp_path / "plan.toml").write_text('[[section]]\nkind = "drop"\nbars = 2\n')

    def meanwhile(*arguments: Any, **named: Any) -> Any:
        (tmp_path / "new.mid").write_bytes(b"of somebody else")
        return compose(*arguments, **named)

    monkeypatch.setattr("tui.compose.compose", meanwhile)
    done = dropsmith_here(monkeypatch, capsys, "compose", "plan.toml", "--out", "new.mid")
    assert done.returncode == 0, done.stderr
    assert "new-2.mid: 2 bars" in done.stderr
    assert (tmp_path / "new.mid").read_bytes() == b"of somebody else"
    assert mido.MidiFile(tmp_path / "new-2.mid").length > 0


def composing_to(song: Song, monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[], object] = lambda: None) -> None:
    """Let a song be composed at once, and something happen meanwhile."""

    def compose(*arguments: object) -> ComposedSong:
        meanwhile()
        return ComposedSong(song, "engine", "weights", "cpu", 1.0)

    monkeypatch.setattr("tui.compose.compose", compose)


def test_a_bundle_is_written_beside_what_has_come_to_stand_in_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "plan.toml").write_text('title = "Short"\n[[section]]\nkind = "drop"\nbars = 2\n')
    composing_to(filled_song(), monkeypatch, lambda: (tmp_path / "made" / "Short").mkdir(parents=True))
    words = ("compose", "plan.toml", "--bundle", "made", "--only", "midi")
    done = dropsmith_here(monkeypatch, capsys, *words)
    assert done.returncode == 0, done.stderr
    assert {path.name for path in (tmp_path / "made").iterdir()} == {"Short", "Short-2"}
    assert not list((tmp_path / "made" / "Short").iterdir())
    assert f"{Path('made', 'Short-2')}: 1 files" in done.stderr
    assert "is there already" in fails(dropsmith_here(monkeypatch, capsys, *words))


def test_a_song_whose_bundle_cannot_be_written_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "plan.toml").write_text('title = "Short"\n[[section]]\nkind = "drop"\nbars = 2\n')
    (tmp_path / "made").mkdir()

    def spoil() -> None:
        (tmp_path / "made").rmdir()
        (tmp_path / "made").write_text("a file now")

    composing_to(filled_song(), monkeypatch, spoil)
    said = fails(dropsmith_here(monkeypatch, capsys, "compose", "plan.toml", "--bundle", "made"))
    (kept,) = kept_paths()
    assert f"the song is kept as {kept}" in said
    assert load_song(kept).title == "Short"
