"""Writer of a song's cells: plans each, samples all takes as one batch, and makes phrases of the events.

Parts are written one after another, drums first, so that each hears what came before it; within a part all sections
are one batch. This is the engine's work without its process: no messages, no threads.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence

import msgspec
import numpy as np

from model.checkpoint import Weights
from model.critic.frames import take_frames
from model.critic.judge import Critic, CriticInput
from model.critic.measures import measure
from model.language.bar_conditions import PlacedSection, bar_conditions
from model.language.cell_frames import cell_frames
from model.language.conditions import (
    bar_onsets,
    known_rest,
    note_pitch,
    part_index,
    style_vector,
    tempo_features,
)
from model.language.events import (
    BAR,
    COLUMNS,
    DEPTH,
    DEPTHS,
    HOLD,
    NEXT_BAR,
    NO_WOBBLE,
    PITCH,
    POSITION,
    REST_SIZES,
    WOBBLE,
    decode_events,
    encode_phrase,
)
from model.originality.copy_meter import CopiedRun, CopyMeter
from model.protocol import CellRef, KeptBars
from model.writing.audible_wobbles import audible_wobbles
from model.writing.drum_feel import choose_feel, choose_kicks
from model.writing.drum_prior import drum_prior_logits
from model.writing.fill_order import kept_music, quotations, stages
from model.writing.harmony import CellHarmony, cell_harmony
from model.writing.hints import NO_HINTS, Hints
from model.writing.masks import wobble_table
from model.writing.planning import CellPlan, plan_cell
from model.writing.rows import TakeRow
from model.writing.sample import SampledChunk, Sampler
from model.writing.voicing import Voicing, voiced, voicing_of
from song.edits.takes import replace_cell
from song.forms import turn_bars
from song.notes import Phrase, silenced
from song.parts import PART_SPECS, PARTS, Part
from song.scales import Key, parse_key, tonic_shift
from song.sections import Cell, Section, SectionKind, Song, Take
from song.time import QUARTERS_PER_BAR, TICKS_PER_QUARTER, bars_to_ticks
from song.variation import merge_bars

MOST_ROWS = 256
"""Takes that are sampled at once: enough to keep a device busy, few enough to bound the memory of any fill."""


STYLE_STRENGTH = 2.5
"""Factor on the style condition, which training has at 1: told once, it is heard too faintly to tell styles apart by
ear."""
REWRITES = 3
"""Times that a take that copies the training set is written again before it is kept and ranked last."""


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


class WrittenTake(msgspec.Struct, frozen=True):
    """One candidate.

    Attributes:
        phrase: the music.
        nats_per_note: its cost a note under the network, before masks and temperature.
        shared: the longest run that it shares with the training set; empty where no copy meter is at hand.
        critic: how likely the critic holds it to be real music, not generated, 0-1; None where there is no critic.
    """

    phrase: Phrase
    nats_per_note: float
    shared: CopiedRun = CopiedRun()
    critic: float | None = None


class CellTakes(msgspec.Struct, frozen=True):
    """Every take of a finished cell, the best first."""

    cell: CellRef
    takes: tuple[WrittenTake, ...]


class _CellJob(msgspec.Struct, frozen=True):
    """A cell with its plan, what is seen around it, and what of it stays."""

    cell: CellRef
    section: Section
    plan: CellPlan
    key: Key
    frames: np.ndarray
    feel: int
    kicks: tuple[int, ...]
    kept_phrase: Phrase | None
    kept: frozenset[int]
    hints: Hints
    gap_beats: int
    harmony: CellHarmony
    voicing: Voicing
    quotes: bool

    @property
    def shift(self) -> int:
        return tonic_shift(self.cell.part, self.key.tonic_class)

    @property
    def bars(self) -> int:
        """Bars to be written, up to the last that does not stay."""
        return max((bar + 1 for bar in range(self.section.bars) if bar not in self.kept), default=0)

    def phrase(self, events: np.ndarray) -> Phrase:
        """The phrase of events, as far as they go, with the bars that stay."""
        wobble, bars = self.section.constraints.wobble, self.section.bars
        # The deepest wobble is as deep as was asked; the others keep their share of it.
        deepest = max((DEPTHS[row[DEPTH]] for row in events if row[WOBBLE] != NO_WOBBLE), default=1.0)
        new = decode_events(self.cell.part, events, bars, self.shift, wobble.depth / deepest, wobble.shape)
        new = silenced(new, bars_to_ticks(bars) - self.gap_beats * TICKS_PER_QUARTER)
        if self.cell.part is Part.CHORDS and self.harmony.chords:
            pitch_range = self.section.constraints.pitch_range(Part.CHORDS)
            full = self.section.kind is SectionKind.DROP
            new = voiced(new, self.harmony.chords, self.harmony.sounding, pitch_range, full, self.voicing)
        if new.wobbles:
            new = audible_wobbles(new, wobble.rates)
        if self.kept_phrase is None:
            return new
        return merge_bars(self.kept_phrase, new, self.kept, one_voice=PART_SPECS[self.cell.part].polyphony == 1)

    def kept_events(self) -> np.ndarray:
        """Events of the bars that stay, as `TakeRow.kept_events` has them."""
        if self.kept_phrase is None:
            return np.zeros((0, 2 + len(REST_SIZES)), np.int32)
        events = encode_phrase(self.cell.part, self.kept_phrase, -self.shift)
        rest = known_rest(self.cell.part, events, True, True)
        rows = np.column_stack([events[:, POSITION], note_pitch(events), rest])
        return rows[np.isin(events[:, BAR], list(self.kept))].astype(np.int32)


class Filler:
    """Fills cells with one set of weights."""

    def __init__(self, weights: Weights, meter: CopyMeter | None = None, critic: Critic | None = None) -> None:
        """Set up.

        Args:
            weights: the network and its card.
            meter: measures what takes share with the training set; a take that copies is sampled again. None: neither.
            critic: ranks the takes of a cell; None: they are ranked by what they cost under the network.
        """
        self._card = weights.card
        self._sampler = Sampler(weights.network)
        self._meter = meter
        self._critic = critic

    def warm(self) -> None:
        """Compile what ranking takes needs, which a fill that is broken off does not come to."""
        if self._critic is not None:
            self._critic.warm()

    def fill(
        self,
        song: Song,
        cells: Sequence[CellRef],
        takes: int,
        seed: int,
        kept: Sequence[KeptBars] = (),
        hints: Hints = NO_HINTS,
    ) -> Iterator[CellProgress | CellTakes | None]:
        """Write takes for cells, a chunk of every one of a part at a time.

        Args:
            song: its constraints, style and key hold; what its other cells hold is heard.
            cells: distinct cells of the song.
            takes: takes a cell, 1 or more.
            seed: 0 or more.
            kept: of cells that are not written as a whole, the bars that stay.
            hints: what is told beside the song.

        Yields:
            Progress as bars come, takes as cells finish, and None after each chunk: the place to stop, by closing the
            iterator.
        """
        kept_of = {one.cell: one for one in kept}
        quotes = quotations(song, cells, kept_of) if hints.kinds_known else {}
        before = song
        for cell in cells:
            song = replace_cell(song, cell.section, cell.part, Cell())
        for stage in stages(cells, kept_of, quotes):
            at_once = max(MOST_ROWS // takes, 1)
            done: list[CellTakes] = []
            for first in range(0, len(stage), at_once):
                some = stage[first : first + at_once]
                jobs = [
                    self._job(
                        song, cell, seed, *kept_music(cell, kept_of, quotes, before, song, cells), hints, cell in quotes
                    )
                    for cell in some
                ]
                for step in self._fill_jobs(song, jobs, takes, seed):
                    if isinstance(step, CellTakes):
                        done.append(step)
                    yield step
            for step in done:
                best = Cell((Take(step.takes[0].phrase),), 0)
                song = replace_cell(song, step.cell.section, step.cell.part, best)

    def _fill_jobs(
        self, song: Song, jobs: Sequence[_CellJob], takes: int, seed: int
    ) -> Iterator[CellProgress | CellTakes | None]:
        rows = [self._row(song, job, seed, take) for job in jobs for take in range(takes)]
        shown, finished = [0] * len(jobs), [False] * len(jobs)
        for written, events, nats in self._sampled(rows):
            for index, job in enumerate(jobs):
                own = range(index * takes, (index + 1) * takes)
                bars_done = written.bars_done[own[0]]
                if bars_done > shown[index]:
                    shown[index] = bars_done
                    yield CellProgress(job.cell, bars_done, job.phrase(_repeat(events[own[0]], job.plan, bars_done)))
                if not finished[index] and all(written.bars_done[row] >= job.bars for row in own):
                    finished[index] = True
                    made = [self._take(job, events[row], nats[row]) for row in own]
                    yield CellTakes(job.cell, self._ranked(job, self._without_copies(song, job, seed, made)))
            yield None

    def _sampled(self, rows: Sequence[TakeRow]) -> Iterator[tuple[SampledChunk, list[np.ndarray], list[float]]]:
        """Sample rows: what each chunk wrote, and all events and nats of each row so far."""
        run = self._sampler.start(rows)
        events, nats = [np.zeros((0, COLUMNS), np.int16)] * len(rows), [0.0] * len(rows)
        finished = False
        while not finished:
            written = run.advance()
            events = [np.concatenate(pair) for pair in zip(events, written.events, strict=True)]
            nats = [sum(pair) for pair in zip(nats, written.nats, strict=True)]
            finished = written.finished
            yield written, events, nats

    def _without_copies(self, song: Song, job: _CellJob, seed: int, takes: Sequence[WrittenTake]) -> list[WrittenTake]:
        """The takes, those that copy written again with other seeds, a few times; what still copies is left as it is.

        Where bars stay, these may be what is shared: the user has them already, so nothing is written again, save where
        they are quoted.
        """
        kept = list(takes)
        for attempt in range(1, REWRITES + 1):
            copies = [number for number, take in enumerate(kept) if take.shared.copied]
            if not copies or (job.kept_phrase is not None and not job.quotes):
                break
            again = [self._row(song, job, seed, number, attempt) for number in copies]
            *_, (_, events, nats) = self._sampled(again)
            for number, rows, cost in zip(copies, events, nats, strict=True):
                kept[number] = self._take(job, rows, cost)
        return kept

    def _job(
        self,
        song: Song,
        cell: CellRef,
        seed: int,
        kept_phrase: Phrase | None,
        kept: frozenset[int],
        hints: Hints = NO_HINTS,
        quotes: bool = False,
    ) -> _CellJob:
        section, part = song.sections[cell.section], cell.part
        gap_beats = song.gap_after(cell.section) if hints.kinds_known else 0
        rng = np.random.default_rng([seed, cell.section, PARTS.index(part)])
        key, style = parse_key(section.constraints.key or song.key), song.style_of(cell.section)
        kind = section.kind if hints.kinds_known else None
        onsets: Mapping[int, int] = {}
        if kept_phrase is not None:
            counts = bar_onsets(encode_phrase(part, kept_phrase, 0), max(section.bars, kept_phrase.bars))
            onsets = {bar: int(counts[bar]) for bar in kept}
        return _CellJob(
            cell=cell,
            section=section,
            plan=plan_cell(section, part, gap_beats, self._card.forms, rng, onsets, style, hints.kinds_known),
            key=key,
            frames=cell_frames(song, cell.section, part, key, kept_phrase, kept, hints.kinds_known),
            feel=choose_feel(self._card.feels, style, kind) if part is Part.DRUMS else 0,
            kicks=choose_kicks(self._card.kicks, style, kind) if part is Part.DRUMS else (),
            kept_phrase=kept_phrase,
            kept=kept,
            hints=hints,
            gap_beats=gap_beats,
            harmony=cell_harmony(section, part, key, style),
            voicing=voicing_of(song.seed),
            quotes=quotes,
        )

    def _row(self, song: Song, job: _CellJob, seed: int, take: int, attempt: int = 0) -> TakeRow:
        part, section = job.cell.part, job.section
        tempo = sum(section.constraints.tempo_bpm) / 2
        name = f"{seed}/{job.cell.section}/{part.value}/{take}" + (f"/{attempt}" if attempt else "")
        return TakeRow(
            seed=int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big"),
            part=part_index(part),
            bars=job.bars,
            quotas=np.array(job.plan.quotas),
            limits=np.array(job.plan.limits),
            follows=np.array(job.plan.follows or (0,) * section.bars),
            conditions=_conditions(job),
            kicks=_kicks(job),
            frames=job.frames,
            kept=np.array([bar in job.kept for bar in range(section.bars)]),
            kept_events=job.kept_events(),
            style=STYLE_STRENGTH * style_vector(song.style_of(job.cell.section)),
            tempo=tempo_features(tempo),
            harmony=job.harmony,
            wobbles=wobble_table(part, section.constraints.wobble.rates),
            drum_prior=drum_prior_logits(
                self._card.drum_prior if part is Part.DRUMS else {}, song.style_of(job.cell.section)
            ),
            polyphony=PART_SPECS[part].polyphony,
            temperature=section.constraints.temperature,
        )

    def _take(self, job: _CellJob, events: np.ndarray, nats: float) -> WrittenTake:
        is_note = (events[:, POSITION] != NEXT_BAR) & (events[:, PITCH] != HOLD)
        notes = int((is_note & ~np.isin(events[:, BAR], list(job.kept))).sum())
        phrase = job.phrase(_repeat(events, job.plan, job.bars))
        shared = self._meter.measure(job.cell.part, phrase) if self._meter else CopiedRun()
        return WrittenTake(phrase, nats / max(notes, 1), shared)

    def _ranked(self, job: _CellJob, takes: Sequence[WrittenTake]) -> tuple[WrittenTake, ...]:
        """The takes, copies last; before that those first that the critic holds likeliest to be real music.

        Without a critic those nearest to what real music of the part costs: neither dull nor wild.
        """
        if self._critic is not None:
            part, key = job.cell.part, job.key
            judged = self._critic.judge([_hearing(part, key, job.frames, take.phrase) for take in takes])
            scored = [msgspec.structs.replace(one, critic=two.merit) for one, two in zip(takes, judged, strict=True)]
            return tuple(sorted(scored, key=lambda take: (take.shared.copied, -(take.critic or 0.0))))
        typical = self._card.typical_nats.get(job.cell.part.value, 0.0)
        return tuple(sorted(takes, key=lambda take: (take.shared.copied, abs(take.nats_per_note - typical))))


def _hearing(part: Part, key: Key, around: np.ndarray, phrase: Phrase) -> CriticInput:
    numbers = measure(part, phrase, key.tonic_class) if phrase.notes else None
    return CriticInput(part, take_frames(around, part, phrase, key), numbers)


def _conditions(job: _CellJob) -> np.ndarray:
    """The bar conditions of a cell: int16 (bars, columns of BAR_COLUMNS)."""
    section, wobble = job.section, job.section.constraints.wobble
    bars = section.bars
    return bar_conditions(
        job.cell.part,
        np.array(job.plan.labels),
        [PlacedSection(0, bars, section.kind)] if job.hints.kinds_known else [],
        feels=np.where(_may_turn(np.arange(bars), bars), 0, job.feel),
        minor=job.hints.minor if job.key.scale == "chromatic" else job.key.is_minor,
        wobbles=bool(wobble.rates) and wobble.depth > 0,
    )


def _kicks(job: _CellJob) -> np.ndarray:
    """Beats that hold a kick: bool (bars, 4); none in the last bar, the only one whose drums may stop early."""
    bars = job.section.bars
    return ~_may_turn(np.arange(bars), bars)[:, None] & np.isin(np.arange(QUARTERS_PER_BAR), job.kicks)


def _may_turn(places: np.ndarray, bars: int) -> np.ndarray:
    """Bars whose drums are free to leave the section's feel for a fill: the last of eight, and the last of all."""
    return np.isin(places, list(turn_bars(bars)))


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
