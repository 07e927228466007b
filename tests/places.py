"""Places on the disk that tests read from."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
"""The repository."""
SHARED = ROOT.parent / "shared" / "data"
"""Music to train on, beside a checkout; absent on some machines, where the tests that need it are skipped."""
