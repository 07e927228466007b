"""Limits of what a song and a fill may hold, each inclusive; the app, plans, files and the engine check against these.

Limits of one part's pitches stand in its row of `song.parts`.
"""

MIN_TEMPO_BPM, MAX_TEMPO_BPM = 40.0, 300.0
"""Quarters a minute."""
MAX_BARS = 128
"""Bars of a section; it has 1 at least."""
MAX_SECTIONS = 128
"""Sections of a song."""
MAX_NAME = 40
"""Characters of a section's name."""
MIN_TEMPERATURE, MAX_TEMPERATURE = 0.1, 2.0
MAX_FORM = 32
"""Letters of a form that is typed."""
MAX_FORM_BARS = 8
"""Bars under each letter of a form; 1 at least."""
MAX_CHORDS = 16
"""Chords of a progression."""
MAX_SEED = 2**31 - 1
"""The highest seed that is asked for; the lowest is 0."""
MAX_FILE_SEED = 2**63 - 1
"""The highest seed in a song's file: JSON and Python have larger integers, the networks' random keys do not."""
MAX_FILE_TAKES = 100_000
"""Takes of a song's file in all; with music in them so many would not fit into the largest that is opened."""
MAX_FILE_COUNT = 2**31 - 1
"""The highest of all that is only counted in a song's file, such as sections that there have been."""
MAX_TAKES = 64
"""Candidates of a cell in one fill; 1 at least."""
MAX_SONG_BYTES = 64_000_000
"""The largest song file that is opened: hundreds of times one of 72 bars with a take in each cell."""
