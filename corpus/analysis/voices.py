"""Parts from several tracks of one role, and further voices from what is left over.

Roles are decided in `corpus.analysis.roles`; drum tracks become one part in `corpus.analysis.kit`.
"""

from collections import defaultdict
from collections.abc import Sequence

import msgspec

from corpus.analysis.drum_tracks import as_drums
from corpus.analysis.kit import kit
from corpus.analysis.roles import fits, roles_of
from corpus.analysis.timing import MICRO_PER_TICK, snap_length, snap_onsets
from corpus.analysis.wobble_reading import heard_wobbles
from corpus.pieces import Grace
from corpus.tracks import NoteWobble, RawTrack
from song.notes import Note
from song.parts import PART_SPECS, Part
from song.time import TICKS_PER_BAR

GAP_BARS = 4
"""A second track of a role fills silences of the first that are at least this long."""
MIN_BARS = 2
"""A track that sounds in fewer bars is no part by itself."""

Place = tuple[int, int]
"""The onset and the pitch of a note: no part has two notes of one place."""


class Detail(msgspec.Struct, frozen=True):
    """Timing and wobbles of a note, which its own values do not tell.

    Attributes:
        micro: how much later than its onset it was played, in tenths of a tick.
        wobbles: what moves the filter while it sounds.
    """

    micro: int = 0
    wobbles: tuple[NoteWobble, ...] = ()


class Candidate(msgspec.Struct, frozen=True):
    """A track with its role, and how well it would serve as that part.

    Attributes:
        part: its role.
        score: greater is better; compares the tracks of one piece.
        notes: sorted and snapped to the grid.
        details: of each note, by its place.
        bars: those that it sounds in.
    """

    part: Part
    score: float
    notes: tuple[Note, ...]
    details: dict[Place, Detail]
    bars: frozenset[int]


class Voices(msgspec.Struct, frozen=True):
    """Parts that sound together.

    Attributes:
        parts: notes snapped to the grid, with the part's polyphony; no part is empty.
        details: of each note of each part, by its place.
        graces: hits of the drums that have no note.
    """

    parts: dict[Part, tuple[Note, ...]]
    details: dict[Part, dict[Place, Detail]]
    graces: tuple[Grace, ...] = ()


def voices_of(tracks: Sequence[RawTrack], roles: Sequence[Part | None] | None = None) -> list[Voices]:
    """The parts of a piece: first its main ones, then what other tracks play instead of them, pitched parts only.

    All drum tracks make one part. Of the tracks of a pitched role the best is the part; others fill silences of four
    bars or more; a track that doubles another, in unison, in octaves or as its echo, is dropped. What is left over
    makes further sets of parts, so that nothing worth learning is lost.

    Args:
        tracks: onsets as they were played.
        roles: of each of them, where they are known already.
    """
    candidates: dict[Part, list[Candidate]] = defaultdict(list)
    drums: list[RawTrack] = []
    for track, part in zip(tracks, roles_of(tracks) if roles is None else roles, strict=True):
        if part is Part.DRUMS:
            drums.append(as_drums(track) or track)
        elif part is not None:
            candidates[part].append(_candidate(track, part))
    waiting = {part: _undoubled(found) for part, found in candidates.items()}
    sets: list[Voices] = []
    first = _drum_part(drums)
    while first is not None or any(waiting.values()):
        parts, details, graces = ({}, {}, ()) if first is None else (first.parts, first.details, first.graces)
        first = None
        for part, queue in waiting.items():
            if not queue:
                continue
            found, waiting[part] = _merge(queue)
            if len(found.bars) >= MIN_BARS or not sets:
                parts, details = {**parts, part: found.notes}, {**details, part: found.details}
        if parts:
            sets.append(Voices(parts, details, graces))
    return sets


def _drum_part(tracks: Sequence[RawTrack]) -> Voices | None:
    hits = [note for track in tracks for note in track.notes]
    offsets = [offset for track in tracks for offset in track.offsets or (0,) * len(track.notes)]
    drums = kit(hits, offsets)
    if not drums.notes:
        return None
    places = [(note.onset_tick, note.pitch) for note in drums.notes]
    details = {place: Detail(micro) for place, micro in zip(places, drums.micro, strict=True)}
    return Voices({Part.DRUMS: drums.notes}, {Part.DRUMS: details}, drums.graces)


