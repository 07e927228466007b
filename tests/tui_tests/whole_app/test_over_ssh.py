"""The app over a real SSH line, on every kind of terminal that people come with; and a line that drops."""

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from song.errors import UserError
from song.store import load_song
from tests.tui_tests.loopback_ssh import LoopbackSsh, loopback_ssh, missing, use_fake_engine
from tests.tui_tests.tmux_panes import Pane, tmux_pane
from tui.files.locks import take_lock

_ABSENT = missing() or next((f"not installed here: {name}" for name in ("tmux", "bash") if not shutil.which(name)), "")
pytestmark = pytest.mark.skipif(bool(_ABSENT), reason=_ABSENT)


@pytest.fixture
def ssh(tmp_path: Path) -> Iterator[LoopbackSsh]:
    (tmp_path / "ssh").mkdir()
    with loopback_ssh(tmp_path / "ssh") as running:
        yield running


@pytest.fixture
def pane() -> Iterator[Pane]:
    with tmux_pane() as running:
        yield running


@pytest.mark.parametrize("terminal", ["xterm-256color", "screen", "tmux", "linux"])
def test_a_section_is_written_and_the_terminal_given_back(
    terminal: str, ssh: LoopbackSsh, pane: Pane, tmp_path: Path
) -> None:
    use_fake_engine(ssh)
    path = tmp_path / "night.drop"
    pane.run(*ssh.client(), "-t", f"dropsmith {path}", TERM=terminal)
    pane.until_shown("engine ready")
    assert pane.ask("alternate_on") == "1"
    pane.press("Right", "F")
    screen = pane.until_shown("take 1/1")
    for word in ("drums", "bass", "chords", "lead", "BUILD", "night.drop", "engine ready"):
        assert word in screen, screen
    assert "\ufffd" not in screen
    assert "\x1b" not in screen
    # TERM=linux is a console without these characters.
    assert screen.isascii() == (terminal == "linux"), screen
    pane.press("C-q")
    pane.until_prompt()
    assert "saved" in pane.screen()
    flags = ("alternate_on", "mouse_any_flag", "cursor_flag", "insert_flag", "origin_flag", "wrap_flag")
    assert [pane.ask(flag) for flag in flags] == ["0", "0", "1", "0", "0", "1"]
    pane.type("stty -a")
    pane.press("Enter")
    told = pane.until_shown("echoke").split()
    assert {"icanon", "echo", "isig", "opost"} <= set(told)
    song = load_song(path)
    assert all(song.sections[1].cell(part).takes for index, part in song.cell_refs() if index == 1)


def test_what_a_dropped_line_has_cut_off_is_offered_again(ssh: LoopbackSsh, pane: Pane, tmp_path: Path) -> None:
    use_fake_engine(ssh, "--bar-delay", "0.01")
    path = tmp_path / "night.drop"
    login = (*ssh.client(), "-t", f"dropsmith {path}")
    pane.run(*login, TERM="xterm-256color")
    pane.until_shown("engine ready")
    pane.press("F")
    pane.until_shown("take 1/1")
    pane.type("t+++")
    pane.until_shown("143")
    # While edits go on: the next ones are on their way as the line drops.
    pane.type("A")
    os.kill(pane.child(), signal.SIGKILL)
    pane.until(lambda: _is_free(path), "end of the app")
    with tmux_pane() as later:
        later.run(*login, TERM="xterm-256color")
        later.until_shown("Unsaved work was left behind")
        later.press("r")
        assert "143" in later.until_shown("here is your unsaved work")
        later.press("s")
        later.until_shown("saved")
        later.press("C-q")
        later.until_prompt()
    first = load_song(path).sections[0]
    assert first.constraints.tempo_bpm[0] == 143
    assert first.cells.drums.takes


def _is_free(path: Path) -> bool:
    """True where no app has the song open."""
    try:
        take_lock(path).release()
    except UserError:
        return False
    return True
