"""The engine's input: lines of bounded length, heard from the first moment on, and an end that ends the process."""

import os
import threading

import pytest

from model import engine_input
from model.engine_input import EngineInput
from model.protocol import Cancel, Failed, Request, encode
from song.messages import split_lines


class Heard:
    """An input on a pipe, and what it hands on; `left` is set when it would end the process."""

    def __init__(self) -> None:
        self.source, self.sink = os.pipe()
        self.got: list[Request | Failed] = []
        self.closed, self.left = threading.Event(), threading.Event()
        self.input = EngineInput(self.source, lambda code: self.left.set(), grace=0.01)
        self.input.start()

    def listen(self) -> None:
        self.input.listen(self.got.append, self.got.append, self.closed.set)


def test_requests_wait_for_whoever_listens_and_what_is_none_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_input, "split_lines", lambda read, most: split_lines(read, 100))
    heard = Heard()
    os.write(heard.sink, encode(Cancel(1)) + b"dance\n" + b"[" * 99 + b"\n" + b"x" * 200 + b"\n" + encode(Cancel(2)))
    heard.listen()
    os.close(heard.sink)
    assert heard.closed.wait(5)
    assert [heard.got[0], heard.got[-1]] == [Cancel(1), Cancel(2)]
    reasons = [one.reason for one in heard.got[1:-1] if isinstance(one, Failed)]
    assert len(reasons) == 3
    assert all(reason.startswith("not a request") for reason in reasons[:2])
    assert "longer than" in reasons[2]
    assert heard.left.wait(5)


def test_the_process_is_ended_where_the_input_ends_though_nobody_listens_yet() -> None:
    heard = Heard()
    os.close(heard.sink)
    assert heard.left.wait(5)
    assert not heard.closed.is_set()


def test_an_end_of_the_output_is_an_end_too() -> None:
    heard = Heard()

    def refuse(answer: Failed) -> None:
        raise BrokenPipeError

    heard.input.listen(heard.got.append, refuse, heard.closed.set)
    os.write(heard.sink, b"dance\n")
    assert heard.closed.wait(5)
    assert heard.left.wait(5)
    os.close(heard.sink)


def test_what_comes_while_nobody_takes_it_is_held_up_to_a_number() -> None:
    heard = Heard()
    os.write(heard.sink, encode(Cancel(1)) * (engine_input.MOST_HELD + 50))
    os.close(heard.sink)
    assert heard.left.wait(5)
    heard.listen()
    assert heard.closed.wait(5)
    assert len(heard.got) == engine_input.MOST_HELD
