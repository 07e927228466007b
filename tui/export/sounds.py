"""The sounds of an export: rendered where the formats that are asked for have them."""

from collections.abc import Iterable

from song.export.formats import SAMPLES, ExportFormat
from song.export.samples import NO_SAMPLES, Samples
from song.sections import Song
from tui.files.paths import patch_folder


def samples_for(song: Song, formats: Iterable[ExportFormat]) -> Samples:
    """The sounds of a song's channels; none where no format asks for them.

    Raises:
        UserError: where a patch of the song is broken or not there.
    """
    if all(one.key != SAMPLES for one in formats):
        return NO_SAMPLES
    # Here and not at the top: it imports NumPy, and takes a second.
    from sound.sampling.samples import song_samples

    return song_samples(song, patch_folder())
