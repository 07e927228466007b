"""Lean output: a terminal shows the same with less written, and an arrow key costs a slow line little."""

import re
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.color import Color
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from song.edits.takes import add_takes
from song.parts import PARTS
from song.sections import SectionKind, Take
from song.store import save_song
from song.templates import song_from_form
from tests.tui_tests.fake_engine import phrase_for
from tests.tui_tests.terminal_screen import TerminalScreen
from tests.tui_tests.terminals import Terminal
from tui.terminal_output import lean

RIGHT, LEFT, DOWN, UP = b"\x1b[C", b"\x1b[D", b"\x1b[B", b"\x1b[A"
MOST_BYTES = 4000

Cell = tuple[str, str, str, frozenset[str]]


def cells(data: str) -> dict[tuple[int, int], Cell]:
    """Each place of a terminal after some output: character, colours and attributes."""
    shown: dict[tuple[int, int], Cell] = {}
    x = y = 0
    colour, background, attributes = "", "", frozenset[str]()
    for token in re.finditer(r"\x1b\[([\d;]*)([a-zA-Z])|\n|[^\x1b]", data):
        parameters, final = token.groups()
        if token[0] == "\n":
            # The system's terminal driver makes a return and a line feed of it.
            x, y = 0, y + 1
        elif final is None:
            drawn = frozenset(attributes & {"4", "7"})
            blank = token[0] == " " and not drawn
            shown[x, y] = (token[0], "" if blank else colour, background, drawn if blank else attributes)
            x += 1
        elif final == "H":
            y, x = (int(number) for number in parameters.split(";"))
        elif final == "m":
            for code in re.findall(r"[34]8;5;\d+|[34]8;2;\d+;\d+;\d+|\d+", parameters or "0"):
                if code == "0":
                    colour, background, attributes = "", "", frozenset()
                elif code.startswith(("38", "39")):
                    colour = code.removeprefix("39")
                elif code.startswith(("48", "49")):
                    background = code.removeprefix("49")
                elif len(code) == 1:
                    attributes |= {code}
                elif code[0] in "39":
                    colour = code
                else:
                    background = code
    # What follows is drawn plainly, too.
    assert (colour, background, attributes) == ("", "", frozenset())
    return shown


colours = st.one_of(
    st.none(),
    st.integers(0, 255).map(Color.from_ansi),
    st.builds(Color.from_rgb, st.integers(0, 255), st.integers(0, 255), st.integers(0, 255)),
)
flags = st.one_of(st.none(), st.booleans())
styles = st.builds(
    lambda colour, background, bold, dim, underline, reverse: (
        Style.from_color(colour, background) + Style(bold=bold, dim=dim, underline=underline, reverse=reverse)
    ),
    colours,
    colours,
    flags,
    flags,
    flags,
    flags,
)
segments = st.lists(st.builds(Segment, st.sampled_from([" ", "   ", "a", "drop ", "▂▃", " x "]), styles), max_size=6)
rows = st.lists(st.tuples(st.booleans(), st.integers(1, 20), st.integers(1, 9), segments), max_size=8)


@settings(deadline=None)
@given(rows)
def test_a_terminal_shows_the_same(rows: list[tuple[bool, int, int, list[Segment]]]) -> None:
    console = Console(color_system="truecolor", force_terminal=True, legacy_windows=False)
    data = "".join(
        (f"\x1b[{y};{x}H" if is_placed else "") + Strip(segments).render(console) + "\n"
        for is_placed, x, y, segments in rows
    )
    assert cells(lean(data)) == cells(data)


def test_other_sequences_and_their_order_stay() -> None:
    data = "\x1b[?1049h\x1b[>25u\x1b]22;default\x07\x1b[?2026h\x1b[1;31mx\x1b[0m\x1b[K\x1b[?2026l"
    assert lean(data) == data
    assert lean("plain\n") == "plain\n"


def test_a_step_of_an_arrow_key_is_cheap_for_a_slow_line(tmp_path: Path) -> None:
    form = [(kind, 8) for _ in range(5) for kind in SectionKind]
    song = song_from_form(form)
    for index, part in list(song.cell_refs()):
        take = Take(phrase_for(song.sections[index], part, song.key, index))
        song = add_takes(song, index, part, (take,))
    path = tmp_path / "long.drop"
    save_song(path, song)
    terminal, screen = Terminal(str(path), COLORTERM=""), TerminalScreen()

    def shows(*texts: str) -> bool:
        screen.feed(terminal.output)
        terminal.output = b""
        return all(any(text in row for row in screen.rows) for text in texts)

    terminal.read_while(lambda: not shows("engine ready", " Quit"), "no start")
    sections = [f"bars {8 * index + 1}–{8 * index + 8} " for index in range(len(form))]
    parts = [f"─ {part} " for part in PARTS]
    steps = [(RIGHT, text) for text in sections[1:]] + [(LEFT, text) for text in sections[-2::-1]]
    steps += [(DOWN, text) for text in parts[1:]] + [(UP, text) for text in parts[-2::-1]]
    written: dict[bytes, list[int]] = {key: [] for key, _ in steps}
    for key, text in steps:
        count = 0

        def has_come(text: str = text) -> bool:
            nonlocal count
            count += len(terminal.output)
            return shows(text)

        terminal.send(key)
        terminal.read_while(lambda: not has_come(), f"no {text}")
        written[key].append(count)
    assert all(0 < sum(counts) < len(counts) * MOST_BYTES for counts in written.values()), written
    terminal.send(b"\x11")
    terminal.finish()
