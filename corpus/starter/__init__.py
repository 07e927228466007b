"""The hand-written starter set: its text files, their notation, and the pieces that they make."""
