"""Settings of all tests."""

import gc
import os

import pytest
from hypothesis import HealthCheck, settings

from song.command_line import collect_seldom
from tests.places import ROOT

# What is imported while tests are looked for is kept too.
collect_seldom()

# All processes of a run, those that tests start too, find what one of them has compiled.
os.environ["XDG_CACHE_HOME"] = str(ROOT / ".pytest_cache" / "programs")

# Compiling takes most of the time of all tests, and their networks are tiny: slower programs sooner are worth it.
# Without threads, as training has it, so that its processes find what tests have compiled.
_FASTER_COMPILING = ("backend_optimization_level=0", "cpu_use_fusion_emitters=false", "cpu_multi_thread_eigen=false")
os.environ.setdefault("XLA_FLAGS", " ".join(f"--xla_{flag}" for flag in _FASTER_COMPILING))

# The same examples on every run, and patience on a busy machine.
settings.register_profile("steady", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")


@pytest.fixture(scope="session", autouse=True)
def _garbage_looked_for_seldom() -> None:
    """Spare the collector all that is imported; it looks as seldom as in a command."""
    gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that have slow tests: one that is begun last is waited for by a single process."""
    slow = {item.path for item in items if item.get_closest_marker("slow") is not None}
    items.sort(key=lambda item: item.path not in slow)
