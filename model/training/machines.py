"""Machines that train together: they meet, see that they agree, and hear of each other's end and of its reason.

Each other machine holds a connection to the first, over which lines of JSON go. jaxlib has connections of its own
(`model.nn.data_parallel`), but ends a process without a word where it is told a wrong place, and where another process
is gone. Whoever can reach the first machine's port can disturb a run, and no more. Imports no JAX.
"""

import contextlib
import re
import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence

import msgspec

from song.errors import UserError, readable_line

MEET_SECONDS = 120.0
"""From the first machine's start until all have to be there; the others look for it as long."""
SILENCE_SECONDS = 30.0
"""Nothing heard of a machine for so long, and it is taken for gone."""
MOST_MACHINES = 64
_BEAT_SECONDS = 5.0
_HELLO_SECONDS = 5.0
_RETRY_SECONDS = 0.3
_MOST_LINE_BYTES = 1 << 14
_ADDRESS = re.compile(r"(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,252})):([0-9]{1,5})")
_NUMBER = re.compile(r"([0-9]{1,3})/([0-9]{1,3})")


class Place(msgspec.Struct, frozen=True):
    """Where machines meet, and which one this is.

    Attributes:
        host: the first machine's name or address, in brackets where it is of IPv6.
        port: 1-65535.
        number: this machine's, 0 for the first.
        count: how many there are, 1-64.
    """

    host: str
    port: int
    number: int
    count: int


def parse_place(address: str, number: str) -> Place:
    """Read what `--join` is given.

    Args:
        address: HOST:PORT of the first machine.
        number: N/M, this machine's number from 1 on and how many there are.

    Raises:
        UserError: where it is something else.
    """
    at, which = _ADDRESS.fullmatch(address), _NUMBER.fullmatch(number)
    if not (at and which and 1 <= int(at[2]) <= 65535 and 1 <= int(which[1]) <= int(which[2]) <= MOST_MACHINES):
        raise UserError(
            f"--join {address} {number}: say where the first machine is and which this is: HOST:PORT 1/2 "
            f"(a port is 1-65535, and {MOST_MACHINES} machines are the most)"
        )
    return Place(at[1], int(at[2]), int(which[1]) - 1, int(which[2]))


class _Hello(msgspec.Struct, frozen=True):
    """The first line of every machine but the first."""

    number: int
    count: int
    options: dict[str, str]


class _Welcome(msgspec.Struct, frozen=True):
    """The answer: where JAX's processes meet, or why they do not."""

    coordinator: str = ""
    problem: str = ""


class _Word(msgspec.Struct, frozen=True):
    """Every later line: the step of the last checkpoint, whether this machine is done, and why it ends, if so."""

    saved: int = 0
    done: bool = False
    end: str = ""


class _Link:
    """A connection to another machine."""

    def __init__(self, connection: socket.socket, number: int) -> None:
        self.number = number
        self.done = False
        self._connection = connection
        self._held = b""
        self._sending = threading.Lock()

    def send(self, word: msgspec.Struct) -> None:
        """Send a line; where the other is gone, reading tells."""
        with self._sending, contextlib.suppress(OSError):
            self._connection.sendall(msgspec.json.encode(word) + b"\n")

    def line(self, seconds: float) -> bytes:
        """The next line, empty at the end.

        Raises:
            TimeoutError: where none comes in time.
            OSError: where the connection is broken, or the line too long.
        """
        late = time.monotonic() + seconds
        while b"\n" not in self._held:
            left = late - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self._connection.settimeout(left)
            chunk = self._connection.recv(4096)
            if not chunk:
                return b""
            self._held += chunk
            if len(self._held) > _MOST_LINE_BYTES:
                raise OSError("too long a line")
        line, _, self._held = self._held.partition(b"\n")
        return line

    def close(self) -> None:
        """Let it go."""
        self._connection.close()


