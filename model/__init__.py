"""The network that learns and writes phrases; the only home of JAX. May import song and corpus.

At its root: the network with its context and its loss, weights on disk, and the engine with protocol and client. The
app may import the last two alone.
"""
