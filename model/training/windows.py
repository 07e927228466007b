"""Windows that the network learns from, cut out of pieces: a part over up to sixteen bars, with all that is known.

Imports NumPy but no JAX.
"""

from collections.abc import Iterable, Iterator

import msgspec
import numpy as np

from corpus.pieces import Piece
from model.language.bar_conditions import PlacedSection, bar_conditions
from model.language.conditions import (
    KINDS,
    NO_PITCH,
    bar_feels,
    bar_onsets,
    known_rest,
    look_back,
    note_pitch,
    onsets_used,
    repeat_labels,
    style_vector,
    tempo_features,
)
from model.language.events import (
    BAR,
    HOLD,
    NEXT_BAR,
    NO_WOBBLE,
    PITCH,
    POSITION,
    REST_SIZES,
    WOBBLE,
    encode_phrase,
    octave_fold,
)
from model.language.frames import FRAMES_A_BAR, KIND, MARGIN_BARS, blank_frames, piece_content
from song.parts import Part
from song.scales import tonic_shift

WINDOW_BARS = 16
STRIDE_BARS = 8
MAX_EVENTS = 384
MIN_SOUNDING_SHARE = 0.25
"""Windows in which fewer of the bars have a note teach silence, which the density asks for anyway."""
MIN_BARS_FOR_PLACE = 8
"""A shorter piece is a loose phrase: where it would stand in a section is not known."""


class Window(msgspec.Struct, frozen=True):
    """One part over some bars; N events, L lags, K bars.

    Attributes:
        source: the piece's collection.
        name: the piece's name and the window's first bar, for people.
        part: whose music it is.
        events: int16 (N, COLUMNS), the last a bar line.
        rest: int16 (N, 4), duration, velocity, wobble and depth, or the size of that attribute where it means nothing
            or is not known.
        lag_position, lag_pitch, lag_match: int16 (N, L), look-back.
        lag_rest: int16 (N, L, 4), `rest` of the events that look-back points to.
        bar: int16 (K, columns of BAR_COLUMNS).
        onsets: int16 (K,), distinct onsets a bar.
        used: int16 (N,), onsets of the bar before each event.
        style: float32 (styles,), as `model.language.conditions.style_vector` gives it.
        tempo: float32 (2,), as `model.language.conditions.tempo_features` gives it.
        frames: float16 ((K + 2 * MARGIN_BARS) * FRAMES_A_BAR, FRAME_COLUMNS), all parts over the window and its
            margins, with nothing hidden; a view that windows of a piece share, never to be written to.
    """

    source: str
    name: str
    part: Part
    events: np.ndarray
    rest: np.ndarray
    lag_position: np.ndarray
    lag_pitch: np.ndarray
    lag_match: np.ndarray
    lag_rest: np.ndarray
    bar: np.ndarray
    onsets: np.ndarray
    used: np.ndarray
    style: np.ndarray
    tempo: np.ndarray
    frames: np.ndarray

    @property
    def notes(self) -> int:
        """Notes in it; neither bar lines nor holds are notes."""
        return int(((self.events[:, POSITION] != NEXT_BAR) & (self.events[:, PITCH] != HOLD)).sum())


def piece_events(piece: Piece, part: Part) -> np.ndarray:
    """A part of a piece as events in the network's own key and octave: int16 (N, COLUMNS)."""
    return encode_phrase(part, piece.parts[part], _shift(piece, part))


def _shift(piece: Piece, part: Part) -> int:
    """Semitones from a part's true pitches to the network's own."""
    if part is Part.DRUMS:
        return 0
    shift = -tonic_shift(part, piece.tonic_class or 0)
    # The starter set is written in its octave; elsewhere octaves differ from source to source.
    if piece.source != "starter":
        shift += octave_fold(part, [note.pitch + shift for note in piece.parts[part].notes])
    return shift


