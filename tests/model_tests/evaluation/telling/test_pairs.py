"""Real drops, what is asked for in their likeness, and what comes of it."""

import msgspec
import pytest

from corpus.pieces import Piece, PieceSection
from model.evaluation.telling.pairs import as_played, compose_like, real_drops, spread_out
from model.protocol import CellRef
from model.writing.fill import Filler
from song.notes import Phrase
from song.parts import Part
from song.sections import SectionKind
from tests.model_tests.told_drops import beats


def piece(name: str = "one", sections: tuple[PieceSection, ...] = (), **parts: Phrase) -> Piece:
    bars = next(iter(parts.values())).bars
    music = {Part(part): phrase for part, phrase in parts.items()}
    return Piece(name, "mine", name, "test", name, {}, 128.0, 2, True, bars, music, sections)


def busy(part_bars: range, bars: int = 24, count: int = 4) -> Phrase:
    return beats(*(count if bar in part_bars else 1 for bar in range(bars)))


def test_a_drop_is_the_named_one_or_the_guessed_one_or_the_busiest_bars() -> None:
    music = {"drums": beats(*[4] * 24, pitch=36), "bass": busy(range(8, 24))}
    for sections, found, first in (
        ((PieceSection(0, 8, SectionKind.DROP),), "named", 1),
        ((PieceSection(0, 4, SectionKind.DROP), PieceSection(4, 8, SectionKind.DROP, True)), "guessed", 1),
        ((), "busiest", 4),
    ):
        (drop,) = real_drops([piece(sections=sections, **music)])
        assert drop.found == found
        assert len([n for n in as_played(drop).parts[Part.BASS].notes if n.onset_tick < 384]) == first
        assert drop.stretch.song.sections[0].kind is SectionKind.DROP
        assert drop.stretch.song.sections[0].bars == (8 if sections else 16)


def test_the_plan_asks_for_the_same_parts_density_tempo_and_key() -> None:
    (drop,) = real_drops([piece(drums=beats(*[9] * 16, pitch=36), lead=beats(*[3] * 16, pitch=74))])
    section = drop.stretch.song.sections[0]
    assert set(drop.stretch.phrases) == {CellRef(0, Part.DRUMS), CellRef(0, Part.LEAD)}
    assert section.constraints.requested_onsets(Part.DRUMS) == pytest.approx(9)
    assert section.constraints.requested_onsets(Part.LEAD) == pytest.approx(3)
    assert section.constraints.density.bass == section.constraints.density.chords == 0
    assert section.constraints.tempo_bpm == (128.0, 128.0)
    assert drop.stretch.song.key == "D minor"
    assert drop.stretch.hints.kinds_known


def test_songs_of_one_part_parts_too_dense_to_ask_for_and_the_starter_set_are_left_out() -> None:
    drums, bass = beats(*[4] * 8, pitch=36), beats(*[2] * 8)
    alone, dense = piece(drums=drums), piece(drums=beats(*[16] * 8, pitch=36), bass=beats(*[16] * 8))
    ours = msgspec.structs.replace(piece(drums=drums, bass=bass), source="starter")
    assert real_drops([alone, dense, ours]) == []
    short = piece(drums=beats(*[4] * 4, pitch=36), bass=beats(*[2] * 4))
    assert real_drops([short]) == []


def test_of_a_family_the_piece_with_most_parts_is_taken() -> None:
    two = piece("two", drums=beats(*[4] * 8, pitch=36), bass=beats(*[2] * 8))
    three = piece("three", drums=beats(*[4] * 8, pitch=36), bass=beats(*[2] * 8), lead=beats(*[2] * 8, pitch=74))
    other = piece("other", drums=beats(*[4] * 8, pitch=36), bass=beats(*[2] * 8))
    versions = [msgspec.structs.replace(one, family="f") for one in (two, three)]
    assert [drop.stretch.name for drop in real_drops([*versions, other])] == ["three", "other"]


def test_what_is_composed_has_the_same_parts_and_about_the_same_onsets(tiny_filler: Filler) -> None:
    (drop,) = real_drops([piece(drums=beats(*[4] * 8, pitch=36), bass=beats(*[2] * 8))])
    composed = compose_like(tiny_filler, drop, 3)
    assert (composed.bars, composed.tonic_class, set(composed.parts)) == (8, 2, {Part.DRUMS, Part.BASS})
    assert composed.parts[Part.BASS].onsets_per_bar() == pytest.approx(2, abs=0.3)
    assert composed == compose_like(tiny_filler, drop, 3)
    assert composed != compose_like(tiny_filler, drop, 4)
    assert composed != compose_like(tiny_filler, drop, 3, kind_told=False)


def test_few_drops_are_taken_from_all_over() -> None:
    drums, bass = beats(*[4] * 8, pitch=36), beats(*[2] * 8)
    drops = real_drops([piece(str(number), drums=drums, bass=bass) for number in range(9)])
    assert [one.stretch.name for one in spread_out(drops, 3)] == ["0", "3", "6"]
    assert spread_out(drops, 20) == drops
