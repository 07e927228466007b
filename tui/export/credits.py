"""Credits for the music that the shipped weights learned from, as lines for the sheet of an export."""

import importlib.util
from pathlib import Path

_FILE = Path("weights", "ATTRIBUTION.md")
_CELLS = 3


def training_credits() -> tuple[str, ...]:
    """A line for each source: what, by whom, under which licence; none where the weights' card is not installed."""
    # The package is found, not imported: the app imports nothing of it but its protocol.
    found = importlib.util.find_spec("model")
    for folder in (found.submodule_search_locations or ()) if found is not None else ():
        try:
            text = Path(folder, _FILE).read_text(encoding="utf-8")
        except OSError:
            continue
        return tuple(_lines(text))
    return ()


def _lines(text: str) -> list[str]:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]
    return [": ".join(row[:2]) + f" ({row[2]})" for row in rows[2:] if len(row) == _CELLS]
