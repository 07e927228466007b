"""The table of actions: ids, tooltips and keys, and that every action is there to be called."""

import inspect
import re

import pytest
from textual.binding import Binding

from tui.actions import (
    APP_ACTIONS,
    GROUPS,
    HELP_ACTIONS,
    MAIN_ACTIONS,
    NOTE_ACTIONS,
    OPEN_ACTIONS,
    PROMPT_ACTIONS,
    RECOVERY_ACTIONS,
    SAVE_AS_ACTIONS,
    START_ACTIONS,
    Action,
    bindings,
)
from tui.app import DropsmithApp
from tui.screens.help import HelpScreen
from tui.screens.main import MainScreen
from tui.screens.open_song import OpenScreen
from tui.screens.prompt import PromptScreen
from tui.screens.recovery import RecoveryScreen
from tui.screens.save_as import SaveAsScreen
from tui.screens.start import StartScreen
from tui.widgets.phrase_roll import PhraseRoll

ON = (
    (MAIN_ACTIONS, MainScreen),
    (APP_ACTIONS, DropsmithApp),
    (HELP_ACTIONS, HelpScreen),
    (RECOVERY_ACTIONS, RecoveryScreen),
    (SAVE_AS_ACTIONS, SaveAsScreen),
    (START_ACTIONS, StartScreen),
    (PROMPT_ACTIONS, PromptScreen),
    (OPEN_ACTIONS, OpenScreen),
)
EVERY = [(action, owner) for actions, owner in (*ON, (NOTE_ACTIONS, MainScreen)) for action in actions]
RISKY = re.compile(r"ctrl\+[basjomih]$|alt\+|super\+|meta\+")
"""Keys that terminals, multiplexers or SSH keep for themselves, or send as another key."""


@pytest.mark.parametrize(("action", "owner"), EVERY, ids=[action.id for action, _ in EVERY])
def test_every_action_can_be_called(action: Action, owner: type) -> None:
    name, _, arguments = action.call.partition("(")
    method = getattr(owner, f"action_{name}")
    given = len(arguments.rstrip(")").split(",")) if arguments else 0
    inspect.signature(method).bind(None, *[None] * given)


@pytest.mark.parametrize(("action", "owner"), EVERY, ids=[action.id for action, _ in EVERY])
def test_every_action_says_what_it_does(action: Action, owner: type) -> None:
    assert action.tooltip.endswith(".")
    assert action.label
    assert action.shown.isascii()
    assert action.group in GROUPS


def test_ids_are_unique() -> None:
    ids = [action.id for action, _ in EVERY]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    "actions", [MAIN_ACTIONS + APP_ACTIONS, NOTE_ACTIONS + APP_ACTIONS, HELP_ACTIONS, RECOVERY_ACTIONS, SAVE_AS_ACTIONS]
)
def test_no_key_means_two_things(actions: tuple[Action, ...]) -> None:
    keys = [key for action in actions for key in action.keys.split(",")]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(("action", "owner"), EVERY, ids=[action.id for action, _ in EVERY])
def test_some_key_of_every_action_gets_through_ssh(action: Action, owner: type) -> None:
    assert not all(RISKY.search(key) for key in action.keys.split(","))


@pytest.mark.parametrize(
    "actions", [MAIN_ACTIONS, NOTE_ACTIONS, APP_ACTIONS, HELP_ACTIONS, RECOVERY_ACTIONS, SAVE_AS_ACTIONS]
)
def test_every_binding_has_an_id_and_a_tooltip(actions: tuple[Action, ...]) -> None:
    for binding in bindings(actions):
        assert isinstance(binding, Binding)
        assert binding.id
        assert binding.tooltip


def test_the_screens_have_no_bindings_but_the_tables() -> None:
    for actions, owner in (*ON, (NOTE_ACTIONS, PhraseRoll)):
        own = {binding.id for _, binding in owner._merge_bindings()}
        assert own == {action.id for action in actions}
