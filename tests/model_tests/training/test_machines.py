"""Machines that meet in one process, on a thread each: places, agreement, and the end of one that ends all."""

import socket
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from model.training import machines
from model.training.machines import Machines, Place, parse_place
from song.errors import UserError

OPTIONS = {"--steps": "75", "--seed": "0"}
PATIENCE_SECONDS = 60


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.mark.parametrize(
    ("address", "number", "place"),
    [
        ("gpubox:1234", "1/2", Place("gpubox", 1234, 0, 2)),
        ("[::1]:65535", "3/3", Place("[::1]", 65535, 2, 3)),
        ("10.0.0.1:1", "64/64", Place("10.0.0.1", 1, 63, 64)),
    ],
)
def test_machines_meet_at_an_address_and_are_counted_from_one(address: str, number: str, place: Place) -> None:
    assert parse_place(address, number) == place


@pytest.mark.parametrize(
    ("address", "number"),
    [("gpubox", "1/2"), (":1234", "1/2"), ("gpubox:port", "1/2"), ("gpubox:1", "0/2"), ("gpubox:1", "3/2"),
     ("gpubox:1", "1"), ("gpubox:1", "a/b"), ("gpubox:0", "1/2"), ("gpubox:65536", "1/2"), ("gpubox:-1", "1/2"),
     ("gpubox:1", "1/65"), ("gpubox:1", "1/0"), ("gpubox:1", "²/3"), ("gpu box:1", "1/2"), ("gpubox:1 ", "1/2"),
     ("gpubox\n:1", "1/2"), ("::1:1234", "1/2"), ("-x:1", "1/2"), ("gpubox:" + "9" * 5000, "1/2")],
)  # fmt: skip
def test_a_meeting_that_makes_no_sense_is_told_with_one_that_does(address: str, number: str) -> None:
    with pytest.raises(UserError, match="HOST:PORT 1/2"):
        parse_place(address, number)


def meet(
    port: int, *others: tuple[int, int, dict[str, str]], seconds: float = PATIENCE_SECONDS, count: int = 2
) -> list[Future]:
    """The first and others (number from 0, how many they think there are, their options) on a thread each."""
    pool = ThreadPoolExecutor(8)
    places = [(0, count, OPTIONS), *others]
    futures = [
        pool.submit(Machines.meet, Place("127.0.0.1", port, number, of), options, seconds)
        for number, of, options in places
    ]
    pool.shutdown(wait=True)
    return futures


@pytest.mark.parametrize(
    ("others", "count", "words"),
    [
        ([(1, 2, {**OPTIONS, "--steps": "50"})], 2, "machine 2 has --steps 50, not 75 as the first"),
        ([(1, 2, {})], 2, "--steps not given, not 75; --seed not given, not 0"),
        ([(1, 3, OPTIONS)], 2, "a machine counts 3 of them and the first 2"),
        ([(1, 3, OPTIONS), (1, 3, OPTIONS)], 3, "two machines are number 2 of 3"),
        ([(2, 3, OPTIONS)], 3, "machines 2 of 3 have not come in time"),
    ],
)
def test_machines_that_do_not_agree_all_end_with_the_same_line(
    port: int, others: list[tuple[int, int, dict[str, str]]], count: int, words: str
) -> None:
    # No longer than one that never comes has to be waited for; the others may be slow on a busy machine.
    seconds = 2 if "in time" in words else PATIENCE_SECONDS
    lines = {str(one.exception()) for one in meet(port, *others, count=count, seconds=seconds)}
    assert len(lines) == 1
    assert words in lines.pop()


def test_who_waits_alone_is_told_after_its_time(port: int) -> None:
    (first,) = meet(port, seconds=0.1)
    assert "machines 2 of 2 have not come in time" in str(first.exception())
    with pytest.raises(UserError, match=r"does not answer .*is it started"):
        Machines.meet(Place("127.0.0.1", port, 1, 2), OPTIONS, 0.1)
    with socket.create_server(("127.0.0.1", port)), pytest.raises(UserError, match="is the port free"):
        Machines.meet(Place("127.0.0.1", port, 0, 2), OPTIONS, 0.1)


