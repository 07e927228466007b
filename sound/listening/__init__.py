"""The listening page: a song in a browser, chunk by chunk, and who is let in."""
