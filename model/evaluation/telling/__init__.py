"""Drops of real songs told from those composed to them: the pairs, what a classifier hears, and what it makes of it."""
