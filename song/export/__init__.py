"""Export formats, a module each, and the table of them."""
