"""Training: windows, batches, checkpoints, and the critic's examples. The engine imports none of it."""