class Machines:
    """The machines of a run that have met, to be used in a `with`: its end is told to the others with its reason."""

    def __init__(self, place: Place, links: Sequence[_Link], coordinator: str) -> None:
        self.place, self.coordinator = place, coordinator
        self.saved = 0
        self._links = links
        self._ending = threading.Lock()
        self._ended = threading.Event()
        self._over = threading.Event()

    @classmethod
    def meet(cls, place: Place, options: Mapping[str, str], seconds: float = MEET_SECONDS) -> "Machines":
        """Wait for the others, or look for the first.

        Args:
            place: where, and which this is.
            options: texts by name that have to be the same on all machines.
            seconds: how long, above 0.

        Raises:
            UserError: where they do not all meet in time, or do not agree; then every machine has the same text.
        """
        late = time.monotonic() + seconds
        if place.number == 0:
            return cls(place, *_receive(place, options, late))
        link = _reach(place, late)
        link.send(_Hello(place.number, place.count, dict(options)))
        try:
            # The first answers once all have come, or its own time is over.
            welcome = msgspec.json.decode(link.line(seconds + _HELLO_SECONDS), type=_Welcome)
        except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise UserError(f"{_first(place)} does not answer as it should: start all machines again") from error
        if welcome.problem:
            raise UserError(welcome.problem)
        return cls(place, [link], welcome.coordinator)

    def watch(self, on_end: Callable[[str], None]) -> None:
        """From now on say that this machine is there, and hear whether the others are.

        Args:
            on_end: told in one line, from a thread of its own, why the run cannot go on.
        """

        def beat() -> None:
            while not self._over.wait(_BEAT_SECONDS):
                self._say()

        threading.Thread(target=beat, daemon=True).start()
        for link in self._links:
            threading.Thread(target=self._hear, args=(link, on_end), daemon=True).start()

    def keep(self, step: int) -> None:
        """Note the step of the last checkpoint; the first machine tells the others."""
        if self.place.number == 0:
            self.saved = step
            self._say()

    def end(self, reason: str, patience: float = 0.0) -> bool:
        """Tell the others why this machine ends; False where another ended first, which `watch` tells.

        Args:
            reason: one line.
            patience: seconds that are waited for word of another's end, 0 or more: it may be the reason of this one's.
        """
        self._ended.wait(patience)
        with self._ending:
            if self._ended.is_set():
                return False
            self._ended.set()
        for link in self._links:
            link.send(_Word(end=reason))
        return True

    def close(self) -> None:
        """Tell the others that this machine is done."""
        self._over.set()
        for link in self._links:
            link.send(_Word(self.saved, done=True))

    def _say(self) -> None:
        for link in self._links:
            link.send(_Word(self.saved))

    def _hear(self, link: _Link, on_end: Callable[[str], None]) -> None:
        while True:
            try:
                line = link.line(SILENCE_SECONDS)
                word = msgspec.json.decode(line, type=_Word) if line else None
            except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                word = None
            if word is None:
                # One that has said that it is done may go; what is left to do is done without it.
                word = _Word(end="" if link.done or self._over.is_set() else self._gone(link), done=True)
            link.done |= word.done
            if self.place.number:
                self.saved = max(self.saved, word.saved)
            if word.end and self.end(word.end):
                on_end(readable_line(word.end))
            if word.end or link.done:
                return

    def _gone(self, link: _Link) -> str:
        where = "here" if self.place.number == 0 else "on the first machine"
        kept = f"what was learned until step {self.saved} is kept {where}" if self.saved else "no checkpoint is known"
        machine = f"machine {link.number + 1} of {self.place.count}"
        return f"{machine} is gone; {kept}: start all machines again as before to go on"


def _receive(place: Place, options: Mapping[str, str], late: float) -> tuple[list[_Link], str]:
    """Connections to all others, and where JAX's processes are to meet."""
    host = place.host.strip("[]")
    links: dict[int, _Link] = {}
    try:
        listener = socket.create_server(
            (host, place.port), family=socket.getaddrinfo(host, place.port, type=socket.SOCK_STREAM)[0][0]
        )
    except OSError as error:
        raise UserError(
            f"cannot wait for the other machines at {place.host}:{place.port} ({error.strerror or error}): "
            "is that this machine, and is the port free?"
        ) from error
    with listener:
        while len(links) < place.count - 1:
            problem = ""
            try:
                listener.settimeout(max(0.01, late - time.monotonic()))
                link, hello = _hear_hello(listener.accept()[0])
            except TimeoutError:
                missing = [str(number + 1) for number in range(1, place.count) if number not in links]
                problem = (
                    f"machines {', '.join(missing)} of {place.count} have not come in time: start all within "
                    f"{MEET_SECONDS:g} s"
                )
            else:
                # Whatever else knocks at the port is let go.
                if link is None or hello is None:
                    continue
                problem = _difference(place, options, hello, links)
                links.setdefault(hello.number if not problem else -1 - len(links), link)
            if problem:
                for link in links.values():
                    link.send(_Welcome(problem=problem))
                    link.close()
                raise UserError(problem)
    with socket.socket(listener.family) as free:
        free.bind((host, 0))
        coordinator = f"{place.host}:{free.getsockname()[1]}"
    for link in links.values():
        link.send(_Welcome(coordinator))
    return [links[number] for number in sorted(links)], coordinator


def _hear_hello(connection: socket.socket) -> tuple[_Link | None, _Hello | None]:
    link = _Link(connection, 0)
    try:
        hello = msgspec.json.decode(link.line(_HELLO_SECONDS), type=_Hello)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        link.close()
        return None, None
    link.number = hello.number
    return link, hello


def _difference(place: Place, options: Mapping[str, str], hello: _Hello, known: Mapping[int, _Link]) -> str:
    """The thing that a machine and the first do not agree on, empty where there is nothing."""
    if hello.count != place.count:
        return f"a machine counts {hello.count} of them and the first {place.count}: give all the same --join HOST:PORT"
    if not 1 <= hello.number < place.count or hello.number in known:
        return f"two machines are number {hello.number + 1} of {place.count}: give each a number of its own"
    differences = [
        f"{name} {hello.options.get(name, 'not given')}, not {mine}"
        for name, mine in options.items()
        if hello.options.get(name) != mine
    ]
    if not differences:
        return ""
    return f"machine {hello.number + 1} has {'; '.join(differences)} as the first: give all machines the same"


def _reach(place: Place, late: float) -> _Link:
    """A connection to the first machine, which may not have been started yet."""
    while True:
        try:
            left = max(0.01, late - time.monotonic())
            return _Link(socket.create_connection((place.host.strip("[]"), place.port), timeout=left), 0)
        except socket.gaierror as error:
            raise UserError(f"--join {place.host}:{place.port}: there is no machine of that name") from error
        except OSError as error:
            if time.monotonic() + _RETRY_SECONDS > late:
                raise UserError(
                    f"{_first(place)} does not answer ({error.strerror or error}): is it started, and is its address "
                    "right?"
                ) from error
            time.sleep(_RETRY_SECONDS)


def _first(place: Place) -> str:
    return f"the first machine, {place.host}:{place.port},"
