"""Random mutations of every input that Dropsmith reads, a kind of input at a time in a process of its own.

    python -m tests.mutations --minutes 60 [--only midi] [--seed N]

An input is some files in a working folder. It is right to take one, or to refuse it in one printable line. Whatever
else happens is a failure: another error, a traceback on the output, more than ten seconds or a gigabyte, a file changed
that was not to be written. Valid inputs are made by the project's own code. `tests/test_mutations.py` runs a few
hundred of each kind with fixed seeds; by hand it goes on for as long as it is given, and each failure is told with its
kind, its seed and a copy of the files that did it.
"""

import argparse
import asyncio
import contextlib
import copy
import faulthandler
import functools
import hashlib
import io
import json
import os
import random
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import tomllib
import traceback
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from song.errors import UserError
from tests.hostile_text import HOSTILE
from tests.places import ROOT, SHARED

MOST_SECONDS = 10.0
"""For one input, by the clock."""
MOST_BYTES = 1_000_000_000
"""Of memory that a process holds at once, whatever it reads."""
_RUNAWAY_BYTES = 10 << 30
MOST_LETTERS = 2000
"""Of the line that an input is refused with."""
CASES = SHARED.parent / "cases"
"""Small files that others made; absent on some machines."""

Files = dict[str, bytes]
"""The files of an input by their names below the working folder."""
Form = Callable[[random.Random, bytes, bytes], bytes]
"""Changes the contents of a file, given those of another valid one."""


# Mutations.


class Raw(str):
    """A value as it is to stand in the text of a file."""


class Pairs(list[Any]):
    """A table of a text format as (key, value) pairs, so that a key may stand there twice."""


def _deep(opened: str, closed: str, depth: int = 3000) -> str:
    return opened * depth + closed * depth


_TEXTS = ("", "x" * 70_000, HOSTILE, "\0", "\x1b[2J", "\u202e", "a\nb", "../../x", "%s", "nan", "-1", "\U0001f469")
_JSON_VALUES = (
    *map(Raw, ("0", "-1", "1", "127", "128", "1.5", "-0.0", "1e-320", "1e308", "-1e308", "1e999", "NaN", "Infinity")),
    *map(Raw, (str(2**31), str(2**63 - 1), str(2**63), str(2**64), str(-(2**63)), "9" * 401, "9" * 6000)),
    *map(Raw, ("null", "true", "[]", "{}", '"\\ud800"', '"\\u0000"', '"\x01"', _deep("[", "]"), _deep('{"a":', "}"))),
    *_TEXTS,
)  # fmt: skip
_TOML_VALUES = (
    *map(Raw, ("0", "-1", "1.5", "1e308", "-1e308", "5e-324", "nan", "inf", "-inf", "true", "[]", "{}", "1979-05-27")),
    *map(Raw, (str(2**31), str(2**63), str(2**64), "9" * 401, "9" * 6000, "0x" + "f" * 6000, "07:32:00", "[[1]]")),
    *map(Raw, (_deep("[", "]"), _deep("{a=", "}"), '"\x01"', '"\\ud800"', "1979-05-27T07:32:00Z", '"""\n"""')),
    *_TEXTS,
)  # fmt: skip
_PLAIN_VALUES = (
    0, -1, 1, 128, 2**31, 2**63, 2**64 - 1, 1.5, 1e308, float("nan"), float("inf"), None, True, [], {}, b"\xff",
)  # fmt: skip
_BYTES = (
    b"\0", b"\x7f", b"\x80", b"\xff", b"\r\n", b"\xff" * 4, b"\0" * 8, b"\xed\xa0\x80", b'"', b"[" * 3000, b"\x1b",
)  # fmt: skip


def mutate_bytes(rng: random.Random, data: bytes, other: bytes) -> bytes:
    """Flip, insert, delete, double or cut bytes, or put in some of another input."""
    for _ in range(rng.choice((1, 1, 1, 2, 4, 16))):
        at = rng.randrange(len(data) + 1)
        end = min(len(data), at + rng.choice((1, 1, 2, 4, 16, 256, 4096)))
        match rng.randrange(9):
            case 0 | 1 if at < len(data):
                data = data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1 :]
            case 2:
                data = data[:at] + rng.randbytes(rng.choice((1, 2, 8))) + data[at:]
            case 3:
                data = data[:at] + data[end:]
            case 4:
                data = data[:at] + data[at:end] * rng.choice((2, 2, 3, 50)) + data[end:]
            case 5:
                data = data[:at]
            case 6:
                start = rng.randrange(len(other) + 1)
                data = data[:at] + other[start : start + rng.choice((4, 64, 100_000))] + data[end:]
            case 7:
                put = rng.choice(_BYTES)
                data = data[:at] + put + data[at + len(put) :]
            case _:
                # Where formats have lengths and counts.
                at = rng.randrange(min(len(data), 64) + 1)
                data = (
                    data[:at] + rng.choice((b"\0", b"\x01", b"\x7f", b"\xff")) * rng.choice((1, 2, 4)) + data[at + 1 :]
                )
    return data


def _places(tree: Any) -> Iterator[tuple[Any, int | str]]:
    """Every place in a tree of lists, tables and pairs that holds a value, as (holder, index)."""
    entries: Any = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for index, value in entries:
        if isinstance(tree, Pairs):
            yield tree, index
            yield from _places(value[1])
        else:
            yield tree, index
            yield from _places(value)


def mutate_tree(rng: random.Random, tree: Any, other: Any, values: Sequence[Any]) -> Any:
    """Replace, drop, double, rename, swap or nest what a tree holds; it is changed in place."""
    holder = [tree]
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        places = [place for place in _places(holder[0]) if isinstance(place[0], list | dict)]
        if not places:
            holder[0] = rng.choice(values)
            break
        inside, index = rng.choice(places)
        keyed = isinstance(inside, Pairs)
        old = inside[index][1] if keyed else inside[index]
        new: Any = old
        match rng.randrange(9):
            case 0 | 1 | 2:
                new = rng.choice(values)
            case 3:
                del inside[index]
                continue
            case 4 if keyed and rng.random() < 0.5:
                inside.insert(index, (rng.choice(("x", "", *_TEXTS)), rng.choice(values)))
                continue
            case 4 if isinstance(inside, list):
                inside.insert(index, copy.deepcopy(inside[index]))  # type: ignore[arg-type]
                continue
            case 5 if keyed:
                inside[index] = (rng.choice(("", "x", "\0", "type", inside[index][0] + "s", "x" * 3000)), old)
                continue
            case 5 if isinstance(inside, dict):
                inside[rng.choice(("", "x", "type"))] = inside.pop(index)
                continue
            case 6:
                there = [place for place in _places(other if rng.random() < 0.5 else holder[0]) if place[0]]
                from_inside, at = rng.choice(there or [(inside, index)])
                new = copy.deepcopy(from_inside[at][1] if isinstance(from_inside, Pairs) else from_inside[at])
            case 7:
                new = [copy.deepcopy(old) for _ in range(rng.choice((1, 2, 30)))] if rng.random() < 0.5 else [[[old]]]
            case _ if isinstance(old, int | float) and not isinstance(old, bool):
                new = rng.choice((old + 1, old - 1, -old, old * 2, old * 1000, old / 2, float(old)))
            case _ if isinstance(old, str):
                new = rng.choice((old + "x", old[:-1], old * 2, old.upper(), old.swapcase(), rng.choice(_TEXTS)))
        inside[index] = (inside[index][0], new) if keyed else new
    return holder[0]


def json_text(value: Any) -> str:
    """A tree as JSON, whatever stands in it."""
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, Pairs):
        return "{" + ", ".join(f"{json.dumps(key)}: {json_text(one)}" for key, one in value) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(json_text, value)) + "]"
    return json.dumps(value)


def toml_text(value: Any, *, top: bool = True) -> str:
    """A tree as TOML, its tables within lines."""
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, Pairs):
        rows = [f"{_toml_key(key)} = {toml_text(one, top=False)}" for key, one in value]
        return "\n".join(rows) + "\n" if top else "{ " + ", ".join(rows) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(toml_text(one, top=False) for one in value) + "]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return json.dumps(value) if not isinstance(value, float) else repr(value)


