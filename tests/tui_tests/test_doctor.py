"""`dropsmith doctor`, with the real engine."""

from tests.tui_tests.command_line import dropsmith


def test_doctor_says_what_the_engine_runs_on() -> None:
    done = dropsmith("doctor")
    assert done.returncode == 0
    assert "ready in" in done.stdout
