"""The words about each file."""

import msgspec
import pytest

from corpus.library.account_text import describe, key_name, notes_by_part, style_name, verdict
from corpus.library.accounts import Account, Origin, account_of
from corpus.library.store import Entry
from corpus.pieces import Piece, PieceSection
from song.notes import Note, Phrase, Wobble
from song.parts import Part
from song.sections import SectionKind
from tests.corpus_tests.library_music import corpus, fill, told

PIECE = Piece(
    "a.mid", "mine", "a", "train", "", {"trap": 0.4, "dubstep": 0.6}, 140.0, 5, True, 4,
    {Part.BASS: Phrase(4, (Note(0, 40, 96, 100),), (Wobble(0, 96, "1/8", 0.8),))},
    sections=(PieceSection(0, 4, SectionKind.DROP, estimated=True),),
)  # fmt: skip


def entry(reason="", pieces=(), name="a.mid", **more):
    origin = Origin(b"/music/mine/a.mid", name, "mine")
    return Entry(Account(origin, reason=reason, pieces=tuple(account_of(one) for one in pieces)), **more)


def test_doctor_names_key_tempo_style_parts_and_section_kinds(tmp_path, capsys):
    library = tmp_path / "library"
    music = fill(tmp_path / "mine", 1)
    corpus(library, "add", music, "--style", "trap", "--artist", "A")
    lines = told(capsys, library, "doctor", music / "a0tune.mid").splitlines()
    assert lines[0].startswith("mine/a0tune.mid: taken, ")
    assert lines[1].startswith("  8 bars, ")
    assert "140 BPM, trap; notes: lead 64" in lines[1]
    assert lines[-1] == "1 files: 1 taken"
    assert told(capsys, library, "doctor", "--trouble") == "1 files: 1 taken\n"
    assert 'nothing in the library is called "theirs"' in told(capsys, library, "doctor", "theirs")


@pytest.mark.parametrize(
    ("found", "word"),
    [
        (entry(pieces=[PIECE]), "taken"),
        (entry("only its 4/4", [PIECE]), "partly taken"),
        (entry("it is empty"), "refused"),
        (entry(pieces=[PIECE], same_as="mine/b.mid"), "duplicate"),
        (entry(pieces=[PIECE], same_as="mine/b.mid", unread="damaged"), "unreadable"),
    ],
)
def test_a_verdict_is_one_of_five(found, word):
    assert verdict(found) == word


def test_a_file_is_described_with_what_it_is_for_why_and_its_pieces():
    voices = msgspec.structs.replace(PIECE, name="a.mid (voices 2)", velocity_known=False, sections=())
    found = entry("only its 4/4", [PIECE, voices], settled=(("a", "train"), ("a", "test")))
    assert describe(found) == [
        "mine/a.mid: partly taken, held out to judge by and to learn from",
        "  why: only its 4/4",
        "  4 bars, F minor, 140 BPM, dubstep and trap; notes: bass 1; bars of drop 4 (guessed); wobble in 1 bars",
        "  (voices 2): 4 bars, F minor, 140 BPM, dubstep and trap; notes: bass 1; wobble in 1 bars; velocity unknown",
    ]


def test_a_duplicate_names_the_file_that_stands_for_it_and_no_pieces():
    assert describe(entry(pieces=[PIECE], same_as="mine/b.mid")) == [
        "mine/a.mid: duplicate",
        "  why: it is the same file as mine/b.mid, which is taken: nothing to do",
    ]


def test_what_would_move_a_cursor_is_marked():
    assert describe(entry("it is \x07 empty", name="a\x1b.mid")) == [
        "mine/a\ufffd.mid: refused",
        "  why: it is \ufffd empty",
    ]


def test_keys_styles_and_notes_have_names_also_where_nothing_is_known():
    told_of = account_of(PIECE)
    assert [key_name(told_of), style_name(told_of)] == ["F minor", "dubstep and trap"]
    drums = msgspec.structs.replace(PIECE, tonic_class=None, style={}, style_estimated=False)
    assert [key_name(account_of(drums)), style_name(account_of(drums))] == ["", "style unknown"]
    guessed = msgspec.structs.replace(PIECE, tonic_class=10, minor=False, style={"house": 1.0}, style_estimated=True)
    assert [key_name(account_of(guessed)), style_name(account_of(guessed))] == ["Bb major", "house (guessed)"]
    assert notes_by_part({Part.BASS: 120, Part.DRUMS: 800, Part.LEAD: 0}) == "drums 800, bass 120"
