"""The listening page's server: the page, the sound of the song in chunks, downloads, and a line to each open page.

Everything has an address under the token. Only what is rendered of the song that is on is given; nothing is taken but
a few short messages.
"""

import asyncio
import contextlib
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from aiohttp import WSMsgType, web

from song.errors import UserError
from song.parts import PARTS, Part
from song.time import bars_to_ticks
from sound.listening.chunks import Chunks
from sound.listening.downloads import BUNDLE, MIDI, MIX, Downloads
from sound.listening.gate import Gate
from sound.listening.manifest import manifest, section_facts
from sound.listening.serving import guard
from sound.staging.stage import Stage
from sound.staging.timeline import At, Played

MOST_PAGES = 8
MOST_MESSAGE_BYTES = 1024
"""The most that a page may say at once; more ends it."""
MOST_TARGET = 512
"""Characters of an address, inclusive."""
_TYPES = {MIDI: "audio/midi", BUNDLE: "application/zip"}
_HEARTBEAT_SECONDS = 15
_PAGES = Path(__file__).with_name("page")
_FILES = {
    "": ("index.html", "text/html"),
    "page.js": ("page.js", "text/javascript"),
    "draw.js": ("draw.js", "text/javascript"),
    "page.css": ("page.css", "text/css"),
    "icon.svg": ("icon.svg", "image/svg+xml"),
}
_FOR_EVER = "private, max-age=31536000, immutable"


