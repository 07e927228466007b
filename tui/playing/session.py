"""The sound process on the app's side: started when something is to be heard, its answers turned into messages.

Knows no widget. The song goes there without the takes that do not sound, whenever it is another than before.
"""

import asyncio
import contextlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
from textual.message import Message

from song.edits.takes import chosen_alone
from song.errors import UserError
from song.notes import Phrase
from song.parts import Part
from song.sections import Song
from sound.playing.client import LOCAL_SOUND, SoundClient, SoundDiedError
from sound.playing.protocol import (
    Ahead,
    Answer,
    Ended,
    Loop,
    OpenPage,
    Page,
    Play,
    Position,
    Ready,
    Rendering,
    Request,
    SetSong,
    Stop,
    Trouble,
)
from tui.files.paths import state_folder
from tui.messages import SoundChanged
from tui.messages import Trouble as TroubleTold

MOST_AHEAD = 8
"""Takes of a cell that are rendered before they are asked for."""


class SoundStatus(msgspec.Struct, frozen=True):
    """The sound as it stands.

    Attributes:
        running: whether its process is there, or on its way.
        output: what it plays on; empty where that is the listening page, or not known as yet.
        page: the listening page, once it is there.
        playing: what was asked for last and has neither ended nor been stopped.
        position: where that is, once it is heard.
        share: how much of what is asked for is rendered.
        loop: whether what plays begins again at its end.
    """

    running: bool = False
    output: str = ""
    page: Page | None = None
    playing: Play | None = None
    position: Position | None = None
    share: float = 1.0
    loop: bool = True


class SoundSession:
    """The app's side of the sound. Every method but `close` returns at once.

    Attributes:
        command: what starts the sound.
        status: how it stands.
    """

    def __init__(
        self, post: Callable[[Message], object], command: Sequence[str] = LOCAL_SOUND, log: Path | None = None
    ) -> None:
        """Make a session; nothing is started.

        Args:
            post: takes `SoundChanged` and `Trouble`.
            command: what starts the sound.
            log: where what it prints goes; None for the folder of our state.
        """
        self._post, self._log = post, log
        self.command = tuple(command)
        self.status = SoundStatus()
        self._client: SoundClient | None = None
        self._task: asyncio.Task[None] | None = None
        self._starting: asyncio.Task[SoundClient] | None = None
        self._closed = False
        self._outbox: list[Request] = []
        self._sent: Song | None = None
        self._ahead: tuple[int, Part, tuple[Phrase, ...]] | None = None
        self._ready = False

    @property
    def pid(self) -> int | None:
        """The process id of the sound, None while there is none."""
        return None if self._client is None else self._client.pid

    def play(self, song: Song, play: Play) -> None:
        """Play something of a song; looped where looping is on.

        Args:
            song: as it is to be heard.
            play: what of it.
        """
        self._start()
        self.follow(song)
        play = msgspec.structs.replace(play, loop=self.status.loop)
        self._send(play)
        position = self.status.position if play.goes_on else None
        self._set(msgspec.structs.replace(self.status, playing=play, position=position))

    def stop(self) -> bool:
        """Play nothing any more; returns whether something played."""
        played = self.status.playing is not None
        if self.status.running:
            self._send(Stop())
        self._set(msgspec.structs.replace(self.status, playing=None, position=None))
        return played

    def toggle_loop(self) -> bool:
        """Begin again at the end of what plays, or do not; returns whether it does now."""
        loop = not self.status.loop
        if self.status.running:
            self._send(Loop(loop))
        playing = self.status.playing
        if playing is not None:
            playing = msgspec.structs.replace(playing, loop=loop)
        self._set(msgspec.structs.replace(self.status, loop=loop, playing=playing))
        return loop

    def open_page(self, song: Song) -> None:
        """Have the listening page served, and tell where it is."""
        self._start()
        self.follow(song)
        self._send(OpenPage())

    def follow(self, song: Song) -> None:
        """Let what plays be of this song; nothing where nothing has been played, or it is the one there."""
        if not self.status.running or song is self._sent:
            return
        self._sent, self._ahead = song, None
        self._send(SetSong(chosen_alone(song)))

    def render_ahead(self, section: int, part: Part, phrases: Sequence[Phrase]) -> None:
        """Render takes of a cell that may be asked for next, the likeliest first."""
        ahead = (section, part, tuple(phrases[:MOST_AHEAD]))
        if self.status.running and ahead != self._ahead:
            self._ahead = ahead
            self._send(Ahead(*ahead))

    async def close(self) -> None:
        """End the sound there is, and wait until it is gone."""
        self._closed = True
        if self._starting is None:
            return
        with contextlib.suppress(SoundDiedError):
            client = await asyncio.shield(self._starting)
            await client.close()
        if self._task is not None:
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def _start(self) -> None:
        if self._task is None or self._task.done():
            self._outbox, self._sent, self._ahead, self._ready = [], None, None, False
            self._task = asyncio.create_task(self._run())
            self._set(msgspec.structs.replace(self.status, running=True, page=None, output=""))

    async def _run(self) -> None:
        reason = ""
        # asyncio waits for ever for a process whose start was cancelled half-way (gh-103847), so nothing cancels this.
        self._starting = asyncio.create_task(SoundClient.start(self.command, self._log or _own_log()))
        try:
            self._client = await asyncio.shield(self._starting)
            async for answer in self._client.answers():
                self._receive(answer)
                # Answers that have come already are read without waiting: keys would wait for all of them.
                await asyncio.sleep(0)
        except SoundDiedError as error:
            reason = str(error)
        finally:
            client, self._client = self._client, None
            self._set(SoundStatus(loop=self.status.loop))
            if client is not None:
                client.kill()
        if not self._closed:
            self._post(TroubleTold(f"{reason}: play again to start it anew"))

    def _send(self, request: Request) -> None:
        if self._client is None or not self._ready:
            self._outbox.append(request)
            return
        try:
            self._client.send(request)
        except UserError as error:
            self._post(TroubleTold(str(error)))

    def _receive(self, answer: Answer) -> None:
        status = self.status
        match answer:
            case Ready(output=output):
                self._ready = True
                self._set(msgspec.structs.replace(status, output=output))
                waiting, self._outbox = self._outbox, []
                for request in waiting:
                    self._send(request)
            case Page():
                self._set(msgspec.structs.replace(status, page=answer))
            case Position() if status.playing is not None:
                self._set(msgspec.structs.replace(status, position=answer))
            case Rendering(share):
                self._set(msgspec.structs.replace(status, share=share))
            case Ended():
                self._set(msgspec.structs.replace(status, playing=None, position=None))
            case Trouble(reason, stops):
                if stops:
                    self._set(msgspec.structs.replace(status, playing=None, position=None))
                self._post(TroubleTold(reason))

    def _set(self, status: SoundStatus) -> None:
        if status != self.status:
            self.status = status
            self._post(SoundChanged())


def sound_command(output: str, patches: Path | None = None, midi_out: str = "") -> tuple[str, ...]:
    """The command that starts the sound on this machine.

    Args:
        output: one of `sound.playing.protocol.OUTPUTS`.
        patches: the folder of the user's own patches.
        midi_out: words of the name of a MIDI port that notes go to as well; empty for none.
    """
    own = ("--patches", str(patches)) if patches is not None else ()
    # In one word: a name may begin with a dash.
    port = (f"--midi-out={midi_out}",) if midi_out else ()
    return (*LOCAL_SOUND, "--output", output, *own, *port)


def _own_log() -> Path | None:
    try:
        return state_folder("sound") / "sound.log"
    except OSError:
        return Path(os.devnull)
