"""Makes a song audible: a synthesizer, its patches, and rendering to files. May import song."""
