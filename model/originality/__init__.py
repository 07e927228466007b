"""Runs that a phrase shares with the training set. NumPy alone."""