def _candidate(track: RawTrack, part: Part) -> Candidate:
    onsets = snap_onsets([note.onset_tick for note in track.notes])
    offsets = track.offsets or (0,) * len(track.notes)
    heard = heard_wobbles(track) if part is Part.BASS else {}
    stacks: dict[int, dict[int, Note]] = defaultdict(dict)
    details: dict[Place, Detail] = {}
    for onset, offset, played in zip(onsets, offsets, track.notes, strict=True):
        note = Note(onset, played.pitch, snap_length(played.duration_ticks), played.velocity)
        there = stacks[onset].get(note.pitch)
        if there is None or note.duration_ticks > there.duration_ticks:
            stacks[onset][note.pitch] = note
            micro = (played.onset_tick - onset) * MICRO_PER_TICK + offset
            details[onset, note.pitch] = Detail(micro, heard.get(played.onset_tick, ()))
    notes = tuple(_reduce(stacks, part))
    variety = min(len({note.pitch for note in notes}), 7)
    # Of a wobbling bass and the sub that doubles it, the bass is the part.
    bars = frozenset(_sounding_bars(notes))
    score = len(bars) * (1.0 + 0.5 * fits(track, part) + 0.1 * variety + 0.3 * bool(heard))
    return Candidate(part, score, notes, details, bars)


def _reduce(stacks: dict[int, dict[int, Note]], part: Part) -> list[Note]:
    """The notes of some stacks, by onset and pitch, with no more starting at once than the part holds.

    A bass keeps the lowest, a lead the highest ones.
    """
    most = PART_SPECS[part].polyphony
    kept: list[Note] = []
    for onset in sorted(stacks):
        stack = [stacks[onset][pitch] for pitch in sorted(stacks[onset])]
        if len(stack) > most:
            stack = stack[:1] + stack[len(stack) - most + 1 :] if part is not Part.LEAD else stack[-most:]
        kept.extend(stack)
    if part is not Part.BASS:
        return kept
    return [
        note
        if index + 1 == len(kept) or kept[index + 1].onset_tick >= note.end_tick
        else Note(note.onset_tick, note.pitch, kept[index + 1].onset_tick - note.onset_tick, note.velocity)
        for index, note in enumerate(kept)
    ]


def _undoubled(candidates: list[Candidate]) -> list[Candidate]:
    """The candidates, the best first, without those that double a better one."""
    kept: list[Candidate] = []
    for candidate in sorted(candidates, key=lambda one: -one.score):
        if not any(_doubles(candidate.notes, other.notes) for other in kept):
            kept.append(candidate)
    return kept


def _doubles(notes: tuple[Note, ...], other: tuple[Note, ...]) -> bool:
    """True where nine in ten notes lie on another's, octaves apart or not, or the pitches follow the same course."""
    there = {(note.onset_tick, note.pitch % 12) for note in other}
    shared = sum((note.onset_tick, note.pitch % 12) in there for note in notes)
    if shared >= 0.9 * len(notes):
        return True
    ours, theirs = [note.pitch % 12 for note in notes], [note.pitch % 12 for note in other]
    return len(notes) >= 8 and ours == theirs


def _merge(queue: list[Candidate]) -> tuple[Candidate, list[Candidate]]:
    """The best candidate with its long silences filled by the others, and the candidates that gave nothing."""
    best, *others = queue
    notes, details = list(best.notes), dict(best.details)
    left = []
    taken = set(best.bars)
    for candidate in others:
        free = _long_runs(max(*candidate.bars, *taken) + 1, taken)
        if len(candidate.bars & free) < GAP_BARS:
            left.append(candidate)
            continue
        extra = [note for note in candidate.notes if note.onset_tick // TICKS_PER_BAR in free]
        if len(_sounding_bars(extra)) < GAP_BARS:
            left.append(candidate)
            continue
        notes.extend(_ending_within(extra, free))
        details = {**candidate.details, **details}
        taken = _sounding_bars(notes)
        rest = [note for note in candidate.notes if note.onset_tick // TICKS_PER_BAR not in free]
        if len(_sounding_bars(rest)) >= GAP_BARS:
            bars = frozenset(_sounding_bars(rest))
            left.append(msgspec.structs.replace(candidate, notes=tuple(rest), bars=bars))
    return Candidate(best.part, best.score, tuple(sorted(notes)), details, frozenset(taken)), left


def _ending_within(notes: list[Note], free: set[int]) -> list[Note]:
    """Notes of which none sounds on into a bar that is not free."""
    kept = []
    for note in notes:
        bar = note.onset_tick // TICKS_PER_BAR
        while bar + 1 in free:
            bar += 1
        ends = min(note.end_tick, (bar + 1) * TICKS_PER_BAR)
        kept.append(Note(note.onset_tick, note.pitch, ends - note.onset_tick, note.velocity))
    return kept


def _long_runs(bars: int, taken: set[int]) -> set[int]:
    """The bars that lie in silences of at least `GAP_BARS`."""
    free: set[int] = set()
    start = 0
    for bar in range(bars + 1):
        if bar in taken or bar == bars:
            if bar - start >= GAP_BARS:
                free.update(range(start, bar))
            start = bar + 1
    return free


def _sounding_bars(notes: Sequence[Note]) -> set[int]:
    found = {note.onset_tick // TICKS_PER_BAR for note in notes}
    for note in notes:
        first, last = note.onset_tick // TICKS_PER_BAR, (note.onset_tick + note.duration_ticks - 1) // TICKS_PER_BAR
        if last > first:
            found.update(range(first + 1, last + 1))
    return found
