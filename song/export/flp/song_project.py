"""A song laid out as an FL Studio project.

Each drum is a sampler channel with its notes on C5, each other part one channel; a pattern for each section and part,
one for all that hold the same notes; clips by section on a track a part; a marker a section. The tempo and the wobble
are automation clips, and each bass note has the wobble's mean cutoff as its mod X. The kick's mixer track is heard by
those of the other parts without a level, which is what a compressor there follows.
"""

from bisect import bisect_right
from collections.abc import Sequence

from song.drums import KICK, canonical_drum
from song.export.arrangement import REST, Arrangement, Clip
from song.export.drum_lanes import SAMPLE_PITCH, drum_lanes
from song.export.flp.parts import (
    CUTOFF_PARAMETER,
    MAX_CHANNELS,
    NEUTRAL,
    TEMPO_PARAMETER,
    TEMPO_TARGET,
    FlChannel,
    FlClip,
    FlInsert,
    FlLink,
    FlMarker,
    FlNote,
    FlPattern,
    FlPoint,
    FlProject,
    FlTrack,
)
from song.export.flp.project import project_bytes
from song.export.looks import SHORT_PRESETS, TRACK_COLOURS, swapped
from song.export.section_lines import section_lines
from song.export.tempo import tempo_corners
from song.export.tracks import Track
from song.export.wobble_cc import DEPTH_CONTROLLER, FILTER_CONTROLLER, OPEN
from song.parts import PART_SPECS, Part
from song.time import TICKS_PER_BAR

LOWEST_TEMPO, TEMPO_SPAN = 10.0, 512.0
"""The tempo, in quarters a minute, that 0 is on an automation clip, and how much faster 1 is."""
WOBBLE_NAME = "wobble"
"""The word that ends the name of an automation clip of the bass's cutoff."""
DEPTH_NAME = "wobble depth"
"""The words that end the name of one of the wobble's depth."""
_DRUMS, _BASS = PART_SPECS[Part.DRUMS].name, PART_SPECS[Part.BASS].name
_HELD_TICKS = 4


def flp_bytes(arrangement: Arrangement) -> bytes:
    """A song as the bytes of an FL Studio project; the same song gives the same bytes.

    Raises:
        ValueError: where it holds more than FL Studio does, which no valid song does.
    """
    return project_bytes(song_project(arrangement))


def song_project(arrangement: Arrangement) -> FlProject:
    """A song as an FL Studio project."""
    return _Layout(arrangement).project()


