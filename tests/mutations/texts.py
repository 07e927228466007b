"""Mutations of JSON, TOML and XML by what they say, with values that the formats do not allow."""

import copy
import json
import random
import re
import tomllib
from typing import Any
from xml.etree import ElementTree

from tests.mutations.mutate import TEXTS, Pairs, mutate_bytes, mutate_tree, paired


class Raw(str):
    """A value as it is to stand in the text of a file."""


def _raw(words: str) -> tuple[Raw, ...]:
    return tuple(map(Raw, words.split()))


_NUMBERS = (
    *("0", "-1", "1", "127", "128", "1.5", "-0.0", "1e-320", "1e308", "-1e308", "nan", "inf", str(2**31)),
    *(str(2**63 - 1), str(2**63), str(2**64), str(-(2**63)), "9" * 401, "9" * 6000),
)
_VALUES = (*map(Raw, (*_NUMBERS, "[" * 3000 + "]" * 3000)), *_raw('true [] {} "\\ud800" "\\u0000" "\x01"'), *TEXTS)
_JSON_VALUES = (*_VALUES, *_raw("1e999 NaN Infinity null"), Raw('{"a":' * 3000 + "}" * 3000))
_TOML_VALUES = (
    *_VALUES, *_raw("1979-05-27 07:32:00 1979-05-27T07:32:00Z [[1]]"),
    *map(Raw, ("0x" + "f" * 6000, '"""\n"""', "{a=" * 3000 + "}" * 3000)),
)  # fmt: skip
_XML_VALUES = (
    *_NUMBERS, *("", "x" * 70_000, "kick", "snare", "true", "\u0661\u0662", "\x01"),
    *("&#0;", "&#x202e;", "&#10;", "&lol;", "&#x1b;"),
)  # fmt: skip


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def json_text(value: Any) -> str:
    """A tree as JSON, whatever stands in it."""
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, Pairs):
        return "{" + ", ".join(f"{json.dumps(key)}: {json_text(one)}" for key, one in value) + "}"
    return "[" + ", ".join(map(json_text, value)) + "]" if isinstance(value, list) else json.dumps(value)


def toml_text(value: Any, *, top: bool = True) -> str:
    """A tree as TOML, its tables within lines."""
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, Pairs):
        rows = [f"{_toml_key(key)} = {toml_text(one, top=False)}" for key, one in value]
        return "\n".join(rows) + "\n" if top else "{ " + ", ".join(rows) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(toml_text(one, top=False) for one in value) + "]"
    return repr(value) if isinstance(value, float) else json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _toml_key(key: str) -> str:
    return key if re.fullmatch("[A-Za-z0-9_-]+", key) else json.dumps(key, ensure_ascii=False)


def mutate_json(rng: random.Random, data: bytes, other: bytes) -> bytes:
    """Mutate JSON by what it says, or now and then as bytes."""
    if rng.random() < 0.2:
        return mutate_bytes(rng, data, other)
    tree, more = (json.loads(one, object_pairs_hook=Pairs) for one in (data, other))
    text = _encoded(json_text(mutate_tree(rng, tree, more, _JSON_VALUES)))
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
    tree, more = (paired(tomllib.loads(one.decode())) for one in (data, other))
    return _encoded(toml_text(mutate_tree(rng, tree, more, _TOML_VALUES)))


def mutate_xml(rng: random.Random, data: bytes, other: bytes) -> bytes:
    """Mutate XML: values and names of attributes, elements left out, doubled, moved or nested; or as bytes."""
    if rng.random() < 0.2:
        return mutate_bytes(rng, data, other)
    root = ElementTree.fromstring(data)
    for _ in range(rng.choice((1, 1, 2, 4))):
        elements = list(root.iter())
        one, into = (rng.choice(elements) for _ in "12")
        told = rng.choice([element for element in elements if element.attrib] or [root])
        name = rng.choice(sorted(told.attrib) or ["x"])
        match rng.randrange(7):
            case 0 | 1 | 2:
                told.set(name, rng.choice(_XML_VALUES))
            case 3:
                told.set(rng.choice(("x", name + "2", *one.attrib)), told.attrib.pop(name, ""))
            case 4:
                for inside in list(one)[: rng.choice((1, 1, 100))]:
                    one.remove(inside)
            case 5:
                few = len(elements) < 2000 and sum(1 for _ in one.iter()) < 50
                times = rng.choice((1, 1, 2, 40, 1000) if few else (1, 1, 2))
                into.extend([copy.deepcopy(one) for _ in range(times)])
            case _:
                for _ in range(200):
                    one = ElementTree.SubElement(one, one.tag)
    # References that stand in values are to be read as such.
    return ElementTree.tostring(root).replace(b"&amp;", b"&")
