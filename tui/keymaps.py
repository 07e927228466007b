"""Sets of keys: their changes to the usual keys, keys as people write them, and a check that none means two things.

The usual keys are in the table of actions. A user's own are laid over a set by `tui.settings`.
"""

import difflib
import re
from collections.abc import Mapping

from song.errors import UserError
from tui.actions import (
    APP_ACTIONS,
    HELP_ACTIONS,
    MAIN_ACTIONS,
    NOTE_ACTIONS,
    OPEN_ACTIONS,
    PROMPT_ACTIONS,
    RECOVERY_ACTIONS,
    SAVE_AS_ACTIONS,
    START_ACTIONS,
    TRACKS_ACTIONS,
    Action,
)

Keymap = Mapping[str, str]
"""Textual's names of keys, with commas between, by the id of the action."""

VIM: dict[str, str] = {
    "section.previous": "h,left",
    "section.next": "l,right",
    "part.previous": "k,up",
    "part.next": "j,down",
    "section.first": "0,home",
    "section.last": "dollar_sign,end",
    "notes.edit": "i,enter",
    "value.type": "colon",
    "cell.copy": "y,c",
    "cell.paste": "p,v",
    "take.previous": "N",
    "cell.lock": "L",
    "field.key": "K",
    "field.kind": "B",
    "field.heat": "H",
    "field.style": "Y",
    "song.redo": "ctrl+r,U",
    "song.draw": "Q",
    "song.title": "J",
    "song.tempo": "W",
    "song.key": "asterisk",
    "sound.patch": "tilde",
    "notes.left": "h,left",
    "notes.right": "l,right",
    "notes.up": "k,up",
    "notes.down": "j,down",
    "notes.bar_before": "b,comma",
    "notes.bar_after": "w,full_stop",
    "notes.first": "circumflex_accent,home",
    "notes.last": "dollar_sign,end",
    "notes.mark": "v",
    "notes.copy": "y,c",
    "notes.paste": "p",
    "notes.shape": "W",
    "notes.keep": "o",
}
"""hjkl to move, i to edit, y and p to copy and paste, v to mark; what they displace has moved to capitals."""

KEYMAPS: dict[str, dict[str, str]] = {"usual": {}, "vim": VIM}

_TABLES = (
    MAIN_ACTIONS + APP_ACTIONS,
    NOTE_ACTIONS + APP_ACTIONS,
    HELP_ACTIONS + tuple(one for one in APP_ACTIONS if one.id != "app.help"),
    RECOVERY_ACTIONS + APP_ACTIONS,
    SAVE_AS_ACTIONS,
    START_ACTIONS + APP_ACTIONS,
    OPEN_ACTIONS + APP_ACTIONS,
    TRACKS_ACTIONS + APP_ACTIONS,
    PROMPT_ACTIONS,
)
"""Actions whose keys count at one time."""

_BY_ID = {action.id: action for table in _TABLES for action in table}
_SIGNS = {
    "plus": "+", "minus": "-", "equals_sign": "=", "comma": ",", "full_stop": ".", "colon": ":", "semicolon": ";",
    "less_than_sign": "<", "greater_than_sign": ">", "question_mark": "?", "exclamation_mark": "!", "slash": "/",
    "left_square_bracket": "[", "right_square_bracket": "]", "left_curly_bracket": "{", "right_curly_bracket": "}",
    "dollar_sign": "$", "circumflex_accent": "^", "underscore": "_", "number_sign": "#", "percent_sign": "%",
    "ampersand": "&", "asterisk": "*", "left_parenthesis": "(", "right_parenthesis": ")", "backslash": "\\",
    "vertical_line": "|", "tilde": "~", "grave_accent": "`", "apostrophe": "'", "quotation_mark": '"', "at": "@",
    "escape": "esc", "pageup": "pgup", "pagedown": "pgdn", "delete": "del", "backspace": "bksp",
}  # fmt: skip
_PLACE = re.compile(r"\{([a-z]+\.[a-z_0-9]+)\}")
_NAMES = {sign: name for name, sign in _SIGNS.items() if len(sign) == 1}
_PLAIN = re.compile(
    r"[A-Za-z0-9]|f([1-9]|1[0-9]|2[0-4])|enter|space|tab|up|down|left|right|home|end|insert|(ctrl|shift|alt)\+.+"
)


def written(keys: str) -> str:
    """Keys as they are written for people, in ASCII, with spaces between."""
    return " ".join(_written_one(key) for key in keys.split(","))


def _written_one(key: str) -> str:
    if key.startswith("ctrl+"):
        return f"^{_written_one(key.removeprefix('ctrl+'))}"
    return _SIGNS.get(key, key)


def shown_keys(action: Action, keymap: Keymap) -> str:
    """The keys of an action under a set of keys, as people write them."""
    return written(keymap[action.id]) if action.id in keymap else action.shown


def with_keys(text: str, keymap: Keymap) -> str:
    """A text with the first key of an action wherever its id stands in braces."""

    def key(match: re.Match[str]) -> str:
        action = _BY_ID.get(match[1])
        return match[0] if action is None else shown_keys(action, keymap).split(" ")[0]

    return _PLACE.sub(key, text)


def read_keymap(base: Keymap, own: Mapping[str, str]) -> dict[str, str]:
    """A set of keys with a user's own laid over it.

    Args:
        base: one of `KEYMAPS`.
        own: keys by the id of the action: names or signs, with commas between; "comma" is the comma's name.

    Raises:
        UserError: for an action or a key that is not known, and for a key that would mean two things.
    """
    keymap = dict(base)
    for action_id, keys in own.items():
        if action_id not in _BY_ID:
            near = difflib.get_close_matches(action_id, _BY_ID, 1)
            raise UserError(f'there is no action "{action_id}"' + (f": did you mean {near[0]}?" if near else ""))
        keymap[action_id] = ",".join(_read_key(key.strip(), action_id) for key in keys.split(","))
    check_clashes(keymap)
    return keymap


def _read_key(key: str, action_id: str) -> str:
    key = _NAMES.get(key, key)
    if key not in _SIGNS and not _PLAIN.fullmatch(key):
        raise UserError(f'{action_id}: "{key}" is not a key: write a sign, or a name such as enter, pageup or ctrl+r')
    return key


def check_clashes(keymap: Keymap) -> None:
    """See that no key means two things at one time.

    Raises:
        UserError: naming the key and both actions.
    """
    for table in _TABLES:
        owners: dict[str, str] = {}
        for action in table:
            for key in keymap.get(action.id, action.keys).split(","):
                other = owners.setdefault(key, action.id)
                if other != action.id:
                    raise UserError(f'the key "{_written_one(key)}" would mean both {other} and {action.id}')
