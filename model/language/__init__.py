"""Music in the network's terms: events, bar conditions and frames. NumPy alone."""
