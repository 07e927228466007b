"""XML of others, and where it is stopped."""

import pytest

from corpus.readers.bounded_xml import MAX_DEPTH, parse_bounded
from song.errors import UserError


def test_a_tree_is_read() -> None:
    assert parse_bounded(b'<a><b c="d"/></a>', 100, 2).find("b").get("c") == "d"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"<a>", "it is damaged"),
        (b"", "it is damaged"),
        (b"<a/>" * 40, "it is over"),
        (b"<a>" + b"<b/>" * 4 + b"</a>", "far more than a song does"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "declares XML entities"),
        ('<?xml version="1.0" encoding="utf-16"?><a/>'.encode("utf-16"), "declares XML entities, or is in an encoding"),
        (b'<?xml version="1.0" encoding="nonsense"?><a/>', "it is damaged"),
    ],
)
def test_what_is_no_song_is_stopped(text: bytes, said: str) -> None:
    with pytest.raises(UserError, match=said):
        parse_bounded(text, 120, 4)


def test_nested_elements_are_stopped() -> None:
    with pytest.raises(UserError, match="far more than a song does"):
        parse_bounded(b"<a>" * (MAX_DEPTH + 1), 10_000, 10_000)
