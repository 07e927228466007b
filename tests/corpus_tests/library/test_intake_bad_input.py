"""Everything that people's folders hold beside music: each is refused with a reason, and keeps nothing else out."""

import random
import struct
import time
import zlib
from pathlib import Path

import pytest

from corpus.library.store import pieces
from tests.corpus_tests.library_music import corpus, fill, midi, told


def chunk(body, name=b"MTrk"):
    return name + struct.pack(">I", len(body)) + body


def header(kind=1, tracks=1, division=96):
    return b"MThd" + struct.pack(">IHHH", 6, kind, tracks, division)


def variable(value):
    """A MIDI delta time."""
    digits = [value & 0x7F]
    while value := value >> 7:
        digits.insert(0, value & 0x7F | 0x80)
    return bytes(digits)


def packed(text):
    return struct.pack(">I", len(text)) + zlib.compress(text)


END = b"\0\xff\x2f\0"
NOTE = b"\0\x90\x3c\x40\x60\x80\x3c\x40"
ENTITIES = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(12))
XML_BOMB = (
    f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "lol">{ENTITIES}]><lmms-project>&a12;</lmms-project>'.encode()
)
AN_HOUR = 60 * 140 * 96
"""Ticks at 140 BPM; the tempo of a file that tells none is 120."""

BAD: dict[str, tuple[bytes, str]] = {
    "empty.mid": (b"", "it is empty"),
    "truncated.mid": (midi()[:-40], "cut short"),
    "header-alone.mid": (header(tracks=3), "cut short"),
    "wrong-header.mid": (b"MThx" + midi()[4:], "not a MIDI file"),
    "renamed-text.mid": (b"my best ideas\n" * 50, "not a MIDI file"),
    "renamed-picture.MID": (b"\x89PNG\r\n\x1a\n" + bytes(100), "not a MIDI file"),
    "noise.midi": (random.Random(3).randbytes(5000), "not a MIDI file"),
    "noise-in-track.mid": (header() + chunk(random.Random(4).randbytes(5000)), "damaged"),
    "running-status-first.mid": (header() + chunk(b"\0\x3c\x40" + END), "damaged"),
    "running-status-after-meta.mid": (header() + chunk(b"\0\xff\x01\x01a\0\x3c\x40" + END), "damaged"),
    "running-status-forever.mid": (header() + chunk(NOTE[:4] + b"\0\x3c\x40" * 90_000 + END), "no notes"),
    "type-2.mid": (header(kind=2) + chunk(NOTE + END), "type 2"),
    "smpte.mid": (header(division=0xE728) + chunk(NOTE + END), "SMPTE"),
    "no-notes.mid": (header() + chunk(END), "no notes"),
    "silence.mid": (header() + chunk(variable(AN_HOUR)[:-1] + b"\0\xff\x2f\0"), "no notes"),
    "late-note.mid": (header() + chunk(variable(AN_HOUR) + NOTE[1:] + END), "over an hour long"),
    "ten-million-ticks.mid": (header(division=960) + chunk(variable(10_000_001) + NOTE[1:] + END), "10 million ticks"),
    "most-ticks.mid": (header(division=30_000) + chunk(b"\xff\xff\xff\x7f" + NOTE[1:] + END), "10 million ticks"),
    "stuck-note.mid": (header() + chunk(NOTE[:4] + END), "no notes"),
    "zip-bomb.mmpz": (packed(b"<lmms-project>" + b" " * 100_000_000), "unpacks to over 16 MB"),
    "elements-bomb.mmpz": (packed(b"<lmms-project>" + b"<a/>" * 3_000_000), "far more than an LMMS song"),
    "xml-bomb.mmp": (XML_BOMB, "declares XML entities"),
    "xml-bomb.mmpz": (packed(XML_BOMB), "declares XML entities"),
    "web-page.mmp": (b"<html><body>404</body></html>", "not an LMMS project"),
    "cut.mmpz": (packed(b"<lmms-project/>" * 99)[:-9], "cut short"),
    "a-folder.flp": (b"FLhd", "in FL Studio choose File > Export > MIDI file"),
}
"""Files by name: what they hold, and words of the reason why they give nothing."""


@pytest.fixture(scope="module")
def added(tmp_path_factory):
    """A library to which all of it was added beside two good files, and what add took in seconds."""
    place = tmp_path_factory.mktemp("bad")
    music, outside = fill(place / "mine", 2), place / "secret"
    outside.mkdir()
    (outside / "private.mid").write_bytes(midi(seed=99))
    (music / "link-out.mid").symlink_to(outside / "private.mid")
    (music / "link-to-nowhere.mid").symlink_to(place / "gone.mid")
    (music / "linked-folder").symlink_to(outside, target_is_directory=True)
    (music / "loop").symlink_to(music, target_is_directory=True)
    (music / "latin\udce9.mid").write_bytes(midi(seed=50))
    (music / "escape\x1b[2J.mid").write_bytes(midi(seed=51))
    (music / "naïve ♫ 音楽.mid").write_bytes(midi(seed=52, name="\x1b[31mred"))
    (music / "folder.mid").mkdir()
    for name, (data, _) in BAD.items():
        (music / name).write_bytes(data)
    started = time.monotonic()
    corpus(place / "library", "add", music, processes=True)
    return place / "library", time.monotonic() - started


def test_nothing_hangs_and_good_files_are_taken_beside_all_of_it(added):
    library, seconds = added
    names = {one.name for one in pieces(library)}
    assert {"a0tune.mid", "b1tune.mid", "latin\N{REPLACEMENT CHARACTER}.mid", "naïve ♫ 音楽.mid"} <= names
    assert not any("private" in name for name in names)
    assert seconds < 60


@pytest.mark.parametrize("name", BAD)
def test_doctor_says_why_each_gave_nothing(added, capsys, name):
    library, _ = added
    lines = told(capsys, library, "doctor").splitlines()
    at = next(index for index, line in enumerate(lines) if line.startswith(f"mine/{name}: "))
    assert lines[at].endswith(": refused")
    assert lines[at + 1].startswith("  why: ")
    assert BAD[name][1] in lines[at + 1]


def test_doctor_tells_of_links_and_writes_no_control_characters(added, capsys):
    library, _ = added
    page = told(capsys, library, "doctor")
    assert "mine/link-out.mid: refused\n  why: it is a link out of the folder: add the file itself" in page
    assert "nowhere" not in page
    assert "linked-folder" not in page
    assert all(character == "\n" or character.isprintable() for character in page)
    assert page.encode("utf-8")


def test_adding_all_of_it_again_changes_nothing(added, capsys):
    library, _ = added
    again = told(capsys, library, "add", Path(library).parent / "mine")
    assert "0 new, 0 changed" in again
