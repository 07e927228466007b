"""A typed line as the command that it asks for, and the help."""

import pytest

from song.errors import UserError
from tui.actions import APP_ACTIONS, MAIN_ACTIONS, NOTE_ACTIONS, Action
from tui.keymaps import VIM
from tui.plain.commands import DoAction, PressKeys, SetField, TellStatus, Wait, help_lines, read_command

ALL = (*MAIN_ACTIONS, *APP_ACTIONS, *NOTE_ACTIONS)


@pytest.mark.parametrize("action", ALL, ids=lambda action: action.id)
def test_an_action_is_found_by_id_by_name_and_by_each_of_its_keys(action: Action) -> None:
    assert read_command(action.id, ALL, {}) == DoAction(action)
    assert read_command(f" {action.id.upper()} ", ALL, {}) == DoAction(action)
    named = read_command(action.label, ALL, {})
    assert isinstance(named, DoAction)
    assert named.action.label.lower() == action.label.lower()
    for key in action.keys.split(","):
        assert read_command(key, ALL, {}) == PressKeys((key,))
    for shown in action.shown.split():
        told = read_command(shown, ALL, {})
        # "end" and the like are names of keys, "u" is the sign of one.
        assert isinstance(told, PressKeys)
        assert told.keys[0] in action.keys.split(",")


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("", TellStatus()),
        ("  ", TellStatus()),
        ("wait", Wait()),
        ("tempo 140-150", SetField("tempo", "140-150")),
        ("ramp to 150", SetField("ramp", "150")),
        ("key F minor", SetField("key", "F minor")),
        ("bass in C1-C3", SetField("bass-range", "C1-C3")),
        ("bass form ABAC", SetField("bass-form", "ABAC")),
        ("form AABA", SetField("form", "AABA")),
        ("bass-range C1-C3", SetField("bass-range", "C1-C3")),
        ("chords go i VI", SetField("progression", "i VI")),
        ("chords in C3-C5", SetField("chords-range", "C3-C5")),
        ("chords 0.5", SetField("chords", "0.5")),
        ("a chord 8", SetField("chord-length", "8")),
        ("theme slow", SetField("theme", "slow")),
        ("right right F", PressKeys(("right", "right", "F"))),
        ("^q", PressKeys(("ctrl+q",))),
        ("ctrl+q", PressKeys(("ctrl+q",))),
        ("pgup", PressKeys(("pageup",))),
        ("7", PressKeys(("7",))),
    ],
)
def test_what_a_line_asks_for(line: str, command: object) -> None:
    assert read_command(line, ALL, {}) == command


def test_what_follows_an_id_is_for_what_it_asks() -> None:
    told = read_command("section.rename  Night  drive", ALL, {})
    assert isinstance(told, DoAction)
    assert (told.action.id, told.text) == ("section.rename", "Night  drive")


@pytest.mark.parametrize("line", ["exprot", "right rigth", "tempo", "né"])
def test_what_is_no_command_is_told_in_a_line(line: str) -> None:
    if line == "tempo":
        assert isinstance(read_command(line, ALL, {}), DoAction)
        return
    with pytest.raises(UserError, match="is no action and no key: "):
        read_command(line, ALL, {})


def test_the_help_tells_every_action_with_the_keys_that_hold() -> None:
    lines = help_lines(ALL, VIM)
    for action in ALL:
        assert any(f" {action.id}, keys " in line for line in lines)
    assert any(line.endswith("section.next, keys l right") for line in lines)
