"""Layers, embeddings, optimizer and devices: JAX that knows nothing of music."""
