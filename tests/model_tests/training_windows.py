"""Short windows of the starter set to learn from."""

from model.training.windows import Window, cut_windows
from tests.model_tests.starter_set import starter_pieces


def short_windows() -> list[Window]:
    """Windows of up to 48 events."""
    some = [window for window in cut_windows(starter_pieces()[:80]) if len(window.events) <= 48]
    assert len(some) > 8
    return some
