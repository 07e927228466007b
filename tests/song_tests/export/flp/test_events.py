"""Events byte by byte."""

import pytest

from song.export.flp.events import data, event, text, whole_file


@pytest.mark.parametrize(
    ("kind", "value", "bytes_"),
    [
        (9, 1, "09 01"),
        (63, -1, "3f ff"),
        (64, 258, "40 0201"),
        (127, -1, "7f ffff"),
        (128, 0x01020304, "80 04030201"),
        (191, -1, "bf ffffffff"),
    ],
)
def test_a_number_has_as_many_bytes_as_its_kind_says(kind: int, value: int, bytes_: str) -> None:
    assert event(kind, value) == bytes.fromhex(bytes_)


@pytest.mark.parametrize(("kind", "value"), [(9, 256), (9, -129), (64, 65536), (128, 2**32)])
def test_a_number_that_does_not_fit_is_refused(kind: int, value: int) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        event(kind, value)


@pytest.mark.parametrize(("size", "length"), [(0, "00"), (127, "7f"), (128, "8001"), (16384, "808001")])
def test_a_length_has_7_bits_a_byte_the_lowest_first(size: int, length: str) -> None:
    assert data(200, b"x" * size) == bytes((200,)) + bytes.fromhex(length) + b"x" * size


@pytest.mark.parametrize(
    ("words", "bytes_"),
    [("Hi", "4800 6900 0000"), ("", "0000"), ("a\0b", "6100 2000 6200 0000"), ("🚌", "3dd88cde 0000")],
)
def test_text_is_utf_16_with_a_nul(words: str, bytes_: str) -> None:
    contents = bytes.fromhex(bytes_)
    assert text(203, words) == bytes((203, len(contents))) + contents


def test_half_a_surrogate_is_written_all_the_same() -> None:
    assert text(203, "\ud800")[2:] == bytes.fromhex("00d8 0000")


def test_a_file_has_two_chunks() -> None:
    assert whole_file(16, 1, 96, [event(9, 1)]) == bytes.fromhex(
        "464c6864 06000000 1000 0100 6000 464c6474 02000000 0901"
    )
