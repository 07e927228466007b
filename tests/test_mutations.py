"""Random mutations of every kind of input, with fixed seeds: each is taken, or refused in one line.

`tests/mutations/` says how, and runs for hours by hand.
"""

import random
from pathlib import Path

import pytest

from tests.mutations.kinds import KINDS
from tests.mutations.limits import MOST_BYTES, MOST_SECONDS
from tests.mutations.mutate import Pairs
from tests.mutations.run import run_kind
from tests.mutations.texts import Raw, json_text, mutate_json, toml_text


@pytest.mark.slow
@pytest.mark.parametrize("name", KINDS)
def test_no_mutation_is_more_than_a_program_can_refuse(name: str, tmp_path: Path) -> None:
    outcome = run_kind(name, tmp_path, count=KINDS[name].count)
    assert outcome.failures == []
    assert outcome.tried > KINDS[name].count, "those that nothing was changed of are tried too"
    assert outcome.peak_bytes < MOST_BYTES
    assert outcome.slowest_seconds < MOST_SECONDS


def test_the_same_seed_gives_the_same_mutation() -> None:
    data = b'{"dropsmith": 2, "song": {"title": "a", "sections": [{"bars": 4}]}}'
    once, again = ([mutate_json(random.Random(seed), data, data) for seed in range(50)] for _ in range(2))
    assert once == again
    assert len(set(once)) > 40


def test_text_is_written_with_what_the_formats_do_not_allow() -> None:
    tree = Pairs([("a", Raw("NaN")), ("a", [1, "x"]), ("b", Pairs([("c", Raw("9" * 9))]))])
    assert json_text(tree) == '{"a": NaN, "a": [1, "x"], "b": {"c": 999999999}}'
    assert toml_text(tree) == 'a = NaN\na = [1, "x"]\nb = { c = 999999999 }\n'
