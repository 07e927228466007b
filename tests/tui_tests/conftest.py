"""A folder of its own for every test of the app, and one parsing of the styles for all of them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.css import stylesheet
from textual.css.model import RuleSet


@pytest.fixture(scope="session", autouse=True)
def _styles_parsed_once() -> Iterator[None]:
    """Spare the apps of a process to parse the same styles anew: it is an eighth of what these tests take."""
    parse, known = stylesheet.parse, {}

    def parsed(scope: str, css: str, read_from: Any, **rest: Any) -> list[RuleSet]:
        variables = tuple(
            (name, *(token.value for token in tokens)) for name, tokens in rest["variable_tokens"].items()
        )
        key = (scope, css, read_from, rest["is_default_rules"], rest["tie_breaker"], variables)
        if key not in known:
            known[key] = list(parse(scope, css, read_from, **rest))
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stylesheet, "parse", parsed)
        yield


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that the app writes land in a folder of the test's own, and nobody's settings are read."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    # What runs tests side by side sets the last two: every terminal would seem to have that size, and keep it.
    for name in ("NO_COLOR", "COLUMNS", "LINES"):
        monkeypatch.delenv(name, raising=False)
