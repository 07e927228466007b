"""The sound process at work: it takes requests, renders, and plays on the card or has the listening page play.

Runs in one event loop; what other threads tell is handed to it. How requests come and answers go is
`sound.playing.process`'s business.
"""

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from song.errors import UserError
from sound.listening.gate import Gate
from sound.listening.host import HERE, PageHost, own_socket
from sound.playing.asked import asked_stretch, is_same_stretch
from sound.playing.card import LATE_FRAMES, Card, plays_on_card
from sound.playing.midi_out import MidiOut, Port
from sound.playing.protocol import (
    PROTOCOL_VERSION,
    Ahead,
    Answer,
    Ended,
    Loop,
    OpenPage,
    Output,
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
from sound.playing.transport import Transport
from sound.staging.stage import Stage
from sound.staging.timeline import At, Played

TICK_SECONDS = 0.05
"""Between two looks after what plays."""
_TOLD_STEP = 24
"""Ticks of a sixteenth: a position within the same one is not told again."""


class Player:
    """Plays one song."""

    def __init__(
        self,
        send: Callable[[Answer], object],
        output: Output = Output.AUTO,
        folder: Path | None = None,
        patch_folder: Path | None = None,
        card: Callable[..., Any] = Card,
        midi_port: Callable[[], Port] | None = None,
    ) -> None:
        """Find out what there is to play on.

        Args:
            send: takes answers.
            output: what is wanted.
            folder: where what is rendered is kept; None for the system's folder for such.
            patch_folder: the user's own patches.
            card: makes a card.
            midi_port: opens the port that MIDI goes to; None for no MIDI.
        """
        self._send, self._output, self._make_card = send, output, card
        self._folder, self._patch_folder = folder, patch_folder
        self._loop = asyncio.get_running_loop()
        self._stage = Stage(
            self._from_thread(self._cannot_render), self._from_thread(self._changed), folder, patch_folder
        )
        self._transport = Transport(self._stage.sound)
        self._card: Any = None
        self._midi_port = midi_port
        self._midi: MidiOut | None = None
        self._host: PageHost | None = None
        self._followed: object = None
        self._told: Position | None = None
        self._share = 1.0
        self._sounds = False
        self._played: Played | None = None

    def greet(self) -> None:
        """Say what there is to play on."""
        trouble = self._open_midi()
        reason = self._open_card() if plays_on_card(self._output) else "over SSH a card would play in another room"
        if self._midi is not None and self._card is None:
            # MIDI goes at the pace of a card that is none.
            self._output = Output.NULL
            reason = self._open_card()
        played_on = self._card.name if self._card is not None else ""
        also = f" and the MIDI port {self._midi.name}" if self._midi is not None and played_on else ""
        self._send(Ready(PROTOCOL_VERSION, f"{played_on}{also}", reason))
        if trouble:
            self._tell(trouble)

    def _open_midi(self) -> str:
        """Open the MIDI port where one is wanted; returns why not where it cannot be."""
        if self._midi_port is None:
            return ""
        try:
            self._midi = MidiOut(self._midi_port())
        except UserError as error:
            return str(error)
        self._transport.on_pieces = self._midi.played
        return ""

    def _open_card(self) -> str:
        """Open the card; returns why not where it cannot be."""
        try:
            self._card = self._make_card(self._transport.fill, null=self._output is Output.NULL)
        except UserError as error:
            return str(error)
        return ""

    async def take(self, request: Request) -> None:
        """Do what is asked for; what cannot be done is told in a line."""
        try:
            match request:
                case SetSong(song):
                    self._stage.set_song(song)
                    self._follow()
                case Play():
                    await self._play(request)
                case Loop(on):
                    self._set_loop(on)
                case Stop():
                    self._stop()
                case Ahead(section, part, phrases):
                    self._stage.render_ahead(section, part, phrases)
                case OpenPage():
                    await self._open_page()
        except UserError as error:
            self._tell(str(error), stops=isinstance(request, Play))

    async def run(self) -> None:
        """Look after what plays, until cancelled."""
        while True:
            self._look()
            await asyncio.sleep(TICK_SECONDS)

    async def close(self) -> None:
        """Let go of the card and the page."""
        self._stage.close()
        if self._midi is not None:
            self._midi.close()
        if self._card is not None:
            self._card.close()
        if self._host is not None:
            await self._host.close()

    # Playing

    async def _play(self, request: Play) -> None:
        played = asked_stretch(self._stage.standing, request)
        goes_on = request.goes_on and self._sounds and is_same_stretch(self._played, played)
        self._played = played
        if self._card is None and plays_on_card(self._output):
            # One may have been plugged in, or come back.
            self._open_card()
        if self._card is None:
            await self._open_page()
            assert self._host is not None
            self._host.page.play(played, goes_on=goes_on)
            self._stage.wait_for(dict.fromkeys((self._stage.standing.timeline.at(played.start_frame), played.first)))
            return
        if not goes_on:
            self._transport.play(self._stage.standing, played)
            self._follow_with_midi()
            self._told = None
        self._stage.wait_for(self._transport.wanted())
        try:
            self._card.start()
        except UserError:
            self._lose_card()
            raise
        self._sounds = True

    def _set_loop(self, on: bool) -> None:
        if self._card is not None:
            self._transport.loop(on)
        elif self._host is not None:
            self._host.page.loop(on)

    def _stop(self) -> None:
        self._transport.stop()
        self._played = None
        if self._host is not None:
            self._host.page.stop()
        self._end()

    def _end(self) -> None:
        if self._midi is not None:
            self._midi.stop()
        if self._sounds:
            self._sounds = False
            self._told = None
            self._send(Ended())
        # Nobody waits for what is not played.
        self._stage.wait_for(())

    def _look(self) -> None:
        """Tell where playing is, and how far rendering; notice a card that has gone."""
        if self._card is not None and self._card.running:
            if self._card.gone:
                self._lose_card()
                self._tell(
                    "the sound card has gone: play again to hear it on the next one, or on the listening page",
                    stops=True,
                )
            elif not self._transport.playing:
                self._card.stop()
                self._end()
            else:
                self._stage.wait_for(self._transport.wanted())
                self._tell_place(self._transport.at(LATE_FRAMES))
        share = self._stage.ready_share() if self._stage.busy else 1.0
        if share != self._share and (share == 1.0 or abs(share - self._share) > 0.02):
            self._share = share
            self._send(Rendering(round(share, 3)))

    def _lose_card(self) -> None:
        card, self._card = self._card, None
        self._transport.stop()
        self._end()
        # A driver whose card was pulled out may never come back from this.
        self._loop.run_in_executor(None, card.close)

    def _tell_place(self, at: At | None) -> None:
        if at is None:
            return
        place = Position(at.section_id, at.tick // _TOLD_STEP * _TOLD_STEP, at.waiting)
        if place != self._told:
            self._told = place
            self._send(place)

    # The page

    async def _open_page(self) -> None:
        if self._host is None:
            host = PageHost(
                self._stage,
                own_socket(),
                Gate(HERE, always_token=True),
                tell=self._tell,
                told=self._page_is_at,
                opened=self._pages_changed,
                folder=self._folder,
                patch_folder=self._patch_folder,
            )
            await host.start()
            self._host = host
        self._pages_changed(self._host.page.open_pages)

    def _pages_changed(self, count: int) -> None:
        if self._host is not None:
            self._send(Page(self._host.addresses[0], self._host.port, count))

    def _page_is_at(self, at: At | None) -> None:
        if self._card is not None:
            return
        if at is None:
            self._end()
        else:
            self._sounds = True
            self._tell_place(at)

    # What other threads tell

    def _from_thread(self, do: Callable[..., object]) -> Callable[..., object]:
        def hand_over(*arguments: object) -> None:
            # What is told after the end is nobody's any more.
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(do, *arguments)

        return hand_over

    def _changed(self) -> None:
        self._follow()
        if self._host is not None:
            self._host.page.show()

    def _follow(self) -> None:
        standing = self._stage.standing
        if standing is not self._followed:
            self._followed = standing
            self._transport.follow(standing)
            self._follow_with_midi()

    def _follow_with_midi(self) -> None:
        """Let MIDI go on with the song as it is."""
        if self._midi is not None:
            try:
                self._midi.follow(self._stage.standing.song, self._transport.heard)
            except ValueError as error:
                self._tell(f"this song cannot go to a MIDI port: {error}")

    def _cannot_render(self, line: str) -> None:
        """Tell it, and wait no longer for what does not come."""
        at = self._transport.at()
        stops = at is not None and at.waiting
        if stops:
            self._transport.stop()
            self._end()
        self._tell(line, stops=stops)

    def _tell(self, line: str, *, stops: bool = False) -> None:
        self._send(Trouble(line, stops))
        if self._host is not None:
            self._host.page.tell(line)
