"""Measurements of how good the weights are: likelihood, control, asking, distribution, originality, and their report.

For `model.commands`; the engine imports none of it.
"""
