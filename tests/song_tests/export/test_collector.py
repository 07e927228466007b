"""A pause of the garbage collector."""

import gc

import pytest

from song.export.collector import collector_paused


def test_the_collector_goes_on_afterwards_and_only_where_it_was_on() -> None:
    with collector_paused():
        assert not gc.isenabled()
        with collector_paused():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(OSError, match="full"), collector_paused():
        raise OSError("full")
    assert gc.isenabled()
