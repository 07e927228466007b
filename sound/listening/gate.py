"""Who is let in: the names under which the server may be asked for, and the token in the address.

A page of another site can have a name of its own point at this machine, and its visitor's browser then takes the two
for one site (DNS rebinding). Such a page cannot choose the Host that the browser sends: only names that the user has
given are answered.
"""

import secrets
from collections.abc import Sequence
from ipaddress import ip_address
from urllib.parse import urlsplit

from song.errors import UserError

_TOKEN_BYTES = 18
_LOCAL_TOKEN_BYTES = 12
"""96 bits; the address and the command that tunnels to it fit a line of a terminal together."""


class MalformedNameError(Exception):
    """A Host or an Origin that is none."""


class Gate:
    """The way in.

    Attributes:
        names: what the server may be called, the first being the one to tell.
        token: what the path of the page begins with, empty where only this machine reaches it and that is enough.
    """

    def __init__(self, host: str, names: Sequence[str] = (), *, always_token: bool = False) -> None:
        """Make a gate.

        Args:
            host: the name or address that is listened at.
            names: others by which that is reached.
            always_token: whether this machine's other users are told from its owner by a token too.

        Raises:
            UserError: where nobody can tell what it is reached by.
        """
        self._is_local = is_local(host)
        named = [_plain(name) for name in names]
        if not is_any(host):
            named.insert(0, _plain(host))
        if not named:
            raise UserError(
                f"{host or 'this'} is every address of this machine: say by which name it is reached, as in "
                "--name studio.local, or give that address to --host"
            )
        self.names = tuple(dict.fromkeys(named))
        self.token = (
            secrets.token_urlsafe(_TOKEN_BYTES)
            if not self._is_local
            else secrets.token_urlsafe(_LOCAL_TOKEN_BYTES)
            if always_token
            else ""
        )

    @property
    def root(self) -> str:
        """The beginning of the paths of the page and of its line."""
        return f"/{self.token}" if self.token else ""

    def knows(self, token: str) -> bool:
        """True for the token, after a time that does not tell how much of it was right."""
        return secrets.compare_digest(token.encode(errors="replace"), self.token.encode())

    def lets_in(self, host: str, origin: str | None) -> bool:
        """True for a request by one of our names, from our own page or from no page at all.

        Raises:
            MalformedNameError: where one of the two is no name.
        """
        name, _ = name_of(f"//{host}")
        if not (name in self.names or (self._is_local and is_local(name))):
            return False
        return origin is None or name_of(origin)[1] == host.lower()


def name_of(address: str) -> tuple[str, str]:
    """The name in an address, and the same with its port; in small letters.

    Raises:
        MalformedNameError: where there is none, or it is not one.
    """
    try:
        parts = urlsplit(address)
        name, _ = parts.hostname, parts.port
    except ValueError as error:
        raise MalformedNameError(address) from error
    if not name or "@" in parts.netloc or parts.path or not parts.netloc.isprintable() or " " in parts.netloc:
        raise MalformedNameError(address)
    return name, parts.netloc.lower()


def is_local(host: str) -> bool:
    """True where a name or an address is this machine's own, which nobody else can reach."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_any(host: str) -> bool:
    """True for what means all addresses of this machine."""
    try:
        return ip_address(host).is_unspecified
    except ValueError:
        return not host


def _plain(name: str) -> str:
    try:
        return name_of(f"//[{name}]" if ":" in name else f"//{name}")[0]
    except MalformedNameError as error:
        raise UserError(f'"{name}" is no name of a machine: give one without port, as in studio.local') from error
