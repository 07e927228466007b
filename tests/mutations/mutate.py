"""Mutations of bytes and of trees; those of text formats are in `texts.py`, those of other formats in their rooms."""

import copy
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.hostile_text import HOSTILE

Files = dict[str, bytes]
"""The files of an input by their names below the working folder."""
Form = Callable[[random.Random, bytes, bytes], bytes]
"""Changes the contents of a file, given those of another valid one."""

TEXTS = ("", "x" * 70_000, HOSTILE, "\0", "\x1b[2J", "\u202e", "a\nb", "../../x", "%s", "nan", "-1", "\U0001f469")
_BYTES = (
    b"\0", b"\x7f", b"\x80", b"\xff", b"\r\n", b"\xff" * 4, b"\0" * 8, b"\xed\xa0\x80", b'"', b"[" * 3000, b"\x1b",
    b"<!ENTITY a 'b'>", b"<a>" * 3000,
)  # fmt: skip


def files_below(folder: Path, name: str) -> Files:
    """The files that lie below a folder within the working folder."""
    return {one.relative_to(folder).as_posix(): one.read_bytes() for one in (folder / name).rglob("*") if one.is_file()}


class Pairs(list[Any]):
    """A table of a text format as (key, value) pairs, so that a key may stand there twice."""


def paired(value: Any) -> Any:
    """A tree whose tables are pairs."""
    if isinstance(value, dict):
        return Pairs((key, paired(one)) for key, one in value.items())
    return list(map(paired, value)) if isinstance(value, list | tuple) else value


def unpaired(value: Any) -> Any:
    """A tree whose tables are dictionaries again."""
    if isinstance(value, Pairs):
        return {key: unpaired(one) for key, one in value}
    return list(map(unpaired, value)) if isinstance(value, list) else value


def mutated(rng: random.Random, pool: Sequence[Files], forms: Mapping[str, Form]) -> Files:
    """One of some inputs with a file of it changed by the form for its suffix, or else as bytes."""
    files = dict(rng.choice(pool))
    name = rng.choice(sorted(files))
    suffix = Path(name).suffix
    alike = [one for some in pool for path, one in sorted(some.items()) if Path(path).suffix == suffix]
    files[name] = forms.get(suffix, mutate_bytes)(rng, files[name], rng.choice(alike))
    return files


def mutate_bytes(rng: random.Random, data: bytes, other: bytes) -> bytes:
    """Flip, insert, delete, double or cut bytes, or put in some of another input."""
    for _ in range(rng.choice((1, 1, 1, 2, 4, 16))):
        at = rng.randrange(len(data) + 1)
        end = min(len(data), at + rng.choice((1, 1, 2, 4, 16, 256, 4096)))
        put = b""
        match rng.randrange(9):
            case 0 | 1 if at < len(data):
                put, end = bytes([data[at] ^ 1 << rng.randrange(8)]), at + 1
            case 2:
                put, end = rng.randbytes(rng.choice((1, 2, 8))), at
            case 3:
                put = data[at:end] * rng.choice((2, 2, 3, 50))
            case 4:
                end = len(data)
            case 5:
                start = rng.randrange(len(other) + 1)
                put = other[start : start + rng.choice((4, 64, 100_000))]
            case 6:
                put = rng.choice(_BYTES)
                end = at + len(put)
            case 7:
                # Where formats have lengths and counts.
                at = rng.randrange(min(len(data), 64) + 1)
                put, end = rng.choice((b"\0", b"\x01", b"\x7f", b"\xff")) * rng.choice((1, 2, 4)), at + 1
        data = data[:at] + put + data[end:]
    return data


def _places(tree: list[Any]) -> Iterator[tuple[list[Any], int]]:
    """Every place in a tree of lists and pairs that holds a value, as (holder, index)."""
    for index, value in enumerate(tree):
        yield tree, index
        inside = value[1] if isinstance(tree, Pairs) else value
        if isinstance(inside, list):
            yield from _places(inside)


def mutate_tree(rng: random.Random, tree: Any, other: Any, values: Sequence[Any]) -> Any:
    """Replace, drop, double, rename, swap or nest what a tree of lists and pairs holds; it is changed in place."""
    holder = [tree]
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        inside, index = rng.choice(list(_places(holder)))
        keyed = isinstance(inside, Pairs)
        key, old = inside[index] if keyed else ("", inside[index])
        new: Any = old
        match rng.randrange(9):
            case 0 | 1 | 2:
                new = rng.choice(values)
            case 3 if inside is not holder:
                del inside[index]
                continue
            case 4 if keyed and rng.random() < 0.5:
                inside.insert(index, (rng.choice(("x", *TEXTS)), rng.choice(values)))
                continue
            case 4:
                inside.insert(index, copy.deepcopy(inside[index]))
                continue
            case 5 if keyed:
                key = rng.choice(("", "x", "\0", "type", key + "s", "x" * 3000))
            case 6:
                there, at = rng.choice(list(_places([other] if rng.random() < 0.5 else holder)))
                new = copy.deepcopy(there[at][1] if isinstance(there, Pairs) else there[at])
            case 7:
                new = [copy.deepcopy(old) for _ in range(rng.choice((1, 2, 30)))] if rng.random() < 0.5 else [[[old]]]
            case _ if isinstance(old, int | float) and not isinstance(old, bool):
                new = rng.choice((old + 1, old - 1, -old, old * 2, old * 1000, old / 2, float(old)))
            case _ if isinstance(old, str):
                new = rng.choice((old + "x", old[:-1], old * 2, old.upper(), old.swapcase(), rng.choice(TEXTS)))
        inside[index] = (key, new) if keyed else new
    return holder[0]
