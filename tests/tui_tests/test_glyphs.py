"""The two sets of characters: widths, differences, and which of them a terminal gets."""

import msgspec
import pytest

from song.sections import SectionKind
from tui.glyphs import ASCII, UNICODE, Glyphs, terminal_glyphs


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII], ids=lambda glyphs: glyphs.name)
def test_every_glyph_is_one_column_wide(glyphs: Glyphs) -> None:
    from rich.cells import cell_len

    for field in msgspec.structs.fields(glyphs):
        value = getattr(glyphs, field.name)
        for characters in value.values() if isinstance(value, dict) else [value]:
            assert cell_len(characters) == len(characters) > 0
            assert glyphs is UNICODE or characters.isascii()
    assert len(glyphs.levels) == 8
    assert (len(glyphs.hits), len(glyphs.halves), len(glyphs.states)) == (3, 3, 5)


def test_what_a_cell_may_be_differs_by_glyph_alone() -> None:
    for glyphs in (UNICODE, ASCII):
        states = [glyphs.empty, glyphs.queued, glyphs.unwritten, glyphs.silent, glyphs.failed, glyphs.left_lock]
        states += [glyphs.unlike, glyphs.right_lock, *glyphs.levels]
        assert len(set(states)) == len(states)
        assert len(set(glyphs.kinds.values())) == len(SectionKind)


@pytest.mark.parametrize(
    ("encoding", "terminal", "expected"),
    [
        ("UTF-8", "xterm-256color", UNICODE),
        ("utf8", "screen", UNICODE),
        ("ISO-8859-1", "xterm-256color", ASCII),
        ("ANSI_X3.4-1968", "xterm", ASCII),
        ("UTF-8", "linux", ASCII),
    ],
)
def test_glyphs_follow_the_locale_and_the_terminal(
    encoding: str, terminal: str, expected: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("locale.getencoding", lambda: encoding)
    monkeypatch.setenv("TERM", terminal)
    assert terminal_glyphs() is expected
