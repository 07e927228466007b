"""The screen sizes of tests that are run at a small and a large one."""

import pytest

from tests.tui_tests.driving import LARGE, SMALL

SIZES = pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
