"""The command line: every command by its name, and errors of one line with exit code 2."""

from pathlib import Path

import pytest

from model.commands.cli import _parser, main

REQUIRED = {
    "train": ["--out", "own.safetensors"],
    "evaluate": [],
    "ablate": ["music", "--folder", "study", "--out", "chapter.json"],
    "engine": [],
}
"""The commands, and what each cannot do without."""


def error_of(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """The one line that a command ends with, its exit code being 2."""
    try:
        code: object = main(words)
    except SystemExit as end:
        code = end.code
    assert code == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert error.startswith("dropsmith: ")
    return error


@pytest.mark.parametrize("command", REQUIRED)
def test_a_command_is_parsed_with_what_it_needs_and_can_be_debugged(command: str) -> None:
    options = _parser().parse_args([command, *REQUIRED[command]])
    assert callable(options.run)
    assert options.debug is False
    assert _parser().parse_args([command, *REQUIRED[command], "--debug"]).debug is True


@pytest.mark.parametrize("command", [command for command, words in REQUIRED.items() if words])
def test_a_command_without_what_it_needs_says_so(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert "required" in error_of(capsys, command)


def test_no_command_and_an_unknown_one_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert "COMMAND" in error_of(capsys)
    assert "dance" in error_of(capsys, "dance")


def test_an_error_of_the_users_is_one_line_and_its_place_is_shown_with_debug(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["evaluate", str(tmp_path / "none")]
    assert "there is no file or folder" in error_of(capsys, *words)
    assert main([*words, "--debug"]) == 2
    origin, *_, last = capsys.readouterr().err.splitlines()
    assert origin.startswith("Traceback")
    assert "there is no file or folder" in last
