"""Keys in order: each reaches the app once all before it have had their effect, the screens they open included.

Textual hands keys to what has the focus when they arrive, and what they do follows later: keys that a slow line brings
all at once would go to a screen that the first of them is about to leave, and be lost. Here the next one waits for
a message that has gone the same way as the one before, from what has the focus up to the app.
"""

from collections import deque
from collections.abc import Callable
from time import monotonic

from textual import events
from textual.app import App
from textual.driver import Driver
from textual.message import Message
from textual.message_pump import MessagePump

LOOK_SECONDS = 0.2
"""The time between two looks after a message, which is lost where what was to pass it on has been taken away."""
PATIENCE_SECONDS = 10.0
"""The time after which it counts as lost even so, so that the app can be quit whatever happens."""
ESCAPE = "escape"
_LEAVING = (ESCAPE, "ctrl+c", "ctrl+q")
_ROUNDS_OF_FOCUS = 2
"""A key of a line to write into makes a message of its own there, which the second round comes after."""


class KeyPassed(Message):
    """All that was before this has been handled, from a widget up to the app."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


class KeysInOrder(App[str], inherit_bindings=False):
    """An app that takes keys, pastes and clicks one after another."""

    def __init__(self, driver_class: type[Driver] | None = None, *, ansi_color: bool | None = None) -> None:
        super().__init__(driver_class, ansi_color=ansi_color)
        self._waiting: deque[events.Event] = deque()
        self._number = 0
        self._round = 0
        self._asked_at = 0.0
        self._looks = False
        self._target: MessagePump | None = None
        self._held = False
        self._leave: Callable[[], object] | None = None

    @property
    def holds_keys(self) -> bool:
        """True while keys wait for `release_keys`."""
        return self._held

    @property
    def keys_are_through(self) -> bool:
        """True where every key so far has had its effect."""
        return not (self._waiting or self._round or self._held)

    def hold_keys(self) -> None:
        """Let keys wait until `release_keys`."""
        self._held = True

    def offer_leaving(self, leave: Callable[[], object]) -> None:
        """From now on escape, and what ends the app, leaves at once what the keys wait for."""
        self._leave = leave
        typed_ahead, self._waiting = self._waiting, deque()
        for event in typed_ahead:
            self._put(event)

    def release_keys(self) -> None:
        """Go on with the keys that wait, once what follows from the end of the wait is done."""
        # By then the screen that waited as well is gone.
        self.call_next(self._release)

    def _release(self) -> None:
        self._held, self._leave = False, None
        if not self._round:
            self._ask()

    def take_first(self, key: str) -> None:
        """Press a key before all that wait."""
        self._waiting.appendleft(events.Key(key, None))
        self.call_next(self._take_next)

    async def on_event(self, event: events.Event) -> None:
        """Take an event: input from outside in its turn."""
        if _is_typed(event):
            self._put(event)
            await self._take_next()
            self._look_later()
        else:
            await super().on_event(event)

    def _put(self, event: events.Event) -> None:
        key = event.key if isinstance(event, events.Key) else ""
        if self._leave is not None and key in _LEAVING:
            self._leave()
            if key == ESCAPE:
                return
        self._waiting.append(event)

    async def on_key_passed(self, message: KeyPassed) -> None:
        """Go one more round where something has changed, else take the next."""
        message.stop()
        if message.number != self._number:
            return
        rounds = _ROUNDS_OF_FOCUS if self.focused else 1
        if self._round < rounds or self._target is not self._focus():
            self._ask()
        else:
            self._round = 0
            await self._take_next()

    async def _look_after(self) -> None:
        """Take the next where the message was lost; else look again, as long as something waits."""
        if self._round and (self._is_gone() or monotonic() - self._asked_at > PATIENCE_SECONDS):
            self._round = 0
        await self._take_next()
        self._looks = False
        self._look_later()

    def _look_later(self) -> None:
        if self._waiting and not self._looks:
            self._looks = True
            self.set_timer(LOOK_SECONDS, self._look_after)

    def _is_gone(self) -> bool:
        return self._target is not None and not (self._target.is_running and self._target.is_attached)

    async def _take_next(self) -> None:
        while self._waiting and not self._round and not self._held and self.is_running:
            event = self._waiting.popleft()
            await super().on_event(event)
            self._ask()

    def _ask(self) -> None:
        """Send a message round."""
        self._number += 1
        self._round += 1
        self._asked_at = monotonic()
        self._target = self._focus()
        if not self._target.post_message(KeyPassed(self._number)):
            self._round = 0

    def _focus(self) -> MessagePump:
        return (self.focused or self.screen) if self.screen_stack else self


def _is_typed(event: events.Event) -> bool:
    if isinstance(event, events.Paste):
        return not event.is_forwarded
    is_moved = isinstance(event, events.MouseMove)
    return isinstance(event, events.InputEvent) and not event.is_forwarded and not is_moved
