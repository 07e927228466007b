"""Which track is drums, bass, chords or lead, by one set of rules; and how several tracks of one role become one part.

The rules, the first that fits decides (`role_of`):

1. Channel 10, or a name with a drum word over notes that are all drums: drums.
2. General MIDI programs 113-128 (percussive, sound effects) and timpani: no part.
3. A General MIDI bass below MIDI 57 in the median, or a name with a bass word below 64 (octaves differ): bass.
4. No key above 45, or a median of 43 or less with at most one note in five stacked: bass.
5. Three or more notes at once on 30% of the onsets: chords. Two or more on 60%: chords too, unless a name with a lead
   word or a General MIDI solo program says that it is a tune in two voices.
6. A name with a chord word, or strings, a choir, an organ or a pad that sounds 1.5 notes at once or holds for half a
   bar in the median: chords.
7. Anything else of two pitches or more: lead.
8. In a piece without a bass, the lowest lead is the bass if it has one note at a time, at most 60 in the median, and
   everything else that is pitched lies 10 semitones or more above it.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from statistics import median

import msgspec

from corpus.drum_map import canonical_drum
from corpus.timing import snap_length, snap_onsets
from corpus.tracks import RawTrack
from song.notes import Note
from song.parts import PART_SPECS, Part
from song.time import TICKS_PER_BAR, TICKS_PER_STEP

DRUM_TICKS = TICKS_PER_STEP
"""How long every drum is held; how long a source holds it says nothing."""
GAP_BARS = 4
"""A second track of a role fills silences of the first that are at least this long."""
MIN_BARS = 2
"""A track that sounds in fewer bars is no part by itself."""

_DRUM_WORDS = re.compile(r"drum|\bkit\b|perc|beat\b")
_BASS_WORDS = re.compile(r"bass(?!oon| drum|drum| lead)|\bsub|wob|\b808\b|reese|growl")
_CHORD_WORDS = re.compile(r"chord|\bpad|stab|rhythm|harmony|string|choir")
_LEAD_WORDS = re.compile(r"lead|melod|solo|vocal|theme|hook|arp|pluck")
_BASS_PROGRAMS = frozenset((*range(32, 40), 43, 58))
_PAD_PROGRAMS = frozenset((*range(16, 24), *range(48, 55), *range(88, 96)))
_LEAD_PROGRAMS = frozenset((40, 41, 56, *range(64, 88)))
_NO_PART_PROGRAMS = frozenset((47, *range(112, 128)))


class Candidate(msgspec.Struct, frozen=True):
    """A track with its role, and how well it would serve as that part.

    Attributes:
        part: its role.
        score: greater is better; compares the tracks of one piece.
        notes: sorted and snapped to the grid.
    """

    part: Part
    score: float
    notes: tuple[Note, ...]


def role_of(track: RawTrack) -> Part | None:
    """The part that a track plays by the rules above, or None where it plays none."""
    name = track.name.lower()
    if track.is_drum:
        return Part.DRUMS
    if not track.notes:
        return None
    if _DRUM_WORDS.search(name) and all(canonical_drum(note.pitch) is not None for note in track.notes):
        return Part.DRUMS
    if track.program in _NO_PART_PROGRAMS:
        return None
    pitches = [note.pitch for note in track.notes]
    middle = median(pitches)
    sizes = _stack_sizes(track.notes)
    pairs = sum(size >= 2 for size in sizes) / len(sizes)
    triads = sum(size >= 3 for size in sizes) / len(sizes)
    if (_BASS_WORDS.search(name) and middle < 64) or (track.program in _BASS_PROGRAMS and middle < 57):
        return Part.BASS
    if max(pitches) <= 45 or (middle <= 43 and pairs <= 0.2):
        return Part.BASS
    solo = bool(_LEAD_WORDS.search(name)) or track.program in _LEAD_PROGRAMS
    if triads >= 0.3 or (pairs >= 0.6 and not solo):
        return Part.CHORDS
    held = median(note.duration_ticks for note in track.notes) >= TICKS_PER_BAR // 2
    together = sum(note.duration_ticks for note in track.notes) / max(_sounding_ticks(track.notes), 1)
    soft = bool(_CHORD_WORDS.search(name)) or track.program in _PAD_PROGRAMS
    if soft and not _LEAD_WORDS.search(name) and (held or together >= 1.5):
        return Part.CHORDS
    return Part.LEAD if len(set(pitches)) >= 2 else None


def roles_of(tracks: Sequence[RawTrack]) -> list[Part | None]:
    """The part that each track of a piece plays: `role_of`, and the rule that looks at all of them."""
    roles = [role_of(track) for track in tracks]
    if Part.BASS in roles:
        return roles
    middles = {
        index: median(note.pitch for note in tracks[index].notes)
        for index, role in enumerate(roles)
        if role is Part.LEAD or role is Part.CHORDS
    }
    if len(middles) >= 2:
        lowest, second = sorted(middles, key=lambda index: middles[index])[:2]
        sizes = _stack_sizes(tracks[lowest].notes)
        single = sum(size >= 2 for size in sizes) <= 0.2 * len(sizes)
        if roles[lowest] is Part.LEAD and single and middles[lowest] <= min(60, middles[second] - 10):
            roles[lowest] = Part.BASS
    return roles


def voices_of(tracks: Sequence[RawTrack]) -> list[dict[Part, tuple[Note, ...]]]:
    """The parts of a piece: first its main ones, then what other tracks play instead of them, pitched parts only.

    All drum tracks make one part. Of the tracks of a pitched role the best is the part; others fill silences of four
    bars or more; a track that doubles another, in unison, in octaves or as its echo, is dropped. What is left over
    makes further sets of parts, so that nothing worth learning is lost.

    Args:
        tracks: onsets as they were played.

    Returns:
        Notes snapped to the grid, with the parts' polyphony; empty where no track has a role.
    """
    candidates: dict[Part, list[Candidate]] = defaultdict(list)
    drums: list[Note] = []
    for track, part in zip(tracks, roles_of(tracks), strict=True):
        if part is Part.DRUMS:
            drums.extend(track.notes)
        elif part is not None:
            candidates[part].append(_candidate(track, part))
    sets: list[dict[Part, tuple[Note, ...]]] = []
    first = {Part.DRUMS: kit(drums)} if drums else {}
    waiting = {part: _undoubled(found) for part, found in candidates.items()}
    while first or any(waiting.values()):
        parts = {part: notes for part, notes in first.items() if notes}
        first = {}
        for part, queue in waiting.items():
            if queue:
                merged, waiting[part] = _merge(queue)
                if len(_sounding_bars(merged)) >= MIN_BARS or not sets:
                    parts[part] = tuple(merged)
        if parts:
            sets.append(parts)
    return sets


def kit(notes: Sequence[Note]) -> tuple[Note, ...]:
    """One drummer's part from the hits of any number of drum tracks: learned drums only, snapped, four at once."""
    drums = [(note, drum) for note in notes if (drum := canonical_drum(note.pitch)) is not None]
    onsets = snap_onsets([note.onset_tick for note, _ in drums], [drum for _, drum in drums])
    loudest: dict[int, dict[int, int]] = defaultdict(dict)
    for onset, (note, drum) in zip(onsets, drums, strict=True):
        hits = loudest[onset]
        hits[drum] = max(hits.get(drum, 0), note.velocity)
    most = PART_SPECS[Part.DRUMS].polyphony
    kept: list[Note] = []
    for onset, hits in loudest.items():
        # Kick and snare carry the groove: they stay when more drums fall together than a part holds.
        ranked = sorted(hits, key=lambda drum: (drum not in (36, 38), -hits[drum], drum))
        kept.extend(Note(onset, drum, DRUM_TICKS, hits[drum]) for drum in ranked[:most])
    return tuple(sorted(kept))


