"""A file of a bundle: its path below the bundle's folder, with slashes, and its bytes."""

from typing import NamedTuple


class BundleFile(NamedTuple):
    """A path with slashes, relative to the bundle's folder, and the file's bytes."""

    path: str
    data: bytes
