"""Bass lines on eighths that stand for real music, and lines anywhere that stand for takes."""

import numpy as np

from model.critic.measures import measure
from model.language.frames import blank_frames
from model.training.critic_examples import UNKNOWN_CLASS, Example
from song.notes import Note, Phrase
from song.parts import Part
from song.time import TICKS_PER_STEP


def bass(seed: int, *, straight: bool) -> Phrase:
    """Four bars on eighths, or as many notes anywhere."""
    rng = np.random.default_rng(seed)
    steps = range(0, 64, 2) if straight else sorted(rng.choice(64, 32, replace=False).tolist())
    notes = [Note(step * TICKS_PER_STEP, int(36 + rng.integers(12)), TICKS_PER_STEP, 90) for step in steps]
    return Phrase(4, tuple(notes))


def example(
    seed: int, *, real: bool, source: str = "starter", part: Part = Part.BASS, mirrors: np.ndarray | None = None
) -> Example:
    return Example(
        part=part,
        source=source,
        group=str(seed),
        real=real,
        frames=blank_frames(4),
        kind=UNKNOWN_CLASS,
        style=np.zeros(8, np.float32),
        measures=measure(part, bass(seed, straight=real), 0),
        mirrors=mirrors,
    )


def examples(count: int, source: str = "starter") -> list[Example]:
    """Real cells and a take of each."""
    real = [example(seed, real=True, source=source) for seed in range(count)]
    takes = [example(seed, real=False, source=source, mirrors=one.measures) for seed, one in enumerate(real)]
    return [*real, *takes]
