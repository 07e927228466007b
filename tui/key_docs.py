"""docs/KEYS.md, written from the table of actions by `python -m tui.key_docs`; a test sees that it is current."""

from pathlib import Path

from tui.actions import (
    APP_ACTIONS,
    GROUPS,
    MAIN_ACTIONS,
    NOTE_ACTIONS,
    OPEN_ACTIONS,
    RECOVERY_ACTIONS,
    SAVE_AS_ACTIONS,
    START_ACTIONS,
    TRACKS_ACTIONS,
    Action,
)
from tui.keymaps import VIM, shown_keys

KEYS_PATH = Path(__file__).resolve().parents[1] / "docs" / "KEYS.md"

_INTRODUCTION = """\
# Keys

Written by `python -m tui.key_docs` from the table of actions; do not edit it here.

Every key can be another. In `settings.toml` (`dropsmith doctor` says where it lies):

```toml
keys = "vim"                  # the second column of keys; "usual" is the first

[bindings]                    # and your own over that, by id: signs, or names such as enter, pageup, ctrl+r
"section.add" = "a,insert"
```
"""
_SCREENS: tuple[tuple[str, tuple[Action, ...]], ...] = (
    ("Starting a song", START_ACTIONS),
    ("Opening a song", OPEN_ACTIONS),
    ("Which track of a file is what", TRACKS_ACTIONS),
    ("Saving under another name", SAVE_AS_ACTIONS),
    ("Unsaved work at the start", RECOVERY_ACTIONS),
)


def keys_document() -> str:
    """The text of docs/KEYS.md."""
    every = (*MAIN_ACTIONS, *NOTE_ACTIONS, *APP_ACTIONS)
    tables = [(group, tuple(action for action in every if action.group == group)) for group in GROUPS]
    parts = [_INTRODUCTION]
    for title, actions in (*tables, *_SCREENS):
        parts.append(f"\n## {title}\n\n| usual | vim | does | id |\n|---|---|---|---|\n")
        parts += [_row(action) for action in actions]
    return "".join(parts)


def _row(action: Action) -> str:
    usual, vim = (_code(shown_keys(action, keymap)) for keymap in ({}, VIM))
    return f"| {usual} | {vim} | {action.tooltip} | `{action.id}` |\n"


def _code(keys: str) -> str:
    return " ".join(f"`{key}`" if key != "|" else r"`\|`" for key in keys.split(" "))


if __name__ == "__main__":
    KEYS_PATH.write_text(keys_document(), encoding="utf-8")
