"""The commands that need JAX: `python -m model train|evaluate|engine`. The `dropsmith` command starts them."""

import sys

from model.commands.cli import main
from song.command_line import collect_seldom

collect_seldom()
sys.exit(main(sys.argv[1:]))
