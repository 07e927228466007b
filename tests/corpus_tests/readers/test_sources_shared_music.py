"""The importers on the real sources: how much is taken, why the rest is not, and how fast."""

import re
from collections import Counter, defaultdict

import pytest

from corpus.readers.sources import read_paths
from song.drums import LANES
from song.parts import PART_SPECS, Part
from song.styles import STYLES
from tests.corpus_tests.shared_music import read_freedoom
from tests.places import SHARED

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared music is not on this machine")


@pytest.fixture(scope="module", params=["groove", "freedoom", "lmms"])
def source(request, tmp_path_factory):
    name = request.param
    pieces, refusals = read_freedoom(tmp_path_factory) if name == "freedoom" else read_paths([SHARED / name])
    return name, pieces, refusals


def test_nearly_every_file_is_taken_and_every_other_has_a_reason(source):
    name, pieces, refusals = source
    files = {re.sub(r" \((voices \d+|half-time)\)$", "", piece.name) for piece in pieces}
    assert len(files) >= {"groove": 1000, "freedoom": 95, "lmms": 550}[name]
    given = {"groove": 1021, "freedoom": 112, "lmms": 638}[name]
    assert len(files | {refusal.name for refusal in refusals}) == given
    assert all(refusal.reason.strip() for refusal in refusals)


def test_every_piece_keeps_the_promises_of_the_corpus(source):
    _, pieces, _ = source
    for piece in pieces:
        assert piece.parts
        assert set(piece.style) <= set(STYLES)
        for part, phrase in piece.parts.items():
            assert phrase.bars == piece.bars
            assert phrase.notes
            together = Counter(note.onset_tick for note in phrase.notes)
            assert max(together.values()) <= PART_SPECS[part].polyphony
            for note in phrase.notes:
                assert note.onset_tick % 4 == 0
                assert 0 <= note.onset_tick < note.end_tick <= phrase.length_ticks
                assert 1 <= note.velocity <= 127
            if part is Part.DRUMS:
                assert {note.pitch for note in phrase.notes} <= set(LANES.values())


def test_no_family_lies_in_two_splits(source):
    _, pieces, _ = source
    splits = defaultdict(set)
    for piece in pieces:
        splits[piece.family].add(piece.split)
    assert all(len(found) == 1 for found in splits.values())


def test_the_groove_set_keeps_its_own_splits_and_styles(source):
    name, pieces, _ = source
    if name != "groove":
        pytest.skip("only the Groove set brings splits")
    table = (SHARED / "groove" / "info.csv").read_text().splitlines()[1:]
    validation = {row.split(",")[7] for row in table if row.endswith(",validation")}
    held_out = {piece.name.removesuffix(" (half-time)") for piece in pieces if piece.split == "validation"}
    # Train files whose notes are the same as those of a validation file are held out with it.
    assert {name for name in validation if name.endswith("4-4.mid")} - held_out == set()
    assert len(held_out) <= len(validation) + 3
    assert all(piece.style for piece in pieces if "middleeastern" not in piece.name)
    slow = [piece for piece in pieces if piece.source == "groove half-time"]
    assert len(slow) >= 60
    assert all(120 <= piece.tempo_bpm <= 184 for piece in slow)
