"""Training of the network and of its critic: dataset, windows, batches, checkpoints, examples and plans.

For `model.evaluation` and `model.commands`; the engine imports none of it.
"""
