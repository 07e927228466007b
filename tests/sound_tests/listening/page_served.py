"""A listening page that is up in this process, with the short song on it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from sound.listening.gate import Gate
from sound.listening.host import PageHost, own_socket
from sound.staging.stage import Stage
from sound.staging.timeline import At
from tests.sound_tests.played_songs import played_song

_PATIENCE_SECONDS = 60


class Served:
    """A page that is up, with a song on it.

    Attributes:
        address: where it is.
        told: where pages have been.
    """

    def __init__(self, folder: Path) -> None:
        self.told: list[At | None] = []
        self.lines: list[str] = []
        loop = asyncio.get_running_loop()
        self._changed = asyncio.Event()
        self.stage = Stage(self.lines.append, lambda: loop.call_soon_threadsafe(self._on_change))
        self.host = PageHost(
            self.stage, own_socket(ports=(0,)), Gate("127.0.0.1", always_token=True), tell=self.lines.append,
            told=self.told.append, folder=folder,
        )  # fmt: skip
        self.address = self.host.addresses[0]
        self.stage.show_whole(True)
        self.stage.set_song(played_song())

    def _on_change(self) -> None:
        self.host.page.show()
        self._changed.set()

    async def until_ready(self) -> None:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while not self.stage.standing.keys or self.stage.ready_share() < 1:
                self._changed.clear()
                await self._changed.wait()


@asynccontextmanager
async def served(folder: Path) -> AsyncIterator[tuple[Served, aiohttp.ClientSession]]:
    folder.mkdir(exist_ok=True)
    page = Served(folder)
    await page.host.start()
    async with aiohttp.ClientSession() as session:
        try:
            yield page, session
        finally:
            page.stage.close()
            await page.host.close()
