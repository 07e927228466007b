"""Where the music to learn from comes from. May import song."""
