"""The copy index survives being saved, holds no music, and says what is wrong with a file."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import load_file

from corpus.pieces import Piece
from model.originality.copy_index import CopyIndex, build_index, index_path, join_indexes, load_index, save_index
from model.originality.copy_meter import CopyMeter
from model.tensors import parse_tensors, save_tensors
from song.errors import UserError
from song.notes import Note, Phrase
from song.parts import Part
from tests.model_tests.starter_set import starter_pieces

NOTES = st.lists(
    st.tuples(st.integers(0, 60), st.sampled_from([60, 62, 64]), st.sampled_from(list(Part))), min_size=1, max_size=60
)


def piece(name: str, notes: Sequence[tuple[int, int, Part]]) -> Piece:
    parts = {
        part: Phrase(4, tuple(sorted({Note(place * 24, pitch, 24, 90) for place, pitch, own in notes if own is part})))
        for part in {part for _, _, part in notes}
    }
    return Piece(name, "test", name, "train", name, {}, 140.0, 0, True, 4, parts)


def same(one: CopyIndex, other: CopyIndex) -> bool:
    fields = ("hashes", "bars", "lengths", "pieces")
    pairs = [(one.groups[group], other.groups[group]) for group in one.groups]
    return one.titles == other.titles and all(
        np.array_equal(getattr(a, name), getattr(b, name)) for a, b in pairs for name in fields
    )


@pytest.fixture(scope="module")
def starter() -> CopyIndex:
    return build_index(starter_pieces()[:12])


@settings(deadline=None, max_examples=50)
@given(st.lists(NOTES, max_size=4))
def test_an_index_survives_being_saved(tmp_path_factory: pytest.TempPathFactory, music: list) -> None:
    path = tmp_path_factory.mktemp("index") / "i.originality.safetensors"
    index = build_index(piece(str(number), notes) for number, notes in enumerate(music))
    save_index(path, index)
    assert same(load_index(path), index)


def test_the_starter_set_survives_too_and_repeats_cost_little(starter: CopyIndex, tmp_path: Path) -> None:
    path = index_path(tmp_path / "w.safetensors")
    save_index(path, starter)
    assert path.name == "w.originality.safetensors"
    assert same(load_index(path), starter)
    grams = sum(len(lines.hashes) for lines in starter.groups.values())
    assert path.stat().st_size < 2 * grams
    # Nothing as long as the music is kept but what says where a gram was before, and in which bar it is.
    long = {name for name, tensor in load_file(path).items() if tensor.size >= grams / 2}
    assert not long


def test_joined_indexes_know_what_either_knows_and_what_both_know_once(starter: CopyIndex) -> None:
    pieces = starter_pieces()[:16]
    assert same(join_indexes(starter, starter), starter)
    joined = join_indexes(starter, build_index(pieces[10:]))
    assert same(joined, build_index(pieces))
    lead = pieces[14].parts[Part.LEAD]
    assert CopyMeter(joined).measure(Part.LEAD, lead).notes == len(lead.notes)
    assert CopyMeter(starter).measure(Part.LEAD, lead).notes < len(lead.notes)


def test_pieces_of_one_name_are_told_apart_by_their_music() -> None:
    one, other = (
        build_index([piece("song.mid", [(n, pitch, Part.LEAD) for n, pitch in enumerate(pitches * 4)])])
        for pitches in ([60, 62, 64], [60, 64, 62])
    )
    assert len(join_indexes(one, other).titles) == 2


@pytest.mark.parametrize("damage", ["gone", "no index", "cut short", "titles gone"])
def test_a_file_that_is_no_index_is_told_in_one_line(starter: CopyIndex, tmp_path: Path, damage: str) -> None:
    path = tmp_path / "i.originality.safetensors"
    save_index(path, CopyIndex((), starter.groups) if damage == "titles gone" else starter)
    if damage == "gone":
        path.unlink()
    elif damage == "no index":
        path.write_bytes(b"nothing")
    elif damage == "cut short":
        path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(UserError, match="cannot read the copy index") as caught:
        load_index(path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("damage", ["fewer places", "more places", "no such piece", "an empty line", "too many"])
def test_a_file_whose_parts_do_not_fit_is_no_index(starter: CopyIndex, tmp_path: Path, damage: str) -> None:
    path = tmp_path / "i.originality.safetensors"
    save_index(path, starter)
    file = parse_tensors(path.read_bytes())
    arrays = dict(file.arrays)
    lengths, pieces = arrays["drums.lengths"].copy(), arrays["drums.pieces"].copy()
    if damage == "no such piece":
        pieces[-1] = len(starter.titles)
    elif damage == "an empty line":
        lengths[:2] = 0, lengths[0] + lengths[1]
    else:
        lengths[0] = {"fewer places": lengths[0] - 1, "more places": lengths[0] + 1, "too many": 2**31}[damage]
    save_tensors(path, arrays | {"drums.lengths": lengths, "drums.pieces": pieces}, file.metadata)
    with pytest.raises(UserError, match=r"cannot read the copy index .*it is damaged"):
        load_index(path)
