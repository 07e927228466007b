"""`dropsmith listen`: the listening page of a song file, by itself; it follows the file."""

import asyncio
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from song.command_line import OneLineParser, collect_seldom
from song.errors import UserError
from song.sections import number_sections
from song.store import load_song
from song.terminal_text import say, say_error
from sound.listening.gate import Gate
from sound.listening.host import HERE, USUAL_PORT, PageHost, own_socket, tunnel
from sound.listening.serving import listen_at, until_signal
from sound.staging.kept import kept_folder
from sound.staging.stage import Stage

MAX_PORT = 65535
_LOOK_SECONDS = 0.5


def listen_main(words: Sequence[str], patch_folder: Path | None = None) -> int:
    """Run `dropsmith listen`; returns the exit code.

    Args:
        words: its arguments.
        patch_folder: the user's own patches.

    Raises:
        UserError: for whatever the user can put right.
    """
    options = _parser().parse_args(list(words))
    if options.port is not None and not 0 <= options.port <= MAX_PORT:
        raise UserError(f"--port {options.port} is outside 0-{MAX_PORT}")
    collect_seldom()
    asyncio.run(_listen(options.song, options.host, options.port, options.name, options.patches or patch_folder))
    return 0


async def _listen(path: Path, host: str, port: int | None, names: Sequence[str], patch_folder: Path | None) -> None:
    song = load_song(path)
    gate = Gate(host, names, always_token=True)
    listening = own_socket(host) if port is None else listen_at(host, port)
    loop = asyncio.get_running_loop()
    shown: list[PageHost] = []

    def tell(line: str) -> None:
        say_error(line)
        for one in shown:
            loop.call_soon_threadsafe(one.page.tell, line)

    def changed() -> None:
        for one in shown:
            loop.call_soon_threadsafe(one.page.show)

    folder = kept_folder()
    stage = Stage(tell, changed, folder, patch_folder)
    host_of_page = PageHost(stage, listening, gate, tell=tell, folder=folder, patch_folder=patch_folder)
    shown.append(host_of_page)
    await host_of_page.start()
    stage.set_song(number_sections(song))
    say(_told(host_of_page, host))
    sys.stdout.flush()
    follower = asyncio.create_task(_follow(path, stage, tell))
    await until_signal()
    follower.cancel()
    stage.close()
    await host_of_page.close()


def _told(host: PageHost, at: str) -> str:
    """Where the page is, in a line; and who can hear it, where that is not this machine alone."""
    line = f"listen at {' and '.join(host.addresses)}  (ctrl+c ends it)"
    if at == HERE:
        return f"{line}\nfrom another machine, first:  {tunnel(host.port)}"
    return f"{line}\nwhoever has that address hears the song and can keep it: tell nobody else"


async def _follow(path: Path, stage: Stage, tell: Callable[[str], object]) -> None:
    """Take the song anew whenever its file has changed; what cannot be read leaves the one that is on."""
    before = _state(path)
    while True:
        await asyncio.sleep(_LOOK_SECONDS)
        state = _state(path)
        if state is None or state == before:
            continue
        before = state
        try:
            stage.set_song(number_sections(await asyncio.to_thread(load_song, path)))
        except UserError as error:
            tell(str(error))


def _state(path: Path) -> tuple[int, int, int] | None:
    try:
        state = path.stat()
    except OSError:
        return None
    return state.st_mtime_ns, state.st_size, state.st_ino


def _parser() -> OneLineParser:
    parser = OneLineParser(
        prog="dropsmith listen",
        usage="dropsmith listen SONG.drop [options]",
        description="Hear a song in a browser, on this machine or through ssh -L; the page follows the file.",
    )
    parser.add_argument("song", type=Path, metavar="SONG.drop", help="the song")
    parser.add_argument("--host", default=HERE, help=f"where to listen ({HERE}: for this machine alone)")
    parser.add_argument(
        "--port", type=int, help=f"0-{MAX_PORT} ({USUAL_PORT}, or one that is free); 0 takes a free one"
    )
    parser.add_argument("--name", action="append", default=[], help="a name or an address by which others reach it")
    parser.add_argument("--patches", type=Path, metavar="DIR", help="a folder of your own patches")
    parser.add_argument("--debug", action="store_true", help="show where an error comes from")
    return parser
