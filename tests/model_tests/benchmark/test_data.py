"""The benchmark's piano rolls: files read by splits, and frames foretold by their past."""

from pathlib import Path

import numpy as np
import pytest

from model.benchmark.data import look_back, read_benchmark
from model.commands.cli import main
from tests.model_tests.benchmark_pieces import scales, write_benchmark
from tests.places import SHARED

POLYPHONY = SHARED / "polyphony"


def test_sources_foretell_what_they_should() -> None:
    tune = [(0,), (1, 4), (2,), (0,), (1, 4), (2, 3)]
    frames = np.zeros((len(tune), 5), np.uint8)
    for t, keys in enumerate(tune):
        frames[t, list(keys)] = 1
    look = look_back(frames, (1, 3), 4)
    # From {1, 4} the second time, the longest match says {2}, as it came after the first {1, 4}.
    assert look.source[4].tolist() == [4, 2, 2, 2]
    assert look.match[4].tolist() == [[0, 0], [2, 2], [2, 2], [2, 2]]
    assert look.tokens[4].tolist() == [2, 3, 5, -1]
    # The chain {2, 3, end}: the match says 2, then the end, and once 3 is in it no longer agrees.
    assert look.next_token[4, :3, 2].tolist() == [2, 5, 5]
    assert look.agrees[4, :3, 2].tolist() == [True, True, False]
    # What has not been yet foretells nothing.
    assert look.source[0].tolist() == [0, -1, -1, -1]
    assert look.next_token[0, 0].tolist() == [0, -1, -1, -1]
    assert look.age[:, 0].tolist() == [1, 0, 0, 1, 0, 0]


def test_a_benchmark_file_is_read_by_splits_and_damage_is_named(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    written = scales(3, 88)
    write_benchmark(tmp_path, written)
    for split in read_benchmark(tmp_path, "jsb").values():
        assert all(np.array_equal(a, b) for a, b in zip(split, written, strict=True))
    write_benchmark(tmp_path, scales(3, 12))
    (tmp_path / "Nottingham.mat").write_bytes(b"no piano roll")
    for name, reason in (("jsb", "piano rolls of 88 keys"), ("nottingham", "is not the benchmark's MATLAB file")):
        assert main(["evaluate", "--benchmark", name, str(tmp_path)]) == 2
        error = capsys.readouterr().err
        assert reason in error
        assert error.count("\n") == 1
    (tmp_path / "Nottingham.mat").unlink()
    assert main(["evaluate", "--benchmark", "nottingham", str(tmp_path)]) == 2
    assert "name the folder that holds Nottingham.mat" in capsys.readouterr().err


@pytest.mark.skipif(not POLYPHONY.is_dir(), reason="the benchmark's files are not on this machine")
@pytest.mark.parametrize(
    ("name", "counts", "frames"), [("jsb", (229, 76, 77), 4725), ("nottingham", (694, 173, 170), 44463)]
)
def test_the_published_splits_are_whole(name: str, counts: tuple[int, ...], frames: int) -> None:
    pieces = read_benchmark(POLYPHONY, name)
    assert tuple(len(split) for split in pieces.values()) == counts
    assert sum(len(rolls) for rolls in pieces["test"]) == frames
