"""LMMS projects as XML, with a stop to what would fill the memory: zip bombs and entity bombs.

What the project says is read by `corpus.readers.lmms_projects`.
"""

import math
import re
import xml.etree.ElementTree as ET
import zlib

from corpus.readers.bounded_xml import BoundedTree
from song.errors import UserError

MAX_XML_BYTES = 16_000_000
MAX_ELEMENTS = 300_000
MAX_DEPTH = 200
"""The largest project that is unpacked; the largest of 638 measured has 1.1 MB, 16,035 elements, 24 levels of them."""

_DECLARED = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)[\"']")
_ENCODINGS = (b"utf-8", b"us-ascii", b"iso-8859-1")
_EXACT_DIGITS = 16
"""Fewer digits than this are the same number whether read as a whole one, which is quicker, or as a fraction."""


def open_project(data: bytes) -> ET.Element:
    """The root of a project, packed (`.mmpz`: a length, then zlib) or plain (`.mmp`).

    Args:
        data: the whole file.

    Raises:
        UserError: where it is neither, is damaged, is too large when unpacked, or declares entities.
    """
    if not data:
        raise UserError("it is empty: save it again in LMMS")
    text = data if data.lstrip()[:1] == b"<" or data[:3] == b"\xef\xbb\xbf" else _unpack(data)
    if len(text) > MAX_XML_BYTES:
        raise UserError(f"it is over {MAX_XML_BYTES // 1_000_000} MB, which no LMMS project is: leave it out")
    declared = _DECLARED.search(text[:200])
    # The search for entities below sees all of them only in an encoding that writes ASCII as it is.
    if b"\0" in text or (declared and declared[1].lower() not in _ENCODINGS):
        raise UserError("it is not an LMMS project: its text is in an encoding that LMMS does not write")
    if b"<!ENTITY" in text:
        raise UserError("it declares XML entities, which LMMS never writes: do not open it")
    try:
        root = ET.fromstring(text, ET.XMLParser(target=BoundedTree(MAX_ELEMENTS, MAX_DEPTH, "an LMMS song")))
    except (ET.ParseError, ValueError, RecursionError) as error:
        raise UserError(f"it is damaged ({error}): open and save it again in LMMS") from error
    if root.tag not in ("lmms-project", "multimedia-project"):
        raise UserError("it is XML, but not an LMMS project")
    return root


def whole(element: ET.Element, name: str, default: int) -> int:
    """A number as `setting` reads it, cut off to a whole one.

    Raises:
        UserError: where it is no number.
    """
    text = element.get(name)
    if text is not None and len(text) < _EXACT_DIGITS and text.isdecimal():
        return int(text)
    return int(setting(element, name, default))


def setting(element: ET.Element, name: str, default: float) -> float:
    """A number that stands in an attribute, or, where it is automated, in a child of that name.

    Raises:
        UserError: where it is no number.
    """
    text = element.get(name)
    if text is None:
        child = element.find(name)
        text = child.get("value") if child is not None else None
    if text is None or text == "":
        return default
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise UserError(f'it is damaged: "{text[:20]}" stands where {name} should be a number')
    return value


def _unpack(data: bytes) -> bytes:
    if len(data) < 6:
        raise UserError("it is cut short: copy it again")
    packed = zlib.decompressobj()
    try:
        text = packed.decompress(data[4:], MAX_XML_BYTES)
    except zlib.error as error:
        raise UserError("it is not an LMMS project, or damaged: its contents cannot be unpacked") from error
    if packed.unconsumed_tail:
        raise UserError(f"it unpacks to over {MAX_XML_BYTES // 1_000_000} MB, which no LMMS project does: leave it out")
    if not packed.eof:
        raise UserError("it is cut short: copy it again")
    return text
