"""Requests to the sound process."""

import asyncio
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from song.errors import UserError
from song.messages import split_lines
from song.parts import Part
from sound.playing.player import Player
from sound.playing.protocol import (
    MOST_LINE_BYTES,
    Ahead,
    Answer,
    Loop,
    Output,
    Play,
    Scope,
    SetSong,
    Stop,
    Trouble,
    decode_request,
    encode,
)
from tests.mutations.mutate import Files
from tests.mutations.reading import check_line
from tests.mutations.texts import mutate_lines
from tests.sound_tests.played_songs import growl, kicks, played_song

FORMS = {".lines": mutate_lines}
_PIECES, _PIECE_FRAMES = 20, 4800


def make_played(_folder: Path) -> list[Files]:
    song = SetSong(played_song())
    lines = [song, Play(Scope.SONG, 1, Part.BASS, 1, True), Ahead(1, Part.BASS, (growl(2), kicks(2))), Loop(False),
             song, Play(Scope.CELL, 1, Part.DRUMS, goes_on=True), Stop()]  # fmt: skip
    return [{"in.lines": b"".join(map(encode, some))} for some in (lines, lines[:2], lines[3:])]


class _Card:
    """A card that asks for some frames as it is started."""

    name, running, gone = "a card", False, False

    def __init__(self, fill: Callable[[int], NDArray[np.int16]], *, null: bool) -> None:
        self._fill = fill

    def start(self) -> None:
        for _ in range(_PIECES):
            assert self._fill(_PIECE_FRAMES).shape == (_PIECE_FRAMES, 2)

    def stop(self) -> None:
        pass

    def close(self) -> None:
        pass


async def _say(lines: bytes) -> list[Answer]:
    answers: list[Any] = []
    player = Player(answers.append, Output.NULL, card=_Card)
    player.greet()
    pieces = [lines]
    for line in split_lines(lambda: pieces.pop() if pieces else b"", MOST_LINE_BYTES):
        try:
            await player.take(decode_request(line))
        except UserError as error:
            answers.append(Trouble(str(error)))
        await asyncio.sleep(0)
    await player.close()
    return answers


def use_played(folder: Path, _rng: random.Random) -> None:
    """Say lines to a player, and hear its answers."""
    for answer in asyncio.run(_say((folder / "in.lines").read_bytes())):
        if isinstance(answer, Trouble):
            check_line(answer.reason)
            assert not answer.reason.startswith("cannot render: "), answer.reason