def piece_frames(piece: Piece) -> np.ndarray:
    """All that is known of a piece as frames, MARGIN_BARS of nothing before and after it.

    Returns:
        float16 (frames, FRAME_COLUMNS), FRAMES_A_BAR of them a bar, margins included.
    """
    shifts = {part: _shift(piece, part) for part in piece.parts}
    frames = piece_content(piece.parts, piece.tonic_class or 0, shifts, piece.bars)
    for section in piece.sections:
        if not section.estimated:
            start = section.start_bar * FRAMES_A_BAR
            frames[start : start + section.bars * FRAMES_A_BAR, KIND + KINDS.index(section.kind)] = 1
    margin = blank_frames(MARGIN_BARS)
    return np.concatenate([margin, frames, margin])


def cut_windows(pieces: Iterable[Piece], stride_bars: int = STRIDE_BARS) -> Iterator[Window]:
    """The windows of pieces, each once: a part's exact repetitions within its piece are left out.

    Args:
        stride_bars: bars from one window's start to the next; WINDOW_BARS for windows that do not overlap.
    """
    for piece in pieces:
        frames = piece_frames(piece)
        for part in piece.parts:
            events = piece_events(piece, part)
            seen: set[bytes] = set()
            for start in range(0, max(piece.bars - stride_bars // 2, 1), stride_bars):
                window = _cut(piece, part, events, frames, start)
                if window is not None and window.events.tobytes() not in seen:
                    seen.add(window.events.tobytes())
                    yield window


def _cut(piece: Piece, part: Part, events: np.ndarray, frames: np.ndarray, start: int) -> Window | None:
    bars = min(WINDOW_BARS, piece.bars - start)
    inside = events[(events[:, BAR] >= start) & (events[:, BAR] < start + bars)].copy()
    inside[:, BAR] -= start
    if len(inside) > MAX_EVENTS:
        bars = int(inside[MAX_EVENTS, BAR])
        inside = inside[inside[:, BAR] < bars]
    if bars == 0 or not len(inside):
        return None
    onsets = bar_onsets(inside, bars)
    if (onsets > 0).mean() < MIN_SOUNDING_SHARE:
        return None
    rest = known_rest(part, inside, piece.velocity_known, piece.wobble_known)
    aligned, lag_position, lag_match = look_back(inside)
    there = aligned >= 0
    lag_pitch = np.where(there, note_pitch(inside)[aligned], NO_PITCH)
    lag_rest = np.where(there[..., None], rest[aligned], np.array(REST_SIZES))
    return Window(
        source=piece.source,
        name=f"{piece.name} bar {start + 1}",
        part=part,
        events=inside,
        rest=rest,
        lag_position=lag_position.astype(np.int16),
        lag_pitch=lag_pitch.astype(np.int16),
        lag_match=lag_match.astype(np.int16),
        lag_rest=lag_rest.astype(np.int16),
        bar=_bar_conditions(piece, part, inside, start, bars),
        onsets=onsets.astype(np.int16),
        used=onsets_used(inside).astype(np.int16),
        style=style_vector(piece.style),
        tempo=tempo_features(piece.tempo_bpm),
        frames=frames[start * FRAMES_A_BAR : (start + bars + 2 * MARGIN_BARS) * FRAMES_A_BAR],
    )


def _bar_conditions(piece: Piece, part: Part, events: np.ndarray, start: int, bars: int) -> np.ndarray:
    """Conditions of the bars of a window: int16 (bars, columns of BAR_COLUMNS)."""
    place_known = piece.bars >= MIN_BARS_FOR_PLACE
    return bar_conditions(
        part,
        repeat_labels(events, bars),
        # A guess is right on electronic forms and wrong on most others: the network is not told it as a fact.
        [
            PlacedSection(section.start_bar - start, section.bars, section.kind, place_known)
            for section in piece.sections
            if not section.estimated
        ],
        first_bar=start,
        feels=bar_feels(events, bars) if part is Part.DRUMS else 0,
        minor=None if piece.tonic_class is None else piece.minor,
        wobbles=bool((events[:, WOBBLE] != NO_WOBBLE).any()) if piece.wobble_known else None,
    )
