"""Time from a key that steps to another take until it is heard, while its section plays, and without rendering ahead.

`python tests/benchmarks/bench_take_heard.py`: the player of the sound process, in this one, on the card that is none,
on a song of 96 bars with music in every cell. From the request as a line, decoded and checked, until the first frame of
the take is handed to the card; what the card holds by then is added. Wanted: under 300 ms where it was rendered ahead.
"""

import asyncio
import statistics
import tempfile
import time
from pathlib import Path

import msgspec
from app_runs import load, song_file

from song.edits.takes import choose_take, chosen_alone
from song.parts import Part
from song.sections import Song, number_sections
from song.store import load_song
from sound.playing.card import LATE_FRAMES
from sound.playing.player import Player
from sound.playing.protocol import Ahead, Answer, Output, Play, Scope, SetSong, decode_request, encode
from sound.rates import SAMPLE_RATE

BARS, TAKES, SECTION = 96, 6, 2
WANTED_MS = 300.0


class Heard:
    """A player, and what its card is handed."""

    def __init__(self) -> None:
        self.player = Player(self._hear, Output.NULL)
        self.player.greet()
        self._handed: dict[str, float] = {}
        fill = self.player._transport.fill

        def watched(frames: int) -> object:
            out = fill(frames)
            now = self.player._transport._now
            if now is not None:
                self._handed.setdefault(now.key, time.perf_counter())
            return out

        self.player._card._fill = watched

    def _hear(self, answer: Answer) -> None:
        pass

    async def step(self, song: Song, part: Part, take: int) -> float:
        """Milliseconds until a take is handed to the card."""
        line = encode(SetSong(chosen_alone(choose_take(song, SECTION, part, take))))
        self._handed.clear()
        started = time.perf_counter()
        await self.player.take(decode_request(line))
        # Where the level of the song is another with this take, all is rendered anew, this section first.
        while (key := self.player._stage.standing.keys[SECTION]) not in self._handed:
            await asyncio.sleep(0.005)
        return 1000 * (self._handed[key] - started)


async def measure(song: Song, part: Part, *, ahead: bool) -> list[float]:
    """Milliseconds of each step through the takes of a part."""
    heard = Heard()
    looking = asyncio.create_task(heard.player.run())
    await heard.player.take(SetSong(chosen_alone(song)))
    await heard.player.take(Play(Scope.SECTION, SECTION, loop=True))
    while heard.player._transport._now is None or heard.player._stage.busy:
        await asyncio.sleep(0.05)
    takes = song.sections[SECTION].cell(part).takes
    if ahead:
        await heard.player.take(Ahead(SECTION, part, tuple(take.phrase for take in takes)))
        while heard.player._stage.busy:
            await asyncio.sleep(0.05)
    chosen = song.sections[SECTION].cell(part).chosen
    times = [await heard.step(song, part, take) for take in range(TAKES) if take != chosen]
    looking.cancel()
    await heard.player.close()
    return times


def main() -> None:
    held_ms = 1000 * LATE_FRAMES / SAMPLE_RATE
    with tempfile.TemporaryDirectory() as name:
        song = number_sections(load_song(song_file(Path(name), BARS, takes=TAKES)))
    song = msgspec.structs.replace(song, muted=(), solo=())
    print(f"{load()}; {song.sections[SECTION].bars} bars of {song.bars}; the card holds {held_ms:.0f} ms")
    for part in (Part.BASS, Part.DRUMS):
        for ahead in (True, False):
            times = [one + held_ms for one in asyncio.run(measure(song, part, ahead=ahead))]
            what = f"{part}, {'rendered ahead' if ahead else 'not rendered ahead'}"
            mean, most = statistics.mean(times), max(times)
            print(f"{what:<28} mean {mean:5.0f} ms, most {most:5.0f} ms, {most / WANTED_MS:.2f} of {WANTED_MS:.0f}")


if __name__ == "__main__":
    main()
