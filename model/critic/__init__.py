"""Real music told from generated: the networks and measures that rank takes. Trained in `model.training`."""
