"""Songs of ours rebuilt from what an export holds: sections from markers, parts from tracks, exactly as they were.

A file that is not as Dropsmith writes it is left to the analysis of files of unknown parts.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

import msgspec

from corpus.analysis.structure import kind_of
from corpus.analysis.wobble_exact import exact_wobbles
from corpus.timelines import Timeline
from corpus.tracks import RawTrack
from song.density import onsets_to_density
from song.errors import UserError
from song.export.section_lines import SectionLine, read_section_lines
from song.limits import MAX_BARS, MAX_NAME, MAX_SECTIONS, MAX_TEMPO_BPM, MIN_TEMPO_BPM
from song.notes import RATES, Note, Phrase, Wobble
from song.parts import PART_SPECS, PARTS, SUB_NAME, Part
from song.scales import parse_key
from song.sections import (
    Cell,
    Cells,
    Constraints,
    Density,
    Section,
    SectionKind,
    Song,
    Take,
    WobbleRange,
    number_sections,
)
from song.styles import STYLES
from song.time import QUARTERS_PER_BAR, TICKS_PER_BAR, TICKS_PER_QUARTER, ramp
from song.validation import find_problem

IMPORTED = "import"
"""The name in place of an engine's, in the takes of such a song."""
_PART_OF = {spec.name: part for part, spec in PART_SPECS.items()}
_TEMPO_SLACK = 2e-3


