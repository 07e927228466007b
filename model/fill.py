"""Fills cells of a song: plans each, samples all takes as one batch, and makes phrases of what was written.

This is the engine's work without its process: no messages, no threads.
"""

import hashlib
from collections.abc import Iterator, Sequence

import msgspec
import numpy as np

from corpus.keys import tonic_shift
from model.checkpoint import Weights
from model.features import BAR_COLUMNS, KINDS, part_index, style_vector, tempo_features
from model.planning import CellPlan, plan_cell
from model.protocol import CellRef
from model.rules import pitch_table, wobble_table
from model.sample import Row, Sampler
from model.vocabulary import BAR, COLUMNS, HOLD, NEXT_BAR, PITCH, POSITION, decode_events
from model.windows import bars_left, section_place
from song.notes import Phrase
from song.parts import PART_SPECS, PARTS, Part
from song.scales import Key, parse_key
from song.sections import Section, SectionKind, Song

MOST_ROWS = 256
"""Takes that are sampled at once: enough to keep a device busy, few enough to bound the memory of any fill."""


class CellProgress(msgspec.Struct, frozen=True):
    """A cell's first take as far as it is written.

    Attributes:
        cell: which cell.
        bars_done: bars finished.
        phrase: the music of those bars, in a phrase as long as the section.
    """

    cell: CellRef
    bars_done: int
    phrase: Phrase


class CellTakes(msgspec.Struct, frozen=True):
    """Every take of a finished cell, the best first.

    Attributes:
        cell: which cell.
        takes: pairs of a phrase and its nats a note.
    """

    cell: CellRef
    takes: tuple[tuple[Phrase, float], ...]


class _Job(msgspec.Struct, frozen=True):
    """A cell with its plan."""

    cell: CellRef
    section: Section
    plan: CellPlan
    key: Key

    @property
    def shift(self) -> int:
        return tonic_shift(self.cell.part, self.key.tonic_class)

    def phrase(self, events: np.ndarray) -> Phrase:
        """The phrase of events, as far as they go."""
        wobble, bars = self.section.constraints.wobble, self.section.bars
        return decode_events(self.cell.part, events, bars, self.shift, wobble.depth, wobble.shape)


