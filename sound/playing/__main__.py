"""`python -m sound.playing`: the process that renders and plays for the app, which starts it."""

import sys

from song.command_line import collect_seldom
from sound.playing.process import main

collect_seldom()
sys.exit(main(sys.argv[1:]))