def _candidate(track: RawTrack, part: Part) -> Candidate:
    onsets = snap_onsets([note.onset_tick for note in track.notes])
    notes = [
        Note(onset, note.pitch, snap_length(note.duration_ticks), note.velocity)
        for onset, note in zip(onsets, track.notes, strict=True)
    ]
    reduced = tuple(_reduce(notes, part))
    words = {Part.BASS: _BASS_WORDS, Part.CHORDS: _CHORD_WORDS, Part.LEAD: _LEAD_WORDS}[part]
    programs = {Part.BASS: _BASS_PROGRAMS, Part.CHORDS: _PAD_PROGRAMS, Part.LEAD: _LEAD_PROGRAMS}[part]
    named = bool(words.search(track.name.lower())) or track.program in programs
    variety = min(len({note.pitch for note in reduced}), 7)
    score = len(_sounding_bars(reduced)) * (1.0 + 0.5 * named + 0.1 * variety)
    return Candidate(part, score, reduced)


def _reduce(notes: list[Note], part: Part) -> list[Note]:
    """Notes with no more starting at once than the part holds: a bass the lowest, a lead the highest ones."""
    stacks: dict[int, dict[int, Note]] = defaultdict(dict)
    for note in notes:
        there = stacks[note.onset_tick].get(note.pitch)
        if there is None or note.duration_ticks > there.duration_ticks:
            stacks[note.onset_tick][note.pitch] = note
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
    """Whether nine in ten notes lie on another's, octaves apart or not, or the pitches follow the same course."""
    there = {(note.onset_tick, note.pitch % 12) for note in other}
    shared = sum((note.onset_tick, note.pitch % 12) in there for note in notes)
    if shared >= 0.9 * len(notes):
        return True
    ours, theirs = [note.pitch % 12 for note in notes], [note.pitch % 12 for note in other]
    return len(notes) >= 8 and ours == theirs


