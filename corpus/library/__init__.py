"""The library of one's own music on the disk: intake, records, splits, and the account of every file.

The files themselves are read by `corpus.readers`. `corpus.commands` and `model` may import it.
"""
