#!/usr/bin/env bash
# One would expect: keys that are typed after the one that opens a screen go to that screen, however fast they come.
# What happens: a key goes to what has the focus as it arrives, and the screen is opened by messages that come after.
# Keys that arrive together (a slow line, a paste into a terminal, a script) all reach the screen that is being left.
# Seen in: textual 8.2.8.
# Where it meets us: letters typed right after the key of a dialog were lost, or were keys of the screen below.
# `tui/screens/key_order.py` lets each key wait for the one before it (tests/tui_tests/screens/test_key_order.py).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet textual==8.2.8
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio

from textual.app import App
from textual.events import Key
from textual.screen import ModalScreen
from textual.widgets import Input


class Dialog(ModalScreen):
    def compose(self):
        yield Input()


class Opening(App):
    BINDINGS = [("o", "open", "opens a dialog with a line to write into")]

    def action_open(self):
        self.push_screen(Dialog())


async def written(seconds_between):
    app = Opening()
    async with app.run_test() as pilot:
        for key in "oabc":
            app.post_message(Key(key, key))
            if seconds_between:
                await pilot.pause(seconds_between)
        await pilot.pause(0.5)
        assert isinstance(app.screen, Dialog)
        return app.screen.query_one(Input).value


slowly, at_once = asyncio.run(written(0.3)), asyncio.run(written(0))
print(f"o a b c typed slowly: the dialog's line holds {slowly!r}")
print(f"o a b c at once:      the dialog's line holds {at_once!r}")
assert slowly == "abc"
assert at_once != "abc", "it has changed: keys wait for the screen that one before them opens"
PYTHON
