from song.export.bundle_files import BundleFile
from song.export.samples import NO_SAMPLES, Samples, sample_files, sample_path


def test_a_path_is_that_of_the_channels_name_without_blanks() -> None:
    assert sample_path("Closed hat") == "samples/Closed_hat.wav"


def test_files_come_in_order() -> None:
    files = (BundleFile("samples/b.wav", b"1"), BundleFile("samples/a.wav", b"2"))
    assert tuple(sample_files(Samples(files=files))) == files
    assert tuple(sample_files(NO_SAMPLES)) == ()