def _toml_key(key: str) -> str:
    return key if re.fullmatch("[A-Za-z0-9_-]+", key) else json.dumps(key, ensure_ascii=False)


def _paired(value: Any) -> Any:
    if isinstance(value, dict):
        return Pairs((key, _paired(one)) for key, one in value.items())
    return [_paired(one) for one in value] if isinstance(value, list) else value


def mutate_json(rng: random.Random, data: bytes, other: bytes) -> bytes:
    """Mutate JSON by what it says, or now and then as bytes."""
    if rng.random() < 0.2:
        return mutate_bytes(rng, data, other)
    tree, more = (json.loads(one, object_pairs_hook=Pairs) for one in (data, other))
    text = json_text(mutate_tree(rng, tree, more, _JSON_VALUES)).encode("utf-8", "surrogatepass")
    return mutate_bytes(rng, text, other) if rng.random() < 0.05 else text


def mutate_lines(rng: random.Random, data: bytes, other: bytes) -> bytes:
    """Mutate a line of JSON among several, leave one out, double one, or swap two."""
    lines, more = data.splitlines(), other.splitlines()
    at = rng.randrange(len(lines))
    match rng.randrange(8):
        case 0:
            del lines[at]
        case 1:
            lines.insert(rng.randrange(len(lines)), lines[at])
        case 2:
            rng.shuffle(lines)
        case 3:
            return mutate_bytes(rng, data, other)
        case _:
            lines[at] = mutate_json(rng, lines[at], rng.choice(more))
    return b"\n".join(lines) + b"\n"


def mutate_toml(rng: random.Random, data: bytes, other: bytes) -> bytes:
    """Mutate TOML by what it says, or as bytes."""
    if rng.random() < 0.25:
        return mutate_bytes(rng, data, other)
    tree, more = (_paired(tomllib.loads(one.decode())) for one in (data, other))
    return toml_text(mutate_tree(rng, tree, more, _TOML_VALUES)).encode("utf-8", "surrogatepass")


_XML_VALUES = (
    "", "0", "-1", "1", "128", "1.5", "1e308", "-1e308", "nan", "inf", "9" * 401, "9" * 6000, str(2**31), str(2**63),
)  # fmt: skip
_XML_TEXTS = (
    "x" * 70_000, "&#0;", "&#x202e;", "&#10;", "&lol;", "&#x1b;", "kick", "snare", "true", "\u0661\u0662", "\x01",
)  # fmt: skip


def mutate_xml(rng: random.Random, data: bytes, other: bytes) -> bytes:
    """Mutate XML: values and names of attributes, elements left out, doubled, moved or nested."""
    if rng.random() < 0.2:
        return mutate_bytes(rng, data, other)
    text = data.decode("utf-8", "replace")
    for _ in range(rng.choice((1, 1, 2, 4))):
        attributes = list(re.finditer(r'([\w:-]+)="([^"]*)"', text))
        elements = list(re.finditer(r"<(\w+)[^>]*?/>", text))
        openings = list(re.finditer(r"<(\w+)[^>/]*>", text))
        one: re.Match[str]
        match rng.randrange(8):
            case 0 | 1 | 2 | 3 if attributes:
                one = rng.choice(attributes)
                text = text[: one.start(2)] + rng.choice(_XML_VALUES + _XML_TEXTS) + text[one.end(2) :]
            case 4 if attributes:
                one = rng.choice(attributes)
                name = rng.choice(("", "x", one[1] + "2", rng.choice(attributes)[1]))
                text = text[: one.start()] + (f'{name}="{one[2]}"' if name else "") + text[one.end() :]
            case 5 if elements:
                one = rng.choice(elements)
                text = text[: one.start()] + one[0] * rng.choice((0, 2, 2, 3000)) + text[one.end() :]
            case 6 if openings:
                one, to = rng.choice(openings), rng.choice(openings)
                end = text.find(f"</{one[1]}>", one.end())
                whole = text[one.start() : end + len(one[1]) + 3] if end >= 0 else one[0]
                text = text[: to.end()] + whole * rng.choice((1, 1, 2, 40)) + text[to.end() :]
            case _ if openings:
                one = rng.choice(openings)
                text = (
                    text[: one.start()]
                    + rng.choice((f"<{one[1]}>" * 300, "<!ENTITY a 'b'>", "<x/>" * 20))
                    + text[one.end() :]
                )
    return text.encode("utf-8", "surrogatepass")


def mutate_packed(rng: random.Random, data: bytes, other: bytes) -> bytes:
    """Mutate an LMMS project inside, and pack it again; now and then as bytes, or unpacked to far more."""
    if rng.random() < 0.2:
        return mutate_bytes(rng, data, other)
    text = mutate_xml(rng, zlib.decompress(data[4:]), zlib.decompress(other[4:]))
    if rng.random() < 0.02:
        text += b" " * 40_000_000
    return len(text).to_bytes(4, "big") + zlib.compress(text, 1)


_META = (
    b"\xff\x06\x05DROP\0", b"\xff\x06\x04\x1b[2J", b"\xff\x06\x03\xe2\x80\xae",
    b"\xff\x03\x04\xff\xfe\xfd\xfc",  # Names.
    b"\xff\x51\x03\0\0\0", b"\xff\x51\x03\0\0\x01", b"\xff\x51\x03\xff\xff\xff",  # Tempi.
    b"\xff\x58\x04\0\0\0\0", b"\xff\x58\x04\x03\x02\x18\x08", b"\xff\x58\x04\x04\xff\x18\x08",  # Meters.
    b"\xff\x59\x02\x7f\x7f", b"\xff\x2f\0", b"\xff\x7f\xff\xff\xff\x7f", b"\xf0\x01\xf7",
)  # fmt: skip
_EVENTS = (
    *_META, b"\x90\x40\x7f", b"\x80\x40\0", b"\x91\x24\x64\x60\x24\0", b"\xb0\x4a\x7f", b"\xc0\x7f", b"\xe0\x7f\x7f",
)  # fmt: skip
_TIMES = (
    b"\0",
    b"\x01",
    b"`",
    b"\x7f",
    b"\x83`",
    b"\xff\x7f",
    b"\xff\xff\x7f",
    b"\xff\xff\xff\x7f",
    b"\x87\xff\xff\x7f",
)


def mutate_midi(rng: random.Random, data: bytes, other: bytes) -> bytes:
    """Mutate a MIDI file: within a track whose length is mended then, its header, its tracks; or as bytes."""
    if rng.random() < 0.25 or data[:4] != b"MThd":
        return mutate_bytes(rng, data, other)
    head, tracks = data[:14], re.split(rb"MTrk....", data[14:], flags=re.DOTALL)[1:]
    foreign = re.split(rb"MTrk....", other[14:], flags=re.DOTALL)[1:] or tracks
    for _ in range(rng.choice((1, 1, 2, 4))):
        at = rng.randrange(len(tracks))
        track = tracks[at]
        cut = rng.randrange(len(track) + 1)
        match rng.randrange(8):
            case 0:
                division = rng.choice((0, 1, 2, 3, 24, 960, 32767, 32768, 65535)).to_bytes(2, "big")
                head = head[:12] + division
            case 1:
                head = head[:8] + rng.choice((b"\0\0", b"\0\x01", b"\0\x02", b"\xff\xff")) + head[10:]
            case 2:
                tracks[at : at + 1] = rng.choice(([], [track] * 2, [track] * 40, [rng.choice(foreign)], [b""]))
            case 3 | 4:
                put = b"".join(rng.choice(_TIMES) + rng.choice(_EVENTS) for _ in range(rng.choice((1, 1, 3, 500))))
                tracks[at] = track[: 0 if rng.random() < 0.5 else cut] + put + track[0 if rng.random() < 0.5 else cut :]
            case 5:
                tracks[at] = track[:cut] + rng.choice(_TIMES) + track[cut + 1 :]
            case _:
                tracks[at] = mutate_bytes(rng, track, rng.choice(foreign))
        tracks = tracks or [b"\0\xff\x2f\0"]
    count = min(len(tracks), 65535) if rng.random() < 0.9 else rng.randrange(65536)
    return (
        head[:10]
        + count.to_bytes(2, "big")
        + head[12:]
        + b"".join(b"MTrk" + len(track).to_bytes(4, "big") + track for track in tracks)
    )


