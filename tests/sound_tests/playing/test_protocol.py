"""Messages between the app and its sound: there and back, and what is none."""

import msgspec
import pytest

from song.errors import UserError
from song.notes import Note, Phrase
from song.parts import Part
from sound.playing.protocol import (
    Ahead,
    Ended,
    Loop,
    OpenPage,
    Page,
    Play,
    Position,
    Ready,
    Rendering,
    Scope,
    SetSong,
    Stop,
    Trouble,
    decode_answer,
    decode_request,
    encode,
)
from tests.sound_tests.played_songs import kicks, played_song

REQUESTS = (SetSong(played_song()), Play(Scope.CELL, 1, Part.BASS, 3, True, True), Loop(True), Stop(), OpenPage(),
            Ahead(1, Part.DRUMS, (kicks(2),)))  # fmt: skip
ANSWERS = (
    Ready(1, "card", "why"),
    Page("http://x/", 80, 2),
    Position(3, 96, True),
    Rendering(0.5),
    Ended(),
    Trouble("no", True),
)


@pytest.mark.parametrize("request_", REQUESTS)
def test_requests_arrive_as_they_were_sent(request_: object) -> None:
    line = encode(request_)  # type: ignore[arg-type]
    assert line.count(b"\n") == 1
    assert decode_request(line) == request_


@pytest.mark.parametrize("answer", ANSWERS)
def test_answers_arrive_as_they_were_sent(answer: object) -> None:
    assert decode_answer(encode(answer)) == answer  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"dance", "not a request"),
        (b'{"type":"dance"}', "not a request"),
        (b"[" * 100_000, "not a request"),
        (None, "longer than"),
        (encode(Play(Scope.SONG, 128)), "section 128"),
        (encode(Play(Scope.SONG, 0, bar=-1)), "bar -1"),
        (encode(Ahead(0, Part.BASS, (Phrase(1, (Note(0, 400, 96, 100),)),))), "400"),
        (encode(Ahead(0, Part.BASS, (kicks(1),) * 65)), "65 phrases"),
        (encode(SetSong(msgspec.structs.replace(played_song(), key="H moll"))), "not a request"),
    ],
)
def test_what_is_no_request_is_one_line(line: bytes | None, words: str) -> None:
    with pytest.raises(UserError, match=words) as caught:
        decode_request(line)
    assert "\n" not in str(caught.value)


def test_what_is_no_answer_is_told_and_trouble_is_one_line() -> None:
    with pytest.raises(UserError, match="not an answer"):
        decode_answer(b"ALSA lib: no card")
    assert decode_answer(encode(Trouble("two\nlines"))) == Trouble("two lines")
