"""File formats into pieces: MIDI, LMMS projects and music21's corpus, a module each."""