def test_whatever_else_knocks_is_let_go(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    # Short for the one that says nothing, and long for a word that is on its way on a busy machine.
    monkeypatch.setattr(machines, "_HELLO_SECONDS", 1.0)
    with ThreadPoolExecutor() as pool:
        first = pool.submit(Machines.meet, Place("127.0.0.1", port, 0, 2), OPTIONS, PATIENCE_SECONDS)
        for words in (b"GET / HTTP/1.1\n", b"", b"x" * 20_000, b'{"x": ' + b"[" * 9000 + b"\n"):
            stranger = until(lambda: socket.create_connection(("127.0.0.1", port)))
            stranger.sendall(words)
            stranger.close() if words else None
        second = pool.submit(Machines.meet, Place("127.0.0.1", port, 1, 2), OPTIONS, PATIENCE_SECONDS)
        assert first.result().coordinator == second.result().coordinator


def until(attempt: Callable[[], socket.socket]) -> socket.socket:
    late = threading.Event()
    for _ in range(100):
        try:
            return attempt()
        except ConnectionRefusedError:
            late.wait(0.05)
    raise AssertionError("nobody listens")


class Watched:
    """Three machines that have met, and the line that each has heard at the end."""

    def __init__(self, port: int) -> None:
        self.all: list[Machines] = [one.result() for one in meet(port, (1, 3, OPTIONS), (2, 3, OPTIONS), count=3)]
        self.lines: list[str] = [""] * 3
        self.heard = [threading.Event() for _ in self.all]
        for number, one in enumerate(self.all):
            one.watch(lambda line, number=number: self.hear(number, line))

    def hear(self, number: int, line: str) -> None:
        self.lines[number] = line
        self.heard[number].set()


@pytest.mark.parametrize("number", [0, 1])
def test_the_reason_of_one_is_heard_by_all_others_once(port: int, number: int) -> None:
    watched = Watched(port)
    assert watched.all[number].end("the disk is full")
    for other in {0, 1, 2} - {number}:
        assert watched.heard[other].wait(PATIENCE_SECONDS)
        assert watched.lines[other] == "the disk is full"
        assert not watched.all[other].end("something that follows from it"), "another ended first"
    assert watched.lines[number] == ""


def test_whatever_reason_another_machine_gives_is_told_in_one_line(port: int) -> None:
    watched = Watched(port)
    assert watched.all[1].end("the disk\nis full" + "x" * 9000)
    assert watched.heard[0].wait(PATIENCE_SECONDS)
    assert watched.lines[0].startswith("the disk is full")
    assert len(watched.lines[0]) < 1100


@pytest.mark.parametrize(
    "line",
    [b'{"x": ' + b"[" * 9000, b'{"end": "\xff"}', b'{"saved": ' + b"9" * 5000 + b"}"],
    ids=["deep", "no text", "digits"],
)
def test_a_word_that_is_none_is_the_end_of_who_says_it(port: int, line: bytes) -> None:
    watched = Watched(port)
    watched.all[1]._links[0]._connection.sendall(line + b"\n")
    assert watched.heard[0].wait(PATIENCE_SECONDS)
    assert watched.lines[0].startswith("machine 2 of 3 is gone")


@pytest.mark.parametrize("saved", [0, 50])
def test_a_machine_that_is_gone_ends_the_others_which_name_the_checkpoint(port: int, saved: int) -> None:
    watched = Watched(port)
    watched.all[0].keep(saved)
    watched.all[2]._links[0]._connection.shutdown(socket.SHUT_RDWR)
    kept = f"until step {saved} is kept" if saved else "no checkpoint is known"
    for other in (0, 1):
        assert watched.heard[other].wait(PATIENCE_SECONDS)
        assert watched.lines[other].startswith("machine 3 of 3 is gone")
        assert kept in watched.lines[other]


def test_a_machine_that_says_nothing_is_gone(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machines, "SILENCE_SECONDS", 0.1)
    watched = Watched(port)
    assert watched.heard[0].wait(PATIENCE_SECONDS)
    assert "is gone" in watched.lines[0]


def test_one_that_is_done_may_go(port: int) -> None:
    watched = Watched(port)
    watched.all[1].close()
    until_done = threading.Event()
    for _ in range(100):
        if watched.all[0]._links[0].done:
            break
        until_done.wait(0.05)
    watched.all[1]._links[0].close()
    assert not watched.heard[0].wait(0.2)
    assert watched.all[0].end("another reason")
