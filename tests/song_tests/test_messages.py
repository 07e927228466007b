"""Lines of messages however they come, and a standard output for messages alone."""

import subprocess
import sys
from collections.abc import Callable

import pytest

from song.messages import split_lines


def reader(*chunks: bytes) -> Callable[[], bytes]:
    left = iter(chunks)
    return lambda: next(left, b"")


@pytest.mark.parametrize(
    ("chunks", "lines"),
    [
        ((b"one\ntwo\n",), [b"one", b"two"]),
        ((b"o", b"ne\nt", b"wo\nthree"), [b"one", b"two"]),
        ((b"\n\n",), [b"", b""]),
        ((b"12345678\n123456789\nok\n",), [b"12345678", None, b"ok"]),
        ((b"1234", b"5678", b"9", b"0" * 90, b"1\nok\n"), [None, b"ok"]),
        ((b"1" * 90, b"\n1\n"), [None, b"1"]),
    ],
)
def test_lines_are_split_however_they_come_and_long_ones_are_not_held(
    chunks: tuple[bytes, ...], lines: list[bytes | None]
) -> None:
    assert list(split_lines(reader(*chunks), 8)) == lines


def test_what_libraries_print_goes_to_stderr_and_not_among_the_messages() -> None:
    program = """
import os
from song.messages import private_stdout
out = private_stdout()
os.write(1, b"noise")
print("more noise", flush=True)
out.write(b"message")
out.flush()
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout == b"message"
    assert done.stderr == b"noisemore noise\n"
