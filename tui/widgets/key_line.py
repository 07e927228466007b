"""The footer: the keys of the most used actions, as many as there is room for, those of the whole app on the right.

Textual's own footer is a widget for every key, and cuts the last one in two.
"""

from textual import events
from textual.binding import Binding

from tui.view import View
from tui.widgets.canvas import Canvas, Row
from tui.widgets.cells import width_of

_GAP = 2


class KeyLine(Canvas):
    """Keys and what they do; a click does it too."""

    def paint(self, view: View, width: int, height: int) -> list[Row]:
        """One row."""
        row = Row()
        for x, binding in self._placed(width):
            row.pad(x).add(self.app.get_key_display(binding), "accent strong").add(f" {binding.description}", "muted")
        return [row]

    async def on_click(self, event: events.Click) -> None:
        """Do what was clicked."""
        for x, binding in self._placed(self.size.width):
            if x <= event.x < x + self._width(binding):
                await self.screen.run_action(binding.action)

    def _placed(self, width: int) -> list[tuple[int, Binding]]:
        """The bindings that fit, each with its first column."""
        shown = {b.id: b for _, b, _, _ in self.screen.active_bindings.values() if b.show}
        of_app = [binding for binding in shown.values() if (binding.id or "").startswith("app.")]
        others = [binding for binding in shown.values() if binding not in of_app]
        right = width - sum(self._width(binding) + _GAP for binding in of_app) + _GAP - 1
        placed, x = [], 1
        for binding in others:
            if x + self._width(binding) + _GAP > right:
                break
            placed.append((x, binding))
            x += self._width(binding) + _GAP
        x = max(x, right)
        for binding in of_app:
            placed.append((x, binding))
            x += self._width(binding) + _GAP
        return placed

    def _width(self, binding: Binding) -> int:
        return width_of(f"{self.app.get_key_display(binding)} {binding.description}")
