"""`dropsmith corpus` as a person types it: mistakes in one line, and readers that have seen enough."""

import os
import re
import subprocess
import sys

import pytest
from rich.cells import cell_len

from corpus.commands import SHOWN_REASONS, main
from tests.corpus_tests.library_music import fill, told
from tests.places import ROOT


@pytest.mark.parametrize("words", ["starter list", "add mine --library library", "list --library library"])
def test_a_reader_that_has_seen_enough_is_no_error(tmp_path, words):
    fill(tmp_path / "mine", 2)
    main(["add", str(tmp_path / "mine"), "--library", str(tmp_path / "library")])
    command = [sys.executable, "-m", "tui", "corpus", *words.split()]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 0


def test_that_nothing_was_found_is_told_however_little_is_read(tmp_path):
    (tmp_path / "bad.mid").write_bytes(b"MThd")
    words = [sys.executable, "-m", "tui", "corpus", "add", str(tmp_path / "bad.mid"), "--library", str(tmp_path / "it")]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout.readline().startswith(b"left out ")
        process.stdout.close()
        assert process.stderr.read().startswith(b"dropsmith: nothing to learn from was found")
        assert process.wait() == 2


def test_columns_line_up_whatever_music_is_called(tmp_path, capsys):
    for name in ("plain", "\u4e16\u754c\u97f3\u697d", "e\u0301tude"):
        fill(tmp_path / name, 2, first=len(name) * 2)
        told(capsys, tmp_path / "library", "add", tmp_path / name, "--artist", name)
    heading, *rows = told(capsys, tmp_path / "library", "list").splitlines()
    files = cell_len(heading[: heading.index("files")])
    assert [cell_len(row[: re.search(r"\d", row).start()]) for row in rows] == [files] * 3


def test_mistakes_are_one_line(tmp_path, capsys):
    library = tmp_path / "library"
    assert "the library is empty" in told(capsys, library, "doctor")
    assert "the library is empty" in told(capsys, library, "list")
    assert "the name of a style has 1-40 letters" in told(capsys, library, "add", tmp_path, "--style", "x" * 41)
    assert "needs a PATH" in told(capsys, library, "add")
    assert "nothing to learn from was found" in told(capsys, library, "add", tmp_path / "nowhere")
    (tmp_path / "file").write_text("")
    assert "cannot write the library" in told(capsys, tmp_path / "file" / "library", "add", tmp_path)


def test_of_many_files_left_out_some_are_named_and_the_others_counted(tmp_path, capsys):
    music = fill(tmp_path / "mine", 1)
    for number in range(SHOWN_REASONS + 2):
        (music / f"empty{number:02}.mid").write_bytes(b"")
    lines = told(capsys, tmp_path / "library", "add", music).splitlines()
    left_out = [line for line in lines if line.startswith("left out mine/empty")]
    assert len(left_out) == SHOWN_REASONS
    assert all(line.endswith("it is empty: export it again from your DAW") for line in left_out)
    assert lines[SHOWN_REASONS] == "… and 2 more: see dropsmith corpus doctor --trouble"
    assert lines[-1].startswith("1 pieces of music; 14 files refused, 0 partly used")


@pytest.mark.parametrize("words", [[], ["sing"], ["add", "--loud"], ["remove"], ["list", "everything"]])
def test_arguments_that_make_no_command_end_with_exit_code_2_and_one_line(tmp_path, capsys, words):
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    told_of = capsys.readouterr()
    assert told_of.out == ""
    assert len(told_of.err.splitlines()) == 1
    assert told_of.err.startswith("dropsmith: ")


def test_a_report_that_cannot_be_written_is_refused_before_the_work(tmp_path, capsys):
    page = tmp_path / "nowhere" / "page.md"
    assert "there is no folder" in told(capsys, tmp_path / "library", "report", "--out", page)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "kept"),
    [("Neurofunk", "neurofunk"), ("acid  house", "acid house"), ("dnb", "drum & bass"), ("jazz", "jazz")],
)
def test_a_style_may_have_any_name_and_the_list_has_it(tmp_path, capsys, name, kept):
    library = tmp_path / "library"
    said = told(capsys, library, "add", fill(tmp_path / "mine", 1), "--style", name)
    assert ("is a style of your own" in said) == (kept in ("neurofunk", "acid house"))
    assert kept in told(capsys, library, "list")
    assert f", {kept};" in told(capsys, library, "doctor")
    assert f"| {kept} |" in told(capsys, library, "report")
