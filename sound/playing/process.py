"""The sound process: requests on stdin, answers on stdout; it ends when its app has.

A thread reads, so that the end of the input is noticed whatever the rest does; the process is ended from there.
"""

import argparse
import asyncio
import contextlib
import functools
import os
import queue
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from song.command_line import OneLineParser
from song.errors import UserError, in_one_line
from song.messages import private_stdout, split_lines
from song.terminal_text import say_error
from sound.playing.midi_out import MidiPort
from sound.playing.player import Player
from sound.playing.protocol import MOST_LINE_BYTES, Answer, Output, Request, Trouble, decode_request, encode
from sound.staging.kept import kept_folder

GRACE_SECONDS = 2.0
"""From the end of the input until the process is ended, whatever it does."""
MOST_HELD = 256
"""Requests that wait, inclusive; more are not heard."""
_CHUNK_BYTES = 1 << 16


def main(words: Sequence[str]) -> int:
    """Run `python -m sound.playing`; returns the exit code."""
    options = _parser().parse_args(list(words))
    output = private_stdout()
    with contextlib.suppress(KeyboardInterrupt, BrokenPipeError):
        asyncio.run(_serve(options, output))
    # Threads that render or wait for a card that has gone are not waited for.
    os._exit(0)


async def _serve(options: argparse.Namespace, output: BinaryIO) -> None:
    loop = asyncio.get_running_loop()
    requests: asyncio.Queue[Request | UserError | None] = asyncio.Queue()
    answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()
    threading.Thread(target=_write, args=(answers, output), name="answers", daemon=True).start()
    threading.Thread(target=_read, args=(requests, loop), name="requests", daemon=True).start()
    midi_port = None if options.midi_out is None else functools.partial(MidiPort, options.midi_out)
    player = Player(answers.put, options.output, kept_folder(), options.patches, midi_port=midi_port)
    player.greet()
    looking = asyncio.create_task(player.run())
    try:
        while (request := await requests.get()) is not None:
            if isinstance(request, UserError):
                answers.put(Trouble(str(request)))
                continue
            try:
                await player.take(request)
            # The next request may well be done.
            except Exception as error:
                say_error(error, debug=True)
                answers.put(Trouble(f"the sound could not do this: {in_one_line(error)}"))
    finally:
        looking.cancel()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(player.close(), GRACE_SECONDS / 2)


def _read(requests: "asyncio.Queue[Request | UserError | None]", loop: asyncio.AbstractEventLoop) -> None:
    def hand_over(one: Request | UserError | None) -> None:
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(requests.put_nowait, one)

    # Not sys.stdin: a thread that holds its lock makes Python abort as it ends.
    with contextlib.suppress(OSError):
        for line in split_lines(lambda: os.read(0, _CHUNK_BYTES), MOST_LINE_BYTES):
            if requests.qsize() < MOST_HELD:
                try:
                    hand_over(decode_request(line))
                except UserError as error:
                    hand_over(error)
    timer = threading.Timer(GRACE_SECONDS, os._exit, (0,))
    timer.daemon = True
    timer.start()
    hand_over(None)


def _write(answers: "queue.SimpleQueue[Answer]", output: BinaryIO) -> None:
    try:
        while True:
            output.write(encode(answers.get()))
            output.flush()
    except OSError:
        # Nobody reads any more.
        os._exit(0)


def _parser() -> OneLineParser:
    parser = OneLineParser(prog="python -m sound.playing", description="Render and play; the app starts this.")
    parser.add_argument("--output", type=Output, choices=tuple(Output), default=Output.AUTO)
    parser.add_argument("--patches", type=Path)
    parser.add_argument("--midi-out", metavar="PORT", help="words of the name of a MIDI port that notes go to as well")
    return parser
