"""Sections and bars in frames, as they are played: each section from its own first bar line; and places among them."""

import bisect

import msgspec

from song.parts import PARTS, Part
from song.sections import SectionKind, Song
from song.time import TICKS_PER_BAR, bars_to_ticks
from sound.clock import Clock


class Place(msgspec.Struct, frozen=True):
    """A section on the timeline.

    Attributes:
        id, name, kind, bars: the section's.
        start_frame: from the song's start.
        frames: up to its last bar line.
        bar_starts: the first frame of each of its bars, from its start.
    """

    id: int
    name: str
    kind: SectionKind
    bars: int
    start_frame: int
    frames: int
    bar_starts: tuple[int, ...]

    @property
    def end_frame(self) -> int:
        """The first frame behind it."""
        return self.start_frame + self.frames

    def tick(self, frame: int) -> int:
        """The tick, from its start, nearest to a frame from its start; tempo counts as even within a bar."""
        bar = max(0, bisect.bisect_right(self.bar_starts, frame) - 1)
        start = self.bar_starts[bar]
        end = self.bar_starts[bar + 1] if bar + 1 < self.bars else self.frames
        within = min(max(0, frame - start) / max(1, end - start), 1.0)
        return min(bar * TICKS_PER_BAR + round(within * TICKS_PER_BAR), bars_to_ticks(self.bars) - 1)


class Timeline(msgspec.Struct, frozen=True):
    """All sections, in the order they are heard."""

    places: tuple[Place, ...] = ()

    @property
    def frames(self) -> int:
        """Frames in all."""
        return self.places[-1].end_frame if self.places else 0

    def at(self, frame: int) -> int:
        """The index of the section that a frame is in, the last for what lies behind."""
        starts = [place.start_frame for place in self.places]
        return max(0, bisect.bisect_right(starts, frame) - 1)

    def index_of(self, section_id: int) -> int | None:
        """Where the section of an id stands, or None where it is gone."""
        return next((index for index, place in enumerate(self.places) if place.id == section_id), None)


def timeline_of(song: Song) -> Timeline:
    """The timeline of a song."""
    clock = Clock(song)
    places = []
    for name, start, section in zip(song.section_names(), song.start_bars(), song.sections, strict=True):
        first = clock.frame(bars_to_ticks(start))
        bars = tuple(clock.frame(bars_to_ticks(start + bar)) - first for bar in range(section.bars))
        end = clock.frame(bars_to_ticks(start + section.bars))
        places.append(Place(section.id, name, section.kind, section.bars, first, end - first, bars))
    return Timeline(tuple(places))


class Played(msgspec.Struct, frozen=True):
    """A stretch that is to be played.

    Attributes:
        first, last: indices of sections, inclusive.
        start_frame: where it begins, from the song's start.
        loop: whether it begins again with its first section.
        parts: those that are heard of it, unless the song has them muted.
    """

    first: int
    last: int
    start_frame: int
    loop: bool = False
    parts: tuple[Part, ...] = PARTS


class At(msgspec.Struct, frozen=True):
    """Where playing is.

    Attributes:
        section_id: of the section.
        tick: from its start.
        waiting: whether it waits for its sound.
    """

    section_id: int
    tick: int
    waiting: bool = False
