"""A collection of the shared music that tests of more than one module read, which takes seconds: read once a run."""

import fcntl
import os

import msgspec
import pytest

from corpus.pieces import Piece, Refusal
from corpus.readers.sources import read_paths
from tests.places import SHARED

FREEDOOM = SHARED / "freedoom"


def read_freedoom(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Piece], list[Refusal]]:
    """The pieces of the collection and what was not taken, as `read_paths` gives them.

    Of the processes of a run the first to ask reads it, and the others what that one has written down.
    """
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    path = folder / "freedoom.msgpack"
    with (folder / "freedoom.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            path.write_bytes(msgspec.msgpack.encode(read_paths([FREEDOOM])))
    return msgspec.msgpack.decode(path.read_bytes(), type=tuple[list[Piece], list[Refusal]])
