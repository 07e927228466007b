"""Playing, on the app's side: the session with the sound process, and what is said of it."""
