"""The base of the screens that ask something: each is answered once, whatever is pressed or clicked meanwhile."""

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen, ScreenResultType


class Dialog(ModalScreen[ScreenResultType], inherit_bindings=False):
    """A screen with an answer."""

    _answered = False

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Leave with an answer. A second one is none: Textual would take away the screen below for it."""
        if self._answered or not self.is_active:
            return AwaitComplete()
        self._answered = True
        return super().dismiss(result)
