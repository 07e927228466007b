"""The app without a screen, as a process on pipes: what it is told and what it tells."""

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import threading
from pathlib import Path

import mido
import pytest

from song.store import load_song, save_song
from tests.places import ROOT
from tests.sound_tests.played_songs import played_song
from tests.tui_tests.driving import engine_command, filled_song, short_song
from tests.tui_tests.screens.test_tracks import write_band
from tui.actions import MAIN_ACTIONS, NOTE_ACTIONS

_PATIENCE_SECONDS = 240


def start(
    folder: Path,
    *arguments: str,
    flags: tuple[str, ...] = (),
    program: tuple[str, ...] = ("-m", "tui", "--plain"),
) -> "subprocess.Popen[str]":
    """Start the app with a fake engine under some flags."""
    settings = folder / "config" / "dropsmith" / "settings.toml"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(f'engine = {json.dumps(engine_command(*flags))}\nsound = "null"\n')
    return subprocess.Popen(
        [sys.executable, *program, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT), "XDG_CONFIG_HOME": str(folder / "config"), "LC_ALL": "C.UTF-8"},
    )


def session(folder: Path, *lines: str, song: str = "night.drop", flags: tuple[str, ...] = ()) -> list[str]:
    """The lines told in a session of these typed ones, after which the input ends; they are plain text alone."""
    process = start(folder, *([song] if song else []), flags=flags)
    told, errors = process.communicate("".join(f"{line}\n" for line in lines), timeout=_PATIENCE_SECONDS)
    assert errors == ""
    assert process.returncode == 0
    assert all(one.isprintable() or one == "\n" for one in told)
    return told.splitlines()


def test_a_song_from_a_template_is_written_changed_and_exported(tmp_path: Path) -> None:
    told = session(
        tmp_path,
        *("2", "A", "wait", "right", "tempo 160", "+", "bass 0.9", "f", "wait", "n", "lock cell", "u", "nonsense"),
        *("song.save_as riddim", "song.export midi", "quit", "never read"),
        song="",
    )
    assert "What will it be?" in told
    assert any(re.match(r"2, riddim, 1[45]\d BPM, +\d+ bars", line) for line in told)
    assert "engine ready on cpu" in told
    written = [line for line in told if re.search(r": take 1 of 1: [\d.]+ onsets a bar, asked [\d.]+,.* score", line)]
    assert len(written) >= 28
    assert "all written: press e to export, A for other notes" in told
    place = next(at for at, line in enumerate(told) if re.match(r"BUILD 1 drums: section 2 of \d, bars \d+ to", line))
    after = told[place:]
    assert "BUILD 1: tempo 160 BPM" in after
    assert "BUILD 1: tempo 161 BPM" in after
    assert any(re.match(r"BUILD 1: bass density 0.90, asked 13.0 onsets a bar, got ", line) for line in after)
    assert any(re.match(r"BUILD 1 bass: take 2 of 2: 13.0 onsets a bar, asked 13.0", line) for line in after)
    assert "BUILD 1 bass: locked" in after
    assert "BUILD 1 bass: free" in after
    assert '"nonsense" is no action and no key: help' in after
    assert after[-1] == "exported riddim.mid"
    assert mido.MidiFile(tmp_path / "riddim.mid").length > 60
    song = load_song(tmp_path / "riddim.drop")
    assert song.sections[1].constraints.tempo_bpm == (161, 161)
    assert len(song.sections[1].cells.bass.takes) == 2


def test_the_end_of_the_input_waits_for_what_is_written_and_keeps_the_song(tmp_path: Path) -> None:
    told = session(tmp_path, "esc", "F", song="")
    kept = re.fullmatch(r"kept your unsaved song: o in the app lists it, or  dropsmith (.*)", told[-1])
    assert kept, told
    song = load_song(Path(shlex.split(kept[1])[0]))
    assert all(song.sections[0].cell(part).take for index, part in song.cell_refs() if index == 0)


