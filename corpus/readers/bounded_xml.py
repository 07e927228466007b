"""XML that others wrote, with a stop to what would fill the memory: entity bombs, more elements than a song has."""

import xml.etree.ElementTree as ET

from song.errors import UserError

MAX_DEPTH = 200


def parse_bounded(text: bytes, most_bytes: int, most_elements: int) -> ET.Element:
    """The root of an XML text.

    Args:
        text: the whole text.
        most_bytes, most_elements: the most that it may have.

    Raises:
        UserError: where it is damaged, too large, or declares entities.
    """
    if len(text) > most_bytes:
        raise UserError(f"it is over {most_bytes // 1_000_000} MB, which no song is")
    # The search for entities sees all of them only in an encoding that writes ASCII as it is.
    if b"\0" in text or b"<!ENTITY" in text or b"<!DOCTYPE" in text:
        raise UserError("it declares XML entities, or is in an encoding that no program writes: do not open it")
    try:
        return ET.fromstring(text, ET.XMLParser(target=BoundedTree(most_elements, MAX_DEPTH)))
    except (ET.ParseError, ValueError, LookupError, RecursionError) as error:
        raise UserError(f"it is damaged ({error}): export it again") from error


class BoundedTree(ET.TreeBuilder):
    """Builds a tree, and stops where it grows far beyond a song: a few bytes can name millions of empty elements."""

    def __init__(self, most_elements: int, most_depth: int, what: str = "a song") -> None:
        """Begin a tree of up to so many elements, and so many in one another, as there are in something at most."""
        super().__init__()
        self._most, self._deepest, self._what = most_elements, most_depth, what
        self._elements = self._depth = 0

    def start(self, tag: str, attrs: dict[str, str]) -> ET.Element:
        """Begin an element.

        Raises:
            UserError: where it is one too many.
        """
        self._elements += 1
        self._depth += 1
        if self._elements > self._most or self._depth > self._deepest:
            raise UserError(f"it holds far more than {self._what} does: leave it out")
        return super().start(tag, attrs)

    def end(self, tag: str) -> ET.Element:
        """End an element."""
        self._depth -= 1
        return super().end(tag)