class _Layout:
    """A project while it is laid out: what is added gets its number here."""

    def __init__(self, arrangement: Arrangement) -> None:
        self.arrangement = arrangement
        self.tracks = arrangement.tracks
        self.channels: list[FlChannel] = []
        self.patterns: list[FlPattern] = []
        self.numbers: dict[tuple[str, tuple[FlNote, ...]], int] = {}
        self.clips: list[FlClip] = []
        self.links: list[FlLink] = []
        self.playlist: list[FlTrack] = []
        self.inserts: dict[int, FlInsert] = {}

    def project(self) -> FlProject:
        drums = next(track for track in self.tracks if track.name == _DRUMS)
        others = [track for track in self.tracks if track is not drums]
        of_drum = self._drum_channels(drums, others)
        of_track = {track.name: self._channel(track, insert) for insert, track in enumerate(others, 2)}
        for number, clips in enumerate(self.arrangement.clips, 1):
            track = clips[0].track if clips else self.tracks[number - 1]
            self.playlist.append(FlTrack(track.name, _colour(track.name)))
            for clip in clips:
                self._add(clip, number, _fl_notes(clip, of_drum, of_track))
        self._tempo()
        self._wobble(of_track[_BASS])
        song = self.arrangement.song
        return FlProject(
            tempo_bpm=self.arrangement.tempo_at(0),
            channels=tuple(self.channels),
            patterns=tuple(self.patterns),
            clips=tuple(self.clips),
            markers=tuple(FlMarker(one.start_tick, one.name) for one in self.arrangement.stretches),
            tracks=tuple(self.playlist),
            inserts=self.inserts,
            links=tuple(self.links),
            title=song.title,
            genre=max(song.style, key=song.style.__getitem__, default=""),
            comments="\r".join(section_lines(self.arrangement)),
        )

    def _drum_channels(self, drums: Track, others: Sequence[Track]) -> dict[int, int]:
        """A channel and a mixer track for each drum, all of which go to that of the drums; channels by note."""
        colour = _colour(_DRUMS)
        self.inserts[1] = FlInsert(_DRUMS, colour)
        heard_by = tuple(range(2, 2 + len(others)))
        channels = {}
        for insert, lane in enumerate(drum_lanes(drums.notes), 2 + len(others)):
            channels[lane.pitch] = len(self.channels)
            # Above the last usual mixer track drums share that of all.
            own = insert <= 99
            sample = self.arrangement.samples.of_drum.get(lane.pitch, "")
            self.channels.append(FlChannel(lane.label, colour, insert if own else 1, sample=sample))
            if own:
                self.inserts[insert] = FlInsert(
                    lane.label, colour, (1,), heard_by if canonical_drum(lane.pitch) == KICK else ()
                )
        return channels

    def _channel(self, track: Track, insert: int) -> int:
        colour = _colour(track.name)
        self.inserts[insert] = FlInsert(track.name, colour)
        sample = self.arrangement.samples.of_track.get(track.name, "")
        self.channels.append(FlChannel(f"{track.name} ({SHORT_PRESETS[track.name]})", colour, insert, sample=sample))
        return len(self.channels) - 1

    def _add(self, clip: Clip, track: int, notes: tuple[FlNote, ...]) -> None:
        """Lay a clip whose pattern is that of an earlier one with the same notes, if there is one."""
        if not notes:
            return
        number = self.numbers.setdefault((clip.track.name, notes), len(self.numbers) + 1)
        if number > len(self.patterns):
            self.patterns.append(FlPattern(clip.name, notes, _colour(clip.track.name)))
        # A clip that is longer than its pattern would be played round and round.
        bars = -(-max(note.position + note.length for note in notes) // TICKS_PER_BAR)
        self.clips.append(FlClip(clip.stretch.start_tick, bars * TICKS_PER_BAR, track, number))

    def _tempo(self) -> None:
        corners = tempo_corners(self.arrangement.song)
        if len({tempo for _, tempo in corners}) < 2:
            return
        points = tuple(FlPoint(tick, (tempo - LOWEST_TEMPO) / TEMPO_SPAN) for tick, tempo in corners)
        channel = self._automation("Tempo", points, TEMPO_TARGET, TEMPO_PARAMETER)
        self.playlist.append(FlTrack("Tempo"))
        self.clips.append(FlClip(0, self.arrangement.song.length_ticks, len(self.playlist), channel=channel))

    def _wobble(self, bass: int) -> None:
        """Clips of the filter's cutoff by section, linked to the bass, and of the wobble's depth, linked to nothing."""
        index = [track.name for track in self.tracks].index(_BASS)
        curves = {
            (name, controller): [
                (clip.name, clip.stretch.start_tick, clip.stretch.section.length_ticks, points)
                for clip in self.arrangement.clips[index]
                if (points := _corners(clip.controllers, controller, clip.stretch.section.length_ticks))
            ]
            for name, controller in ((WOBBLE_NAME, FILTER_CONTROLLER), (DEPTH_NAME, DEPTH_CONTROLLER))
        }
        distinct = len({points for clips in curves.values() for *_, points in clips})
        for (name, controller), clips in curves.items():
            if not clips:
                continue
            if len(self.channels) + distinct > MAX_CHANNELS:
                end = self.arrangement.song.length_ticks
                clips = [(_BASS, 0, end, _corners(self.tracks[index].controllers, controller, end))]
            self.playlist.append(FlTrack(f"{_BASS} {name}", _colour(_BASS)))
            target = bass if controller == FILTER_CONTROLLER else None
            known: dict[tuple[FlPoint, ...], int] = {}
            for clip_name, start, length, points in clips:
                if points not in known:
                    known[points] = self._automation(
                        f"{clip_name} {name}", points, target, CUTOFF_PARAMETER, _colour(_BASS)
                    )
                self.clips.append(FlClip(start, length, len(self.playlist), channel=known[points]))

    def _automation(
        self, name: str, points: tuple[FlPoint, ...], target: int | None, parameter: int, colour: int | None = None
    ) -> int:
        channel = FlChannel(name, points=points) if colour is None else FlChannel(name, colour, points=points)
        self.channels.append(channel)
        if target is not None:
            self.links.append(FlLink(len(self.channels) - 1, target, parameter))
        return len(self.channels) - 1


def _colour(track: str) -> int:
    return swapped(TRACK_COLOURS[track])


def _fl_notes(clip: Clip, of_drum: dict[int, int], of_track: dict[str, int]) -> tuple[FlNote, ...]:
    if clip.track.name == _DRUMS:
        return tuple(
            FlNote(note.onset_tick, of_drum[note.pitch], note.duration_ticks, SAMPLE_PITCH, note.velocity)
            for note in clip.notes
        )
    channel = of_track[clip.track.name]
    cutoffs = note_cutoffs(clip)
    return tuple(
        FlNote(note.onset_tick, channel, note.duration_ticks, note.pitch, note.velocity, cutoff)
        for note, cutoff in zip(clip.notes, cutoffs, strict=True)
    )


def note_cutoffs(clip: Clip) -> list[int]:
    """Mod X of each note of a clip, 0-128: its filter's mean opening while it sounds, `NEUTRAL` where it is open."""
    ticks, levels, areas = [0], [OPEN], [0]
    for tick, value in _filter_changes(clip):
        areas.append(areas[-1] + levels[-1] * (tick - ticks[-1]))
        ticks.append(tick)
        levels.append(value)

    def area_until(tick: int) -> int:
        index = bisect_right(ticks, tick) - 1
        return areas[index] + levels[index] * (tick - ticks[index])

    return [
        round(NEUTRAL * (area_until(note.end_tick) - area_until(note.onset_tick)) / (OPEN * note.duration_ticks))
        for note in clip.notes
    ]


def _filter_changes(clip: Clip) -> list[tuple[int, int]]:
    return [(tick, value) for tick, which, value in clip.controllers if which == FILTER_CONTROLLER]


def _corners(changes: Sequence[tuple[int, int, int]], controller: int, end_tick: int) -> tuple[FlPoint, ...]:
    """The corners of a controller's curve: changes joined by lines, a held value by a level one; none at rest."""
    points: list[FlPoint] = []
    before_tick, before = 0, REST[controller]
    for tick, which, value in changes:
        if which != controller:
            continue
        if not points and tick > 0:
            points.append(FlPoint(0, before / OPEN))
        if tick - before_tick > _HELD_TICKS and tick > 0:
            points.append(FlPoint(tick, before / OPEN))
        points.append(FlPoint(tick, value / OPEN))
        before_tick, before = tick, value
    if points and before_tick < end_tick:
        points.append(FlPoint(end_tick, before / OPEN))
    return tuple(points)
