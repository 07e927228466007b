"""Lines that tell sections, written and read back."""

from hypothesis import given

from song.export.arrangement import Arrangement
from song.export.section_lines import HEADING, read_section_lines, section_lines
from song.sections import Song
from tests.song_tests.song_strategies import songs


@given(songs)
def test_lines_say_all_that_they_tell_exactly(song: Song) -> None:
    laid_out = Arrangement(song)
    lines = section_lines(laid_out)
    assert lines[0].startswith(HEADING)
    read = read_section_lines("\r".join(lines))
    assert [(one.start_bar, one.bars, one.kind, one.tempo_bpm, one.key) for one in read] == [
        (at.start_bar, at.section.bars, at.section.kind, at.section.constraints.tempo_bpm, at.key)
        for at in laid_out.stretches
    ]
    assert [one.name for one in read] == [" ".join(at.name.split()) for at in laid_out.stretches]


def test_other_lines_are_left_aside() -> None:
    text = "My track\r\nbar 9: Big (one) drop (drop), 8 bars, 140 to 150.5 BPM, F minor\nbar x: y"
    (line,) = read_section_lines(text)
    assert (line.start_bar, line.name, line.tempo_bpm, line.key) == (8, "Big (one) drop", (140.0, 150.5), "F minor")
