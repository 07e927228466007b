"""File formats into pieces: MIDI, LMMS projects and music21's corpus, a module each.

Parts, keys, sections and wobble are found in `corpus.analysis`. The library, the commands, `model` and `tui` may
import readers; readers know no library.
"""
