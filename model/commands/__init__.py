"""The command line of all that needs JAX. May import every other room of `model`; none imports it."""
