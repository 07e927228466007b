"""Time that the engine takes to write a section: sixteen bars, four parts, eight takes, asked for as the app does.

`python tests/benchmarks/bench_section.py [WEIGHTS]`: the shipped weights where none are given. A real engine process
answers on two cores; times run from sending the fill to the answers' arrival. One fill of the same shape first, not
counted, leaves the engine warm. Every round has a seed of its own, so other music.
"""

import asyncio
import statistics
import sys
import time
from pathlib import Path

from timing import pin_to_two_cores

from model.engine_client import EngineClient, local_engine
from model.protocol import CellRef, Done, Failed, Fill, Progress
from song.errors import UserError
from song.parts import PARTS
from song.sections import Constraints, Density, Section, SectionKind, Song
from song.templates import KIND_DENSITY, KIND_WOBBLE

ROUNDS = 7
BARS = 16
TAKES = 8
DENSITIES = {"a drop as it comes": KIND_DENSITY[SectionKind.DROP], "every part at 0.8": Density(0.8, 0.8, 0.8, 0.8)}
WHOLE_LIMIT_S, FIRST_BAR_LIMIT_S = 2.0, 0.3


async def fill_seconds(client: EngineClient, song: Song, seed: int) -> tuple[float, float]:
    """Seconds until the first bar of any part has come, and until all takes have.

    Raises:
        UserError: where the engine refuses or dies.
    """
    cells = tuple(CellRef(0, part) for part in PARTS)
    start, first_bar = time.perf_counter(), 0.0
    await client.send(Fill(seed, song, cells, TAKES, seed))
    async for answer in client.answers():
        if isinstance(answer, Progress) and answer.bars_done and not first_bar:
            first_bar = time.perf_counter() - start
        elif isinstance(answer, Failed):
            raise UserError(answer.reason)
        elif isinstance(answer, Done):
            break
    return first_bar, time.perf_counter() - start


async def measure(command: tuple[str, ...]) -> None:
    """Start an engine and print what each kind of section takes it."""
    client = await EngineClient.start(command)
    try:
        await anext(client.answers())
        for name, density in DENSITIES.items():
            constraints = Constraints(density=density, wobble=KIND_WOBBLE[SectionKind.DROP])
            song = Song(sections=(Section(SectionKind.DROP, BARS, constraints),))
            await fill_seconds(client, song, 1)
            rounds = [await fill_seconds(client, song, seed) for seed in range(2, 2 + ROUNDS)]
            firsts, wholes = zip(*rounds, strict=True)
            print(f"{BARS} bars, {len(PARTS)} parts, {TAKES} takes, {name}; median of {ROUNDS} (slowest):")
            for what, seconds, limit in (
                ("first bar", firsts, FIRST_BAR_LIMIT_S), ("all takes", wholes, WHOLE_LIMIT_S),
            ):  # fmt: skip
                median = statistics.median(seconds)
                print(f"  {what}: {median:.2f} s ({max(seconds):.2f} s), {median / limit:.2f} of the {limit} s allowed")
    finally:
        await client.close()


def main() -> None:
    """Print times and their shares of what is allowed."""
    pin_to_two_cores()
    asyncio.run(measure(local_engine(Path(sys.argv[1]) if len(sys.argv) > 1 else None)))


if __name__ == "__main__":
    main()
