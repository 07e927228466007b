"""Names that hold escape sequences, overrides of direction or invisible characters, at every place that shows one."""

from pathlib import Path

import mido
import pytest
from msgspec.structs import replace

from song.sections import Song
from song.store import save_song
from song.terminal_text import MARK
from tests.hostile_text import HOSTILE
from tests.tui_tests.command_line import dropsmith_here
from tests.tui_tests.driving import Driver, filled_song, running
from tests.tui_tests.plain.test_app import session
from tui.autosave import Autosave
from tui.files.kept import keep_apart
from tui.files.recent import remember
from tui.workspace import Workspace

NAME = HOSTILE.replace("\x00", "").replace("\n", "") + "\udce4"
"""As the name of a file: no NUL, but a byte that is no text."""


def hostile_song() -> Song:
    song = filled_song()
    sections = tuple(replace(section, name=HOSTILE[:40]) for section in song.sections)
    takes = tuple(
        replace(section, cells=replace(section.cells, bass=replace(section.cells.bass, takes=tuple(
            replace(take, engine=HOSTILE, weights=HOSTILE, copied_notes=9, copied_from=HOSTILE, nats_per_note=1.0)
            for take in section.cells.bass.takes
        ))))
        for section in sections
    )  # fmt: skip
    return replace(song, title=HOSTILE, sections=takes)


def seen(app: Driver) -> str:
    """All that is on the screen, as a drawing."""
    drawn = app.app.export_screenshot()
    assert all(one.isprintable() or one == "\n" for one in drawn), sorted(
        {one for one in drawn if not one.isprintable()}
    )
    return drawn


@pytest.mark.parametrize("size", [(80, 24), (160, 50)])
async def test_no_screen_shows_what_moves_a_cursor(tmp_path: Path, size: tuple[int, int]) -> None:
    path = tmp_path / f"{NAME}.drop"
    save_song(path, hostile_song())
    remember(path)
    kept = keep_apart(hostile_song())
    other = tmp_path / f"{NAME}2.drop"
    left = Workspace.open(other)
    left.edit(lambda _: hostile_song())
    Autosave(left).close()
    left.file.close()
    async with running("--silent", path=path, size=size) as app:
        seen(app)
        await app.press("escape")
        for keys in (
            "n",
            "escape",
            "P",
            "escape",
            "?",
            "escape",
            "S",
            "escape",
            "o",
            "k",
            "escape",
            "ctrl+p",
            "escape",
        ):
            await app.press(keys)
            seen(app)
        for keys in ("down", "P", "right", "+", "u", "U", "s", "e", "e", "D", "u", "x", "l", "f", "v"):
            await app.press(keys)
            seen(app)
        await app.press("ctrl+q")
    assert kept.exists()


def shown(text: str) -> str:
    assert text
    assert all(one.isprintable() or one == "\n" for one in text), ascii(text)
    return text


def test_no_line_without_a_screen_holds_what_moves_a_cursor(tmp_path: Path) -> None:
    save_song(tmp_path / f"{NAME}.drop", hostile_song())
    told = session(tmp_path, "look", "n", "down", "look", "+", "u", "s", "e", "help", "quit", song=f"{NAME}.drop")
    assert any(MARK in line for line in told)


def test_no_command_prints_what_moves_a_cursor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / NAME
    folder.mkdir()
    midi = mido.MidiFile(ticks_per_beat=96)
    track = mido.MidiTrack(
        [mido.MetaMessage("track_name", name="a\x1b[2Jb\x9b"), mido.MetaMessage("marker", text="\x1b]0;x\x07")]
    )
    for pitch in (36, 36, 43, 41) * 8:
        track.append(mido.Message("note_on", channel=0, note=pitch, velocity=100, time=0))
        track.append(mido.Message("note_off", channel=0, note=pitch, velocity=0, time=96))
    midi.tracks.append(track)
    midi.save(folder / f"{NAME}.mid")
    (folder / f"{NAME}2.mid").write_bytes(b"MThd")
    (folder / f"{NAME}.drop").write_bytes(
        b'{"dropsmith": 2, "song": {"sections": [{"kind": "' + b"\\u001b[2J" + b'"}]}}'
    )
    (folder / f"{NAME}.toml").write_text(f'title = "x"\n"{"a" * 3}\\u001b[2J" = 1\n')
    library = str(tmp_path / "library")
    for words in (
        ("corpus", "add", str(folder), "--library", library),
        ("corpus", "list", "--library", library),
        ("corpus", "doctor", "--library", library),
        ("corpus", "doctor", NAME, "--library", library),
        ("corpus", "report", "--library", library),
        ("corpus", "remove", NAME, "--library", library),
        (str(folder / f"{NAME}.drop"),),
        (NAME,),
        ("compose", str(folder / f"{NAME}.toml"), "--out", str(folder / "x.mid")),
        ("compose", "--out", str(tmp_path / "no" / f"{NAME}.mid")),
        ("train", str(folder / f"{NAME}3.mid"), "--out", f"{NAME}.safetensors"),
        ("evaluate", str(folder / f"{NAME}3.mid")),
    ):
        done = dropsmith_here(monkeypatch, capsys, *words)
        shown(done.stdout + done.stderr)
        assert "Traceback" not in done.stderr, words
