"""Chords by name: as many as fit, whole ones alone, with the one where one stands among them."""

import pytest

from song.edits.constraints import set_chord_beats, set_chords, set_key
from song.harmony import STRETCH_TICKS
from song.sections import Song
from song.time import TICKS_PER_BAR
from tests.tui_tests.driving import short_song
from tui.view import Cursor, View
from tui.widgets.chord_names import bar_names, chord_here, fitting_names, harmony_of

DROP = 1
NAMES = ("Fm", "Db", "Ab", "Eb")


def chorded(beats: int = 4) -> Song:
    return set_chord_beats(set_chords(short_song(), DROP, "i VI III VII"), DROP, beats)


@pytest.mark.parametrize(
    ("room", "here", "shown"),
    [
        (11, None, "Fm Db Ab Eb"),
        (10, None, "Fm Db Ab\N{HORIZONTAL ELLIPSIS}"),
        (6, None, "Fm Db\N{HORIZONTAL ELLIPSIS}"),
        (6, 1, "Fm Db\N{HORIZONTAL ELLIPSIS}"),
        (7, 2, "\N{HORIZONTAL ELLIPSIS}Db Ab\N{HORIZONTAL ELLIPSIS}"),
        (6, 3, "\N{HORIZONTAL ELLIPSIS}Ab Eb"),
        (3, 3, "\N{HORIZONTAL ELLIPSIS}Eb"),
        (2, 0, ""),
    ],
)
def test_whole_names_are_shown_and_the_one_here_among_them(room: int, here: int | None, shown: str) -> None:
    pieces = fitting_names(NAMES, room, here, "\N{HORIZONTAL ELLIPSIS}")
    assert "".join(text for text, _ in pieces) == shown
    assert all(NAMES[at] == text for text, at in pieces if at is not None)
    assert not shown or here is None or here in [at for _, at in pieces]


def test_names_are_those_of_the_key_that_holds() -> None:
    song = chorded()
    assert [chord.name for chord in harmony_of(song, DROP)[0]] == list(NAMES)
    assert [chord.name for chord in harmony_of(set_key(song, DROP, "E minor"), DROP)[0]] == ["Em", "C", "G", "D"]
    assert harmony_of(song, 0) == ((), ())


def test_the_chord_here_is_that_of_the_bar_or_of_the_cursors_half() -> None:
    view = View(chorded(2), section=DROP, bar=1)
    harmony = harmony_of(view.song, DROP)
    assert chord_here(view, harmony) == 2
    at_half = View(view.song, section=DROP, bar=0, cursor=Cursor(STRETCH_TICKS, 41, "1/16", 24))
    assert chord_here(at_half, harmony) == 1
    assert TICKS_PER_BAR == 2 * STRETCH_TICKS
    assert chord_here(view, ((), ())) is None


def test_a_bar_has_the_names_of_its_halves_or_one() -> None:
    assert bar_names(harmony_of(chorded(2), DROP), 1) == ("Ab", "Eb")
    assert bar_names(harmony_of(chorded(4), DROP), 1) == ("Db",)
    assert bar_names(((), ()), 1) == ()
