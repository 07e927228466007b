"""An engine without a network: a process that speaks model/protocol.py and writes the same notes for the same seed.

    python fake_engine.py [--bar-delay SECONDS] [--hold-after BARS] [--die-after BARS] [--once FILE]
                          [--protocol VERSION] [--nonsense]

Bars arrive one message each. Held, it sends that many bars of a fill and then waits for its Cancel, so that a test can
look around in the middle of one without sleeping. With --once it holds or dies the first time alone: the file is the
mark of it.
"""

import argparse
import os
import queue
import random
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from model.protocol import (
    PROTOCOL_VERSION,
    Answer,
    Cancel,
    CandidateTake,
    CellRef,
    Done,
    Failed,
    Fill,
    Progress,
    Ready,
    Request,
    decode_request,
    encode,
)
from song.notes import Note, Phrase, Wobble
from song.parts import PARTS, Part
from song.scales import parse_key
from song.sections import Section
from song.time import STEPS_PER_BAR, TICKS_PER_BAR, TICKS_PER_STEP

ENGINE, WEIGHTS, DEVICE = "fake 1", "0" * 8, "cpu"


class CancelledFillError(Exception):
    """The client does not want the rest."""


def phrase_for(section: Section, part: Part, key: str, seed: int) -> Phrase:
    """Music that has exactly as many onsets a bar as a whole number can come near to what is asked."""
    dice = random.Random(f"{seed} {part} {section.kind} {section.bars}")
    onsets = round(section.constraints.requested_onsets(part))
    scale = sorted(parse_key(section.constraints.key or key).pitch_classes())
    base = {Part.DRUMS: 36, Part.BASS: 36, Part.CHORDS: 60, Part.LEAD: 72}[part]
    notes: list[Note] = []
    for bar in range(section.bars):
        steps = sorted(dice.sample(range(STEPS_PER_BAR), min(onsets, STEPS_PER_BAR)))
        for step, after in zip(steps, [*steps[1:], STEPS_PER_BAR], strict=False):
            onset = bar * TICKS_PER_BAR + step * TICKS_PER_STEP
            velocity = dice.choice((50, 80, 110))
            if part is Part.DRUMS:
                pitch = 36 if step % 8 == 0 else 38 if step % 8 == 4 else dice.choice((42, 42, 46))
                notes.append(Note(onset, pitch, TICKS_PER_STEP, velocity))
                continue
            root = dice.choice(scale)
            length = max(1, min(after - step, 4)) * TICKS_PER_STEP
            stack = (0, 3, 7) if part is Part.CHORDS else (0,)
            notes += [Note(onset, base + (root + above) % 12, length, velocity) for above in stack]
    rates = section.constraints.wobble.rates
    wobbles = (
        tuple(
            Wobble(
                bar * TICKS_PER_BAR,
                TICKS_PER_BAR,
                dice.choice(rates),
                section.constraints.wobble.depth,
                section.constraints.wobble.shape,
            )
            for bar in range(section.bars)
        )
        if part is Part.BASS and rates
        else ()
    )
    return Phrase(section.bars, tuple(sorted(notes)), wobbles)


class FakeEngine:
    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.requests: queue.Queue[Request | None] = queue.Queue()
        self.cancelled: set[int] = set()
        self.bars_sent = 0

    def say(self, answer: Answer) -> None:
        sys.stdout.buffer.write(encode(answer))
        sys.stdout.buffer.flush()

    def listen(self) -> None:
        for line in sys.stdin.buffer:
            request = decode_request(line)
            if isinstance(request, Cancel):
                self.cancelled.add(request.id)
            self.requests.put(request)
        self.requests.put(None)

    def run(self) -> None:
        threading.Thread(target=self.listen, daemon=True).start()
        if self.options.nonsense:
            print("hello", flush=True)
        self.say(Ready(self.options.protocol, ENGINE, WEIGHTS, DEVICE))
        while (request := self.requests.get()) is not None:
            if isinstance(request, Fill):
                started = time.monotonic()
                try:
                    self.fill(request)
                except CancelledFillError:
                    self.say(Failed(request.id, "cancelled"))
                else:
                    self.say(Done(request.id, time.monotonic() - started))

    def fill(self, fill: Fill) -> None:
        for cell in sorted(fill.cells, key=lambda ref: (ref.section, PARTS.index(ref.part))):
            section = fill.song.sections[cell.section]
            phrases = [phrase_for(section, cell.part, fill.song.key, fill.seed + n) for n in range(fill.takes)]
            for bar in range(section.bars):
                self.send_bar(fill.id, cell, phrases[0], bar)
            for rank, phrase in enumerate(phrases):
                self.say(CandidateTake(fill.id, cell, phrase, fill.seed, 1.0 + rank / 10))

    def send_bar(self, fill_id: int, cell: CellRef, phrase: Phrase, bar: int) -> None:
        if self.options.bar_delay:
            time.sleep(self.options.bar_delay)
        if fill_id in self.cancelled:
            raise CancelledFillError
        notes = tuple(note for note in phrase.notes if note.onset_tick // TICKS_PER_BAR == bar)
        self.bars_sent += 1
        # Before the bar is told: a test that waits for it may kill this process at once.
        holds = self.bars_sent == self.options.hold_after and self.is_first_time()
        dies = self.bars_sent == self.options.die_after and self.is_first_time()
        self.say(Progress(fill_id, cell, bar + 1, notes))
        if holds:
            while (request := self.requests.get()) is not None:
                if isinstance(request, Cancel) and request.id == fill_id:
                    raise CancelledFillError
            os._exit(0)
        if dies:
            print("out of luck", file=sys.stderr, flush=True)
            os._exit(3)

    def is_first_time(self) -> bool:
        if not self.options.once:
            return True
        mark = Path(self.options.once)
        if mark.exists():
            return False
        mark.touch()
        return True


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--bar-delay", type=float, default=0.0)
    parser.add_argument("--hold-after", type=int)
    parser.add_argument("--die-after", type=int)
    parser.add_argument("--once", help="a file: where it is, hold and die no more")
    parser.add_argument("--protocol", type=int, default=PROTOCOL_VERSION)
    parser.add_argument("--nonsense", action="store_true", help="greet with what is no message")
    FakeEngine(parser.parse_args()).run()


if __name__ == "__main__":
    main()