class Filler:
    """Fills cells with one set of weights."""

    def __init__(self, weights: Weights) -> None:
        self._card = weights.card
        self._sampler = Sampler(weights.network)

    def fill(
        self, song: Song, cells: Sequence[CellRef], takes: int, seed: int
    ) -> Iterator[CellProgress | CellTakes | None]:
        """Write takes for cells, a chunk of every one at a time.

        Args:
            song: its constraints, style and key hold.
            cells: distinct cells of the song.
            takes: takes a cell, 1 or more.
            seed: 0 or more.

        Yields:
            Progress as bars come, takes as cells finish, and None after each chunk: the place to stop, by closing the
            iterator.
        """
        # The order in which cells are named must not change their music.
        ordered = sorted(set(cells), key=lambda cell: (cell.section, PARTS.index(cell.part)))
        jobs = [self._job(song, cell, seed) for cell in ordered]
        at_once = max(MOST_ROWS // takes, 1)
        for first in range(0, len(jobs), at_once):
            yield from self._fill_jobs(song, jobs[first : first + at_once], takes, seed)

    def _fill_jobs(
        self, song: Song, jobs: Sequence[_Job], takes: int, seed: int
    ) -> Iterator[CellProgress | CellTakes | None]:
        rows = [self._row(song, job, seed, take) for job in jobs for take in range(takes)]
        run = self._sampler.start(rows)
        events = [np.zeros((0, COLUMNS), np.int16)] * len(rows)
        nats, shown, finished = [0.0] * len(rows), [0] * len(jobs), [False] * len(jobs)
        while not all(finished):
            written = run.advance()
            events = [np.concatenate(pair) for pair in zip(events, written.events, strict=True)]
            nats = [sum(pair) for pair in zip(nats, written.nats, strict=True)]
            for index, job in enumerate(jobs):
                own = range(index * takes, (index + 1) * takes)
                bars_done = written.bars_done[own[0]]
                if bars_done > shown[index]:
                    shown[index] = bars_done
                    yield CellProgress(job.cell, bars_done, job.phrase(_repeat(events[own[0]], job.plan, bars_done)))
                if not finished[index] and all(written.bars_done[row] >= job.section.bars for row in own):
                    finished[index] = True
                    yield CellTakes(job.cell, self._ranked(job, [(events[row], nats[row]) for row in own]))
            yield None

    def _job(self, song: Song, cell: CellRef, seed: int) -> _Job:
        section = song.sections[cell.section]
        after = song.sections[cell.section + 1].kind if cell.section + 1 < len(song.sections) else None
        rng = np.random.default_rng([seed, cell.section, PARTS.index(cell.part)])
        plan = plan_cell(section, cell.part, after is SectionKind.DROP, self._card.forms, rng)
        return _Job(cell, section, plan, parse_key(section.constraints.key or song.key))

    def _row(self, song: Song, job: _Job, seed: int, take: int) -> Row:
        part, section = job.cell.part, job.section
        tempo = sum(section.constraints.tempo_bpm) / 2
        name = f"{seed}/{job.cell.section}/{part.value}/{take}"
        return Row(
            seed=int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big"),
            part=part_index(part),
            bars=section.bars,
            quotas=np.array(job.plan.quotas),
            limits=np.array(job.plan.limits),
            conditions=_conditions(section, part, job.plan),
            style=style_vector(song.style),
            tempo=tempo_features(tempo),
            pitches=pitch_table(part, job.key),
            wobbles=wobble_table(part, section.constraints.wobble.rates),
            polyphony=PART_SPECS[part].polyphony,
            temperature=section.constraints.temperature,
        )

    def _ranked(self, job: _Job, rows: Sequence[tuple[np.ndarray, float]]) -> tuple[tuple[Phrase, float], ...]:
        """The takes, those nearest to what real music of the part costs first: neither dull nor wild."""
        takes = []
        for events, nats in rows:
            notes = int(((events[:, POSITION] != NEXT_BAR) & (events[:, PITCH] != HOLD)).sum())
            phrase = job.phrase(_repeat(events, job.plan, job.section.bars))
            takes.append((phrase, nats / max(notes, 1)))
        typical = self._card.typical_nats.get(job.cell.part.value, 0.0)
        return tuple(sorted(takes, key=lambda take: abs(take[1] - typical)))


def _conditions(section: Section, part: Part, plan: CellPlan) -> np.ndarray:
    """The bar conditions of a cell: int (bars, columns of BAR_COLUMNS)."""
    places = np.arange(section.bars)
    wobble_wanted = 0
    if part is Part.BASS:
        wobble_wanted = 2 if section.constraints.wobble.rates and section.constraints.wobble.depth > 0 else 1
    columns = {
        "kind": np.full(section.bars, KINDS.index(section.kind) + 1),
        "phrase_place": places % 8,
        "section_place": np.array([section_place(bar) for bar in range(section.bars)]),
        "bars_left": np.array([bars_left(section.bars - bar) for bar in range(section.bars)]),
        "label": np.array(plan.labels),
        "wobble_wanted": np.full(section.bars, wobble_wanted),
    }
    return np.stack([columns[name] for name in BAR_COLUMNS], axis=1)


def _repeat(events: np.ndarray, plan: CellPlan, bars_done: int) -> np.ndarray:
    """The events of finished bars, with bars that the user's form repeats made note by note the same."""
    finished = events[events[:, BAR] < bars_done]
    if not any(plan.copies):
        return finished
    bars = [finished[finished[:, BAR] == bar] for bar in range(bars_done)]
    for bar, lag in enumerate(plan.copies[:bars_done]):
        if lag:
            bars[bar] = bars[bar - lag].copy()
            bars[bar][:, BAR] = bar
    return np.concatenate(bars) if bars else finished
