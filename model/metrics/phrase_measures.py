"""The feature vector of a phrase: what generated and real music are compared by, and what the classifiers hear.

A phrase has one vector for each of `MEASURES` that its part has; `None` stands where a phrase is too short for it or
its source could not know. Imports NumPy but no JAX.
"""

import itertools
from collections.abc import Sequence

import msgspec
import numpy as np

from corpus.analysis.repeats import LAGS, bars_of
from song.drums import DRUM_GROUPS, GROUP_OF
from song.notes import RATE_TICKS, Note, Phrase
from song.parts import PART_SPECS, Part
from song.time import TICKS_PER_BAR, TICKS_PER_STEP

_PAIRS = tuple(itertools.combinations(range(len(DRUM_GROUPS)), 2))

INTERVAL_BOUNDS = (14, 20, 28, 40, 56, 84, 120, 168, 240, 384)
"""Ticks at which one class of inter-onset intervals and note lengths ends and the next begins."""
WIDEST = 12
"""Semitones; wider melodic intervals count as this wide."""
VELOCITY_CLASSES = 8
MOST_AT_ONCE = 5
_STEPS = TICKS_PER_BAR // TICKS_PER_STEP
WOBBLE_CLASSES = 7
"""No wobble; then by octaves of speed, a cycle a bar the slowest and thirty-two the fastest."""

MEASURES: dict[str, str] = {
    "onsets": "distinct onsets a bar",
    "places": "share of the onsets on each sixteenth of the bar, and off them",
    "intervals in time": "share of the times between onsets in each class of INTERVAL_BOUNDS",
    "pitch classes": "share of the notes on each semitone above the tonic",
    "melodic intervals": "share of the steps between the highest notes of successive onsets, -12 to 12 semitones",
    "note lengths": "share of the notes in each class of INTERVAL_BOUNDS",
    "velocity": "share of the notes in each eighth of 0-127",
    **{
        f"likeness {lag} back": f"notes that a bar and the bar {lag} before it share, of those that either has (mean)"
        for lag in LAGS
    },
    "drums": "share of the notes on each of DRUM_GROUPS",
    "kick places": "share of the kicks on each sixteenth of the bar, and off them",
    "snare places": "the same of snares and claps: half-time has them on 3, a backbeat on 2 and 4",
    "drums together": "for each two of DRUM_GROUPS, the share of onsets at which both are struck",
    "notes at once": "share of the onsets with one, two, three, four and five notes",
    "bass and kick": "share of the bass's onsets that have a kick, and of the kicks that have a bass onset",
    "wobble": "share of the bass's sounding time under no wobble and under each octave of rates",
}
"""Every measure and what its numbers are."""
_WIDTHS: dict[str, int] = {
    "onsets": 1,
    "places": _STEPS + 1,
    "intervals in time": len(INTERVAL_BOUNDS) + 1,
    "pitch classes": 12,
    "melodic intervals": 2 * WIDEST + 1,
    "note lengths": len(INTERVAL_BOUNDS) + 1,
    "velocity": VELOCITY_CLASSES,
    **{f"likeness {lag} back": 1 for lag in LAGS},
    "drums": len(DRUM_GROUPS),
    "kick places": _STEPS + 1,
    "snare places": _STEPS + 1,
    "drums together": len(_PAIRS),
    "notes at once": MOST_AT_ONCE + 1,
    "bass and kick": 2,
    "wobble": WOBBLE_CLASSES,
}
PITCHED_ALONE = frozenset(("pitch classes", "melodic intervals", "note lengths"))
DRUMS_ALONE = frozenset(("drums", "kick places", "snare places", "drums together"))
BASS_ALONE = frozenset(("bass and kick", "wobble"))


class PhraseVectors(msgspec.Struct, frozen=True):
    """A phrase as its feature vectors.

    Attributes:
        group: what it is from; phrases of one group are never on both sides of a test.
        part: whose it is.
        vectors: float64 (numbers of the measure,) for each measure of the part, or None.
    """

    group: str
    part: Part
    vectors: dict[str, np.ndarray | None]


def measures_of(part: Part) -> list[str]:
    """The measures that a part has, in the order of `MEASURES`."""
    left_out = set(BASS_ALONE if part is not Part.BASS else ())
    left_out |= PITCHED_ALONE if part is Part.DRUMS else DRUMS_ALONE
    if PART_SPECS[part].polyphony == 1:
        left_out.add("notes at once")
    return [name for name in MEASURES if name not in left_out]


