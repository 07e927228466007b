"""Counts over files and pieces: by collection, split, part, style and section kind."""

import msgspec
import pytest

from corpus.library.accounts import Account, Origin, account_of
from corpus.library.store import Entry
from corpus.library.tally import UNKNOWN_STYLE, Tally
from corpus.pieces import Piece, PieceSection
from song.notes import Note, Phrase, Wobble
from song.parts import Part
from song.sections import SectionKind

BAR = 384
DRUMS = Phrase(4, tuple(Note(tick, 36, 24, 100) for tick in (0, 96, BAR, 2 * BAR)))
BASS = Phrase(4, (Note(0, 40, 96, 100),), (Wobble(0, 96, "1/8", 0.8),))
PIECE = Piece(
    "p", "pack", "p", "train", "", {"dubstep": 0.75, "trap": 0.25}, 140.0, 5, True, 4,
    {Part.DRUMS: DRUMS, Part.BASS: BASS}, sections=(PieceSection(0, 2, SectionKind.DROP),),
)  # fmt: skip


def tally_of(*pieces):
    tally = Tally()
    tally.add_pieces(pieces)
    return tally


def entry(name, reason="", pieces=(), **more):
    origin = Origin(f"/music/mine/{name}".encode(), name, "mine", artist="Someone")
    account = Account(origin, reason=reason, pieces=tuple(account_of(one) for one in pieces))
    return Entry(account, **more)


def test_pieces_are_counted_by_collection_split_and_part():
    tally = tally_of(PIECE, msgspec.structs.replace(PIECE, split="test"))
    one = tally.collections["pack"]
    assert (one.pieces, one.bars, one.held_out_bars, one.styles) == (2, 8, 4, {"dubstep", "trap"})
    assert {split: dict(counts) for split, counts in tally.splits.items()} == {
        "train": {"pieces": 1, "bars": 4},
        "test": {"pieces": 1, "bars": 4},
    }
    assert tally.part_pieces == {Part.DRUMS: 2, Part.BASS: 2}
    assert tally.part_bars == {Part.DRUMS: 6, Part.BASS: 2}
    assert tally.part_notes == {Part.DRUMS: 8, Part.BASS: 2}
    assert tally.wobble_bars == 2


def test_a_mixture_of_styles_counts_by_its_shares_and_no_style_as_unknown():
    tally = tally_of(PIECE, msgspec.structs.replace(PIECE, style={}))
    assert tally.style_bars["dubstep"] == pytest.approx({Part.DRUMS: 2.25, Part.BASS: 0.75})
    assert tally.style_bars["trap"] == pytest.approx({Part.DRUMS: 0.75, Part.BASS: 0.25})
    assert tally.style_bars[UNKNOWN_STYLE] == {Part.DRUMS: 3, Part.BASS: 1}


def test_bars_are_counted_by_the_kind_of_section_they_lie_in():
    assert tally_of(PIECE).kind_bars == {"drop": {Part.DRUMS: 2, Part.BASS: 1}, "unknown": {Part.DRUMS: 1}}


def test_guesses_and_gaps_are_counted_by_piece():
    guessed = (PieceSection(0, 4, SectionKind.DROP, estimated=True),)
    tally = tally_of(
        PIECE,
        msgspec.structs.replace(PIECE, sections=guessed, style_estimated=True),
        msgspec.structs.replace(PIECE, sections=(), velocity_known=False, renotated=True),
    )
    # A piece without sections has none that were guessed.
    assert (tally.guessed_kinds, tally.guessed_styles, tally.unknown_velocity, tally.renotated) == (1, 1, 1, 1)


def test_files_are_counted_by_what_became_of_them_with_the_reasons():
    tally = Tally()
    tally.add_entries(
        [
            entry("a.mid", pieces=[PIECE], settled=(("a", "validation"),)),
            entry("b.mid", "only its 4/4", pieces=[PIECE], settled=(("b", "train"),)),
            entry("c.mid", "it is empty"),
            entry("d.mid", pieces=[PIECE], same_as="mine/a.mid"),
            entry("e.mid", unread="the record is damaged"),
        ]
    )
    one = tally.collections["mine"]
    assert one.files == {"taken": 1, "partly taken": 1, "refused": 1, "duplicate": 1, "unreadable": 1}
    # The split that a library settles counts, not the one that a piece was read with; a duplicate adds no piece.
    assert (one.pieces, one.bars, one.held_out_bars) == (2, 8, 4)
    assert (one.artists, one.folders) == ({"Someone"}, {"/music/mine"})
    assert tally.reasons == [
        ("mine", "b.mid", "partly taken", "only its 4/4"),
        ("mine", "c.mid", "refused", "it is empty"),
        ("mine", "d.mid", "duplicate", "the same file as mine/a.mid"),
        ("mine", "e.mid", "unreadable", "the record is damaged"),
    ]