def test_every_action_can_be_typed_and_tells_something(tmp_path: Path) -> None:
    save_song(tmp_path / "night.drop", filled_song())
    texts = {
        "value.type": "4",
        "section.rename": "Night",
        "song.save_as": "other",
        "song.open": "none.drop",
        "song.import": "none.mid",
        "song.title": "Night Bus",
        "song.tempo": "150",
        "song.key": "G minor",
        "song.style": "riddim",
        "song.transpose": "2 song",
        "sound.patch": "none-of-ours",
    }
    later = ("engine.restart", "song.export", "song.start")
    actions = [one.id for one in (*MAIN_ACTIONS, *NOTE_ACTIONS) if one.id not in later]
    lines = [line for one in actions for line in (f"{one} {texts.get(one, '')}".strip(), "wait")]
    # The last ones let a part be heard again, for the export.
    ends = (
        "theme",
        "palette",
        "help",
        "song.start",
        "6",
        "A",
        "wait",
        "part.mute",
        "engine.restart",
        "song.export midi",
    )
    told = session(tmp_path, *lines, *ends)
    # Between two waits each action has told something.
    answers = "\n".join(told).split("nothing is being written\n")
    assert len(answers) == len(actions) + 2
    assert all(answers)
    assert "there are no colours here" in told
    fills = "Fill everything: Write the whole song; again: other notes, same layout. song.fill, keys A"
    assert sum(line.startswith(fills) for line in told) == 1
    assert any(line.endswith("is called Night now") for line in told)
    assert "other.drop, saved" in told
    assert "exported other.mid without drums and chords and lead (muted)" in told
    assert told[-1] == "saved other.drop; what it held before is kept: o, then k in the app"


def test_a_section_is_heard_and_stopped_by_typed_lines(tmp_path: Path) -> None:
    pytest.importorskip("miniaudio", reason="miniaudio has no wheel for this machine")
    save_song(tmp_path / "night.drop", played_song())
    process = start(tmp_path, "night.drop", flags=("--silent",))
    assert process.stdin is not None
    assert process.stdout is not None

    def type_and_wait(line: str, told: str) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{line}\n")
        process.stdin.flush()
        while told not in (read := process.stdout.readline()):
            assert read, f"no {told}"

    type_and_wait("right", "DROP drums")
    type_and_wait("play section", "playing DROP, looped: ^g stops")
    type_and_wait("stop", "stopped")
    type_and_wait("stop", "nothing plays")
    _, errors = process.communicate(timeout=_PATIENCE_SECONDS)
    assert (process.returncode, errors) == (0, "")


def test_lines_are_answers_where_something_is_asked(tmp_path: Path) -> None:
    save_song(tmp_path / "night.drop", short_song())
    lines = ("R", "Dusk", "i", "999", "4", "", "S", "", "again", "section.rename", "esc", "S", "esc")
    told = session(tmp_path, *lines, flags=("--silent",))
    assert "INTRO is called Dusk now" in told
    assert "Dusk: bars 4" in told
    assert any("1 to 128" in line or "1-128" in line for line in told)
    assert told.count('now "Dusk"; enter takes it, esc leaves it, "" is nothing') == 1


def test_work_that_a_kill_cuts_off_is_offered_and_so_is_that_of_a_reader_who_leaves(tmp_path: Path) -> None:
    save_song(tmp_path / "night.drop", short_song())
    autosaves = tmp_path / "state" / "dropsmith" / "autosave"
    for end in (signal.SIGKILL, signal.SIGTERM, None):
        process = start(tmp_path, "night.drop", flags=("--silent",))
        assert process.stdin is not None
        assert process.stdout is not None
        while not process.stdout.readline().startswith("Dropsmith"):
            assert process.poll() is None
        assert not list(autosaves.glob("night-*.drop"))
        process.stdin.write("tempo 151\n")
        process.stdin.flush()
        while not process.stdout.readline().startswith("tempo 151"):
            assert process.poll() is None
        if end is None:
            process.stdout.close()
            process.stdin.write("tempo 152\n")
            process.stdin.flush()
        else:
            while end == signal.SIGKILL and not list(autosaves.glob("night-*.drop")):
                assert process.poll() is None
            process.send_signal(end)
        assert process.wait(_PATIENCE_SECONDS) != 0
        for pipe in (process.stdin, process.stdout, process.stderr):
            assert pipe is not None
            pipe.close()
        told = session(tmp_path, "r", "u", "s", flags=("--silent",))
        assert "Unsaved work was left behind" in told
        assert any(re.match(r"INTRO: tempo 15[12] BPM", line) for line in told)
        assert "INTRO: tempo 140 BPM" in told


