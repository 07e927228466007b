"""Files of the app: paths, locks, the open song, and the list of recent songs."""
