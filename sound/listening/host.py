"""A listening page that is up: its socket, its gate, its files, and the line that says where it is."""

import contextlib
import socket
from collections.abc import Callable, Sequence
from pathlib import Path

from song.errors import UserError
from sound.listening.downloads import Downloads
from sound.listening.gate import Gate
from sound.listening.server import ListeningPage
from sound.listening.serving import Serving, addresses, listen_at
from sound.staging.stage import Stage
from sound.staging.timeline import At

USUAL_PORT = 8765
HERE = "127.0.0.1"


def tunnel(port: int) -> str:
    """The command that brings a page of another machine to this one's browser."""
    return f"ssh -L {port}:{HERE}:{port} host"


class PageHost:
    """A page and all that belongs to it. Make it where an event loop runs, and `close` it."""

    def __init__(
        self,
        stage: Stage,
        listening: socket.socket,
        gate: Gate,
        *,
        tell: Callable[[str], object],
        told: Callable[[At | None], object] = lambda at: None,
        opened: Callable[[int], object] = lambda count: None,
        folder: Path | None = None,
        patch_folder: Path | None = None,
    ) -> None:
        """Make ready; nothing is served yet.

        Args:
            stage: what is heard.
            listening: the socket.
            gate: who is let in.
            tell: takes a line for whatever goes wrong.
            told: takes where a page plays.
            opened: takes the number of pages that are open.
            folder: where files are kept meanwhile; None for the system's folder for such.
            patch_folder: the user's own patches.

        Raises:
            UserError: where they cannot be kept there.
        """
        self._listening = listening
        self.port: int = listening.getsockname()[1]
        self.gate = gate
        try:
            self._downloads = Downloads(folder, patch_folder)
        except OSError as error:
            listening.close()
            raise UserError(f"the listening page has no room: {error.strerror or error}; free some space") from error

        def count(pages: int) -> None:
            stage.show_whole(pages > 0)
            opened(pages)

        self.page = ListeningPage(stage, gate, self._downloads, told, count)
        self._serving = Serving(self.page.application(), tell)

    @property
    def addresses(self) -> list[str]:
        """Where the page is."""
        return addresses(self.gate, self.port)

    async def start(self) -> None:
        """Serve."""
        await self._serving.start(self._listening)

    async def close(self) -> None:
        """Serve no more, and remove what was kept."""
        await self.page.close()
        await self._serving.close()
        self._downloads.close()


def own_socket(host: str = HERE, ports: Sequence[int] = (USUAL_PORT, 0)) -> socket.socket:
    """A socket at the first of some ports that is free; 0 is whichever is.

    Raises:
        UserError: where nothing can listen there.
    """
    for port in ports[:-1]:
        with contextlib.suppress(UserError):
            return listen_at(host, port)
    return listen_at(host, ports[-1])
