"""Lean output to a terminal: all that Textual writes but what the terminal has already (colours, line feeds).

Textual names both colours of every stretch of text and takes them back after it, which is more than half of what a step
sends. A slow line carries every byte of that. What the terminal shows is the same to the last cell.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from textual.driver import Driver

_TOKEN = re.compile(
    r"\x1b\[([\d;]*)m|(\x1b\[[\d;]*H)|(\n)|(\x1b(?:\[[^@-~]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|.))|[^\x1b\n]+"
)
_DRAWN_ON_BLANKS = frozenset({"4", "7", "9", "21", "53"})
"""Underline, reverse and their like: with them a blank shows more than its background."""


class _TextStyle(NamedTuple):
    """The look of text: attributes, and the parameters of each colour, empty for the terminal's own."""

    attributes: frozenset[str] = frozenset()
    colour: str = ""
    background: str = ""

    def after(self, other: "_TextStyle", *, blank: bool) -> "_TextStyle":
        """This one, or one that looks the same on blanks and is nearer to another."""
        if not blank or (self.attributes | other.attributes) & _DRAWN_ON_BLANKS:
            return self
        return other._replace(background=self.background)


_PLAIN = _TextStyle()


def lean(data: str) -> str:
    """The same for a terminal in fewer bytes; it has to be drawing plainly, and is left so.

    Args:
        data: whole characters and sequences.
    """
    if "\x1b[" not in data:
        return data
    pieces: list[str] = []
    wanted = actual = _PLAIN
    pending_line_feed = False
    for token in _TOKEN.finditer(data):
        parameters, place, line_feed, other = token.groups()
        if parameters is not None:
            wanted = _changed(wanted, parameters)
            continue
        # A line feed before a place that is named says nothing.
        if pending_line_feed and place is None:
            pieces.append("\n")
        pending_line_feed = line_feed is not None
        if pending_line_feed:
            continue
        if place is None:
            target = wanted if other is not None else wanted.after(actual, blank=token[0].isspace())
            pieces.append(_transition(actual, target))
            actual = target
        pieces.append(token[0])
    if pending_line_feed:
        pieces.append("\n")
    pieces.append(_transition(actual, _PLAIN))
    return "".join(pieces)


@lru_cache(maxsize=4096)
def _changed(look: _TextStyle, parameters: str) -> _TextStyle:
    """A look after a sequence of SGR parameters."""
    attributes, colour, background = set(look.attributes), look.colour, look.background
    codes = iter(parameters.split(";"))
    for code in codes:
        number = int(code or 0)
        if number == 0:
            attributes, colour, background = set(), "", ""
        elif number in (38, 48):
            kind = next(codes)
            whole = ";".join([code, kind, *(next(codes) for _ in range(1 if kind == "5" else 3))])
            colour, background = (whole, background) if number == 38 else (colour, whole)
        elif 30 <= number <= 37 or 90 <= number <= 97:
            colour = code
        elif 40 <= number <= 47 or 100 <= number <= 107:
            background = code
        elif number == 39:
            colour = ""
        elif number == 49:
            background = ""
        else:
            attributes.add(code)
    return _TextStyle(frozenset(attributes), colour, background)


@lru_cache(maxsize=4096)
def _transition(before: _TextStyle, after: _TextStyle) -> str:
    """The sequence from one look to another, the shorter of two: from there on, or anew."""
    if before == after:
        return ""
    anew = [*sorted(after.attributes), *filter(None, (after.colour, after.background))]
    sequences = [f"\x1b[{';'.join(['0', *anew])}m" if anew else "\x1b[0m"]
    if before.attributes <= after.attributes:
        changes = sorted(after.attributes - before.attributes)
        if before.colour != after.colour:
            changes.append(after.colour or "39")
        if before.background != after.background:
            changes.append(after.background or "49")
        sequences.append(f"\x1b[{';'.join(changes)}m")
    return min(sequences, key=len)


def lean_driver(driver: type[Driver]) -> type[Driver]:
    """A driver that writes the same in fewer bytes."""

    class LeanDriver(driver):  # type: ignore[misc, valid-type]  # which driver it is shows at run time
        """Writes what is needed."""

        def write(self, data: str) -> None:
            """Write to the terminal."""
            super().write(lean(data))

    return LeanDriver
