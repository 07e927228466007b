"""The page of counts."""

from corpus.library.store import entries
from corpus.library.tally import Tally
from song.parts import Part
from tests.corpus_tests.library_music import corpus, fill, midi, told
from tests.places import ROOT


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


def test_the_page_that_is_kept_names_no_place_on_a_machine():
    text = (ROOT / "docs" / "CORPUS.md").read_text()
    for words in ("/home/", "/root/", "/work/", "/tmp/", "/Users/", ":\\"):
        assert words not in text
    assert "| lmms | 638 |" in text
    assert "| groove | 1021 |" in text
    assert "| freedoom | 112 |" in text
