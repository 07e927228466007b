"""Fifty ends at random moments, in the middle of edits and fills: what is there afterwards is at most a second old."""

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from tests.places import ROOT
from tests.tui_tests.killing import ENDS, Round

LANES, ROUNDS = 5, 10


@pytest.mark.slow
def test_fifty_ends_at_random_moments_lose_less_than_a_second(tmp_path: Path) -> None:
    lanes = []
    for seed in range(LANES):
        folder = tmp_path / str(seed)
        folder.mkdir()
        command = [sys.executable, "-m", "tests.tui_tests.killing", str(folder), str(seed), str(ROUNDS)]
        # What one leaves behind would be offered to the others.
        environment = {**os.environ, "XDG_STATE_HOME": str(folder / "state")}
        lanes.append(subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE))
    told = [lane.communicate()[0] for lane in lanes]
    assert [lane.returncode for lane in lanes] == [0] * LANES
    rounds = [msgspec.json.decode(line, type=Round) for lines in told for line in lines.splitlines()]
    assert len(rounds) == LANES * ROUNDS
    assert [each for each in rounds if not each.known] == []
    assert [each for each in rounds if each.lost_seconds >= 1] == []
    assert [each for each in rounds if each.end in ("SIGTERM", "SIGHUP") and each.lost_seconds] == []
    # All that would mean little if the rounds had been quiet.
    assert {each.end for each in rounds} == set(ENDS)
    assert sum(each.states for each in rounds) > 2 * len(rounds)
    assert sum(each.recovered for each in rounds) > len(rounds) / 2
