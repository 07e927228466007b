"""Feature vectors of phrases, distances and logistic regression, shared by critic and evaluation."""