def mutate_tensors(rng: random.Random, data: bytes, other: bytes) -> bytes:
    """Mutate a file of arrays: what its head says, the texts in it, its numbers; or as bytes."""
    if rng.random() < 0.2:
        return mutate_bytes(rng, data, other)
    length = int.from_bytes(data[:8], "little")
    head, body = data[8 : 8 + length], data[8 + length :]
    tree = json.loads(head, object_pairs_hook=Pairs)
    texts = next((index for index, (key, _) in enumerate(tree) if key == "__metadata__"), None)
    match rng.randrange(5):
        case 0 | 1:
            head = json_text(mutate_tree(rng, tree, tree, _JSON_VALUES)).encode("utf-8", "surrogatepass")
        case 2 | 3 if texts is not None:
            name, text = tree[texts][1][0]
            text = mutate_json(rng, text.encode(), text.encode()).decode("utf-8", "replace")
            tree[texts] = ("__metadata__", Pairs([(name, text)]))
            head = json_text(tree).encode()
        case _:
            at = rng.randrange(len(body))
            put = rng.choice((b"\0", b"\xff", b"\x7c\0", b"\xff\x7f", rng.randbytes(8), b"\0" * 64, b"\xff" * 8))
            body = (body[:at] + put + body[at + len(put) :])[: len(body)]
    return len(head).to_bytes(8, "little") + head + body


def mutate_record(rng: random.Random, data: bytes, other: bytes) -> bytes:
    """Mutate a record of the library by what it says, with checksums that fit again; or as bytes."""
    from corpus.library import records

    if rng.random() < 0.25:
        return mutate_bytes(rng, data, other)
    magic, version, length, _, _ = records._HEAD.unpack_from(data)
    front, body = data[records._HEAD.size :][:length], data[records._HEAD.size + length :]
    if rng.random() < 0.6 or not body:
        front = _mutate_msgpack(rng, front)
    else:
        body = zlib.compress(_mutate_msgpack(rng, zlib.decompress(body)), 1)
    head = records._HEAD.pack(magic, version, len(front), zlib.crc32(front), zlib.crc32(body))
    return head + front + body


def _mutate_msgpack(rng: random.Random, data: bytes) -> bytes:
    if rng.random() < 0.3:
        return mutate_bytes(rng, data, data)
    tree = mutate_tree(rng, msgspec.msgpack.decode(data), msgspec.msgpack.decode(data), (*_PLAIN_VALUES, *_TEXTS))
    try:
        return msgspec.msgpack.encode(tree)
    except (OverflowError, msgspec.EncodeError, UnicodeEncodeError):
        return mutate_bytes(rng, data, data)


_HEADERS = (
    b"Host: localhost", b"Host: evil.example", b"Host:", b": x", b"X: \xff\0\x1b", b"Cookie: " + b"x" * 9000,
    b"Origin: http://evil.example", b"Transfer-Encoding: chunked", b"Connection: upgrade", b"Expect: 100-continue",
    b"Content-Length: 10", b"Content-Length: -1", b"Content-Length: 99999999999999999999", b"If-Modified-Since: x" * 9,
    b"Range: bytes=0-18446744073709551616", b"Accept-Encoding: br, gzip", b"Sec-WebSocket-Version: 99",
    b"Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=99",
)  # fmt: skip
_WORDS = (
    b"GET", b"POST", b"HEAD", b"PUT", b"CONNECT", b"TRACE", b"\xff", b"HTTP/1.1", b"HTTP/9.9", b"HTTP/1.1 x", b"", b"/",
    b"*", b"//x/ws", b"/static/../../../../etc/passwd", b"/static/%2e%2e/%2e%2e/app.py", b"/%00", b"http://[/",
    b"/ws?width=" + b"9" * 5000, b"/ws?width=\xd9\xa1&height=-5", b"/" + b"x" * 9000, b"/static/js",
    b"/static/js/textual.js%00", b"/static/" + b"a/" * 3000,
)  # fmt: skip


def mutate_http(rng: random.Random, data: bytes, other: bytes) -> bytes:
    """Mutate a request: its words, its headers, what comes after them; or as bytes."""
    if rng.random() < 0.25:
        return mutate_bytes(rng, data, other)
    head, _, body = data.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    for _ in range(rng.choice((1, 1, 2, 3))):
        at = rng.randrange(len(lines))
        match rng.randrange(6):
            case 0 | 1:
                words = lines[0].split(b" ")
                words[rng.randrange(len(words))] = rng.choice(_WORDS)
                lines[0] = b" ".join(words)
            case 2:
                lines.insert(at + 1, rng.choice(_HEADERS))
            case 3:
                lines[at] = lines[at] * rng.choice((0, 2)) if at else lines[at]
            case 4:
                lines = lines + lines[1:] * rng.choice((1, 300))
            case _:
                body = mutate_bytes(rng, body or b"x", other)
    return b"\r\n".join(lines) + rng.choice((b"\r\n\r\n", b"\r\n\r\n", b"\r\n\r\n", b"\n\n", b"")) + body


FORMS: dict[str, Form] = {
    ".mid": mutate_midi, ".mmp": mutate_xml, ".mmpz": mutate_packed, ".drop": mutate_json, ".json": mutate_json,
    ".toml": mutate_toml, ".safetensors": mutate_tensors, ".piece": mutate_record, ".lines": mutate_lines,
    ".http": mutate_http, ".lock": mutate_json,
}  # fmt: skip
"""Mutations by the ending of a file's name; any other is mutated as bytes."""


def mutated(rng: random.Random, pool: Sequence[Files]) -> Files:
    """One of some inputs with a file of it changed."""
    files = dict(rng.choice(pool))
    name = rng.choice(sorted(files))
    alike = [one for some in pool for path, one in sorted(some.items()) if Path(path).suffix == Path(name).suffix]
    files[name] = FORMS.get(Path(name).suffix, mutate_bytes)(rng, files[name], rng.choice(alike))
    return files


# Targets: the inputs of a kind, and how they are read.


class Kind(NamedTuple):
    """A kind of input.

    Attributes:
        make: gives valid inputs; it may write below the folder that it is given.
        use: reads an input that lies in the working folder, which is the current one.
        writes: beginnings of the names, below that folder, of files that may be written.
        count: how many are tried in a run of all tests.
    """

    make: Callable[[Path], list[Files]]
    use: Callable[[Path, random.Random], None]
    writes: tuple[str, ...] = ()
    count: int = 100


class _Count:
    """Things that were read and refused in this process."""

    taken = refused = 0


def refused(read: Callable[[], Any]) -> Any:
    """The thing that is read; None where it is refused, as it should be, in a line."""
    try:
        found = read()
        _Count.taken += found is not None
        return found
    except UserError as error:
        check_line(str(error))
    _Count.refused += 1
    return None


def check_line(text: str) -> None:
    """See that a text is one printable line of a length that can be read, once it is shown."""
    from song.terminal_text import inert

    if not inert(text).isprintable() or "\n" in text or not text.strip() or len(text) > MOST_LETTERS:
        raise AssertionError(f"no printable line of {MOST_LETTERS} letters or fewer: {len(text)}, {text[:200]!r}")


def check_song(song: Any) -> None:
    """See that a song that was read can be saved and read again, checked and exported."""
    from song.checks import check_phrase
    from song.export.midi import assemble
    from song.store import decode_song, encode_song

    again = decode_song(encode_song(song), "again")
    assert again == song, "it comes back changed"
    notes = 0
    for index, part in song.cell_refs():
        phrase = song.sections[index].cell(part).phrase
        if phrase is not None:
            check_phrase(song.sections[index], part, phrase, song.key_of(index))
            notes += len(phrase.notes)
    if notes < 1500 and song.bars < 300:
        assemble(song)


@functools.cache
def written_song() -> Any:
    """A short song with music in every cell."""
    from song.edits.takes import add_takes
    from song.sections import Take
    from tests.tui_tests.driving import short_song
    from tests.tui_tests.fake_engine import phrase_for

    song = short_song()
    for index, part in list(song.cell_refs()):
        phrases = [phrase_for(song.sections[index], part, song.key, seed) for seed in (1, 2)]
        song = add_takes(song, index, part, tuple(Take(one, seed) for seed, one in enumerate(phrases)))
    return song


