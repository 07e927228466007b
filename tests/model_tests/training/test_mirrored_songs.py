"""Held-out music: nothing that was heard, not even as another version; plans that ask for what the music does."""

import msgspec
import pytest

from corpus.pieces import Piece, PieceSection
from model.training.mirrored_songs import IN_SCALE_SHARE, STAND_IN_KIND, MirroredSong, choose, stretch_of, unheard
from model.writing.hints import Hints
from song.notes import Note, Phrase
from song.parts import Part
from song.sections import SectionKind
from tests.model_tests.mirrored import starter_stretches
from tests.model_tests.starter_set import starter_pieces


def piece(name: str, family: str = "", source: str = "there", pitches: tuple[int, ...] = (69, 72, 76, 81)) -> Piece:
    notes = tuple(Note(n * 96, pitches[n % len(pitches)], 90, 100) for n in range(128))
    phrase = Phrase(32, notes)
    return Piece(
        name=name,
        source=source,
        family=family or name,
        split="validation",
        digest=f"{name:0<64}",
        style={"house": 1.0},
        tempo_bpm=128.0,
        tonic_class=9,
        minor=True,
        bars=32,
        parts={Part.LEAD: phrase},
        sections=(PieceSection(0, 24, SectionKind.BREAK), PieceSection(24, 8, SectionKind.DROP)),
    )


@pytest.fixture(scope="module")
def starter() -> list[MirroredSong]:
    return starter_stretches()


def test_a_version_of_what_was_heard_and_a_half_time_copy_are_left_out() -> None:
    pieces = [piece("heard", "one"), piece("version", "one"), piece("new"), piece("copy")]
    pieces[3] = msgspec.structs.replace(pieces[3], renotated=True)
    assert [one.name for one in unheard(pieces, {pieces[0].digest[:16]})] == ["new"]


def test_pieces_are_drawn_from_each_source_one_a_family() -> None:
    pieces = [piece(f"{source} {n}", f"{source} family {n // 2}", source) for source in ("x", "y") for n in range(20)]
    chosen = choose(pieces, 4, seed=1)
    assert [one.source for one in chosen] == ["x"] * 4 + ["y"] * 4
    assert len({one.family for one in chosen}) == 8
    assert chosen == choose(pieces[::-1], 4, seed=1) != choose(pieces, 4, seed=2)


def test_the_plan_of_a_stretch_is_what_the_piece_does() -> None:
    stretch = stretch_of(piece("a"))
    assert stretch is not None
    assert (stretch.song.key, stretch.song.style) == ("A minor", {"house": 1.0})
    assert [(one.kind, one.bars) for one in stretch.song.sections] == [
        (SectionKind.BREAK, 16), (SectionKind.BREAK, 8), (SectionKind.DROP, 8),
    ]  # fmt: skip
    for cell, phrase in stretch.phrases.items():
        constraints = stretch.song.sections[cell.section].constraints
        assert constraints.tempo_bpm == (128.0, 128.0)
        assert constraints.requested_onsets(cell.part) == pytest.approx(phrase.onsets_per_bar()) == 4
        assert phrase.bars == stretch.song.sections[cell.section].bars
        assert constraints.density.drums == 0


def test_a_piece_outside_its_scale_is_mirrored_in_a_chromatic_key() -> None:
    inside = (69, 71, 72, 74, 76, 77, 79, 81)
    outside = (*inside, *inside, 70)
    assert len(inside) * 2 / len(outside) < IN_SCALE_SHARE
    stretch = stretch_of(piece("a", pitches=outside))
    assert stretch is not None
    assert stretch.song.key == "A chromatic"


def test_the_real_music_keeps_its_places_and_classes_and_gets_the_networks_lengths() -> None:
    stretch = stretch_of(piece("a"))
    assert stretch is not None
    notes = next(iter(stretch.phrases.values())).notes
    assert [note.onset_tick for note in notes[:4]] == [0, 96, 192, 288]
    assert [note.pitch % 12 for note in notes[:4]] == [9, 0, 4, 9]
    assert {note.duration_ticks for note in notes} == {96}


def test_a_part_that_rests_is_not_asked_for(starter: list[MirroredSong]) -> None:
    for stretch in starter:
        for index, section in enumerate(stretch.song.sections):
            for part in Part:
                there = any(cell.section == index and cell.part is part for cell in stretch.phrases)
                assert (section.constraints.density.of(part) > 0) == there


def test_a_stretch_knows_its_kinds_where_somebody_named_them() -> None:
    piece = starter_pieces()[0]
    guessed = tuple(msgspec.structs.replace(section, estimated=True) for section in piece.sections)
    known = stretch_of(piece)
    unknown = stretch_of(msgspec.structs.replace(piece, sections=guessed, tonic_class=None))
    assert known is not None
    assert unknown is not None
    assert known.hints == Hints(True, piece.minor)
    assert unknown.hints == Hints(False, None)
    assert {section.kind for section in unknown.song.sections} == {STAND_IN_KIND}
