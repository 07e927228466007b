"""Learns and writes phrases; the only home of JAX. May import song and corpus."""
