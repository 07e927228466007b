"""A whole arrangement as another program's file tells it, before it is known whether it is a song of ours.

Made in `corpus.readers`; `corpus.readers.rebuilding` makes a song of one that Dropsmith wrote, and `recording` what is
arranged of any other.
"""

from collections import Counter

import msgspec

from corpus.tracks import RawTrack, Recording
from song.limits import MAX_TEMPO_BPM, MIN_TEMPO_BPM
from song.parts import PART_SPECS, SUB_CHANNEL, SUB_NAME, SUB_PROGRAM
from song.sections import SectionKind
from song.time import TICKS_PER_BAR


class Timeline(msgspec.Struct, frozen=True):
    """An arrangement at 96 ticks a quarter, in 4/4.

    Attributes:
        title: as the file has it, or empty.
        tracks: in order, silent ones too.
        tempi: tempo changes as (tick, quarters a minute), in order; a ramp is one a quarter.
        markers: (tick, name), in order.
        keys: (tick, key as `song.scales.parse_key` reads it), in order; none where the file knows no keys.
        kinds: (tick, kind) of sections whose names need not say it.
        comments: what the file says of itself.
        genre: a style, or empty.
        length_ticks: from its start to its end.
        partly: what of the file was left out, in a few words, or empty.
    """

    title: str
    tracks: tuple[RawTrack, ...]
    tempi: tuple[tuple[int, float], ...]
    markers: tuple[tuple[int, str], ...] = ()
    keys: tuple[tuple[int, str], ...] = ()
    kinds: tuple[tuple[int, SectionKind], ...] = ()
    comments: str = ""
    genre: str = ""
    length_ticks: int = 0
    partly: str = ""

    def tempo_at(self, tick: int) -> float:
        """The tempo that holds on a tick, in quarters a minute; that of the start before the first change."""
        at = self.tempi[0][1] if self.tempi else 120.0
        for change, tempo_bpm in self.tempi:
            if change > tick:
                break
            at = tempo_bpm
        return at


def recording(timeline: Timeline) -> Recording:
    """The arrangement as a file of unknown parts: tracks with notes, the tempo that lasts longest, bars of markers."""
    lasting: Counter[float] = Counter()
    end = max((note.end_tick for track in timeline.tracks for note in track.notes), default=0)
    for (tick, tempo_bpm), (following, _) in zip(timeline.tempi, [*timeline.tempi[1:], (end, 0.0)], strict=True):
        lasting[round(tempo_bpm, 2)] += max(min(following, end) - tick, 0)
    main = max(lasting, key=lasting.__getitem__, default=120.0)
    markers = tuple((tick // TICKS_PER_BAR, name) for tick, name in timeline.markers)
    tempi: list[tuple[int, float]] = []
    for tick, tempo_bpm in timeline.tempi or ((0, main),):
        bpm = min(MAX_TEMPO_BPM, max(MIN_TEMPO_BPM, tempo_bpm))
        if not tempi or tempi[-1][1] != bpm:
            tempi.append((tick if tempi else 0, bpm))
    bars = -(-max(timeline.length_ticks, end) // TICKS_PER_BAR)
    tracks = tuple(track for track in timeline.tracks if track.notes)
    return Recording(tracks, main, markers, timeline.partly, bars, tuple(tempi))


def as_export(music: Recording, *, has_sub: bool) -> Recording:
    """A recording that was found to be an export of ours, with its tracks on the channels that a MIDI file has them on.

    Args:
        music: a file whose tracks are called as ours are.
        has_sub: whether a sub was derived from its bass.
    """
    places = {spec.name: (spec.channel, spec.program) for spec in PART_SPECS.values()}
    places[SUB_NAME] = (SUB_CHANNEL, SUB_PROGRAM)
    tracks = []
    for track in music.tracks:
        channel, program = places[track.name]
        tracks.append(msgspec.structs.replace(track, channel=channel, program=program))
    return msgspec.structs.replace(music, tracks=tuple(tracks), is_ours=True, has_sub=has_sub)
