"""Keys sent to a running app, and waited on until the app has done what they ask for.

A pilot's own `press` sleeps until the whole process looks idle: twice 20 ms a key, and far longer where the machine has
other work. Here it is asked of the app itself whether it has come to rest.
"""

import asyncio
import unicodedata
from collections.abc import Callable

from textual import events
from textual.app import App
from textual.keys import KEY_NAME_REPLACEMENTS
from textual.message import Message
from textual.message_pump import MessagePump

from tui.screens.key_order import KeysInOrder

PATIENCE_SECONDS = 120
"""Seconds that a test waits for something to come about: many, since a machine may have a lot else to do."""
_LOOK_AGAIN_SECONDS = 0.05
_MOST_ROUNDS = 20
"""Where an engine writes meanwhile an app is never at rest; so many rounds are enough for what a key has begun."""


class Messages:
    """Counts what an app handles: hand `hook` to `run_test`."""

    def __init__(self) -> None:
        self.handled = 0
        self._happened = asyncio.Event()

    def hook(self, _message: Message) -> None:
        """Take notice of a message."""
        self.handled += 1
        self._happened.set()

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait for a condition, looking whenever the app has handled a message.

        Raises:
            TimeoutError: where it does not come about.
        """
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not condition():
                self._happened.clear()
                try:
                    await asyncio.wait_for(self._happened.wait(), _LOOK_AGAIN_SECONDS)
                except TimeoutError:
                    continue

    async def settled(self, app: App[str]) -> None:
        """Wait until a round through the app, its screen and what has the focus meets no message but its own."""
        for _ in range(_MOST_ROUNDS):
            before, sent = self.handled, 0
            if isinstance(app, KeysInOrder):
                await self.until(lambda: app.keys_are_through or not app.is_running)
            for pump in dict.fromkeys((app, app.screen, app.focused or app.screen)):
                sent += await self._passed(app, pump)
            if self.handled - before <= sent:
                return

    async def _passed(self, app: App[str], pump: MessagePump) -> bool:
        """Wait until a part of the app has handled what has reached it so far; False where it has closed."""
        mark = _Mark()
        if not pump.call_later(mark.pass_by):
            return False
        await self.until(lambda: mark.passed or not app.is_running)
        return True


class _Mark:
    """Something to wait for: a method, since Textual looks up what a callback takes, slowly for a built-in one."""

    passed = False

    def pass_by(self) -> None:
        self.passed = True


def key_event(key: str) -> events.Key:
    """A key, by its name or its character, as a terminal reports it."""
    return events.Key(_name(key), key) if len(key) == 1 else events.Key(key, _CHARACTERS.get(key))


def _name(character: str) -> str:
    if character.isalnum():
        return character
    name = unicodedata.name(character).lower().replace("-", "_").replace(" ", "_")
    return KEY_NAME_REPLACEMENTS.get(name, name)


_CHARACTERS = {_name(character): character for character in map(chr, range(32, 127))}
"""The characters that named keys write."""
