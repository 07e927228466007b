"""Messages between the app and its sound: one JSON object a line, over the sound process's stdin and stdout.

Imports no NumPy, so that the app may import it. A message's "type" names it; its other fields are those below.
"""

from enum import StrEnum

import msgspec

from song.errors import UserError, readable_line
from song.limits import MAX_BARS, MAX_SECTIONS, MAX_TAKES
from song.notes import Phrase
from song.parts import Part
from song.sections import Song
from song.validation import find_phrase_problem, find_problem

PROTOCOL_VERSION = 1
MOST_LINE_BYTES = 1 << 26
"""Bytes of a message, inclusive, its newline left out: neither side holds more of one."""


class Output(StrEnum):
    """Ways to be heard: AUTO is a card, or the page over SSH and where there is no card; NULL is a card for nobody."""

    AUTO = "auto"
    CARD = "card"
    PAGE = "page"
    NULL = "null"


OUTPUTS = tuple(output.value for output in Output)


class Scope(StrEnum):
    """The stretch that is played."""

    CELL = "cell"
    SECTION = "section"
    SONG = "song"


class SetSong(msgspec.Struct, frozen=True, tag="song"):
    """Go on with this song; what plays goes on in it. Its muted parts fall silent at once."""

    song: Song


class Play(msgspec.Struct, frozen=True, tag="play"):
    """Play from now on.

    Attributes:
        scope: a cell, a section, or the song from a bar on.
        section: its index.
        part: of a cell.
        bar: of the section, from 0, from which the song is played.
        loop: whether it begins again at its end.
        goes_on: where the same stretch plays already, go on in it and do not begin again.
    """

    scope: Scope
    section: int
    part: Part = Part.DRUMS
    bar: int = 0
    loop: bool = False
    goes_on: bool = False


class Loop(msgspec.Struct, frozen=True, tag="loop"):
    """Begin what plays again at its end, or do not."""

    on: bool


class Stop(msgspec.Struct, frozen=True, tag="stop"):
    """Play nothing any more."""


class Ahead(msgspec.Struct, frozen=True, tag="ahead"):
    """Render a section with each of these phrases in a part, while nothing else is to be done.

    Attributes:
        section: its index.
        part: the part.
        phrases: the likeliest to be asked for first.
    """

    section: int
    part: Part
    phrases: tuple[Phrase, ...]


class OpenPage(msgspec.Struct, frozen=True, tag="open page"):
    """Serve the listening page, and tell where it is."""


Request = SetSong | Play | Loop | Stop | Ahead | OpenPage


class Ready(msgspec.Struct, frozen=True, tag="ready"):
    """The sound's first message.

    Attributes:
        protocol: `PROTOCOL_VERSION` of the sound.
        output: what it plays on, for people; empty where it plays on the listening page.
        reason: why there is no card, where there is none.
    """

    protocol: int
    output: str
    reason: str = ""


class Page(msgspec.Struct, frozen=True, tag="page"):
    """The listening page is there.

    Attributes:
        address: where this machine's browser finds it.
        port: the port that it is at.
        listeners: pages that are open.
    """

    address: str
    port: int
    listeners: int = 0


class Position(msgspec.Struct, frozen=True, tag="position"):
    """Where playing is.

    Attributes:
        section_id: of the section.
        tick: from its start.
        waiting: whether it waits for its sound.
    """

    section_id: int
    tick: int
    waiting: bool = False


class Rendering(msgspec.Struct, frozen=True, tag="rendering"):
    """The share of what is asked for that is ready, 0-1; 1 where nothing is rendered any more."""

    share: float


class Ended(msgspec.Struct, frozen=True, tag="ended"):
    """Nothing plays any more."""


class Trouble(msgspec.Struct, frozen=True, tag="trouble"):
    """Something did not work; one line says what to do.

    Attributes:
        reason: the line.
        stops: whether what was to be played is not.
    """

    reason: str
    stops: bool = False


Answer = Ready | Page | Position | Rendering | Ended | Trouble

_request_decoder = msgspec.json.Decoder(Request)
_answer_decoder = msgspec.json.Decoder(Answer)


def encode(message: Request | Answer) -> bytes:
    """A message as one line, its newline included."""
    return msgspec.json.encode(message) + b"\n"


def decode_request(line: bytes | None) -> Request:
    """The request on a line.

    Args:
        line: None for one that is too long.

    Raises:
        UserError: where the line is not a request, or has a value out of range.
    """
    if line is None:
        raise UserError(f"a request is longer than {MOST_LINE_BYTES} bytes, the most that is taken: drop takes")
    try:
        request: Request = _request_decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UserError(f"not a request: {error}") from error
    problem = _request_problem(request)
    if problem:
        raise UserError(f"not a request: {problem}")
    return request


def _request_problem(request: Request) -> str | None:
    if isinstance(request, SetSong):
        return find_problem(request.song)
    if isinstance(request, Play | Ahead) and not 0 <= request.section < MAX_SECTIONS:
        return f"the section {request.section} is outside 0-{MAX_SECTIONS - 1}"
    if isinstance(request, Play) and not 0 <= request.bar < MAX_BARS:
        return f"the bar {request.bar} is outside 0-{MAX_BARS - 1}"
    if isinstance(request, Ahead):
        if len(request.phrases) > MAX_TAKES:
            return f"{len(request.phrases)} phrases are more than {MAX_TAKES}"
        return next(filter(None, map(find_phrase_problem, request.phrases)), None)
    return None


def decode_answer(line: bytes) -> Answer:
    """The answer on a line; texts in it are one line each.

    Raises:
        UserError: where the line is not an answer.
    """
    try:
        answer: Answer = _answer_decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UserError(f"not an answer of the sound: {error}") from error
    if isinstance(answer, Trouble):
        return Trouble(readable_line(answer.reason), answer.stops)
    return answer
