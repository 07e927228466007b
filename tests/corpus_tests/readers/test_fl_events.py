"""Events of FL Studio's files taken apart: those that it saved, and what is damaged."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.readers.fl_events import MAX_BYTES, events_of
from song.errors import UserError
from song.export.flp.events import PROJECT, SCORE, data, event, preamble, text, whole_file
from tests.foreign_software import fl_saved

WHOLE = whole_file(PROJECT, 1, 96, [preamble(b"\0\0"), event(64, 0), text(203, "Kick"), data(224, b"x" * 300)])


def test_what_is_written_is_read() -> None:
    file = events_of(WHOLE)
    assert file.ticks_per_quarter == 96
    assert [one.kind for one in file.events] == [199, 159, 28, 37, 200, 64, 203, 224]
    assert (file.events[6].text, file.events[1].number, len(file.events[7].data)) == ("Kick", 2576, 300)


def test_projects_that_fl_studio_saved_are_read_to_their_last_byte() -> None:
    for name in ("FL 20.8.4.flp", "patterns/multi-channel.flp"):
        saved = fl_saved(name)
        file = events_of(saved)
        again = b"".join(
            event(one.kind, one.number) if one.kind < 192 else data(one.kind, one.data) for one in file.events
        )
        assert saved.endswith(again)
        assert len(again) == len(saved) - 22


@pytest.mark.parametrize(
    ("damaged", "said"),
    [
        (b"", "it is empty"),
        (b"MThd" + WHOLE[4:], "does not begin with FLhd"),
        (b"PK\x03\x04" + WHOLE, "it is a zipped project: unpack it"),
        (WHOLE[:10], "cut short inside its header"),
        (WHOLE[:18], "cut short inside its header"),
        (WHOLE[:-1], "it is cut short: "),
        (WHOLE[:14] + b"XXXX" + WHOLE[18:], "it may be encrypted"),
        (whole_file(SCORE, 1, 96, [preamble()]), "it is a score or a preset"),
        (whole_file(PROJECT, 1, 0, [preamble()]), "no ticks a quarter note"),
        (whole_file(PROJECT, 1, 96, [b"\xe0\xff"]), "damaged at byte"),
        (whole_file(PROJECT, 1, 96, [b"\xe0\xff\xff\xff\xff\xff\xff\x01"]), "damaged at byte"),
        (whole_file(PROJECT, 1, 96, [b"\xe0\x05abc"]), "longer than the file"),
        (whole_file(PROJECT, 1, 96, [b"\x80\x01"]), "longer than the file"),
        (WHOLE + b"x" * MAX_BYTES, "it is over 64 MB"),
    ],
)
def test_what_is_damaged_says_what_to_do(damaged: bytes, said: str) -> None:
    with pytest.raises(UserError, match=said):
        events_of(damaged)


@given(st.data())
def test_any_damage_is_an_error_in_words_or_none(draw: st.DataObject) -> None:
    spoiled = bytearray(WHOLE)
    for _ in range(draw.draw(st.integers(1, 5))):
        spoiled[draw.draw(st.integers(0, len(spoiled) - 1))] = draw.draw(st.integers(0, 255))
    with contextlib.suppress(UserError):
        events_of(bytes(spoiled[: draw.draw(st.integers(0, len(spoiled)))]))
