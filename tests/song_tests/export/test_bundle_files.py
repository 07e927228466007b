"""A file of a bundle."""

from song.export.bundle_files import BundleFile


def test_a_file_is_a_path_and_bytes() -> None:
    path, data = BundleFile("clips/a.mid", b"MThd")
    assert (path, data) == ("clips/a.mid", b"MThd")
