"""Requests to play as stretches of the timeline."""

import msgspec
import pytest

from song.errors import UserError
from song.parts import PARTS, Part
from sound.playing.asked import asked_stretch, is_same_stretch
from sound.playing.protocol import Play, Scope
from sound.staging.stage import Standing
from sound.staging.timeline import Played, timeline_of
from tests.sound_tests.played_songs import BUILD, DROP, played_song

SONG = played_song()
STANDING = Standing(SONG, timeline_of(SONG), ("build", "drop"))
PLACE = STANDING.timeline.places[DROP]


@pytest.mark.parametrize(
    ("play", "played"),
    [
        (Play(Scope.SECTION, DROP, bar=1), Played(DROP, DROP, PLACE.start_frame)),
        (Play(Scope.CELL, DROP, Part.BASS, loop=True), Played(DROP, DROP, PLACE.start_frame, True, (Part.BASS,))),
        (Play(Scope.SONG, BUILD), Played(BUILD, DROP, 0)),
        (Play(Scope.SONG, DROP, bar=1), Played(DROP, DROP, PLACE.start_frame + PLACE.bar_starts[1])),
        (Play(Scope.SONG, DROP, bar=99, loop=True), Played(BUILD, DROP, PLACE.start_frame + PLACE.bar_starts[1], True)),
    ],
)
def test_what_is_asked_for_lies_on_the_timeline(play: Play, played: Played) -> None:
    assert asked_stretch(STANDING, play) == played


@pytest.mark.parametrize(
    ("play", "words"),
    [
        (Play(Scope.SECTION, 2), "no such section"),
        (Play(Scope.CELL, BUILD, Part.BASS), "nothing to hear there yet"),
        (Play(Scope.CELL, DROP, Part.DRUMS), "is muted"),
    ],
)
def test_what_cannot_be_heard_is_refused(play: Play, words: str) -> None:
    muted = Standing(msgspec.structs.replace(SONG, muted=(Part.DRUMS,)), STANDING.timeline, STANDING.keys)
    with pytest.raises(UserError, match=words):
        asked_stretch(muted, play)


def test_one_stretch_is_another_wherever_it_begins_and_looped_or_not() -> None:
    assert is_same_stretch(Played(0, 1, 0), Played(0, 1, 99, True))
    assert not is_same_stretch(Played(0, 1, 0), Played(0, 1, 0, False, PARTS[:1]))
    assert not is_same_stretch(None, Played(0, 1, 0))
