"""Pieces as every importer hands them on: their format, and what is known of them where nothing is said."""

import msgspec
import pytest

from corpus.pieces import FORMAT_VERSION, Grace, Piece, PieceSection
from song.notes import Note, Phrase, Wobble
from song.parts import Part
from song.sections import SectionKind


def bare():
    """A piece of which only what is needed is said."""
    return Piece("p", "s", "p", "train", "", {}, 140.0, None, True, 2, {Part.DRUMS: Phrase(2, (Note(0, 36, 24, 96),))})


def test_a_change_of_the_fields_needs_a_new_format_version():
    # Records of a library hold pieces: with other fields, old ones must be read anew and not misread.
    fields = {one.__name__: " ".join(one.__struct_fields__) for one in (Piece, PieceSection, Grace)}
    assert (FORMAT_VERSION, fields) == (
        3,
        {
            "Piece": "name source family split digest style tempo_bpm tonic_class minor bars parts sections "
            "velocity_known wobble_known renotated style_estimated micro graces wobble_phases key_ambiguous",
            "PieceSection": "start_bar bars kind estimated",
            "Grace": "onset_tick pitch velocity micro",
        },
    )


def test_a_piece_comes_back_from_its_bytes_as_it_was():
    notes = (Note(0, 40, 96, 100), Note(96, 43, 24, 1))
    piece = msgspec.structs.replace(
        bare(),
        style={"dubstep": 0.5, "trap": 0.5},
        parts={Part.BASS: Phrase(2, notes, (Wobble(0, 96, "1/8T", 0.85, "saw"),)), **bare().parts},
        sections=(PieceSection(0, 2, SectionKind.DROP, estimated=True),),
        micro={Part.BASS: (-4, 37)},
        graces=(Grace(96, 38, 40, -37),),
        wobble_phases=(0.25,),
    )
    again = msgspec.msgpack.decode(msgspec.msgpack.encode([piece]), type=list[Piece])
    assert again == [piece]


def test_a_piece_of_which_nothing_more_is_said_means_its_velocities_and_does_not_know_its_wobble():
    piece = bare()
    assert piece.velocity_known
    assert not piece.wobble_known
    assert [piece.renotated, piece.style_estimated, piece.key_ambiguous] == [False] * 3
    assert (piece.sections, piece.graces, piece.wobble_phases, piece.micro) == ((), (), (), {})
    assert not PieceSection(0, 4, SectionKind.DROP).estimated


def test_graces_are_in_order_of_their_places():
    graces = [Grace(96, 38, 40, 0), Grace(0, 42, 10, 5), Grace(0, 38, 90, -5)]
    assert sorted(graces) == [graces[2], graces[1], graces[0]]


def test_a_piece_is_not_changed_in_place():
    with pytest.raises(AttributeError):
        bare().split = "test"
