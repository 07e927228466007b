import pytest

from song.edits.constraints import set_tempo
from song.edits.whole_song import set_song_key, set_song_style, set_song_tempo, set_title, song_tempo
from song.errors import UserError
from song.limits import MAX_NAME
from song.sections import Constraints, Section, SectionKind, Song

SONG = Song(
    sections=(
        Section(SectionKind.INTRO, 8, Constraints(tempo_bpm=(70.0, 140.0))),
        Section(SectionKind.DROP, 16, Constraints(tempo_bpm=(140.0, 140.0), key="D minor")),
        Section(SectionKind.OUTRO, 8, Constraints(tempo_bpm=(140.0, 100.0), style={"riddim": 1.0})),
    )
)


def tempi(song: Song) -> list[tuple[float, float]]:
    return [section.constraints.tempo_bpm for section in song.sections]


def test_the_tempo_of_a_song_is_that_of_most_bars_and_all_sections_follow_it() -> None:
    assert song_tempo(SONG) == 140
    changed = set_song_tempo(SONG, 150)
    assert song_tempo(changed) == 150
    assert tempi(changed) == [(75, 150), (150, 150), (150, 107.14)]
    assert tempi(set_song_tempo(SONG, 140)) == tempi(SONG)


@pytest.mark.parametrize("bpm", [39, 301, float("nan"), float("inf")])
def test_a_tempo_out_of_bounds_is_refused(bpm: float) -> None:
    with pytest.raises(UserError, match="a tempo is 40 to 300 BPM"):
        set_song_tempo(SONG, bpm)


def test_a_section_that_cannot_follow_is_named() -> None:
    slow = set_tempo(SONG, 0, 50, 50)
    with pytest.raises(UserError, match=r"^INTRO would follow: .* not 35\.71; set its tempo first"):
        set_song_tempo(slow, 100)


def test_title_key_and_style_change_alone_and_sections_keep_their_own() -> None:
    changed = set_song_style(set_song_key(set_title(SONG, "  Night Bus "), "e phrygian"), {"dubstep": 3, "trap": 1})
    assert (changed.title, changed.key, changed.style) == ("Night Bus", "E phrygian", {"dubstep": 0.75, "trap": 0.25})
    assert changed.sections == SONG.sections
    assert (changed.key_of(1), changed.style_of(2)) == ("D minor", {"riddim": 1.0})


@pytest.mark.parametrize("title", ["", "   ", "a\nb", "\x1b[2J", "x" * (MAX_NAME + 1)])
def test_a_title_that_cannot_be_shown_is_refused(title: str) -> None:
    with pytest.raises(UserError, match="a title is one line"):
        set_title(SONG, title)


def test_a_key_or_a_style_that_is_not_known_is_refused() -> None:
    with pytest.raises(UserError, match="is not known"):
        set_song_key(SONG, "H minor")
    with pytest.raises(UserError, match="is not known"):
        set_song_style(SONG, {"polka": 1})
