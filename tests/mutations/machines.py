"""Words between machines that train together."""

import contextlib
import random
import socket
import threading
import time
from pathlib import Path

import msgspec

from model.training.machines import Machines, Place, _Hello, _Link, _Welcome, _Word
from tests.mutations.mutate import Files
from tests.mutations.reading import check_line, refused
from tests.mutations.texts import mutate_lines

FORMS = {".lines": mutate_lines}

_HERE, _OPTIONS = "127.0.0.1", {"--steps": "75"}
_PATIENCE_SECONDS = 1


def _line(word: msgspec.Struct) -> bytes:
    return msgspec.json.encode(word) + b"\n"


_HELLO = _line(_Hello(1, 2, _OPTIONS))


def make_machines(_folder: Path) -> list[Files]:
    words = _line(_Word(25)) + _line(_Word(50, done=True)) + _line(_Word(50, end="the disk is full"))
    return [{"hello.lines": _HELLO, "welcome.lines": _line(_Welcome(f"{_HERE}:4000")), "words.lines": words}]


def use_machines(folder: Path, _rng: random.Random) -> None:
    """Knock at the first machine, be answered by one, and hear the words of one that was met."""
    _knock((folder / "hello.lines").read_bytes())
    _be_answered((folder / "welcome.lines").read_bytes())
    for number in (0, 1):
        _hear(number, (folder / "words.lines").read_bytes())


def _knock(hello: bytes) -> None:
    with socket.create_server((_HERE, 0)) as free:
        port = free.getsockname()[1]
    met = threading.Event()

    def knock() -> None:
        for data in (hello, _HELLO):
            while not met.is_set():
                with contextlib.suppress(OSError), socket.create_connection((_HERE, port), timeout=1) as stranger:
                    stranger.sendall(data)
                    stranger.shutdown(socket.SHUT_WR)
                    break
                time.sleep(0.002)

    knocking = threading.Thread(target=knock)
    knocking.start()
    machines = refused(lambda: Machines.meet(Place(_HERE, port, 0, 2), _OPTIONS, 3))
    met.set()
    knocking.join()
    if machines is not None:
        machines.close()


def _be_answered(welcome: bytes) -> None:
    with socket.create_server((_HERE, 0)) as first:

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
        met = refused(lambda: Machines.meet(Place(_HERE, first.getsockname()[1], 1, 2), _OPTIONS, 3))
        for link in met._links if met is not None else ():
            link.close()
        answering.join()


def _hear(number: int, words: bytes) -> None:
    ours, theirs = socket.socketpair()
    ended: list[str] = []
    machines = Machines(Place(_HERE, 4000, number, 2), [_Link(ours, 1 - number)], f"{_HERE}:4000")
    machines.watch(ended.append)
    # Who has heard enough reads no further, and more words than the system holds for them would wait for ever.
    theirs.settimeout(_PATIENCE_SECONDS)
    with contextlib.suppress(OSError):
        theirs.sendall(words)
    theirs.close()
    for one in threading.enumerate():
        if one.name.endswith("(_hear)"):
            one.join(5)
    machines._over.set()
    ours.close()
    assert ended or machines._links[0].done, "nothing is heard of its end"
    for text in ended:
        check_line(text)
