"""Pure edits, from song to song, and the history of them."""