def _cases(*suffixes: str) -> list[bytes]:
    found = sorted(path for path in CASES.glob("*") if path.suffix in suffixes) if CASES.is_dir() else []
    return [path.read_bytes() for path in found]


def _songs() -> list[bytes]:
    from song.store import encode_song
    from tests.tui_tests.example_songs import bass_song, three_takes

    return [encode_song(song) for song in (written_song(), bass_song(), three_takes())]


def make_midi(_folder: Path) -> list[Files]:
    from song.export.midi import assemble
    from tests.corpus_tests.library_music import midi
    from tests.corpus_tests.wobble_files import foreign_file, opening

    own = [assemble(written_song()), midi(seed=1), midi(seed=2, channel=9, name="drums"), *_cases(".mid")]
    own.append(foreign_file(lambda at: round(127 * opening("sine", at % 1)), 74))
    own += [path.read_bytes() for path in sorted((ROOT / "docs" / "songs").glob("*.mid"))[:1]]
    return [{"music/in.mid": data} for data in own]


def use_midi(folder: Path, _rng: random.Random) -> None:
    from tui.workspace import Workspace

    work = refused(lambda: Workspace.open_midi(folder / "music" / "in.mid"))
    if work is not None:
        check_song(work.song)
    use_corpus(folder, _rng)


def use_corpus(folder: Path, _rng: random.Random) -> None:
    """Add music to a library, and have told what came of it."""
    from corpus.readers.sources import read_paths
    from tests.corpus_tests.library_music import corpus

    pieces, reasons = read_paths([folder / "music"])
    for one in reasons:
        check_line(one.reason)
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        refused(lambda: corpus(folder / "library", "add", folder / "music"))
        refused(lambda: corpus(folder / "library", "doctor"))
    assert "its reader failed" not in told.getvalue(), told.getvalue()[:500]
    assert bool(pieces) or bool(reasons)


def make_lmms(_folder: Path) -> list[Files]:
    from tests.corpus_tests.lmms_music import TUNE, clip, instrument, packed, project, track

    eldata = '<eldata fwet="1" fcut="500"><elcut lamt="0.8" lshp="1" lspd="0.1" lspd_syncmode="5" x100="0"/></eldata>'
    wobbling = track(clip(*((at * 24, 24, 33, 100) for at in range(32))), "bass", instrument(extra=eldata))
    kit = track(clip((0, 12, 57, 100), (96, 12, 57, 90)), "drums", instrument("sf2player", 'bank="128" patch="0"'))
    inner = track(clip((0, -192, 57, 100), (96, -192, 57, 90)), "kick", instrument("kicker"))
    inside = f"<bbtrack><trackcontainer>{inner}</trackcontainer></bbtrack>"
    pattern = f'<track type="1" name="b">{inside}<bbtco pos="0" len="768"/></track>'
    tempo = '<automationclip pos="0"><time pos="0" value="140"/><object id="7"/></automationclip>'
    head = '<head timesig_numerator="4" timesig_denominator="4" masterpitch="0"><bpm value="140" id="7"/></head>'
    plain = [project(track(TUNE)), project(wobbling + kit + pattern), project(track(TUNE) + pattern, head, "20", tempo)]
    return [{"music/in.mmp": data} for data in (*plain, *_cases(".mmp"))] + [
        {"music/in.mmpz": packed(data)} for data in plain
    ]


def make_table(_folder: Path) -> list[Files]:
    from tests.corpus_tests.library_music import midi

    head = b"drummer,session,id,style,bpm,beat_type,time_signature,midi_filename,split\n"
    row = b"d1,s1,d1/s1/1,funk/groove1,138,beat,4-4,%s,train\n"
    table = head + row % b"in.mid" + row % b"other.mid"
    return [
        {"music/in.mid": midi(seed=3, channel=9), "music/info.csv": table.replace(b"\n", end)}
        for end in (b"\n", b"\r\n")
    ]


def make_song(_folder: Path) -> list[Files]:
    return [{"in.drop": data} for data in _songs()]


def use_song(folder: Path, _rng: random.Random) -> None:
    from song.store import load_song
    from tui.workspace import Workspace

    song = refused(lambda: load_song(folder / "in.drop"))
    if song is not None:
        check_song(song)
    work = refused(lambda: Workspace.open(folder / "in.drop"))
    if work is not None:
        work.file.close()


def make_lock(_folder: Path) -> list[Files]:
    locks = [{"pid": 1, "host": socket.gethostname()}, {"pid": 9, "host": "studio"}]
    return [{".in.drop.lock": json.dumps(one).encode(), "in.drop": _songs()[1]} for one in locks]


def use_shown(_folder: Path, rng: random.Random) -> None:
    """Open a song in the app, and press some keys."""
    from textual.worker import WorkerFailed

    from song.store import load_song
    from tests.tui_tests.driving import running

    path = Path("in.drop")
    if refused(lambda: load_song(path)) is None:
        return

    async def look() -> None:
        async with running("--silent", path=path, size=rng.choice(((80, 24), (40, 10), (160, 50)))) as app:
            for _ in range(6):
                await app.press(
                    rng.choice(("right", "down", "enter", "]", "plus", "u", "escape", "s", "tab", "j", "t"))
                )

    with contextlib.suppress(WorkerFailed):
        refused(lambda: asyncio.run(look()))


def make_plan(_folder: Path) -> list[Files]:
    paths = [*sorted((ROOT / "song" / "plans").glob("*.toml")), *sorted((ROOT / "docs" / "songs").glob("*.toml"))]
    whole = b"""title = "All"
style = { dubstep = 0.8, classical = 0.2 }
key = "F# phrygian"
tempo = [138, 142]
seed = 7
sub = false
[[section]]
kind = "drop"
bars = 8
name = "First"
tempo = 150
key = "A minor"
density = { drums = 0.7, bass = 0.8 }
wobble = { rates = ["1/8", "1/8T"], depth = 0.9, shape = "saw" }
form = "AABA"
form_bars = 2
temperature = 0.9
style = "trap"
range = { bass = ["C2", "C3"] }
[[section]]
kind = "outro"
bars = 4
density = 0.3
"""
    return [{"in.toml": data} for data in (whole, *(path.read_bytes() for path in paths))]


def use_plan(folder: Path, _rng: random.Random) -> None:
    from song.plan import load_plan

    song = refused(lambda: load_plan(folder / "in.toml"))
    if song is not None:
        check_song(song)


def make_settings(_folder: Path) -> list[Files]:
    texts = (
        b'keys = "vim"\ntheme = "ansi-dark"\nengine = ["ssh", "gpubox", "dropsmith", "engine"]\ntakes = 4\n',
        b'takes = 2\n[bindings]\n"section.add" = "a,insert"\n"song.save" = "ctrl+s,f2"\n"app.quit" = "ctrl+q"\n',
        b'keys = "usual"\nbindings = { "notes.mark" = "comma" }\n',
    )
    return [{"config/dropsmith/settings.toml": text} for text in texts]


def use_settings(_folder: Path, _rng: random.Random) -> None:
    from tests.tui_tests.driving import short_song
    from tui.actions import MAIN_ACTIONS
    from tui.app import DropsmithApp
    from tui.keymaps import shown_keys
    from tui.settings import load_settings
    from tui.workspace import Workspace

    settings = refused(load_settings)
    if settings is not None:
        refused(lambda: DropsmithApp(Workspace(short_song()), settings=settings))
        for action in MAIN_ACTIONS:
            shown_keys(action, settings.keymap())


def make_recent(folder: Path) -> list[Files]:
    paths = [str(folder / "in.drop"), "/nowhere/a.drop", "b\udcff.drop", "x" * 5000]
    return [{"state/dropsmith/recent/songs.json": json.dumps(paths[:end]).encode()} for end in (1, 2, 4)]


