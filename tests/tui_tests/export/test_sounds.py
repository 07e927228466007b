from song.export.formats import chosen_formats
from song.export.samples import NO_SAMPLES
from tests.song_tests.export.made_songs import made_songs
from tui.export.sounds import samples_for

SONG = made_songs()["plain"]


def test_sounds_are_rendered_where_a_format_has_them_alone() -> None:
    assert samples_for(SONG, chosen_formats(("flp", "midi"))) is NO_SAMPLES
    assert samples_for(SONG, chosen_formats(("flp", "samples"))).files