@pytest.mark.parametrize(
    ("arguments", "error"),
    [(["no.txt"], "no.txt is neither a command nor a song"), (["bad.drop"], "bad.drop")],
)
def test_what_cannot_be_opened_is_one_line(arguments: list[str], error: str, tmp_path: Path) -> None:
    (tmp_path / "bad.drop").write_text("{")
    process = start(tmp_path, *arguments)
    told, errors = process.communicate("", timeout=_PATIENCE_SECONDS)
    assert (process.returncode, told) == (2, "")
    assert errors.startswith("dropsmith: ")
    assert error in errors
    assert errors.count("\n") == 1


BREAKING = """
import sys
from tui.cli import main
from tui.widgets.arrangement import Arrangement

paint = Arrangement.paint

def paint_or_break(self, view, width, height):
    if not view.saved:
        raise ValueError("a screen breaks down")
    return paint(self, view, width, height)

Arrangement.paint = paint_or_break
sys.exit(main(["--plain", *sys.argv[1:]]))
"""


@pytest.mark.parametrize(("line", "flags"), [("tempo 151", ()), ("t ] ]", ("--debug",))])
def test_a_screen_that_breaks_down_ends_it_with_a_line_and_the_work_is_kept(
    tmp_path: Path, line: str, flags: tuple[str, ...]
) -> None:
    save_song(tmp_path / "night.drop", short_song())
    process = start(tmp_path, "night.drop", *flags, flags=("--silent",), program=("-c", BREAKING))
    assert process.stdin is not None
    # The input goes on: nothing but the breakdown ends it.
    process.stdin.write(f"{line}\n")
    process.stdin.flush()
    assert process.stderr is not None
    # Read before it is waited for: all that --debug tells is more than a pipe holds.
    patience = threading.Timer(_PATIENCE_SECONDS, process.kill)
    patience.start()
    errors = process.stderr.read()
    patience.cancel()
    assert process.wait(_PATIENCE_SECONDS) == 2
    said = "the app broke down: ValueError: a screen breaks down; what is unsaved is offered when you start again"
    if flags:
        assert "paint_or_break" in errors
        assert said in errors
    else:
        assert errors == f"dropsmith: {said}\n"
    process.communicate()
    told = session(tmp_path, "r", "u", flags=("--silent",))
    assert "Unsaved work was left behind" in told
    assert any(re.match(r"INTRO: tempo 15|INTRO: tempo 14[12]", line) for line in told)


def test_tracks_of_a_file_are_told_and_chosen_in_lines(tmp_path: Path) -> None:
    write_band(tmp_path)
    told = session(tmp_path, *["down"] * 3, "c", "tracks.take", "quit", song="band.mid")
    assert "all 113 notes of 5 tracks arrive, 16 in spare takes" in told
    assert "4, Vox chop, 16, lead, all in spare takes" in told
    assert "4, Vox chop, 16, chords, was lead" in told
    assert any(line.startswith("opened band.mid: all 113 notes of 5 tracks arrive; ") for line in told)


def test_tracks_are_said_on_the_command_line(tmp_path: Path) -> None:
    write_band(tmp_path)
    process = start(tmp_path, "band.mid", "--tracks", "Vox chop=chords,5=none", "--quantize")
    told, errors = process.communicate("status\nquit\n", timeout=_PATIENCE_SECONDS)
    assert errors == ""
    assert "112 of 113 notes of 5 tracks arrive" in told
