"""Counts over a library: by collection, part, style, section kind and split. Worded in `corpus.library.report`."""

from collections import Counter, defaultdict
from collections.abc import Iterable

import msgspec

from corpus.library.account_text import verdict
from corpus.library.accounts import PieceAccount, account_of
from corpus.library.store import Entry
from corpus.pieces import Piece
from song.parts import Part

UNKNOWN_STYLE = "unknown"


class Collection(msgspec.Struct):
    """Counts over what was added as one folder.

    Attributes:
        files: how many there are of each verdict.
        pieces, bars: what is learned from or judged by.
        held_out_bars: those of them that are judged by.
        styles, artists: which there are.
        folders: where the files lie.
    """

    files: Counter[str] = msgspec.field(default_factory=Counter)
    pieces: int = 0
    bars: int = 0
    held_out_bars: int = 0
    styles: set[str] = msgspec.field(default_factory=set)
    artists: set[str] = msgspec.field(default_factory=set)
    folders: set[str] = msgspec.field(default_factory=set)


class Tally:
    """Counts that grow entry by entry, so that no library is too large for them.

    Attributes:
        collections: by source.
        splits: by split, pieces and bars.
        part_pieces, part_bars, part_notes: by part; bars are those with an onset.
        style_bars: by style, then by part; a mixture counts by its shares.
        kind_bars: by section kind, then by part.
        guessed_kinds, guessed_styles, unknown_velocity, renotated: pieces of which that is so.
        wobble_bars: bars of bass with a wobble.
        reasons: what was refused or partly used, in order: (source, name, verdict, reason).
    """

    def __init__(self) -> None:
        self.collections: dict[str, Collection] = defaultdict(Collection)
        self.splits: dict[str, Counter[str]] = defaultdict(Counter)
        self.part_pieces: Counter[Part] = Counter()
        self.part_bars: Counter[Part] = Counter()
        self.part_notes: Counter[Part] = Counter()
        self.style_bars: dict[str, dict[Part, float]] = defaultdict(lambda: defaultdict(float))
        self.kind_bars: dict[str, Counter[Part]] = defaultdict(Counter)
        self.guessed_kinds = self.guessed_styles = self.unknown_velocity = self.renotated = self.wobble_bars = 0
        self.reasons: list[tuple[str, str, str, str]] = []

    def add_entries(self, entries: Iterable[Entry]) -> None:
        """Count some files of a library."""
        for entry in entries:
            origin, became = entry.account.origin, verdict(entry)
            collection = self.collections[origin.source]
            collection.files[became] += 1
            collection.artists.update([origin.artist] if origin.artist else [])
            collection.folders.add(origin.place.removesuffix(origin.name).rstrip("/"))
            why = entry.unread or entry.account.reason or (f"the same file as {entry.same_as}" if entry.same_as else "")
            if why:
                self.reasons.append((origin.source, origin.name, became, why))
            for piece, (_, split) in zip(entry.account.pieces, entry.settled, strict=False):
                self._add(piece, origin.source, split)

    def add_pieces(self, pieces: Iterable[Piece]) -> None:
        """Count pieces that lie in no library."""
        for piece in pieces:
            self._add(account_of(piece), piece.source, piece.split)

    def _add(self, piece: PieceAccount, source: str, split: str) -> None:
        collection = self.collections[source]
        collection.pieces += 1
        collection.bars += piece.bars
        collection.held_out_bars += piece.bars * (split != "train")
        collection.styles.update(piece.style)
        self.splits[split].update(pieces=1, bars=piece.bars)
        self.guessed_kinds += piece.kinds_estimated and bool(piece.kinds)
        self.guessed_styles += piece.style_estimated
        self.unknown_velocity += not piece.velocity_known
        self.renotated += piece.renotated
        self.wobble_bars += piece.wobble_bars
        for part, by_kind in piece.sounding_bars.items():
            bars = sum(by_kind.values())
            self.part_pieces[part] += 1
            self.part_bars[part] += bars
            self.part_notes[part] += piece.notes[part]
            for style, share in (piece.style or {UNKNOWN_STYLE: 1.0}).items():
                self.style_bars[style][part] += share * bars
            for kind, count in by_kind.items():
                self.kind_bars[kind][part] += count
