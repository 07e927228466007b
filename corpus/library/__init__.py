"""The library of one's own music on the disk: intake, records, splits, and the account of every file."""