class ListeningPage:
    """The page of a stage, for one browser tab or several."""

    def __init__(
        self,
        stage: Stage,
        gate: Gate,
        downloads: Downloads,
        told: Callable[[At | None], object] = lambda at: None,
        opened: Callable[[int], object] = lambda count: None,
    ) -> None:
        """Make it ready to be served.

        Args:
            stage: what is heard.
            gate: who is let in; its token is in every address.
            downloads: what is offered to be kept.
            told: takes where a page plays, None where it does not.
            opened: takes the number of pages that are open, whenever it changes.
        """
        self._stage, self._gate, self._downloads = stage, gate, downloads
        self._told, self._opened = told, opened
        self._chunks = Chunks()
        self._pages: set[web.WebSocketResponse] = set()
        self._sent: dict[str, Any] = {}
        self._command: dict[str, Any] | None = None

    @property
    def open_pages(self) -> int:
        """The number of pages that are open."""
        return len(self._pages)

    def application(self) -> web.Application:
        """The addresses and what is found there."""
        application = web.Application(
            middlewares=[guard(self._gate, self._headers)], client_max_size=MOST_MESSAGE_BYTES
        )
        application.add_routes(
            [
                web.get("/{token}/", self._page),
                web.get("/{token}/{name:page\\.js|draw\\.js|page\\.css|icon\\.svg}", self._page),
                web.get("/{token}/line", self._line),
                web.get("/{token}/sound/{key:[0-9a-f]{24}}.json", self._facts),
                web.get("/{token}/sound/{key:[0-9a-f]{24}}/{part:[a-z]+}/{number:[0-9]{1,4}}.flac", self._chunk),
                web.get("/{token}/keep/{digest:[0-9a-f]{16}}/{what:[a-z]+}", self._download),
            ]
        )
        return application

    def show(self) -> None:
        """Tell every page how the song stands, where that is another than before."""
        told = self._manifest()
        if told != self._sent:
            self._sent = told
            self._say(told)

    def play(self, played: Played, *, goes_on: bool = False) -> None:
        """Have every page play, and those that are opened next."""
        places = self._stage.standing.timeline.places
        self._command = {
            "type": "play",
            "first": places[played.first].id,
            "last": places[played.last].id,
            "start": played.start_frame,
            "loop": played.loop,
            "parts": [part.value for part in played.parts],
            "goesOn": goes_on,
        }
        self._say(self._command)

    def loop(self, on: bool) -> None:
        """Have every page begin again at the end of what it plays, or not."""
        self._say({"type": "loop", "on": on})

    def stop(self) -> None:
        """Have every page stop."""
        self._command = None
        self._say({"type": "stop"})

    def tell(self, text: str) -> None:
        """Show a line on every page."""
        self._say({"type": "trouble", "text": text})

    async def close(self) -> None:
        """End the lines to all pages."""
        for page in list(self._pages):
            with contextlib.suppress(ConnectionError, TimeoutError):
                await asyncio.wait_for(page.close(), 1)

    def _manifest(self) -> dict[str, Any]:
        standing = self._stage.standing
        told = manifest(standing, {key: self._stage.sound(key) is not None for key in standing.keys})
        return told | {"digest": self._digest(), "waiting": self._stage.busy}

    def _digest(self) -> str:
        song = self._stage.standing.song
        return hashlib.blake2b(msgspec.json.encode(song), digest_size=8).hexdigest()

    def _say(self, message: dict[str, Any]) -> None:
        text = msgspec.json.encode(message).decode()
        for page in self._pages:
            asyncio.get_running_loop().create_task(_send(page, text))

    def _headers(self, request: web.Request) -> dict[str, str]:
        return {
            "Content-Security-Policy": (
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
                f"connect-src 'self' ws://{request.host}; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
            ),
            "X-Frame-Options": "DENY",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cache-Control": "no-store",
        }

    def _check(self, request: web.Request) -> None:
        if len(request.raw_path) > MOST_TARGET:
            raise web.HTTPRequestURITooLong(text=f"no address here has more than {MOST_TARGET} characters\n")
        if not self._gate.knows(request.match_info["token"]):
            raise web.HTTPForbidden(text="this address is not, or no longer, the listening page's: ask for it anew\n")
        if request.can_read_body:
            raise web.HTTPRequestEntityTooLarge(0, request.content_length or 1)

    async def _page(self, request: web.Request) -> web.StreamResponse:
        self._check(request)
        name, kind = _FILES[request.match_info.get("name", "")]
        return web.Response(body=(_PAGES / name).read_bytes(), content_type=kind, charset="utf-8")

    async def _facts(self, request: web.Request) -> web.StreamResponse:
        self._check(request)
        standing = self._stage.standing
        key = request.match_info["key"]
        sound = self._stage.sound(key)
        if sound is None or key not in standing.keys:
            raise web.HTTPNotFound(text="this section is not rendered, or not the song's any more\n")
        facts = await asyncio.to_thread(section_facts, standing.song, standing.keys.index(key), sound)
        return _ranged(request, msgspec.json.encode(facts), "application/json")

    async def _chunk(self, request: web.Request) -> web.StreamResponse:
        self._check(request)
        sound = self._stage.sound(request.match_info["key"])
        name = request.match_info["part"]
        chunk = None
        if sound is not None and name in tuple(part.value for part in PARTS):
            chunk = await asyncio.to_thread(self._chunks.chunk, sound, Part(name), int(request.match_info["number"]))
        if chunk is None:
            raise web.HTTPNotFound(text="there is no such sound, or not any more\n")
        return _ranged(request, chunk, "audio/flac")

    async def _download(self, request: web.Request) -> web.StreamResponse:
        self._check(request)
        what, song, digest = request.match_info["what"], self._stage.standing.song, self._digest()
        if request.match_info["digest"] != digest or what not in (MIX, MIDI, BUNDLE, *(part.value for part in PARTS)):
            raise web.HTTPNotFound(text="there is no such file, or the song is another by now\n")
        try:
            path = await asyncio.to_thread(self._downloads.file, song, digest, what)
        except (UserError, OSError) as error:
            raise web.HTTPInsufficientStorage(text=f"{error}\n") from error
        name = "".join(one if one.isalnum() and one.isascii() else "-" for one in song.title)[:60] or "song"
        suffix = "" if what in (MIX, *_TYPES) else f"-{what}"
        return web.FileResponse(
            path,
            headers={
                "Content-Disposition": f'attachment; filename="{name}{suffix}{path.suffix}"',
                "Content-Type": _TYPES.get(what, "audio/wav"),
            },
        )

    async def _line(self, request: web.Request) -> web.WebSocketResponse:
        """The line to an open page: how the song stands, what to play; and where the page is."""
        self._check(request)
        if len(self._pages) >= MOST_PAGES:
            raise web.HTTPServiceUnavailable(text=f"{MOST_PAGES} pages are open, the most there may be: close one\n")
        page = web.WebSocketResponse(heartbeat=_HEARTBEAT_SECONDS, max_msg_size=MOST_MESSAGE_BYTES)
        try:
            await page.prepare(request)
        except UnicodeEncodeError as error:
            raise web.HTTPBadRequest(text="this asks for no line to the page\n") from error
        self._pages.add(page)
        self._opened(len(self._pages))
        try:
            await _send(page, msgspec.json.encode(self._manifest()).decode())
            if self._command is not None:
                await _send(page, msgspec.json.encode(self._command).decode())
            async for message in page:
                if message.type is WSMsgType.TEXT:
                    self._hear(message.data)
        finally:
            self._pages.discard(page)
            self._opened(len(self._pages))
            if not self._pages:
                self._told(None)
        return page

    def _hear(self, text: str) -> None:
        """Take in where a page is: the section, the tick, and whether it waits; what is none of that is left out."""
        try:
            said = msgspec.json.decode(text, type=_Said)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return
        timeline = self._stage.standing.timeline
        index = timeline.index_of(said.section)
        if index is None or not said.playing:
            self._told(None)
            return
        self._stage.wait_for(dict.fromkeys((index, min(index + 1, len(timeline.places) - 1))))
        tick = timeline.places[index].tick(min(max(0, said.frame), timeline.places[index].frames))
        self._told(At(said.section, min(tick, bars_to_ticks(timeline.places[index].bars) - 1), said.waiting))


class _Said(msgspec.Struct, frozen=True):
    """A word of a page: a section's id, a frame from its start, whether it plays, whether it waits for sound."""

    section: int = 0
    frame: int = 0
    playing: bool = False
    waiting: bool = False


async def _send(page: web.WebSocketResponse, text: str) -> None:
    with contextlib.suppress(ConnectionError, RuntimeError):
        await page.send_str(text)


def _ranged(request: web.Request, body: bytes, kind: str) -> web.Response:
    """A body whose address will never have another, or the piece of it that is asked for."""
    headers = {"Accept-Ranges": "bytes", "Cache-Control": _FOR_EVER}
    try:
        asked = request.http_range
    except ValueError:
        asked = slice(len(body), len(body), 1)
    if asked.start is None and asked.stop is None:
        return web.Response(body=body, content_type=kind, headers=headers)
    start, stop, _ = asked.indices(len(body))
    if start >= stop:
        headers["Content-Range"] = f"bytes */{len(body)}"
        return web.Response(status=416, headers=headers)
    headers["Content-Range"] = f"bytes {start}-{stop - 1}/{len(body)}"
    return web.Response(status=206, body=body[start:stop], content_type=kind, headers=headers)
