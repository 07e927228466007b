"""A song laid out once for all formats of a bundle: its tracks, and the music of each section rebased to its first bar.

A format asks here for what it writes, so that a long song is laid out once, not once a format.
"""

from bisect import bisect_left
from functools import cached_property

import msgspec

from song.export.samples import NO_SAMPLES, Samples
from song.export.tempo import tempo_changes
from song.export.tracks import Track, lay_out
from song.export.wobble_cc import DEPTH_CONTROLLER, FILTER_CONTROLLER, OPEN
from song.notes import Note
from song.sections import Section, Song
from song.time import bars_to_ticks

REST = {FILTER_CONTROLLER: OPEN, DEPTH_CONTROLLER: 0}
"""The value, 0-127, that each controller has where nothing wobbles."""


class Stretch(msgspec.Struct, frozen=True):
    """A section where it lies.

    Attributes:
        number: from 1.
        name: as the song calls it.
        section: the section.
        key: as `song.scales.parse_key` reads it.
        start_bar: from 0.
    """

    number: int
    name: str
    section: Section
    key: str
    start_bar: int

    @property
    def start_tick(self) -> int:
        """Its first tick."""
        return bars_to_ticks(self.start_bar)

    @property
    def end_tick(self) -> int:
        """The first tick after it."""
        return bars_to_ticks(self.start_bar + self.section.bars)


class Clip(msgspec.Struct, frozen=True):
    """The music of a track in a section, counted from the section's start.

    Attributes:
        stretch, track: the section and the track.
        notes: none where it is silent.
        controllers: changes as (tick, controller, value); what was set before and is not at rest is set on the first
            tick.
    """

    stretch: Stretch
    track: Track
    notes: tuple[Note, ...]
    controllers: tuple[tuple[int, int, int], ...]

    @property
    def name(self) -> str:
        """Its name in the other program: "DROP 1 Bass"."""
        return f"{self.stretch.name} {self.track.name}"


class Arrangement:
    """A song laid out.

    Attributes:
        song: the song.
        tracks: as `song.export.tracks.lay_out` makes them.
        stretches: its sections in order.
        credits: lines on whose music the weights that wrote it learned from.
        samples: the sounds of its channels, where some were made.
    """

    def __init__(self, song: Song, credits: tuple[str, ...] = (), samples: Samples = NO_SAMPLES) -> None:
        """Lay a song out.

        Raises:
            ValueError: where a note or a wobble that would sound is out of range.
        """
        self.song, self.credits, self.samples = song, credits, samples
        self.tracks = lay_out(song)
        self.stretches = tuple(
            Stretch(number, name, section, song.key_of(number - 1), start_bar)
            for number, (name, section, start_bar) in enumerate(
                zip(song.section_names(), song.sections, song.start_bars(), strict=True), 1
            )
        )

    @cached_property
    def tempi(self) -> list[tuple[int, float]]:
        """Tempo changes, as of `song.export.tempo.tempo_changes`."""
        return tempo_changes(self.song)

    @cached_property
    def clips(self) -> tuple[tuple[Clip, ...], ...]:
        """The clips of each track, one a section, tracks and sections in order."""
        return tuple(self._clips_of(track) for track in self.tracks)

    def tempo_at(self, tick: int) -> float:
        """The tempo that holds on a tick, in quarters a minute; 120 in a song of no length."""
        at = 120.0
        for change, tempo_bpm in self.tempi:
            if change > tick:
                break
            at = tempo_bpm
        return at

    def _clips_of(self, track: Track) -> tuple[Clip, ...]:
        held: dict[int, int] = {}
        clips = []
        for stretch in self.stretches:
            start, end = stretch.start_tick, stretch.end_tick
            low, high = (bisect_left(track.notes, tick, key=_onset) for tick in (start, end))
            notes = tuple(
                Note(one.onset_tick - start, one.pitch, one.duration_ticks, one.velocity)
                for one in track.notes[low:high]
            )
            low, high = (bisect_left(track.controllers, tick, key=_tick) for tick in (start, end))
            changes = track.controllers[low:high]
            set_at_once = {controller for tick, controller, _ in changes if tick == start}
            begun = [
                (0, controller, value)
                for controller, value in sorted(held.items())
                if value != REST[controller] and controller not in set_at_once
            ]
            moved = ((tick - start, controller, value) for tick, controller, value in changes)
            clips.append(Clip(stretch, track, notes, (*begun, *moved)))
            held.update((controller, value) for _, controller, value in changes)
        return tuple(clips)


def _onset(note: Note) -> int:
    return note.onset_tick


def _tick(change: tuple[int, int, int]) -> int:
    return change[0]
