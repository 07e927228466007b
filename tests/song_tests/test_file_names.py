"""Names of files that every system takes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from song.file_names import LONGEST_STEM_BYTES, file_stem, word_stem

RESERVED = set('<>:"/\\|?*')


@pytest.mark.parametrize(
    ("title", "stem"),
    [
        ("Night Bus", "Night Bus"),
        ("a/b\\c:d", "a b c d"),
        ("..", "song"),
        ("", "song"),
        ("x" * 200, "x" * 120),
        ("CON", "CON_"),
        ("com1", "com1_"),
        ("nul.txt", "nul.txt_"),
        ("Concert", "Concert"),
        ("a\ud800b", "a b"),
        ("a\u202eb", "a b"),
        ("🔥" * 40, "🔥" * 30),
        ("dot.", "dot"),
    ],
)
def test_titles_become_file_names(title: str, stem: str) -> None:
    assert file_stem(title) == stem


def test_a_name_within_a_name_has_no_blanks() -> None:
    assert word_stem("DROP 1", 40) == "DROP_1"
    assert word_stem(" a / b ", 40) == "a_b"


@given(st.text(max_size=300))
def test_any_title_gives_a_name_that_windows_and_macos_take(title: str) -> None:
    for stem in (file_stem(title), word_stem(title, 30)):
        assert stem
        assert stem.isprintable()
        assert not RESERVED & set(stem)
        assert stem == stem.strip(" .")
        assert len(stem.encode()) <= LONGEST_STEM_BYTES
        assert stem.upper().partition(".")[0] not in ("CON", "PRN", "AUX", "NUL", "COM1", "LPT9")
