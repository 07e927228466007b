"""The folder of the starter set and the checker of files: what they read, print and refuse."""

import re
import subprocess
import sys

import pytest

from corpus.starter.notation import STARTER_FOLDER, check, load_starter, read_files
from song.errors import UserError
from song.notes import Note
from song.parts import Part
from tests.corpus_tests.starter_lanes import HEAD
from tests.places import ROOT


def test_the_examples_of_the_readme_can_be_read(tmp_path):
    blocks = re.findall(r"```\n(\[.*?)```", (STARTER_FOLDER / "README.md").read_text(), re.S)
    phrase_file = tmp_path / "examples.phrases"
    phrase_file.write_text("\n".join(block for block in blocks if "[track" not in block))
    assert check([phrase_file]) == ([], "2 phrases")
    growl = read_files([phrase_file]).phrases[1]
    assert (growl.part, growl.phrase.bars, growl.energy, growl.tempo_bpm) == (Part.BASS, 2, 0.8, (138.0, 150.0))
    # 5,:4! and the tie after it: the G below C2, eight sixteenths, accented.
    assert growl.phrase.notes[-1] == Note(576, 31, 192, 120)


def test_a_name_is_taken_once(tmp_path):
    for name in ("a", "b"):
        (tmp_path / f"{name}.phrases").write_text(f"[drums same]\n{HEAD}kick | x x x x |\n")
    with pytest.raises(UserError, match=r"b\.phrases:1:1: same is already the name of .*a\.phrases:1"):
        load_starter(tmp_path)


def test_a_file_that_is_no_utf8_is_named_with_its_line(tmp_path):
    path = tmp_path / "latin.phrases"
    path.write_bytes(b"# fine\n# caf\xe9\n")
    assert check([path])[0] == [f"{path}:2:1: this line is not UTF-8 text: save the file as UTF-8"]


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (f"[drums d]\n{HEAD}kick | x x x x |\n", 0, "1 phrase\n"),
        (f"[drums d]\n{HEAD}kick | x x x y |\n", 1, ":6:14: sign"),
    ],
)
def test_the_checker_prints_mistakes_or_a_count(tmp_path, text, code, words):
    path = tmp_path / "mine.phrases"
    path.write_text(text)
    command = [sys.executable, "-m", "corpus.starter.notation", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == code
    assert words in done.stdout


def test_the_checker_says_when_a_file_is_not_there(tmp_path):
    command = [sys.executable, "-m", "corpus.starter.notation", str(tmp_path / "no.phrases")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 2
    assert "cannot read" in done.stderr
    assert "Traceback" not in done.stderr