def use_recent(folder: Path, _rng: random.Random) -> None:
    from tui.files.recent import recent_paths, remember

    recent_paths()
    song = folder / "in.drop"
    song.write_bytes(b"{}")
    remember(song)
    assert recent_paths()[0] == song
    song.unlink()


def make_left(folder: Path) -> list[Files]:
    """Unsaved work of a session without a file and of a song's file, with its lock, and a kept song."""
    from tui.autosave import Autosave
    from tui.workspace import Workspace

    made = []
    for path in (None, folder / "in.drop"):
        autosave = Autosave(Workspace(written_song(), path))
        work = autosave._work
        work.recover(msgspec.structs.replace(work.song, title="Other"))
        assert autosave.keep()
        made.append(
            {
                one.relative_to(folder).as_posix(): one.read_bytes()
                for one in (folder / "state").rglob("*")
                if one.is_file()
            }
        )
        autosave.close(discard=True)
    for files in made:
        files["state/dropsmith/kept/a song.drop"] = _songs()[1]
    made[1]["in.drop"] = _songs()[0]
    return made


def use_left(folder: Path, rng: random.Random) -> None:
    from tui.autosave import Autosave
    from tui.files.kept import kept_paths, kept_songs, prune
    from tui.workspace import Workspace

    path = folder / "in.drop"
    left = sorted((folder / "state" / "dropsmith" / "autosave").glob("*.drop"))
    before = [one.read_bytes() for one in left]
    work = refused(lambda: Workspace.open(path if path.exists() else None)) or Workspace.open(None)
    autosave = Autosave(work)
    found = autosave.find()
    if found is not None:
        choice = rng.randrange(3)
        if choice == 0:
            autosave.take(found)
            check_song(work.song)
            assert work.selected_section.bars
        elif choice == 1:
            assert refused(lambda: autosave.leave(found)) is not None
        else:
            autosave.pass_over(found)
    elif autosave.unreadable:
        check_line(autosave.unreadable)
        assert [one.read_bytes() for one in left] == before, "unsaved work that cannot be read is gone"
    autosave.close()
    work.file.close()
    kept_songs()
    for one in kept_paths():
        opened = refused(lambda one=one: Workspace.open(one))
        assert opened is None or opened.selected_section.bars
    assert prune(time.time()) == []


_NETWORKS: list[tuple[Any, Any]] = []
"""Sizes of the networks of valid weights and critics."""


def make_weights(folder: Path) -> list[Files]:
    import numpy as np

    from model.checkpoint import Card, load_weights, save_weights
    from model.critic.judge import CriticCard, CriticConfig, CriticNetwork, critic_path, load_critic, save_critic
    from model.critic.measures import Weighing, measure
    from model.metrics.logistic import Logistic
    from model.network import Network, NetworkConfig
    from model.nn.devices import keep_compiled_programs
    from model.originality.copy_index import build_index, index_path, save_index
    from model.protocol import CellRef
    from model.training.dataset import drum_prior_of
    from model.training.windows import cut_windows
    from model.writing.fill import Filler
    from song.parts import Part
    from tests.model_tests.drawn_networks import drawn
    from tests.model_tests.starter_set import starter_pieces

    path = folder / "made" / "own.safetensors"
    path.parent.mkdir()
    config, small = NetworkConfig(hidden=16, head=16, context_hidden=8), CriticConfig(width=12, within=8, across=8)
    drums = [
        msgspec.structs.replace(one, parts={Part.DRUMS: one.parts[Part.DRUMS]})
        for one in starter_pieces()
        if Part.DRUMS in one.parts
    ][:40]
    card = Card(
        config,
        sources={"starter": 9},
        typical_nats={"drums": 1.0, "bass": 1.5},
        forms={"drums": ("1233" * 2, "1" * 8), "drums drop": ("12344444",), "bass": ("1212",)},
        feels={"dubstep drop": (90.0, 5.0, 5.0), "dubstep": (5.0, 90.0, 5.0)},
        kicks={"dubstep drop": (99.0, 5.0, 5.0, 5.0, 1.0, 100.0), "dubstep": (90.0, 80.0, 80.0, 80.0, 80.0, 100.0)},
        drum_prior=drum_prior_of(list(cut_windows(drums)), {}),
        trained_on=("ab" * 8,),
    )
    save_weights(path, drawn(Network, config, 4, 0.15), card)
    song = written_song()
    fitted = {}
    for part in (Part.BASS, Part.DRUMS):
        numbers = len(measure(part, song.sections[1].cell(part).phrase, 0))
        fitted[part] = Logistic(np.zeros(numbers), np.ones(numbers), np.zeros((numbers + 1, 2)))
    save_critic(critic_path(path), drawn(CriticNetwork, small), CriticCard(small), Weighing(fitted, {}))
    save_index(index_path(path), build_index(starter_pieces()[:12]))
    files = {one.name: one.read_bytes() for one in path.parent.iterdir()}
    # What is compiled here takes no time of any input.
    _NETWORKS.extend([(config, small), (config, None)])
    keep_compiled_programs()
    for critic in (load_critic(path), None):
        list(Filler(load_weights(path), None, critic).fill(song, [CellRef(1, Part.DRUMS)], 1, 0))
    shutil.rmtree(path.parent)
    # Much that the card may say is left out by older ones.
    brief = json.dumps({"network": msgspec.to_builtins(config)}).encode()
    return [files, files | {"own.json": brief}]


def use_weights(folder: Path, rng: random.Random) -> None:
    """Load weights as the engine does, and have a bar of drums written."""
    from model.checkpoint import load_weights
    from model.critic.judge import load_critic
    from model.originality.copy_meter import load_meter
    from model.protocol import CellRef
    from model.writing.fill import Filler
    from song.parts import Part

    path = folder / "own.safetensors"
    weights = refused(lambda: load_weights(path))
    critic = refused(lambda: load_critic(path))
    meter = refused(lambda: load_meter(path))
    song = written_song()
    if meter is not None:
        meter.measure(Part.BASS, song.sections[1].cell(Part.BASS).phrase)
    # Networks of other sizes would be compiled.
    if (
        weights is not None
        and (weights.card.network, critic and critic.card.critic) in _NETWORKS
        and rng.random() < 0.3
    ):
        filler = Filler(weights, meter, critic)
        for part in (Part.DRUMS, Part.BASS):
            for _ in filler.fill(song, [CellRef(1, part)], 1, 0):
                pass


def _training(step: int) -> Any:
    import numpy as np

    from model.nn.optimizer import TrainState
    from model.training.checkpoints import Best

    vector = np.arange(4, dtype=np.float32) + step
    taken = TrainState(vector, vector + 3, (np.int32(step), {"mu": vector, "nu": vector}), np.int32(step))
    return taken, Best(vector + 4, np.float64(step / 2), np.int64(step))


def _run_record() -> Any:
    from model.network import NetworkConfig
    from model.training.checkpoints import RunRecord
    from model.training.settings import TrainSettings

    return RunRecord(TrainSettings(network=NetworkConfig(hidden=8), train_steps=9), "music", "start", layout="layout")


def make_checkpoints(folder: Path) -> list[Files]:
    from model.training.checkpoints import CHECKSUMS, Checkpoints

    with Checkpoints(folder / "run", _run_record()) as checkpoints:
        for step in (25, 50):
            checkpoints.save(*_training(step))
    files = {
        one.relative_to(folder).as_posix(): one.read_bytes() for one in (folder / "run").rglob("*") if one.is_file()
    }
    shutil.rmtree(folder / "run")
    # Without digests Orbax's own checks have to do.
    return [files, {name: data for name, data in files.items() if not name.endswith(CHECKSUMS)}]


def use_checkpoints(folder: Path, _rng: random.Random) -> None:
    from model.training.checkpoints import Checkpoints, read_record

    refused(lambda: read_record(folder / "run"))

    def restore() -> None:
        with Checkpoints(folder / "run", _run_record()) as checkpoints:
            checkpoints.restore(*_training(0), check_line)

    refused(restore)


