"""Rates at which sound is computed. Everything in `sound` uses these."""

SAMPLE_RATE = 48_000
"""Frames a second."""
CONTROL_FRAMES = 16
"""Frames from one value of a control curve, such as a cutoff, to the next: 3,000 values a second."""
