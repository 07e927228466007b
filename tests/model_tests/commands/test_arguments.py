"""Checks that the commands share: whole numbers, paths that are there, refusals by name."""

import argparse
import io
from pathlib import Path

import pytest
from rich.console import Console

from corpus.pieces import Refusal
from model.commands.arguments import check_paths, positive, print_refusals, seed, units
from model.nn.sizes import MOST_UNITS
from song.errors import UserError


def test_a_count_is_one_or_more() -> None:
    assert positive("1") == 1
    assert positive("6000") == 6000
    for text in ("0", "-3"):
        with pytest.raises(argparse.ArgumentTypeError, match=f"{text} is not 1 or more"):
            positive(text)
    with pytest.raises(ValueError, match="many"):
        positive("many")


def test_seeds_counts_and_units_have_bounds() -> None:
    assert seed("0") == 0
    assert seed(str(2**31 - 1)) == positive(str(2**31 - 1)) == 2**31 - 1
    assert units(str(MOST_UNITS)) == MOST_UNITS
    for kind, text in ((seed, "-1"), (seed, str(2**31)), (positive, "9" * 5000), (units, str(MOST_UNITS + 1))):
        with pytest.raises(argparse.ArgumentTypeError) as told:
            kind(text)
        assert len(str(told.value)) < 60


def test_the_first_path_that_is_not_there_is_named(tmp_path: Path) -> None:
    there = tmp_path / "there.mid"
    there.write_bytes(b"")
    check_paths([])
    check_paths([tmp_path, there])
    with pytest.raises(UserError, match=r"no file or folder .*one\.mid"):
        check_paths([there, tmp_path / "one.mid", tmp_path / "two.mid"])


def test_every_refusal_is_a_line_as_it_is_however_long_and_whatever_its_brackets() -> None:
    told = io.StringIO()
    long = "x" * 200
    print_refusals(Console(file=told, width=40), [Refusal("a [bold].mid", "no notes"), Refusal(long, "damaged")])
    assert told.getvalue() == f"left out a [bold].mid: no notes\nleft out {long}: damaged\n"
