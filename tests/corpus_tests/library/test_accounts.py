"""Accounts of pieces and files: counts without the notes, and where a file comes from."""

import os
from pathlib import Path

from corpus.families import print_of
from corpus.library.accounts import UNNAMED_KIND, Account, Origin, account_of
from corpus.pieces import Piece, PieceSection
from song.notes import Note, Phrase, Wobble
from song.parts import Part
from song.sections import SectionKind

BAR = 384
DRUMS = Phrase(4, tuple(Note(tick, 36, 24, 100) for tick in (0, 96, BAR, 2 * BAR, 3 * BAR + 48)))
BASS = Phrase(
    4,
    (Note(0, 40, 96, 100), Note(3 * BAR, 41, 96, 100)),
    (Wobble(0, 48, "1/8", 0.8), Wobble(48, 48, "1/16", 0.8), Wobble(3 * BAR, 96, "1/8", 0.8)),
)


def piece(sections=(), parts=None):
    return Piece(
        "p", "s", "family", "train", "", {"trap": 1.0}, 140.0, 5, True, 4,
        parts or {Part.DRUMS: DRUMS, Part.BASS: BASS}, sections=sections,
    )  # fmt: skip


def test_notes_and_sounding_bars_are_counted_by_part_and_section_kind():
    told = account_of(piece((PieceSection(0, 2, SectionKind.BUILD), PieceSection(2, 1, SectionKind.DROP))))
    assert told.notes == {Part.DRUMS: 5, Part.BASS: 2}
    assert told.sounding_bars == {
        Part.DRUMS: {"build": 2, "drop": 1, UNNAMED_KIND: 1},
        Part.BASS: {"build": 1, UNNAMED_KIND: 1},
    }
    assert told.kinds == {"build": 2, "drop": 1}


def test_bars_with_a_wobble_are_counted_once_however_many_it_has():
    assert account_of(piece()).wobble_bars == 2
    assert account_of(piece(parts={Part.DRUMS: DRUMS})).wobble_bars == 0


def test_kinds_are_guessed_only_where_nobody_named_any():
    guessed = PieceSection(0, 2, SectionKind.DROP, estimated=True)
    assert account_of(piece((guessed,))).kinds_estimated
    assert not account_of(piece((guessed, PieceSection(2, 2, SectionKind.OUTRO)))).kinds_estimated


def test_an_account_keeps_what_its_piece_is_recognised_by():
    assert account_of(piece()).print == print_of(piece())
    assert account_of(piece()).print.family == "family"


def test_an_origin_is_a_path_even_where_its_name_is_no_text():
    location = b"/music/caf\xe9.mid"
    origin = Origin(location, "caf\N{REPLACEMENT CHARACTER}.mid", "mine")
    assert os.fsencode(origin.path) == location
    assert origin.place == "/music/caf\N{REPLACEMENT CHARACTER}.mid"
    assert origin.full_name == "mine/caf\N{REPLACEMENT CHARACTER}.mid"
    assert Origin(b"music21:bach/bwv1.6", "bwv1.6", "music21:bach").path == Path("music21:bach/bwv1.6")


def test_an_account_of_which_nothing_is_said_is_of_no_pieces():
    account = Account(Origin(b"a", "a", "s"))
    assert (account.pieces, account.reason, account.digest) == ((), "", "")