def make_library(folder: Path) -> list[Files]:
    from tests.corpus_tests.library_music import corpus, midi

    music, library = folder / "music", folder / "library"
    music.mkdir()
    (music / "a-1.mid").write_bytes(midi(seed=1))
    (music / "a-2.mid").write_bytes(midi(seed=1, wait=96))
    (music / "song.mid").write_bytes(make_midi(folder)[0]["music/in.mid"])
    (music / "bad.mid").write_bytes(b"MThd")
    with contextlib.redirect_stdout(io.StringIO()):
        corpus(library, "add", music, "--style", "dubstep", "--artist", "me")
    files = {one.relative_to(folder).as_posix(): one.read_bytes() for one in library.rglob("*.piece")}
    shutil.rmtree(music)
    shutil.rmtree(library)
    return [files]


def use_library(folder: Path, _rng: random.Random) -> None:
    from corpus.analysis.repeats import repeat_statistics
    from corpus.library.report import report
    from corpus.library.store import entries, pieces, unread_files
    from corpus.library.tally import Tally
    from tests.corpus_tests.library_music import corpus

    library = folder / "library"
    with contextlib.redirect_stdout(io.StringIO()):
        for command in ("list", "doctor"):
            refused(lambda command=command: corpus(library, command))
        refused(lambda: corpus(library, "add", "--again"))
    for one in unread_files(library):
        check_line(one.reason)
    tally = Tally()
    tally.add_entries(entries(library))
    report(tally, repeat_statistics(pieces(library, "train")), 0, "")


def make_requests(_folder: Path) -> list[Files]:
    from model.protocol import Cancel, CellRef, Fill, KeptBars, Warm, encode
    from song.parts import PARTS, Part
    from tests.tui_tests.driving import short_song

    song, short = written_song(), short_song()
    kept = (KeptBars(CellRef(1, Part.BASS), (0, 2)), KeptBars(CellRef(2, Part.BASS), (0,), 1))
    cells = tuple(CellRef(index, part) for index in (1, 2) for part in PARTS)
    lines = [Warm(short, 2), Fill(1, short, cells[:1]), Cancel(1), Fill(2, song, cells, 3, 9, kept), Cancel(2)]
    return [{"in.lines": b"".join(map(encode, lines))}, {"in.lines": b"".join(map(encode, lines[1:]))}]


class _Planner:
    """A filler that plans all that is asked for, and writes nothing."""

    def warm(self) -> None:
        pass

    def fill(self, song: Any, cells: Any, takes: int, seed: int, kept: Any = ()) -> Iterator[None]:
        from model.protocol import CellRef
        from model.writing.fill import Filler, kept_music
        from model.writing.fill_order import stages

        class Bare(Filler):
            def __init__(self) -> None:
                from model.checkpoint import Card
                from model.network import NetworkConfig

                self._card = Card(NetworkConfig())

        bare, kept_of = Bare(), {one.cell: one for one in kept}
        for stage in stages(cells, kept_of):
            for cell in stage[:8]:
                job = bare._job(song, cell, seed, *kept_music(cell, kept_of, song, song, cells))
                bare._row(song, job, seed, 0)
                assert isinstance(job.cell, CellRef)
            yield None


def use_requests(folder: Path, _rng: random.Random) -> None:
    """Say lines to an engine whose filler plans, and hear its answers."""
    from model.engine import Engine
    from model.engine_input import EngineInput
    from model.protocol import Failed

    answers: list[Any] = []
    engine = Engine(_Planner(), answers.append)  # type: ignore[arg-type]
    reading, writing = os.pipe()
    heard = EngineInput(reading, leave=lambda code: None, grace=0.0)
    heard.start()
    heard.listen(engine.receive, answers.append, lambda: engine._requests.put(None))

    def write() -> None:
        with open(writing, "wb") as file:  # noqa: PTH123 - a descriptor
            file.write((folder / "in.lines").read_bytes())

    threading.Thread(target=write, daemon=True).start()
    engine.work()
    os.close(reading)
    for answer in answers:
        if isinstance(answer, Failed):
            check_line(answer.reason)
            assert not answer.reason.startswith("the engine could not do this"), answer.reason


def make_answers(_folder: Path) -> list[Files]:
    """The answers to a fill of every cell of a song, as the fake engine gives them."""
    from model.protocol import CandidateTake, CellRef, Done, Failed, Progress, Ready, SharedRun, encode

    song = written_song()
    shared = SharedRun(9, 2.5, "starter", "a piece", 3)
    lines: list[Any] = [Ready(1, "fake 1", "0" * 8, "cpu", "box")]
    for index, part in song.cell_refs():
        cell, phrase = CellRef(index, part), song.sections[index].cell(part).takes[0].phrase
        lines.append(Progress(1, cell, song.sections[index].bars, phrase.notes))
        lines.append(CandidateTake(1, cell, phrase, 7, 1.25, shared, 0.5))
    whole = b"".join(map(encode, [*lines, Done(1, 1.0)]))
    return [
        {"in.lines": whole},
        {"in.lines": b"".join(map(encode, [*lines[:5], Failed(1, "no luck")]))},
        {"in.lines": whole},
    ]


class _Said:
    """A process that has said all it will, whatever it is told."""

    def __init__(self, data: bytes) -> None:
        from model.protocol import MOST_LINE_BYTES

        self.pid, self.returncode = 2**30, 0
        self.stdin, self.stdout = self, asyncio.StreamReader(limit=MOST_LINE_BYTES)
        self.stderr = asyncio.StreamReader()
        self.stdout.feed_data(data)
        self.stdout.feed_eof()
        self.stderr.feed_eof()

    def write(self, data: bytes) -> None:
        pass

    async def drain(self) -> None:
        pass

    def close(self) -> None:
        pass

    def kill(self) -> None:
        pass

    async def wait(self) -> int:
        return 0


def use_answers(folder: Path, _rng: random.Random) -> None:
    """Compose with an engine that says those lines, and have the app hear them."""
    from model.engine_client import EngineClient
    from model.protocol import CellRef
    from tests.tui_tests.driving import short_song
    from tui.compose import compose
    from tui.engine_session import EngineSession
    from tui.messages import CellWritten, FillEnded
    from tui.view import EngineState
    from tui.workspace import Workspace

    data = (folder / "in.lines").read_bytes()

    async def start(_kind: Any, _command: Any = ()) -> EngineClient:
        return EngineClient(_Said(data))  # type: ignore[arg-type]

    before = EngineClient.__dict__["start"]
    EngineClient.start = classmethod(start)  # type: ignore[assignment]
    try:
        song = short_song()
        composed = refused(lambda: compose(song, 1, command=("said",)))
        if composed is not None:
            check_song(composed.song)
            msgspec.json.encode(composed.report())
        work = Workspace(song)

        def hear(message: Any) -> None:
            if isinstance(message, CellWritten):
                refused(lambda: work.accept(message.fill_id, message.cell, message.takes, message.kept))
            elif isinstance(message, FillEnded) and message.reason:
                check_line(message.reason)

        async def listen() -> None:
            session = EngineSession(hear, lambda: work.song, ("said",), restart_delays=())
            session.fill([CellRef(index, part) for index, part in song.cell_refs()], 7)
            running = asyncio.create_task(session.run())
            while session.status.state is not EngineState.DEAD and not running.done():
                await asyncio.sleep(0.001)
            session.writing()
            running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await running

        asyncio.run(listen())
        check_song(work.song)
    finally:
        EngineClient.start = before  # type: ignore[method-assign]


def make_machines(_folder: Path) -> list[Files]:
    from model.training.machines import _Hello, _Welcome, _Word

    def line(word: msgspec.Struct) -> bytes:
        return msgspec.json.encode(word) + b"\n"

    hello, welcome = line(_Hello(1, 2, {"--steps": "75"})), line(_Welcome("127.0.0.1:4000"))
    words = line(_Word(25)) + line(_Word(50, done=True)) + line(_Word(50, end="the disk is full"))
    return [{"hello.lines": hello, "welcome.lines": welcome, "words.lines": words}]


