"""Files that commands write: nothing is written over unasked, nothing of another kind ever, no two options one file."""

from pathlib import Path

import pytest

from song.errors import UserError
from song.outputs import (
    CARD,
    FIGURES,
    MIDI_FILE,
    PAGE,
    SONG_FILE,
    WEIGHTS,
    FileKind,
    Output,
    check_apart,
    check_kind,
    check_output,
)
from song.sections import Song
from song.store import encode_song

HEADS = {
    "a.mid": (MIDI_FILE, b"MThd\0\0\0\6\0\1\0\1\0\x60"),
    "a.drop": (SONG_FILE, encode_song(Song())),
    "a.json": (FIGURES, b'{\n "seed": 1,\n "weights": "0"\n}\n'),
    "a.md": (PAGE, b"# How good the model is\n"),
    "a.safetensors": (WEIGHTS, b'\x40\0\0\0\0\0\0\0{"x": 1}'),
}
KINDS = pytest.mark.parametrize(("name", "kind", "data"), [(name, *row) for name, row in HEADS.items()])


@KINDS
def test_what_is_there_stays_unless_it_is_asked_for(name: str, kind: FileKind, data: bytes, tmp_path: Path) -> None:
    path = tmp_path / name
    check_output(path, kind, force=False)
    path.write_bytes(data)
    with pytest.raises(UserError, match="is there already: give another name, or --force"):
        check_output(path, kind, force=False)
    check_output(path, kind, force=True)


@KINDS
def test_a_file_of_another_kind_stays_whatever_is_asked_for(
    name: str, kind: FileKind, data: bytes, tmp_path: Path
) -> None:
    path = tmp_path / name
    others = {other: head for other, (_, head) in HEADS.items() if other != name}
    for head in (*others.values(), b"text of mine", b"[1]", b'{"network": {}}'):
        path.write_bytes(head)
        with pytest.raises(UserError, match=f"what is there is not {kind.name}"):
            check_output(path, kind, force=True)
        with pytest.raises(UserError, match=f"what is there is not {kind.name}"):
            check_output(path, kind, force=False)


@KINDS
def test_a_name_of_another_kind_is_refused(name: str, kind: FileKind, data: bytes, tmp_path: Path) -> None:
    for other in {"a.mid", "a.drop", "a.json", "a.md", "a.safetensors", "a", "a.txt"} - {name}:
        with pytest.raises(UserError, match=rf"{other}: the name of {kind.name} ends in \{kind.suffixes[0]}"):
            check_output(tmp_path / other, kind, force=True)


def test_a_card_of_weights_and_a_report_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b'{"network": {"hidden": 8}, "weights": 3}')
    check_output(path, CARD, force=True)
    with pytest.raises(UserError, match="not a report"):
        check_output(path, FIGURES, force=True)


def test_an_empty_file_is_of_every_kind_and_still_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "a.mid"
    path.touch()
    check_kind(path, MIDI_FILE)
    with pytest.raises(UserError, match="--force"):
        check_output(path, MIDI_FILE, force=False)
    check_output(path, MIDI_FILE, force=True)


def test_a_link_is_what_it_points_at(tmp_path: Path) -> None:
    (tmp_path / "a.drop").write_bytes(encode_song(Song()))
    (tmp_path / "a.mid").symlink_to(tmp_path / "a.drop")
    with pytest.raises(UserError, match="not a MIDI file"):
        check_output(tmp_path / "a.mid", MIDI_FILE, force=True)


def test_an_output_goes_where_it_was_to_go_and_may_be_written_again(tmp_path: Path) -> None:
    told: list[str] = []
    new, old = tmp_path / "new.md", tmp_path / "old.md"
    old.write_bytes(b"# before")
    for output, path in ((Output(new), new), (Output(old), old)):
        for data in (b"# once", b"# again"):
            assert output.place(told.append) == path
            assert output.write(data, told.append) == path
            assert path.read_bytes() == data
    assert told == []


@pytest.mark.parametrize("before", [None, b"# before"])
def test_what_comes_to_stand_there_meanwhile_stays_and_the_output_goes_beside_it(
    before: bytes | None, tmp_path: Path
) -> None:
    told: list[str] = []
    path = tmp_path / "a.md"
    (tmp_path / "a-2.md").write_bytes(b"# another")
    if before is not None:
        path.write_bytes(before)
    output = Output(path)
    path.write_bytes(b"# of somebody else")
    for data in (b"# once", b"# again"):
        assert output.write(data, told.append) == tmp_path / "a-3.md"
        assert (tmp_path / "a-3.md").read_bytes() == data
    assert path.read_bytes() == b"# of somebody else"
    assert (tmp_path / "a-2.md").read_bytes() == b"# another"
    assert told == [f"{path} has changed meanwhile, and stays: {tmp_path / 'a-3.md'} is written in its place"]


def test_a_file_that_is_gone_meanwhile_is_written_where_it_was(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"# before")
    output = Output(path)
    path.unlink()
    assert output.place(pytest.fail) == path


def test_files_of_one_name_stay_together(tmp_path: Path) -> None:
    output = Output(tmp_path / "a.safetensors", lambda path: (path, path.with_suffix(".json")))
    for name in ("a.json", "a-2.json"):
        (tmp_path / name).touch()
    assert output.place(lambda line: None) == tmp_path / "a-3.safetensors"


def test_two_options_name_two_files(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    check_apart({"--out": tmp_path / "a", "--song": None, "--report": tmp_path / "b"})
    with pytest.raises(UserError, match=r"--song and --out are one file, .*: give each its own"):
        check_apart({"--out": tmp_path / "a", "--song": tmp_path / "link" / "a"})