def rebuilt(timeline: Timeline, seed: int) -> Song | None:
    """The song that an export of ours holds, or None where it is another program's, or was changed beyond that.

    Every note is on its tick, of its length; wobbles give the same controller values; tempi and keys are those of the
    sections. Of what a file does not hold (other takes, constraints) the music speaks.

    Args:
        timeline: what the file tells.
        seed: of the new song.
    """
    tracks = {track.name: track for track in timeline.tracks}
    named = {**_PART_OF, SUB_NAME: None}
    if len(tracks) < len(timeline.tracks) or not set(_PART_OF) <= set(tracks) <= set(named):
        return None
    lines = {line.start_bar: line for line in read_section_lines(timeline.comments)}
    bars = _bars_of_sections(timeline, lines)
    if bars is None:
        return None
    starts = [tick // TICKS_PER_BAR for tick, _ in timeline.markers]
    told = [lines.get(start) if lines.get(start) is not None and lines[start].bars == length else None
            for start, length in zip(starts, bars, strict=True)]  # fmt: skip
    wobbles = _wobbles(tracks[PART_SPECS[Part.BASS].name])
    if wobbles is None:
        return None
    music = {
        part: _phrases(tracks[name], starts, bars, wobbles if part is Part.BASS else ())
        for name, part in _PART_OF.items()
    }
    keys = [_key(timeline, start, line) for start, line in zip(starts, told, strict=True)]
    main = Counter(keys).most_common(1)[0][0] if keys else Song().key
    names = [name for _, name in timeline.markers]
    kinds = _kinds(timeline, names, told)
    sections = tuple(
        _section(
            kinds[index],
            bars[index],
            _tempo(timeline, starts[index], bars[index], told[index]),
            None if keys[index] == main else keys[index],
            {part: music[part][index] for part in PARTS},
        )
        for index in range(len(bars))
    )
    style = {timeline.genre: 1.0} if timeline.genre in STYLES else Song().style
    song = Song(
        title="".join(letter if letter.isprintable() else " " for letter in timeline.title),
        style=style,
        key=main,
        seed=seed,
        sub=SUB_NAME in tracks,
        sections=_named(sections, names),
    )
    song = number_sections(song)
    return None if find_problem(song) else song


def _bars_of_sections(timeline: Timeline, lines: Mapping[int, SectionLine]) -> list[int] | None:
    """Bars of each section, or None where the markers are not those of a song.

    Where the last section ends in silence, a line alone may say how long it is.
    """
    ticks = [tick for tick, _ in timeline.markers]
    last = lines.get(ticks[-1] // TICKS_PER_BAR) if ticks else None
    end = 0 if last is None else (last.start_bar + last.bars) * TICKS_PER_BAR
    sounding = max((note.end_tick for track in timeline.tracks for note in track.notes), default=0)
    edges = [*ticks, end if end >= sounding and end > 0 else timeline.length_ticks]
    if sounding > edges[-1]:
        return None
    if not ticks or ticks[0] != 0 or len(ticks) > MAX_SECTIONS or any(tick % TICKS_PER_BAR for tick in edges):
        return None
    bars = [(after - before) // TICKS_PER_BAR for before, after in pairwise(edges)]
    return bars if all(1 <= length <= MAX_BARS for length in bars) else None


def _wobbles(bass: RawTrack) -> tuple[Wobble, ...] | None:
    changes = sorted((tick, controller, value) for controller, curve in bass.curves.items() for tick, value in curve)
    return exact_wobbles(changes, bass.notes)


def _phrases(track: RawTrack, starts: Sequence[int], bars: Sequence[int], wobbles: Sequence[Wobble]) -> list[Phrase]:
    phrases = []
    for start, length in zip(starts, bars, strict=True):
        first, end = start * TICKS_PER_BAR, (start + length) * TICKS_PER_BAR
        low, high = (bisect_left(track.notes, tick, key=_onset) for tick in (first, end))
        notes = tuple(
            Note(one.onset_tick - first, one.pitch, min(one.duration_ticks, end - one.onset_tick), one.velocity)
            for one in track.notes[low:high]
        )
        within = tuple(
            Wobble(
                max(one.onset_tick, first) - first,
                min(one.end_tick, end) - max(one.onset_tick, first),
                one.rate,
                one.depth,
                one.shape,
            )
            for one in wobbles
            if one.onset_tick < end and one.end_tick > first
        )
        phrases.append(Phrase(length, notes, within))
    return phrases


def _onset(note: Note) -> int:
    return note.onset_tick


def _section(
    kind: SectionKind, bars: int, tempo: tuple[float, float], key: str | None, music: dict[Part, Phrase]
) -> Section:
    """A section that asks for what its music is."""
    density = Density(**{part.value: round(onsets_to_density(part, music[part].onsets_per_bar()), 2) for part in PARTS})
    wobbles = music[Part.BASS].wobbles
    used = {wobble.rate for wobble in wobbles}
    asked = WobbleRange(
        tuple(rate for rate in RATES if rate in used),
        round(max(wobble.depth for wobble in wobbles), 2) if wobbles else WobbleRange().depth,
        wobbles[0].shape if wobbles else WobbleRange().shape,
    )
    cells = Cells(
        **{part.value: Cell((Take(phrase, engine=IMPORTED),), 0) for part, phrase in music.items() if phrase.notes}
    )
    return Section(kind, bars, Constraints(tempo_bpm=tempo, density=density, wobble=asked, key=key), cells)


def _tempo(timeline: Timeline, start_bar: int, bars: int, line: SectionLine | None) -> tuple[float, float]:
    """The tempo at the first and the last quarter; exact where a line says it and the file does not say otherwise."""
    first = start_bar * TICKS_PER_BAR
    heard = [timeline.tempo_at(first + quarter * TICKS_PER_QUARTER) for quarter in range(bars * QUARTERS_PER_BAR)]
    if line is not None:
        asked = dict(ramp(*line.tempo_bpm, bars))
        told = [asked.get(quarter * TICKS_PER_QUARTER, line.tempo_bpm[0]) for quarter in range(len(heard))]
        if all(abs(one - other) < _TEMPO_SLACK for one, other in zip(heard, told, strict=True)):
            return line.tempo_bpm
    low, high = (_within(tempo) for tempo in (heard[0], heard[-1]))
    return low, high


def _within(tempo_bpm: float) -> float:
    return min(MAX_TEMPO_BPM, max(MIN_TEMPO_BPM, tempo_bpm))


def _key(timeline: Timeline, start_bar: int, line: SectionLine | None) -> str:
    held = [key for tick, key in timeline.keys if tick <= start_bar * TICKS_PER_BAR]
    for key in (line.key if line is not None else None, held[-1] if held else None):
        if key is not None:
            try:
                return str(parse_key(key))
            except UserError:
                continue
    return Song().key


def _kinds(timeline: Timeline, names: Sequence[str], told: Sequence[SectionLine | None]) -> list[SectionKind]:
    """The kind of each section: as the file says it, else as its name does, else that of the one before."""
    said = dict(timeline.kinds)
    kinds: list[SectionKind] = []
    for (tick, _), name, line in zip(timeline.markers, names, told, strict=True):
        before = kinds[-1] if kinds else SectionKind.INTRO
        by_line = line.kind if line is not None and line.name.split() == name.split() else None
        kinds.append(said.get(tick) or by_line or kind_of(name) or before)
    return kinds


def _named(sections: tuple[Section, ...], names: Sequence[str]) -> tuple[Section, ...]:
    """The sections with a name of their own where their kind does not give the one that they have."""
    own = [""] * len(sections)
    while True:
        named = tuple(msgspec.structs.replace(one, name=name) for one, name in zip(sections, own, strict=True))
        given = Song(sections=named).section_names()
        wrong = [index for index, name in enumerate(names) if given[index] != name and not own[index] and name]
        if not wrong:
            return named
        for index in wrong:
            own[index] = names[index][:MAX_NAME]