def use_machines(folder: Path, _rng: random.Random) -> None:
    """Knock at the first machine, be answered by one, and hear the words of one that was met."""
    from model.training.machines import Machines, Place, _Link

    options = {"--steps": "75"}
    hello, welcome, words = ((folder / f"{name}.lines").read_bytes() for name in ("hello", "welcome", "words"))
    valid = msgspec.json.encode({"number": 1, "count": 2, "options": options}) + b"\n"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    place = Place("127.0.0.1", port, 0, 2)
    late = time.monotonic() + 5

    def knock() -> None:
        for data in (hello, valid):
            while time.monotonic() < late:
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1) as stranger:
                    stranger.sendall(data)
                    stranger.shutdown(socket.SHUT_WR)
                    break
                time.sleep(0.002)

    knocking = threading.Thread(target=knock)
    knocking.start()
    met = refused(lambda: Machines.meet(place, options, 3))
    late = 0
    knocking.join()
    if met is not None:
        met.close()

    with socket.create_server(("127.0.0.1", 0)) as first:

        def answer() -> None:
            connection, _ = first.accept()
            with connection, contextlib.suppress(OSError):
                connection.sendall(welcome)
                connection.shutdown(socket.SHUT_WR)
                connection.settimeout(1)
                while connection.recv(4096):
                    pass

        answering = threading.Thread(target=answer)
        answering.start()
        met = refused(lambda: Machines.meet(Place("127.0.0.1", first.getsockname()[1], 1, 2), options, 3))
        for link in met._links if met is not None else ():
            link.close()
        answering.join()

    for number in (0, 1):
        ours, theirs = socket.socketpair()
        ended: list[str] = []
        machines = Machines(Place("127.0.0.1", port, number, 2), [_Link(ours, 1 - number)], "127.0.0.1:4000")
        machines.watch(ended.append)
        with contextlib.suppress(OSError):
            theirs.sendall(words)
        theirs.close()
        hearing = [one for one in threading.enumerate() if one.name.endswith("(_hear)")]
        for one in hearing:
            one.join(5)
        machines._over.set()
        ours.close()
        assert ended or machines._links[0].done, "nothing is heard of its end"
        for text in ended:
            check_line(text)


def make_server(_folder: Path) -> list[Files]:
    upgrade = (
        b"Host: localhost\r\nOrigin: http://localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    sent = b"".join(
        b"\x81" + bytes([0x80 | len(text)]) + b"\0\0\0\0" + text
        for text in (b'["stdin", "f"]', b'["resize", {"width": 100, "height": 30}]', b'["ping", 1]', b'["focus"]')
    )
    heads = (
        b"GET / HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\nConnection: close\r\n\r\n",
        b"GET /static/js/textual.js HTTP/1.1\r\nHost: 127.0.0.1\r\nRange: bytes=0-99\r\n\r\n",
        b"POST /ws HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        b"GET /ws?width=100&height=30 HTTP/1.1\r\n" + upgrade + sent,
        b"GET /ws HTTP/1.1\r\n" + upgrade + sent + b"\x88\x80\0\0\0\0",
    )
    return [{"in.http": data} for data in heads]


class _Server:
    """A server of the app in a process of its own, started once; an app of a few bytes is in each tab."""

    port = 0
    process: "subprocess.Popen[bytes] | None" = None

    @classmethod
    def start(cls) -> None:
        """Start it."""
        cls.process = subprocess.Popen(
            [sys.executable, "-m", "tests.mutations", "--serve"],
            stdout=subprocess.PIPE,
            stderr=2,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )
        assert cls.process.stdout is not None
        cls.port = int(cls.process.stdout.readline())


def serve_tabs() -> None:
    """Serve a tab that greets and listens, until a signal."""
    from tui.serve import AppServer

    listening = socket.create_server(("127.0.0.1", 0))
    server = AppServer([], "127.0.0.1", listening.getsockname()[1], tabs=32)
    server.command = "sh -c 'echo __GANGLION__; exec cat >/dev/null'"
    print(listening.getsockname()[1], flush=True)
    asyncio.run(server.run(listening))


def use_server(folder: Path, _rng: random.Random) -> None:
    if _Server.process is None:
        _Server.start()
    assert _Server.process is not None
    assert _Server.process.poll() is None, "the server has ended"
    with socket.create_connection(("127.0.0.1", _Server.port), timeout=MOST_SECONDS) as line:
        answer = b""
        with contextlib.suppress(OSError):
            line.sendall((folder / "in.http").read_bytes())
            line.shutdown(socket.SHUT_WR)
            while chunk := line.recv(1 << 16):
                answer = (answer + chunk)[:4096]
    assert not answer or re.match(rb"HTTP/1\.[01] [1-4]\d\d |HTTP/1\.[01] 503 ", answer), answer[:300]
    # Whoever comes next is served.
    with socket.create_connection(("127.0.0.1", _Server.port), timeout=MOST_SECONDS) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        assert line.recv(15).startswith(b"HTTP/1.1 "), "nobody else is served"
    peak = _peak_bytes(_Server.process.pid)
    assert peak < MOST_BYTES, f"the server has taken {peak} bytes"


KINDS: dict[str, Kind] = {
    "midi": Kind(make_midi, use_midi, ("library/",), 60),
    "lmms": Kind(make_lmms, use_corpus, ("library/",), 120),
    "table": Kind(make_table, use_corpus, ("library/",), 60),
    "song": Kind(make_song, use_song, ("state/",), 150),
    "lock": Kind(make_lock, use_song, ("state/", ".in.drop.lock"), 100),
    "shown": Kind(make_song, use_shown, ("state/", "in.drop", ".in.drop.lock"), 25),
    "plan": Kind(make_plan, use_plan, (), 300),
    "settings": Kind(make_settings, use_settings, (), 200),
    "recent": Kind(make_recent, use_recent, ("state/dropsmith/recent/",), 200),
    "left": Kind(make_left, use_left, ("state/",), 60),
    "weights": Kind(make_weights, use_weights, (), 60),
    "checkpoints": Kind(make_checkpoints, use_checkpoints, ("run/",), 25),
    "library": Kind(make_library, use_library, ("library/",), 40),
    "requests": Kind(make_requests, use_requests, (), 100),
    "answers": Kind(make_answers, use_answers, (), 80),
    "machines": Kind(make_machines, use_machines, (), 200),
    "server": Kind(make_server, use_server, (), 200),
}


# Running them.


class Failure(NamedTuple):
    """An input that did what it must not."""

    kind: str
    seed: int
    problem: str
    copy: str


class Outcome(NamedTuple):
    """The outcome of some inputs of a kind.

    Attributes:
        tried: how many there were.
        taken, refused: reads that gave something, and that ended in a line; an input may be read in several ways.
        peak_bytes: the most memory that the process has held.
        slowest_seconds: the time of the slowest input.
        failures: those that did what they must not.
    """

    tried: int
    taken: int
    refused: int
    peak_bytes: int
    slowest_seconds: float
    failures: list[Failure]


class _TooLongError(BaseException):
    """More time than an input may take. Nothing that is to be tested catches it."""


def _peak_bytes(pid: int | str = "self") -> int:
    """The most memory that a process has held; not what its parent had as it was started, as ru_maxrss would tell."""
    try:
        found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    except OSError:
        found = None
    return int(found[1]) * 1024 if found else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _contents(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        if path.is_file()
        else "folder"
        for path in folder.rglob("*")
    }