def _merge(queue: list[Candidate]) -> tuple[list[Note], list[Candidate]]:
    """The best candidate with its long silences filled by the others, and the candidates that gave nothing."""
    notes = list(queue[0].notes)
    left = []
    taken = _sounding_bars(notes)
    for candidate in queue[1:]:
        bars = _sounding_bars(candidate.notes)
        free = _long_runs(max(*bars, *taken) + 1, taken)
        extra = [note for note in candidate.notes if note.onset_tick // TICKS_PER_BAR in free]
        if len(_sounding_bars(extra)) < GAP_BARS:
            left.append(candidate)
            continue
        notes.extend(_ending_within(extra, free))
        taken = _sounding_bars(notes)
        rest = [note for note in candidate.notes if note.onset_tick // TICKS_PER_BAR not in free]
        if len(_sounding_bars(rest)) >= GAP_BARS:
            left.append(Candidate(candidate.part, candidate.score, tuple(rest)))
    return sorted(notes), left


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
    found: set[int] = set()
    for note in notes:
        first, last = note.onset_tick // TICKS_PER_BAR, (note.end_tick - 1) // TICKS_PER_BAR
        found.add(first)
        if last > first:
            found.update(range(first + 1, last + 1))
    return found


def _stack_sizes(notes: Sequence[Note]) -> list[int]:
    """How many notes start on each tick that any starts on; a strum within a thirty-second counts as one."""
    sizes: list[int] = []
    first = -TICKS_PER_BAR
    for note in notes:
        if note.onset_tick - first > TICKS_PER_STEP // 4:
            sizes.append(0)
            first = note.onset_tick
        sizes[-1] += 1
    return sizes


def _sounding_ticks(notes: Sequence[Note]) -> int:
    total = end = 0
    for note in notes:
        total += max(0, note.end_tick - max(end, note.onset_tick))
        end = max(end, note.end_tick)
    return total
