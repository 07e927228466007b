"""The page of counts, and the words about each file."""

import subprocess
import sys
from pathlib import Path

from corpus.library.store import entries
from corpus.library.tally import Tally
from song.parts import Part
from tests.corpus_tests.library_music import corpus, fill, midi, told

ROOT = Path(__file__).parents[2]


def test_the_page_counts_what_there_is_and_names_no_place_on_the_machine(tmp_path, capsys):
    music, library = fill(tmp_path / "mine", 3), tmp_path / "library"
    (music / "a | b.mid").write_bytes(b"")
    (music / "drums.mid").write_bytes(midi([36, 42, 38, 42] * 16, channel=9))
    corpus(library, "add", music, "--style", "house")
    page = tmp_path / "page.md"
    assert corpus(library, "report", "--out", page) == 0
    text = page.read_text()
    assert told(capsys, library, "report") == text
    assert str(tmp_path) not in text
    assert "| mine | 5 | 4 | 0 | 1 | 0 | 4 | 32 |" in text
    assert "| mine/a \\| b.mid | it is empty: export it again from your DAW |" in text
    assert "| starter |" in text
    tally = Tally()
    tally.add_entries(entries(library))
    assert tally.part_bars == {Part.DRUMS: 8, Part.LEAD: 24}
    assert tally.part_notes == {Part.DRUMS: 64, Part.LEAD: 192}
    assert tally.style_bars == {"house": {Part.DRUMS: 8, Part.LEAD: 24}}
    assert sum(counts["bars"] for counts in tally.splits.values()) == 32


def test_doctor_names_key_tempo_style_parts_and_section_kinds(tmp_path, capsys):
    library = tmp_path / "library"
    music = fill(tmp_path / "mine", 1)
    corpus(library, "add", music, "--style", "trap", "--artist", "A")
    lines = told(capsys, library, "doctor", music / "a0tune.mid").splitlines()
    assert lines[0].startswith("mine/a0tune.mid: taken, ")
    assert lines[1].startswith("  8 bars, ")
    assert "140 BPM, trap; notes: lead 64" in lines[1]
    assert lines[-1] == "1 files: 1 taken"
    assert told(capsys, library, "doctor", "--trouble") == "1 files: 1 taken\n"
    assert 'nothing in the library is called "theirs"' in told(capsys, library, "doctor", "theirs")


def test_a_reader_that_has_seen_enough_is_no_error():
    command = [sys.executable, "-m", "tui", "corpus", "starter", "list"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 0


def test_the_page_that_is_kept_names_no_place_on_a_machine():
    text = (ROOT / "docs" / "CORPUS.md").read_text()
    for words in ("/home/", "/root/", "/work/", "/tmp/", "/Users/", ":\\"):
        assert words not in text
    assert "| lmms | 638 |" in text
    assert "| groove | 1021 |" in text
    assert "| freedoom | 112 |" in text
