"""`dropsmith doctor`, with the real engine, and with one of the user's own."""

import json
from pathlib import Path

from tests.tui_tests.command_line import dropsmith
from tests.tui_tests.driving import engine_command


def test_doctor_says_what_the_engine_runs_on() -> None:
    done = dropsmith("doctor")
    assert done.returncode == 0
    assert "ready in" in done.stdout


def test_the_engine_of_the_settings_is_tried_and_what_is_wrong_with_it_told(tmp_path: Path) -> None:
    settings = tmp_path / "dropsmith" / "settings.toml"
    settings.parent.mkdir()
    for command, code, told in (
        (engine_command(), 0, "ready in"),
        (("no-such-engine",), 2, "engine    does not work: the engine does not start: no-such-engine"),
        (("sh", "-c", "echo welcome; exec cat >/dev/null"), 2, 'not an answer of the engine, but "welcome"'),
    ):
        settings.write_text(f"engine = {json.dumps(command)}\n")
        done = dropsmith("doctor", environment={"XDG_CONFIG_HOME": str(tmp_path)})
        assert done.returncode == code, done.stdout
        assert told in done.stdout
