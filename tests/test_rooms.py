"""Rooms: how many modules stand at a package's root, and that the test of every module is found by its name."""

import re

import pytest

from tests.places import ROOT

PACKAGES = ("song", "corpus", "model", "sound", "tui")
MOST_AT_ROOT = {"model": 12, "corpus": 8, "sound": 12, "tui": 24}
WITHOUT_TEST = {"__init__", "__main__"}
WHOLE_APP = ROOT / "tests" / "tui_tests" / "whole_app"
"""Tests of the running app that are of no one module."""


@pytest.mark.parametrize(("package", "most"), MOST_AT_ROOT.items())
def test_few_modules_stand_at_a_root(package: str, most: int) -> None:
    assert len(list((ROOT / package).glob("*.py"))) <= most


@pytest.mark.parametrize("package", PACKAGES)
def test_every_module_has_a_test_of_its_name_in_the_same_room(package: str) -> None:
    tests = ROOT / "tests" / f"{package}_tests"
    modules = [path.relative_to(ROOT / package) for path in sorted((ROOT / package).rglob("*.py"))]
    missing = [
        str(tests / module.parent / f"test_{module.name}")
        for module in modules
        if module.stem not in WITHOUT_TEST and not (tests / module.parent / f"test_{module.name}").exists()
    ]
    assert missing == []


@pytest.mark.parametrize("package", PACKAGES)
def test_every_test_file_is_named_after_a_module_of_the_same_room(package: str) -> None:
    tests = ROOT / "tests" / f"{package}_tests"
    strays = []
    for path in sorted(tests.rglob("test_*.py")):
        room = ROOT / package / path.parent.relative_to(tests)
        stem = path.stem.removeprefix("test_")
        # An aspect of a module follows its name: test_fill_copies.py is about fill.py.
        names = [stem[: match.start()] for match in re.finditer("_", stem)] + [stem]
        if path.parent != WHOLE_APP and not any((room / f"{name}.py").exists() for name in names):
            strays.append(str(path.relative_to(ROOT)))
    assert strays == []


def test_every_room_says_what_is_in_it() -> None:
    rooms = [path.parent for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    silent = {str(room.relative_to(ROOT)) for room in rooms if not (room / "__init__.py").read_text().startswith('"""')}
    assert silent == set()
