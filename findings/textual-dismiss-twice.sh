#!/usr/bin/env bash
# One would expect: a screen that is dismissed takes itself off the stack; to dismiss it again does nothing, or is an
# error.
# What happens: `dismiss` pops whatever is on top. Where two messages that a dialog answers by dismissing itself come
# right after each other, the second takes away the screen below as well. No error is raised, and nothing is told to
# whoever waits for the result of that screen.
# Seen in: textual 8.2.8.
# Where it meets us: a dialog may be answered by a key and by a click at once, and its answer closed what it stood on.
# `tui/screens/dialog.py` dismisses a dialog once (tests/tui_tests/screens/test_dialog.py).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet textual==8.2.8
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio

from textual.app import App
from textual.message import Message
from textual.screen import ModalScreen, Screen


class Below(Screen):
    pass


class Answered(Message):
    """What a widget of the dialog would send: a line that is submitted, a row that is clicked."""


class Dialog(ModalScreen):
    def on_answered(self):
        self.dismiss("an answer")


async def left(times):
    app = App()
    async with app.run_test() as pilot:
        below, answers = [], []
        await app.push_screen(Below(), below.append)
        dialog = Dialog()
        await app.push_screen(dialog, answers.append)
        for _ in range(times):
            dialog.post_message(Answered())
        await pilot.pause(0.5)
        return [type(screen).__name__ for screen in app.screen_stack], answers, below


for times in (1, 2):
    stack, answers, below = asyncio.run(left(times))
    print(f"answered {times} times: screens {stack}; the dialog gave {answers}, the screen below {below}")
    if times == 1:
        assert stack == ["Screen", "Below"], stack
assert stack == ["Screen"], "it has changed: the screen below stays"
PYTHON
