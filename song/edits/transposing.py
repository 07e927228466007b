"""Music moved up or down, by semitones or by steps of its scale: a cell, a section, a part, or all of a song.

Every take of a cell moves, so that they can still be compared. A phrase that would leave its part's range goes to the
octave where it fits. Drums have no pitch to move.
"""

import bisect
import re
from collections.abc import Collection

import msgspec

from song.edits.takes import replace_cell
from song.errors import UserError
from song.notes import Note, Phrase, cut_overlaps
from song.parts import PART_SPECS, PARTS, Part
from song.scales import Key, parse_key, pitch_name
from song.sections import Song

MOST_SEMITONES = 24
SCOPES = ("cell", "section", "part", "song")
_OCTAVES = (0, -12, 12, -24, 24)
_TYPED = re.compile(r"([+-]?\d+)\s*(semitones?|steps?|octaves?|)\s*(?:of\s+)?(?:the\s+)?([a-z]*)")


class Interval(msgspec.Struct, frozen=True):
    """A way up, or down.

    Attributes:
        amount: semitones, or steps of the scale; below 0 it leads down.
        in_scale: whether steps of the scale are counted.
    """

    amount: int
    in_scale: bool = False

    def __str__(self) -> str:
        unit = "step" if self.in_scale else "semitone"
        return f"{self.amount:+d} {unit}{'s' * (abs(self.amount) != 1)}"


def read_transposition(text: str) -> tuple[Interval, str]:
    """The interval and the scope that were typed: "3", "-2 steps", "+1 octave song"; a cell where no scope is named.

    Raises:
        UserError: where it is no such thing, or leads more than two octaves away.
    """
    match = _TYPED.fullmatch(" ".join(text.lower().split()))
    amount, unit, scope = match.groups() if match else ("0", "", "")
    number = int(amount[:4]) * (12 if unit.startswith("octave") else 1)
    if not match or scope not in ("", *SCOPES) or not 0 < abs(number) <= MOST_SEMITONES:
        raise UserError(
            f"write semitones from -{MOST_SEMITONES} to {MOST_SEMITONES}, such as 3 or -12, or 2 steps of the scale; "
            f"then {', '.join(SCOPES)}"
        )
    return Interval(number, unit.startswith("step")), scope or SCOPES[0]


def scope_cells(song: Song, scope: str, index: int, part: Part) -> list[tuple[int, Part]]:
    """The pitched cells that a scope means, as (section index, part), locked ones left out.

    Args:
        scope: of `SCOPES`.
        index, part: the cell that it is looked at from.
    """
    sections = range(len(song.sections)) if scope in ("part", "song") else (index,)
    parts = PARTS if scope in ("section", "song") else (part,)
    return [
        (at, one)
        for at in sections
        for one in parts
        if one is not Part.DRUMS and not song.sections[at].cell(one).locked
    ]


def transpose_cells(song: Song, cells: Collection[tuple[int, Part]], interval: Interval) -> Song:
    """The song with all takes of some cells moved.

    Args:
        cells: (section index, part) of each.
        interval: the way; steps are those of the key that holds in each section.

    Raises:
        UserError: where none of the cells has notes, and for whole octaves that lead out of a part's range.
    """
    changed = song
    for index, part in cells:
        cell, key = changed.sections[index].cell(part), parse_key(song.key_of(index))
        takes = tuple(
            msgspec.structs.replace(take, phrase=transposed(take.phrase, part, key, interval)) for take in cell.takes
        )
        changed = replace_cell(changed, index, part, msgspec.structs.replace(cell, takes=takes))
    if changed == song:
        raise UserError("there are no notes to move: drums have no pitch, and locked cells stay as they are")
    return changed


def transposed(phrase: Phrase, part: Part, key: Key, interval: Interval) -> Phrase:
    """A phrase moved, in the octave in which it fits its part's range best.

    Args:
        phrase: the music.
        part: a pitched part; drums stay as they are.
        key: the one whose scale's steps are counted.
        interval: the way.

    Raises:
        UserError: for whole octaves that lead out of the part's range.
    """
    if part is Part.DRUMS or not phrase.notes:
        return phrase
    spec, wanted = PART_SPECS[part], [_moved(note.pitch, key, interval) for note in phrase.notes]
    octaves_alone = all((pitch - note.pitch) % 12 == 0 for note, pitch in zip(phrase.notes, wanted, strict=True))
    if octaves_alone and not spec.low <= min(wanted) <= max(wanted) <= spec.high:
        raise UserError(f"that leads out of what {part} plays, {pitch_name(spec.low)} to {pitch_name(spec.high)}")
    fitting = (by for by in _OCTAVES if spec.low <= min(wanted) + by and max(wanted) + by <= spec.high)
    octave = next(fitting, 0)
    notes: dict[tuple[int, int], Note] = {}
    for note, pitch in zip(phrase.notes, wanted, strict=True):
        pitch += octave
        # A phrase as wide as its part's range has notes that meet its ends.
        while pitch < spec.low:
            pitch += 12
        while pitch > spec.high:
            pitch -= 12
        moved = msgspec.structs.replace(note, pitch=pitch)
        kept = notes.setdefault((note.onset_tick, pitch), moved)
        if kept.duration_ticks < moved.duration_ticks:
            notes[note.onset_tick, pitch] = moved
    return msgspec.structs.replace(phrase, notes=cut_overlaps(tuple(notes.values()), phrase.length_ticks))


def shortest_way(before: Key, after: Key) -> int:
    """Semitones from the tonic of one key to that of another, the shorter way: -6 to 5."""
    return (after.tonic_class - before.tonic_class + 6) % 12 - 6


def has_pitched_notes(song: Song) -> bool:
    """True where bass, chords or lead have notes anywhere."""
    phrases = (song.sections[index].cell(part).phrase for index, part in song.cell_refs() if part is not Part.DRUMS)
    return any(phrase is not None and phrase.notes for phrase in phrases)


def _moved(pitch: int, key: Key, interval: Interval) -> int:
    if not interval.in_scale:
        return pitch + interval.amount
    ladder = [one for one in range(-48, 176) if one % 12 in key.pitch_classes()]
    place = bisect.bisect_right(ladder, pitch) - 1
    # A note outside the scale stays as far above the step under it.
    return ladder[place + interval.amount] + pitch - ladder[place]
