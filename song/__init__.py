"""What a track is: pure values and arithmetic, files, MIDI. Imports none of the other packages."""
