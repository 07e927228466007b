"""The player, on miniaudio's null card and on the listening page: what it answers, and where it is."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import aiohttp
import msgspec
import pytest

from song.edits.takes import add_takes, choose_take
from song.errors import UserError
from song.parts import Part
from song.sections import Song, Take
from sound.playing.card import Card
from sound.playing.player import Player
from sound.playing.protocol import (
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
    Scope,
    SetSong,
    Stop,
    Trouble,
)
from sound.staging import stage as stage_module
from tests.sound_tests.played_songs import BUILD, DROP, growl, played_song
from tests.sound_tests.playing.test_midi_out import Recorder

_PATIENCE_SECONDS = 60


class Heard:
    """A player and its answers."""

    def __init__(
        self, output: Output, card: Callable[..., object] = Card, midi_port: Callable[[], Recorder] | None = None
    ) -> None:
        self.answers: list[Answer] = []
        self.changed = asyncio.Event()
        self.player = Player(self.hear, output, card=card, midi_port=midi_port)

    def hear(self, answer: Answer) -> None:
        self.answers.append(answer)
        self.changed.set()

    async def until(self, condition: Callable[[Answer], object]) -> Answer:
        """The first answer since the last one that was waited for of which something holds."""
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while True:
                while self.answers:
                    answer = self.answers.pop(0)
                    if condition(answer):
                        return answer
                self.changed.clear()
                await self.changed.wait()

    async def until_at(self, section: int, tick: int = 0) -> Position:
        song_id = played_song().sections[section].id
        answer = await self.until(
            lambda one: isinstance(one, Position) and one.section_id == song_id and one.tick >= tick and not one.waiting
        )
        assert isinstance(answer, Position)
        return answer


@asynccontextmanager
async def playing(
    output: Output = Output.NULL, card: Callable[..., object] = Card, song: Song | None = None
) -> AsyncIterator[Heard]:
    """A player with a song."""
    if output is Output.NULL:
        pytest.importorskip("miniaudio", reason="miniaudio has no wheel for this machine")
    heard = Heard(output, card)
    heard.player.greet()
    looking = asyncio.create_task(heard.player.run())
    await heard.player.take(SetSong(song or played_song()))
    try:
        yield heard
    finally:
        looking.cancel()
        await heard.player.close()


async def test_a_section_is_played_to_its_end() -> None:
    async with playing() as heard:
        ready = await heard.until(lambda one: isinstance(one, Ready))
        assert isinstance(ready, Ready)
        assert "Null" in ready.output
        await heard.player.take(Play(Scope.SECTION, DROP))
        await heard.until(lambda one: isinstance(one, Position) and one.waiting)
        await heard.until_at(DROP)
        await heard.until_at(DROP, 500)
        await heard.until(lambda one: isinstance(one, Ended))


async def test_the_song_is_played_from_a_bar_on_and_looped() -> None:
    async with playing() as heard:
        await heard.player.take(Play(Scope.SONG, DROP, bar=1, loop=True))
        assert (await heard.until_at(DROP)).tick >= 384
        await heard.until_at(BUILD)
        await heard.until_at(DROP, 384)
        await heard.player.take(Loop(False))
        await heard.until(lambda one: isinstance(one, Ended))


async def test_stop_ends_at_once_and_a_cell_follows() -> None:
    async with playing() as heard:
        await heard.player.take(Play(Scope.SECTION, DROP, loop=True))
        await heard.until_at(DROP, 24)
        await heard.player.take(Stop())
        await heard.until(lambda one: isinstance(one, Ended))
        await heard.player.take(Play(Scope.CELL, DROP, Part.BASS))
        await heard.until_at(DROP, 24)


async def test_a_take_that_was_rendered_ahead_is_heard_without_waiting() -> None:
    song = add_takes(played_song(), DROP, Part.BASS, (Take(growl(2, 46)),))
    cell = song.sections[DROP].cells.bass
    other = 1 - (cell.chosen or 0)
    async with playing(song=song) as heard:
        await heard.player.take(Play(Scope.SECTION, DROP, loop=True))
        await heard.until_at(DROP)
        await heard.player.take(Ahead(DROP, Part.BASS, (cell.takes[other].phrase,)))
        await heard.until(lambda one: not heard.player._stage.busy)
        heard.answers.clear()
        await heard.player.take(SetSong(choose_take(song, DROP, Part.BASS, other)))
        await heard.player.take(Play(Scope.SECTION, DROP, loop=True, goes_on=True))
        await heard.until_at(DROP, 96)
        assert not any(isinstance(one, Position) and one.waiting for one in heard.answers)
        assert heard.player._transport._now.key == heard.player._stage.standing.keys[DROP]  # type: ignore[union-attr]


async def test_what_cannot_be_played_is_told() -> None:
    song = played_song()
    async with playing(song=msgspec.structs.replace(song, muted=(Part.BASS,))) as heard:
        for play, words in (
            (Play(Scope.SECTION, 7), "no such section"),
            (Play(Scope.CELL, BUILD, Part.LEAD), "nothing to hear there yet"),
            (Play(Scope.CELL, DROP, Part.BASS), "is muted"),
        ):
            await heard.player.take(play)
            told = await heard.until(lambda one: isinstance(one, Trouble))
            assert isinstance(told, Trouble)
            assert words in told.reason


async def test_a_card_that_vanishes_is_one_line_and_the_next_play_tries_again() -> None:
    made: list[Card] = []

    def card(fill: Callable[..., object], *, null: bool) -> Card:
        made.append(Card(fill, null=True))  # type: ignore[arg-type]
        return made[-1]

    async with playing(card=card) as heard:
        await heard.player.take(Play(Scope.SECTION, DROP, loop=True))
        await heard.until_at(DROP, 24)
        made[0]._device.stop()
        await heard.until(lambda one: isinstance(one, Ended))
        told = await heard.until(lambda one: isinstance(one, Trouble))
        assert isinstance(told, Trouble)
        assert told.reason.startswith("the sound card has gone: play again")
        await heard.player.take(Play(Scope.SECTION, DROP))
        await heard.until_at(DROP, 24)
        assert len(made) == 2


def no_card(fill: Callable[..., object], *, null: bool) -> Card:
    raise UserError("there is no sound card that can be used")


async def test_without_a_card_the_page_plays_and_tells_where_it_is() -> None:
    async with playing(Output.CARD, no_card) as heard:
        ready = await heard.until(lambda one: isinstance(one, Ready))
        assert ready == Ready(1, "", "there is no sound card that can be used")
        await heard.player.take(Play(Scope.SECTION, DROP, loop=True))
        page = await heard.until(lambda one: isinstance(one, Page))
        assert isinstance(page, Page)
        assert page.listeners == 0
        async with aiohttp.ClientSession() as session, session.ws_connect(f"{page.address}line") as line:
            assert (await line.receive_json())["type"] == "song"
            play = await line.receive_json()
            drop = played_song().sections[DROP].id
            assert (play["type"], play["first"], play["loop"]) == ("play", drop, True)
            opened = await heard.until(lambda one: isinstance(one, Page) and one.listeners)
            assert isinstance(opened, Page)
            await line.send_json({"section": drop, "frame": 60_000, "playing": True})
            assert (await heard.until_at(DROP)).tick == 264
            await heard.player.take(Stop())
            while (await line.receive_json())["type"] != "stop":
                pass
            await heard.until(lambda one: isinstance(one, Ended))
        # It is the same page for the next one who asks.
        await heard.until(lambda one: isinstance(one, Page) and not one.listeners)
        await heard.player.take(OpenPage())
        again = await heard.until(lambda one: isinstance(one, Page))
        assert isinstance(again, Page)
        assert again.address == page.address


async def test_how_far_rendering_is_is_told() -> None:
    async with playing() as heard:
        await heard.player.take(Play(Scope.SECTION, DROP))
        await heard.until(lambda one: isinstance(one, Rendering) and one.share < 1)
        await heard.until(lambda one: isinstance(one, Rendering) and one.share == 1)


async def test_midi_goes_with_what_is_heard_and_a_port_that_is_not_there_is_told() -> None:
    pytest.importorskip("miniaudio", reason="miniaudio has no wheel for this machine")
    port = Recorder()
    heard = Heard(Output.PAGE, midi_port=lambda: port)
    heard.player.greet()
    ready = await heard.until(lambda one: isinstance(one, Ready))
    assert isinstance(ready, Ready)
    # At the pace of a card that is none, where there is no other.
    assert ready.output.endswith("and the MIDI port recorder")
    looking = asyncio.create_task(heard.player.run())
    await heard.player.take(SetSong(played_song()))
    await heard.player.take(Play(Scope.SECTION, DROP, loop=True))
    await heard.until_at(DROP, 96)
    await heard.player.take(Stop())
    looking.cancel()
    await heard.player.close()
    types = [one.type for _, one in port.sent]
    assert {"note_on", "control_change", "clock", "songpos", "continue", "stop"} <= set(types)
    assert port.closed

    def no_port() -> Recorder:
        raise UserError('there is no MIDI port "synth": there is none at all')

    silent = Heard(Output.PAGE, midi_port=no_port)
    silent.player.greet()
    told = await silent.until(lambda one: isinstance(one, Trouble))
    assert told == Trouble('there is no MIDI port "synth": there is none at all')
    await silent.player.close()


async def test_a_full_disk_ends_what_waits_for_it_with_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise UserError("cannot render: No space left on device; free some space on the disk")

    monkeypatch.setattr(stage_module, "render_section", full)
    async with playing() as heard:
        await heard.player.take(Play(Scope.SECTION, DROP))
        await heard.until(lambda one: isinstance(one, Ended))
        told = await heard.until(lambda one: isinstance(one, Trouble))
        assert told == Trouble("cannot render: No space left on device; free some space on the disk", True)
        assert not heard.player._transport.playing
