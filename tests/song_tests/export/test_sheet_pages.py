"""The sheet as a page and as text."""

from html.parser import HTMLParser

import msgspec
import pytest

from song.export.arrangement import Arrangement
from song.export.sheet_pages import sheet_files
from tests.song_tests.export.made_songs import made_songs

SONGS = made_songs()


class Page(HTMLParser):
    """Open elements, and the words of a page."""

    VOID = ("meta", "rect")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words: list[str] = []
        self.scripts = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.scripts += tag in ("script", "img", "link", "iframe")
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def pages(name: str, **changes: object) -> tuple[Page, str]:
    song = msgspec.structs.replace(SONGS[name], **changes)
    page, text = sheet_files(Arrangement(song, ("Groove, by somebody",)), "stem")
    assert (page.path, text.path) == ("ARRANGEMENT.html", "ARRANGEMENT.txt")
    read = Page()
    read.feed(page.data.decode())
    assert read.open == []
    return read, text.data.decode()


@pytest.mark.parametrize("name", SONGS)
def test_both_say_every_section_and_part(name: str) -> None:
    page, text = pages(name)
    words = " ".join(page.words)
    for stretch in Arrangement(SONGS[name]).stretches:
        if stretch.name.isascii():
            assert stretch.name in words
            assert stretch.name in text
    for part in ("Drums", "Bass", "Chords", "Lead"):
        assert part in words
        assert part in text
    assert "Groove, by somebody" in words
    assert "Groove, by somebody" in text
    assert page.scripts == 0
    assert "File > Open stem.flp" in text


def test_names_are_words_and_no_markup_and_move_no_cursor() -> None:
    page, text = pages("one bar", title="<script>alert(1)</script>\x1b[2J&")
    assert page.scripts == 0
    assert "<script>alert(1)</script>" in "".join(page.words)
    assert "\x1b" not in text


def test_the_text_draws_a_letter_a_bar_and_is_no_wider_than_a_screen() -> None:
    _, text = pages("999 bars")
    drawn = [line for line in text.splitlines() if line.startswith(("Drums  ", "Bass  ", "Lead  "))]
    assert len(drawn) >= 3
    assert all(len(line) <= 80 for line in drawn[:3])
    _, text = pages("odd bars")
    assert "a letter is 1 bar;" in text
