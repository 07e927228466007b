#!/usr/bin/env bash
# One would expect: a text cut at a column makes two pieces whose widths add up to the width of the whole.
# What happens: the width of a whole text counts a keycap or a joined emoji as one sequence, while the cut walks along
# its characters: the pieces are together wider or narrower than the text was.
# Seen in: rich 15.0.0.
# Where it meets us: `tui/widgets/cells.py` draws names without what joins characters, so that widths add up
# (tests/tui_tests/widgets/test_cells.py).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet rich==15.0.0
"$folder/venv/bin/python" - <<'PYTHON'
from rich.cells import cell_len
from rich.segment import Segment

strange = 0
for name, text, column in (("plain", "abcd", 2), ("keycap", "1\ufe0f\u20e3ab", 1), ("joined", "\U0001f468\u200d\U0001f4bb" * 2 + "ab", 2)):
    before, after = Segment(text).split_cells(column)
    widths = cell_len(text), cell_len(before.text), cell_len(after.text)
    print(f"{name}: {widths[0]} columns, cut at {column}: {widths[1]} and {widths[2]}")
    strange += widths[1] != column or sum(widths[1:]) != widths[0]
if strange != 2:
    raise SystemExit("it has changed: widths of the pieces add up")
PYTHON