def describe(
    part: Part,
    phrase: Phrase,
    *,
    group: str = "",
    tonic_class: int = 0,
    kick: Sequence[int] | None = None,
    velocity_known: bool = True,
    wobble_known: bool = True,
) -> PhraseVectors:
    """Measure a phrase.

    Args:
        part: whose it is.
        phrase: the music, with a note or more.
        group: what it is from.
        tonic_class: pitch class of its tonic, 0-11.
        kick: ticks of the kicks that go with a bass, None where they are not known.
        velocity_known: whether its velocities mean anything.
        wobble_known: whether a bass without wobbles truly has none.
    """
    notes = phrase.notes
    onsets = sorted({note.onset_tick for note in notes})
    vectors: dict[str, np.ndarray | None] = {
        "onsets": np.array([phrase.onsets_per_bar()]),
        "places": _places(onsets),
        "intervals in time": _classes([after - before for before, after in itertools.pairwise(onsets)]),
        "velocity": _shares([note.velocity * VELOCITY_CLASSES // 128 for note in notes], VELOCITY_CLASSES)
        if velocity_known
        else None,
        **{f"likeness {lag} back": _likeness(phrase, lag) for lag in LAGS},
        "notes at once": _notes_at_once(notes),
    }
    if part is Part.DRUMS:
        vectors["drums"] = _shares([GROUP_OF[note.pitch] for note in notes if note.pitch in GROUP_OF], len(DRUM_GROUPS))
        vectors["kick places"] = _places(_ticks_of(notes, "kick"))
        vectors["snare places"] = _places(_ticks_of(notes, "snare", "clap"))
        vectors["drums together"] = _together(notes)
    else:
        vectors["pitch classes"] = _shares([(note.pitch - tonic_class) % 12 for note in notes], 12)
        vectors["melodic intervals"] = _melodic_intervals(notes)
        vectors["note lengths"] = _classes([note.duration_ticks for note in notes])
    if part is Part.BASS:
        vectors["bass and kick"] = _alignment(onsets, kick)
        vectors["wobble"] = _wobble(phrase) if wobble_known else None
    return PhraseVectors(group, part, {name: vectors[name] for name in measures_of(part)})


def kicks(drums: Phrase) -> tuple[int, ...]:
    """The ticks of a phrase's kicks."""
    return tuple(_ticks_of(drums.notes, "kick"))


def matrix(described: Sequence[PhraseVectors], measures: Sequence[str] | None = None) -> np.ndarray:
    """The vectors of phrases of one part side by side: float64 (phrases, numbers), NaN where one is not known."""
    names = measures_of(described[0].part) if measures is None else list(measures)
    return np.stack([np.concatenate([_or_unknown(one.vectors[name], name) for name in names]) for one in described])


def width_of(measures: Sequence[str]) -> int:
    """The width of measures side by side, in numbers."""
    return sum(_WIDTHS[name] for name in measures)


def _or_unknown(vector: np.ndarray | None, name: str) -> np.ndarray:
    return np.full(_WIDTHS[name], np.nan) if vector is None else vector


def _shares(values: Sequence[int], classes: int) -> np.ndarray | None:
    return np.bincount(values, minlength=classes) / len(values) if values else None


def _classes(ticks: Sequence[int]) -> np.ndarray | None:
    found = np.digitize(np.array(ticks, np.int64), INTERVAL_BOUNDS).tolist()
    return _shares(found, len(INTERVAL_BOUNDS) + 1)


def _ticks_of(notes: Sequence[Note], *groups: str) -> list[int]:
    pitches = {pitch for group in groups for pitch in DRUM_GROUPS[group]}
    return sorted({note.onset_tick for note in notes if note.pitch in pitches})


def _places(onsets: Sequence[int]) -> np.ndarray | None:
    return _shares(
        [_STEPS if tick % TICKS_PER_STEP else tick % TICKS_PER_BAR // TICKS_PER_STEP for tick in onsets], _STEPS + 1
    )


def _likeness(phrase: Phrase, lag: int) -> np.ndarray | None:
    bars = bars_of(phrase)
    shares = [len(now & then) / len(now | then) for then, now in zip(bars, bars[lag:], strict=False) if now or then]
    return np.array([float(np.mean(shares))]) if shares else None


def _notes_at_once(notes: Sequence[Note]) -> np.ndarray | None:
    counts = np.unique([note.onset_tick for note in notes], return_counts=True)[1]
    return _shares(np.minimum(counts, MOST_AT_ONCE).tolist(), MOST_AT_ONCE + 1)


def _together(notes: Sequence[Note]) -> np.ndarray:
    struck: dict[int, set[int]] = {}
    for note in notes:
        if note.pitch in GROUP_OF:
            struck.setdefault(note.onset_tick, set()).add(GROUP_OF[note.pitch])
    counts = [sum({one, other} <= groups for groups in struck.values()) for one, other in _PAIRS]
    return np.array(counts) / max(len(struck), 1)


def _melodic_intervals(notes: Sequence[Note]) -> np.ndarray | None:
    highest: dict[int, int] = {}
    for note in notes:
        highest[note.onset_tick] = max(note.pitch, highest.get(note.onset_tick, 0))
    line = [highest[tick] for tick in sorted(highest)]
    steps = [after - before for before, after in itertools.pairwise(line)]
    return _shares([max(-WIDEST, min(step, WIDEST)) + WIDEST for step in steps], 2 * WIDEST + 1)


def _alignment(onsets: Sequence[int], kick: Sequence[int] | None) -> np.ndarray | None:
    if not kick or not onsets:
        return None
    both = len(set(onsets) & set(kick))
    return np.array([both / len(set(onsets)), both / len(set(kick))])


def _wobble(phrase: Phrase) -> np.ndarray:
    sounding = sum(note.duration_ticks for note in phrase.notes)
    times = np.zeros(WOBBLE_CLASSES)
    for wobble in phrase.wobbles:
        octave = int(np.clip(round(np.log2(TICKS_PER_BAR / RATE_TICKS[wobble.rate])), 0, WOBBLE_CLASSES - 2))
        times[1 + octave] += wobble.duration_ticks
    times[0] = max(sounding - times.sum(), 0)
    return times / max(times.sum(), 1)
