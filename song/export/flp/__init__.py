"""FL Studio's files: events, a project, a score; and a song laid out as a project."""
