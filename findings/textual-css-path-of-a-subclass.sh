#!/usr/bin/env bash
# One would expect: a relative CSS_PATH is looked for beside the module of the class that writes it.
# What happens: Textual looks beside the module of the class that is run. A subclass in another folder that inherits
# CSS_PATH untouched cannot be started; the message names a folder that nobody wrote.
# Seen in: textual 8.2.8.
# Where it meets us: `tui.plain.app.PlainApp` inherits `tui.app.DropsmithApp`, which therefore gives absolute paths
# (tests/tui_tests/plain/test_app.py starts it).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet textual==8.2.8
mkdir -p "$folder/base" "$folder/other"
touch "$folder/base/__init__.py" "$folder/other/__init__.py"
echo 'Screen { background: red; }' > "$folder/base/look.tcss"
cat > "$folder/base/app.py" <<'PYTHON'
from textual.app import App


class Base(App):
    CSS_PATH = "look.tcss"
PYTHON
cat > "$folder/other/app.py" <<'PYTHON'
from base.app import Base


class Derived(Base):
    pass
PYTHON
cd "$folder"
# Textual prints the traceback that is expected here; it is shown where the run ends otherwise than expected.
"$folder/venv/bin/python" - 2> tracebacks <<'PYTHON' || { cat tracebacks; exit 1; }
import asyncio
from pathlib import Path

from base.app import Base
from other.app import Derived


async def start(kind):
    async with kind().run_test():
        return "starts"


print("Base:", asyncio.run(start(Base)))
try:
    print("Derived:", asyncio.run(start(Derived)))
    raise SystemExit("it has changed: the subclass finds the stylesheet of its base")
except Exception as error:
    text = str(error).replace(str(Path.cwd()), "FOLDER")
    print("Derived:", type(error).__name__, text.splitlines()[0])
    assert "other" in str(error), "it has changed: another file is looked for"
PYTHON
