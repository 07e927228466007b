"""Mistakes in the arguments of a command: one line on stderr and exit code 2. And how often garbage is looked for."""

import gc

import pytest

from song.command_line import OneLineParser, collect_seldom


def parser() -> OneLineParser:
    made = OneLineParser(prog="dropsmith compose")
    made.add_argument("plan")
    made.add_argument("--takes", type=int, default=1)
    return made


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "the following arguments are required: plan"),
        (["a.toml", "--takes", "two"], "argument --takes: invalid int value: 'two'"),
        (["a.toml", "--loud"], "unrecognized arguments: --loud"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(
    capsys: pytest.CaptureFixture[str], words: list[str], message: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        parser().parse_args(words)
    assert ended.value.code == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err == f"dropsmith: {message}; see dropsmith compose --help\n"


def test_a_mistake_in_a_subcommand_names_the_help_of_that_subcommand(capsys: pytest.CaptureFixture[str]) -> None:
    whole = OneLineParser(prog="dropsmith corpus")
    whole.add_subparsers(required=True).add_parser("add").add_argument("path")
    with pytest.raises(SystemExit) as ended:
        whole.parse_args(["add"])
    assert ended.value.code == 2
    assert capsys.readouterr().err.splitlines() == [
        "dropsmith: the following arguments are required: path; see dropsmith corpus add --help"
    ]


def test_right_arguments_are_read_and_help_is_no_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    options = parser().parse_args(["a.toml", "--takes", "3"])
    assert (options.plan, options.takes) == ("a.toml", 3)
    with pytest.raises(SystemExit) as ended:
        parser().parse_args(["--help"])
    assert ended.value.code == 0
    told = capsys.readouterr()
    assert told.out.startswith("usage: dropsmith compose")
    assert told.err == ""


def test_garbage_is_looked_for_less_often_than_python_does_and_still_is() -> None:
    before = gc.get_threshold()
    try:
        gc.set_threshold(700, 10, 10)
        collect_seldom()
        assert 700 < gc.get_threshold()[0] < 1_000_000
        assert gc.isenabled()
    finally:
        gc.set_threshold(*before)
