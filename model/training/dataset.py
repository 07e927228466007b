"""Dataset of a training run: pieces read and put with their splits, and what the weights' card keeps of them.

Cutting them into windows is `model.training.windows`'s. Imports NumPy but no JAX.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec
import numpy as np

from corpus.library.store import pieces as library_pieces
from corpus.library.store import unread_files
from corpus.pieces import Piece, Refusal
from corpus.readers.sources import read_paths
from corpus.starter.pieces import starter_pieces
from model.language.conditions import BAR_COLUMNS, KINDS, bar_kicks
from model.training.windows import WINDOW_BARS, Window, cut_windows
from model.writing.drum_feel import collect_feels, collect_kicks
from model.writing.drum_prior import collect_drum_prior
from model.writing.planning import collect_forms
from song.errors import UserError
from song.parts import Part
from song.sections import SectionKind
from song.styles import STYLES

SOURCE_WEIGHTS = {"starter": 6.0}
"""Factors by which windows of a source are drawn oftener: the starter set is small and alone knows drops and wobble."""
_KIND = list(BAR_COLUMNS).index("kind")
_LABEL = list(BAR_COLUMNS).index("label")
_FEEL = list(BAR_COLUMNS).index("feel")
_FORM_BARS = (16, 8)
_SOUNDING_SHARE = 0.75


class Dataset(msgspec.Struct, frozen=True):
    """Pieces of one split each, and what was refused.

    Attributes:
        train: pieces to learn from.
        validation: pieces to judge by while learning.
        refusals: files left out, with reasons.
    """

    train: tuple[Piece, ...]
    validation: tuple[Piece, ...]
    refusals: tuple[Refusal, ...]

    def digests(self) -> tuple[str, ...]:
        """First 16 hex digits of the digest of every file that is learned from, sorted."""
        return tuple(sorted({piece.digest[:16] for piece in self.train}))

    def notes_by_source(self) -> dict[str, int]:
        """Notes that are learned from, by source."""
        counts: dict[str, int] = {}
        for piece in self.train:
            notes = sum(len(phrase.notes) for phrase in piece.parts.values())
            counts[piece.source] = counts.get(piece.source, 0) + notes
        return dict(sorted(counts.items()))


def gather(
    paths: Sequence[Path],
    with_starter: bool = True,
    on_progress: Callable[[int, int], None] | None = None,
    library: Path | None = None,
    artist: str = "",
) -> Dataset:
    """Read MIDI folders, a library and the starter set, and put each piece with its split; test pieces are left alone.

    Args:
        paths: files and folders that are read as they are.
        with_starter: whether the starter set is learned from.
        on_progress: told (files read, files in all) of the paths.
        library: the folder of a library, or None for none.
        artist: whose pieces of the library alone; everybody's where it is empty.

    Raises:
        UserError: where the library has nothing of that artist.
    """
    pieces, refusals = read_paths(paths, on_progress) if paths else ([], [])
    if library is not None:
        kept = list(library_pieces(library, artist=artist))
        if artist and not kept:
            raise UserError(f'the library has nothing of "{artist}": see dropsmith corpus list')
        pieces, refusals = [*pieces, *kept], [*refusals, *unread_files(library)]
    if with_starter:
        pieces = [*starter_pieces(), *pieces]
    by_split = {split: tuple(piece for piece in pieces if piece.split == split) for split in ("train", "validation")}
    return Dataset(by_split["train"], by_split["validation"], tuple(refusals))


def separate_windows(pieces: Sequence[Piece]) -> list[Window]:
    """Windows that do not overlap: for judging and for counting."""
    return list(cut_windows(pieces, WINDOW_BARS))


def forms_of(windows: Sequence[Window]) -> dict[str, tuple[str, ...]]:
    """Rows of bars as they run in windows, as `planning.collect_forms` gives them.

    A row starts with a window and goes on as long as the section kind stays the same, for eight or sixteen bars, of
    which most have notes: bars of silence repeat each other, but are no form.
    """
    rows: list[tuple[Part, SectionKind | None, Mapping[str, float], Sequence[int], Sequence[int]]] = []
    for window in windows:
        kinds = window.bar[:, _KIND]
        same = int((kinds != kinds[0]).argmax()) if (kinds != kinds[0]).any() else len(kinds)
        length = next((bars for bars in _FORM_BARS if same >= bars), 0)
        if length and (window.onsets[:length] > 0).mean() >= _SOUNDING_SHARE:
            kind = KINDS[kinds[0] - 1] if kinds[0] else None
            labels, onsets = window.bar[:length, _LABEL].tolist(), window.onsets[:length].tolist()
            rows.append((window.part, kind, _style_of(window), labels, onsets))
    return collect_forms(rows)


def feels_of(windows: Sequence[Window]) -> dict[str, tuple[float, ...]]:
    """The feels of drums in windows that do not overlap, as `drum_feel.collect_feels` counts them."""
    return collect_feels(
        [(style, kind, window.bar[here, _FEEL].tolist()) for window, style, kind, here in _drum_stretches(windows)]
    )


def kicks_of(windows: Sequence[Window]) -> dict[str, tuple[float, ...]]:
    """The beats on which drums in windows that do not overlap have a kick, as `drum_feel.collect_kicks` counts them."""
    return collect_kicks(
        [
            (style, kind, bar_kicks(window.events, len(window.bar))[here & (window.onsets > 0)])
            for window, style, kind, here in _drum_stretches(windows)
        ]
    )


def _drum_stretches(
    windows: Sequence[Window],
) -> Iterator[tuple[Window, Mapping[str, float], SectionKind | None, np.ndarray]]:
    """Windows of drums with their style, and each section kind with the bars that are of it, bool (K,)."""
    for window in windows:
        kinds = window.bar[:, _KIND]
        for kind in np.unique(kinds) if window.part is Part.DRUMS else ():
            yield window, _style_of(window), KINDS[kind - 1] if kind else None, kinds == kind


def drum_prior_of(
    windows: Sequence[Window],
    source_weights: Mapping[str, float],
    before: Mapping[str, tuple[str, ...]] | None = None,
) -> dict[str, tuple[str, ...]]:
    """Where drums fall in windows of each style, as `drum_prior.collect_drum_prior` gives it.

    Args:
        windows: of any part.
        source_weights: how much oftener a source is drawn in training.
        before: what it gave of what the weights begun with have learned from.
    """
    return collect_drum_prior(
        [
            (_style_of(window), source_weights.get(window.source, 1.0), len(window.bar), window.events)
            for window in windows
            if window.part is Part.DRUMS
        ],
        before,
    )


def _style_of(window: Window) -> dict[str, float]:
    return {name: float(share) for name, share in zip(STYLES, window.style, strict=True) if share > 0}
