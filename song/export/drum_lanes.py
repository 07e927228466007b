"""Drums one by one: each drum of a track as a lane of its own, with a name, and notes that play its sample as it is.

FL Studio plays a sample at its own pitch on C5, which is 60: a kick that stays on 36 sounds two octaves low. Source:
the FL Studio manual's channel sampler page (root note).
"""

import re
from collections.abc import Sequence

import msgspec

from song.drums import DRUMS, drum_of_name
from song.notes import Note

SAMPLE_PITCH = 60
"""The note, FL Studio's C5, that plays a sample as it is."""

_LABELS = {
    "snare2": "Snare 2",
    "hat": "Closed hat",
    "pedal": "Pedal hat",
    "open": "Open hat",
    "bell": "Ride bell",
    "tamb": "Tambourine",
}
_LABEL_OF = {drum.pitch: _LABELS.get(drum.name, drum.name.replace("-", " ").capitalize()) for drum in DRUMS}
_PITCH_OF = {label.lower(): pitch for pitch, label in _LABEL_OF.items()}
_NUMBERED = re.compile(r"(?:.* )?\(?note (\d{1,3})\)?", re.IGNORECASE)
_OTHERS = {pitch: label for drum in DRUMS for pitch in drum.pitches[1:] for label in [_LABEL_OF[drum.pitch]]}
_HIGHEST = 127


class DrumLane(msgspec.Struct, frozen=True):
    """A drum: its name, its General MIDI note, 0-127, and its hits at the pitch that plays a sample as it is."""

    label: str
    pitch: int
    notes: tuple[Note, ...]


def drum_label(pitch: int) -> str:
    """The name of the drum that is written as a note, 0-127: "Kick", "Snare 2", "Kick (note 35)", "Drum (note 3)"."""
    return _LABEL_OF.get(pitch) or f"{_OTHERS.get(pitch, 'Drum')} (note {pitch})"


def drum_of_label(label: str) -> int | None:
    """The note, 0-127, that a name of `drum_label` stands for, else that of the drum it means; None where it is none.

    Of more than one word the note in brackets is believed first, then the whole name.
    """
    words = " ".join(label.split())
    numbered = _NUMBERED.fullmatch(words)
    if numbered and int(numbered[1]) <= _HIGHEST:
        return int(numbered[1])
    exact = _PITCH_OF.get(words.lower())
    return drum_of_name(words) if exact is None else exact


def drum_lanes(notes: Sequence[Note]) -> tuple[DrumLane, ...]:
    """A lane for each drum among some notes, in the order of the table of drums; others follow by their pitch."""
    by_pitch: dict[int, list[Note]] = {}
    for note in notes:
        by_pitch.setdefault(note.pitch, []).append(note)
    order = {pitch: place for place, pitch in enumerate(_LABEL_OF)}
    return tuple(
        DrumLane(
            drum_label(pitch),
            pitch,
            tuple(Note(one.onset_tick, SAMPLE_PITCH, one.duration_ticks, one.velocity) for one in by_pitch[pitch]),
        )
        for pitch in sorted(by_pitch, key=lambda one: (order.get(one, len(order)), one))
    )
