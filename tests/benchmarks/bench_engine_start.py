"""Time from the engine's start to its greeting, and where it goes.

`python tests/benchmarks/bench_engine_start.py [WEIGHTS]`: the shipped weights where none are given. The engine is
started as the app starts it, on two cores, several times; the first start, which may find no compiled programs on the
disk, is not counted. The pieces are timed in a process of their own that does the same things one by one; the last, the
first chunk of a fill of eight takes, comes after the greeting, and its program is on the disk by then.
"""

import asyncio
import statistics
import subprocess
import sys
import time
from pathlib import Path

from timing import pin_to_two_cores

from model.engine_client import EngineClient, local_engine
from model.protocol import Ready

ROUNDS = 5
READY_LIMIT_S = 4.0
ROOT = Path(__file__).parents[2]
PIECES = """
import sys, time
begun = time.perf_counter()
def lap(name):
    global begun
    print(name, time.perf_counter() - begun, sep="=", flush=True)
    begun = time.perf_counter()
import jax
lap("import jax")
from flax import nnx
lap("import flax.nnx")
from pathlib import Path
from model.checkpoint import SHIPPED, load_weights
from model.nn.devices import describe_device, keep_compiled_programs
from model.engine import Filler
lap("import the rest of the engine")
keep_compiled_programs()
describe_device()
lap("start the device")
weights = load_weights(Path(sys.argv[1]) if len(sys.argv) > 1 else SHIPPED)
filler = Filler(weights)
lap("read the weights")
from model.protocol import CellRef
from song.parts import Part
from song.templates import song_from_form
next(filler.fill(song_from_form(), [CellRef(2, Part.BASS)], 8, 0))
lap("after the greeting: a first chunk of a fill")
"""


async def seconds_to_ready(command: tuple[str, ...]) -> float:
    """Seconds from the start of an engine to its greeting."""
    start = time.perf_counter()
    client = await EngineClient.start(command)
    try:
        answer = await anext(client.answers())
        assert isinstance(answer, Ready)
        return time.perf_counter() - start
    finally:
        await client.close()


def piece_seconds(arguments: list[str]) -> dict[str, float]:
    """Seconds of each piece of a start, in order, the bare interpreter's first."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", "pass"], check=True)
    seconds = {"start Python": time.perf_counter() - start}
    done = subprocess.run(
        [sys.executable, "-c", PIECES, *arguments], cwd=ROOT, check=True, text=True, stdout=subprocess.PIPE
    )
    for line in done.stdout.splitlines():
        name, _, value = line.rpartition("=")
        seconds[name] = float(value)
    return seconds


def main() -> None:
    """Print the time to the greeting, and the pieces' shares of it."""
    pin_to_two_cores()
    arguments = [str(Path(sys.argv[1]).absolute())] if len(sys.argv) > 1 else []
    command = local_engine(Path(arguments[0]) if arguments else None)
    first, *starts = [asyncio.run(seconds_to_ready(command)) for _ in range(1 + ROUNDS)]
    median = statistics.median(starts)
    print(
        f"from start to greeting: median {median:.2f} s, slowest {max(starts):.2f} s, the uncounted first {first:.2f}"
    )
    print(f"ratio to the {READY_LIMIT_S:.0f} s allowed: {median / READY_LIMIT_S:.2f}")
    rounds = [piece_seconds(arguments) for _ in range(ROUNDS)]
    for name in rounds[0]:
        piece = statistics.median(each[name] for each in rounds)
        print(f"  {name}: {piece:.2f} s, {100 * piece / median:.0f}% of a start")


if __name__ == "__main__":
    main()
