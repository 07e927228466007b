"""Makes a song audible. May import song."""
