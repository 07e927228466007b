"""docs/KEYS.md, as the table of actions has it."""

from tui.actions import APP_ACTIONS, MAIN_ACTIONS, NOTE_ACTIONS, START_ACTIONS
from tui.key_docs import KEYS_PATH, keys_document


def test_the_keys_document_is_current() -> None:
    assert KEYS_PATH.read_text(encoding="utf-8") == keys_document(), "run: python -m tui.key_docs"


def test_every_action_has_a_row_and_only_one() -> None:
    document = keys_document()
    for action in (*MAIN_ACTIONS, *NOTE_ACTIONS, *APP_ACTIONS, *START_ACTIONS):
        (row,) = [line for line in document.splitlines() if line.endswith(f"| `{action.id}` |")]
        assert f"| {action.tooltip} |" in row


def test_a_row_has_the_usual_keys_beside_those_of_vim() -> None:
    rows = keys_document().splitlines()
    assert "| `enter` | `i` `enter` | Edit this phrase note by note. | `notes.edit` |" in rows