def _lay(folder: Path, files: Mapping[str, bytes]) -> None:
    for one in folder.iterdir():
        shutil.rmtree(one) if one.is_dir() else one.unlink()
    for name, data in {"bystander.txt": b"as it was\n", **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _changed(before: Mapping[str, str], after: Mapping[str, str], writes: Sequence[str]) -> list[str]:
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    # A folder for what may be written may be made.
    return [name for name in sorted(names) if not any(one.startswith(name) or name.startswith(one) for one in writes)]


def run_here(name: str, first: int, count: int, seconds: float, scratch: Path) -> None:
    """Try inputs of a kind in this process, telling its parent in lines of JSON.

    Args:
        name: the kind.
        first: seed of the first input; the others follow.
        count: how many.
        seconds: after which no more are tried.
        scratch: a folder to work in.
    """
    kind, folder = KINDS[name], scratch / "work"
    folder.mkdir(exist_ok=True)
    os.chdir(folder)
    os.environ |= {"XDG_STATE_HOME": str(folder / "state"), "XDG_CONFIG_HOME": str(folder / "config")}
    tell, output = os.fdopen(os.dup(1), "w"), (scratch / "output").open("w+b")
    os.dup2(output.fileno(), 1)
    os.dup2(output.fileno(), 2)
    faulthandler.enable(output)
    # What takes far too much is an error of that input, not of the machine.
    resource.setrlimit(resource.RLIMIT_DATA, (_RUNAWAY_BYTES, _RUNAWAY_BYTES))

    def too_long(_number: int, _frame: object) -> None:
        raise _TooLongError

    signal.signal(signal.SIGALRM, too_long)
    pool = kind.make(folder)
    late, slowest = time.monotonic() + seconds, 0.0
    # The valid ones first: they are to be taken, or nothing is tested.
    for number, seed in enumerate(chain(range(-len(pool), 0), range(first, first + count))):
        if seed >= 0 and time.monotonic() > late:
            break
        rng = random.Random(f"{name} {seed}")
        files = dict(pool[seed]) if seed < 0 else mutated(rng, pool)
        _lay(folder, files)
        (scratch / "seed").write_text(str(seed))
        before, problem = _contents(folder), ""
        output.seek(0)
        output.truncate()
        started = time.monotonic()
        faulthandler.dump_traceback_later(2 * MOST_SECONDS, exit=True, file=output)
        signal.setitimer(signal.ITIMER_REAL, MOST_SECONDS)
        try:
            kind.use(folder, rng)
        except _TooLongError:
            problem = f"over {MOST_SECONDS:g} s\n{traceback.format_exc()}"
        except BaseException:
            problem = traceback.format_exc()
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            faulthandler.cancel_dump_traceback_later()
        took = time.monotonic() - started
        slowest = max(slowest, took if number >= len(pool) else 0.0)
        sys.stdout.flush()
        sys.stderr.flush()
        said = (scratch / "output").read_bytes().decode(errors="replace")
        if not problem and "Traceback (most recent call last)" in said:
            problem = f"a traceback is printed\n{said}"
        if not problem and (other := _changed(before, _contents(folder), kind.writes)):
            problem = f"files changed that were not to be written: {other}"
        if not problem and _peak_bytes() > MOST_BYTES:
            problem = f"{_peak_bytes()} bytes of memory"
        if problem:
            print(json.dumps({"seed": seed, "problem": problem, "copy": _copy(files, scratch, name, seed)}), file=tell)
        counts = {"taken": _Count.taken, "refused": _Count.refused}
        told = {"tried": number + 1, "peak": _peak_bytes(), "slowest": slowest, **counts}
        print(json.dumps(told), file=tell, flush=True)
        if problem and "bytes of memory" in problem:
            break
    if _Server.process is not None:
        _Server.process.send_signal(signal.SIGINT)
        _Server.process.wait(MOST_SECONDS)
    os.chdir(scratch)
    print(json.dumps({"done": True}), file=tell, flush=True)
    # Threads that a library has left must not hold up the end.
    os._exit(0)


def _copy(files: Mapping[str, bytes], scratch: Path, name: str, seed: int) -> str:
    target = scratch / "failures" / f"{name}-{seed}"
    for path, data in files.items():
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        (target / path).write_bytes(data)
    return str(target)


def run_kind(name: str, scratch: Path, *, first: int = 0, count: int, seconds: float = 1e9) -> Outcome:
    """Try inputs of a kind in a process of its own, which an input may end.

    Args:
        name: the kind.
        scratch: a folder to work in; failures are copied into its "failures".
        first: seed of the first input, 0 or more; the others follow.
        count: how many.
        seconds: after which no more are tried.
    """
    scratch.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "tests.mutations", "--child", name, "--scratch", str(scratch)]
    words = ["--seed", str(first), "--count", str(count), "--seconds", str(seconds)]
    environment = {
        # As in all tests: programs are kept, and compiled quickly.
        "XDG_CACHE_HOME": str(ROOT / ".pytest_cache" / "programs"),
        "XLA_FLAGS": "--xla_backend_optimization_level=0 --xla_cpu_use_fusion_emitters=false",
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PYTHONHASHSEED": "0",
        "JAX_PLATFORMS": "cpu",
    }
    child = subprocess.Popen([*command, *words], cwd=ROOT, stdout=subprocess.PIPE, text=True, env=environment)
    last: dict[str, Any] = {"tried": 0, "taken": 0, "refused": 0, "peak": 0, "slowest": 0.0}
    done, failures = False, []
    assert child.stdout is not None
    for line in child.stdout:
        told = json.loads(line)
        done |= "done" in told
        if "problem" in told:
            failures.append(Failure(name, told["seed"], told["problem"], told["copy"]))
        last |= told
    if child.wait() or not done:
        seed = int((scratch / "seed").read_text()) if (scratch / "seed").exists() else -1
        said = (scratch / "output").read_text(errors="replace")[-3000:] if (scratch / "output").exists() else ""
        copied = scratch / "failures" / f"{name}-{seed}"
        if (scratch / "work").exists():
            shutil.copytree(scratch / "work", copied, dirs_exist_ok=True)
        failures.append(Failure(name, seed, f"the process ended with status {child.returncode}\n{said}", str(copied)))
    return Outcome(last["tried"], last["taken"], last["refused"], last["peak"], last["slowest"], failures)


def run_by_hand(names: Sequence[str], minutes: float, first: int, scratch: Path) -> bool:
    """Try kinds in turn for some minutes, telling each round; returns whether nothing failed."""
    late, seeds = time.monotonic() + 60 * minutes, dict.fromkeys(names, first)
    share = max(5.0, min(60.0, 60 * minutes / len(names)))
    good = True
    while time.monotonic() < late:
        for name in names:
            left = late - time.monotonic()
            if left > 0:
                outcome = run_kind(name, scratch / name, first=seeds[name], count=10**9, seconds=min(share, left))
                seeds[name] += outcome.tried
                good &= tell_outcome(name, outcome, seeds[name] - first)
    return good


def tell_outcome(name: str, outcome: Outcome, tried: int) -> bool:
    """Print an outcome, each way of failing once; returns whether nothing failed."""
    reads = f"{outcome.taken} taken, {outcome.refused} refused"
    figures = f"{outcome.peak_bytes / 1e6:.0f} MB, slowest {outcome.slowest_seconds:.2f} s"
    print(f"{name}: {tried} tried; {reads}; {figures}", flush=True)
    ways: dict[str, list[Failure]] = {}
    for one in outcome.failures:
        frames = re.findall(r'File "\S*/((?:song|corpus|model|tui)/\S+)", line (\d+)', one.problem)
        ways.setdefault(f"{frames[-1:]} {one.problem.strip().splitlines()[-1][:60]}", []).append(one)
    for alike in ways.values():
        one = alike[0]
        lines = "\n".join(line[:200] for line in one.problem.splitlines()[-40:])
        print(f"  FAILED {name} seed {one.seed}, {len(alike)} alike, files in {one.copy}\n{lines}", flush=True)
    return not outcome.failures


def main() -> int:
    """Run by hand, or as the child of such a run."""
    parser = argparse.ArgumentParser(description="Random mutations of every input.")
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--only", choices=KINDS, action="append", help="this kind alone; may be given again")
    parser.add_argument("--seed", type=int, default=0, help="of the first input of each kind")
    parser.add_argument("--count", type=int, help="try so many of each kind, however long it takes")
    parser.add_argument("--scratch", type=Path, help="a folder to work in")
    parser.add_argument("--child", choices=KINDS, help=argparse.SUPPRESS)
    parser.add_argument("--seconds", type=float, default=1e9, help=argparse.SUPPRESS)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve_tabs()
        return 0
    if options.child:
        run_here(options.child, options.seed, options.count, options.seconds, options.scratch)
        return 0
    scratch = options.scratch or Path(tempfile.mkdtemp(prefix="mutations-"))
    names = options.only or list(KINDS)
    if options.count is not None:
        runs = [(name, run_kind(name, scratch / name, first=options.seed, count=options.count)) for name in names]
        good = [tell_outcome(name, outcome, outcome.tried) for name, outcome in runs]
        return 0 if all(good) else 1
    return 0 if run_by_hand(names, options.minutes, options.seed, scratch) else 1


if __name__ == "__main__":
    sys.exit(main())
