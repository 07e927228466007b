"""Words on playing."""

import pytest

from song.parts import Part
from sound.playing.protocol import Page, Play, Position, Scope
from tests.sound_tests.played_songs import DROP, played_song
from tui.playing.session import SoundStatus
from tui.playing.words import STARTING, page_words, playing_words, sound_words

PAGE = Page("http://127.0.0.1:8765/0123456789abcdef/", 8765)
SECTION = Play(Scope.SECTION, DROP, loop=True)


@pytest.mark.parametrize(
    ("play", "words"),
    [
        (Play(Scope.CELL, DROP, Part.BASS), "playing the bass of DROP: {sound.stop} stops"),
        (SECTION, "playing DROP, looped: {sound.stop} stops"),
        (Play(Scope.SONG, DROP, bar=1), "playing the song from bar 3: {sound.stop} stops"),
        (Play(Scope.SECTION, 9), ""),
    ],
)
def test_what_plays_is_named(play: Play, words: str) -> None:
    assert playing_words(played_song(), play) == words


def test_the_page_and_its_tunnel_fit_a_line_beside_the_engines_sign() -> None:
    assert page_words(PAGE) == f"{PAGE.address}  ssh -L 8765:127.0.0.1:8765 host"
    assert len(page_words(PAGE)) <= 76


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (SoundStatus(), ""),
        (SoundStatus(running=True, playing=SECTION), STARTING),
        (SoundStatus(running=True, output="card", playing=SECTION, share=0.25), "rendering 25%"),
        (SoundStatus(running=True, output="card", playing=SECTION, share=0), "rendering"),
        (SoundStatus(running=True, output="card", playing=SECTION, position=Position(1, 0)), "playing DROP, looped"),
        (SoundStatus(running=True, output="card", page=PAGE), ""),
        (SoundStatus(running=True, page=PAGE), PAGE.address),
        (SoundStatus(running=True, page=PAGE, playing=SECTION), PAGE.address),
        (SoundStatus(running=True, page=Page(PAGE.address, 8765, 1), playing=SECTION), "click on the listening page"),
        (
            SoundStatus(running=True, page=Page(PAGE.address, 8765, 1), playing=SECTION, position=Position(1, 0)),
            "playing DROP, looped",
        ),
    ],
)
def test_what_is_told_of_the_sound(status: SoundStatus, words: str) -> None:
    told = sound_words(played_song(), status)
    assert told.startswith(words)
    assert bool(told) == bool(words)
