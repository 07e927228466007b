"""Songs: frozen values with their arithmetic, edits, song files and MIDI export.

No network, sound or screen. Imports none of the other packages; each of them may import it.
"""
