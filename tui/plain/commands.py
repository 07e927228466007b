"""Commands of typed lines: an action by its id, its name or its keys, a constraint and its value, or to wait.

Knows the tables and no screen.
"""

import difflib
from collections.abc import Mapping, Sequence

import msgspec

from song.errors import UserError
from tui.actions import Action
from tui.fields import FIELDS
from tui.keymaps import Keymap, shown_keys, written


class PressKeys(msgspec.Struct, frozen=True):
    """Keys to be pressed, by Textual's names."""

    keys: tuple[str, ...]


class DoAction(msgspec.Struct, frozen=True):
    """An action, and what to write where it asks for something; None where that is to be asked for."""

    action: Action
    text: str | None = None


class SetField(msgspec.Struct, frozen=True):
    """A constraint of the selected section, and its value."""

    field_id: str
    text: str


class Wait(msgspec.Struct, frozen=True):
    """A wait until nothing is being written or exported any more."""


class TellStatus(msgspec.Struct, frozen=True):
    """The question how things stand; an empty line asks it."""


Command = PressKeys | DoAction | SetField | Wait | TellStatus


def read_command(line: str, actions: Sequence[Action], keymap: Keymap) -> Command:
    """Read a line as a command.

    Args:
        line: as it was typed; case does not matter in names.
        actions: those that may be asked for, the nearest first where two have one name.
        keymap: the keys that differ from the usual ones.

    Raises:
        UserError: where it is no command.
    """
    words = line.split()
    if not words:
        return TellStatus()
    if [word.lower() for word in words] == ["wait"]:
        return Wait()
    named = {name: action for action in reversed(actions) for name in (action.label.lower(), action.id)}
    rest = line.strip()[len(words[0]) :].strip()
    action = named.get(" ".join(words).lower())
    if action is not None:
        return DoAction(action)
    if rest and "." in words[0] and words[0].lower() in named:
        return DoAction(named[words[0].lower()], rest)
    # The longest name first: "chords go" is not the chords' density.
    fields = {name: one.id for one in reversed(FIELDS) for name in (one.label, one.id)}
    for name in sorted(fields, key=len, reverse=True):
        if rest and line.strip().lower().startswith(f"{name} "):
            return SetField(fields[name], line.strip()[len(name) :].strip())
    keys = _key_names(actions, keymap)
    if all(word in keys or len(word) == 1 for word in words):
        return PressKeys(tuple(keys.get(word, word) for word in words))
    near = difflib.get_close_matches(line.strip().lower(), [*named, "wait"], 1)
    raise UserError(f'"{line.strip()}" is no action and no key: ' + (f"{near[0]}, or " if near else "") + "help")


def _key_names(actions: Sequence[Action], keymap: Keymap) -> Mapping[str, str]:
    """Textual's name of every key that means something, by that name and as people write it."""
    keys = [key for action in actions for key in keymap.get(action.id, action.keys).split(",")]
    names = {key: key for key in keys} | {written(key): key for key in keys}
    # Whoever types ctrl+q or pageup is understood whatever the help writes.
    return names | {"esc": "escape", "enter": "enter", "pgup": "pageup", "pgdn": "pagedown", "del": "delete"}


def help_lines(actions: Sequence[Action], keymap: Keymap) -> list[str]:
    """Every action in a line: name, what it does, id, keys."""
    return [
        "type an action by its name, its id or its keys (several with spaces between), then enter",
        "what an action asks for may follow its id: section.rename Night",
        f"a constraint and its value: tempo 150; of {', '.join(one.id for one in FIELDS)}",
        "wait: until nothing is being written; an empty line: how things stand",
        *(f"{one.label}: {one.tooltip} {one.id}, keys {shown_keys(one, keymap)}" for one in actions),
    ]
