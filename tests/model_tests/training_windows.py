"""Short windows of the starter set to learn from."""

from corpus.starter.pieces import starter_pieces
from model.training.windows import Window, cut_windows


def short_windows() -> list[Window]:
    """Windows of up to 48 events."""
    some = [window for window in cut_windows(starter_pieces()[:80]) if len(window.events) <= 48]
    assert len(some) > 8
    return some
