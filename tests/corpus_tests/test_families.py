"""Versions of one music, by name and by what is kept of each: in any order, however many there are."""

import random

import numpy as np
import pytest

from corpus.families import MOST_HOLDERS, SPLITS, Print, families_of, hash_share, join_families, settle, split_of
from corpus.pieces import Piece
from song.notes import Note, Phrase
from song.parts import Part


def test_versions_of_a_name_are_one_family():
    stems = ["song", "song-v2", "Song_final", "song (copy)", "song-01", "song 02", "song-v2-final", "other"]
    assert families_of(stems) == ["song"] * 7 + ["other"]
    numbered = [f"track {number:02}" for number in range(1, 10)]
    assert families_of(numbered) == numbered


def tune(family, split, pitches):
    notes = tuple(Note(index * 48, pitch, 48, 90) for index, pitch in enumerate(pitches))
    return Piece(family, "s", family, split, "", {}, 120.0, 0, True, 4, {Part.LEAD: Phrase(4, notes)})


def test_pieces_that_share_bars_share_a_family_and_go_to_the_held_out_split():
    base = [60 + (step * step + step // 8 * 3) % 19 for step in range(32)]
    varied = [*base[:24], *(pitch + 1 for pitch in base[24:31]), 90]
    joined = join_families([tune("a", "train", base), tune("b", "validation", varied), tune("c", "train", base[::-1])])
    assert [(piece.family, piece.split) for piece in joined] == [
        ("a", "validation"),
        ("a", "validation"),
        ("c", "train"),
    ]


def test_splits_are_fixed_and_of_the_shares_that_are_told():
    families = [f"song {number}" for number in range(4000)]
    splits = [split_of(family) for family in families]
    assert splits == [split_of(family) for family in families]
    assert 0.88 < splits.count("train") / 4000 < 0.92
    assert 0.035 < splits.count("validation") / 4000 < 0.065
    # A hash that depended on the process would give another number here each time.
    assert hash_share("night bus") == pytest.approx(0.2428, abs=1e-4)


def version(name, bars, split=None, tune=None):
    hashes = np.array(sorted(set(bars)), dtype="<u8").tobytes()
    return Print(name, split or split_of(name), tune or f"tune of {name}", hashes)


def families(prints):
    return {one.family: family for one, (family, _) in zip(prints, settle(prints), strict=True)}


def test_three_bars_and_three_in_ten_of_the_shorter_piece_make_versions():
    prints = [
        version("a", range(10)),
        version("b", [*range(3), *range(100, 107)]),
        version("c", [*range(5, 7), *range(200, 204)]),
        version("d", [*range(200, 203), *range(300, 308)]),
        version("e", []),
    ]
    assert families(prints) == {"a": "a", "b": "a", "c": "c", "d": "c", "e": "e"}
    longer = [*prints[:3], version("d", [*range(200, 203), *range(300, 400)]), version("f", range(300, 329))]
    # Three bars are enough of a short piece; 29 of 100 are less than a third of a long one, and all of a short one.
    assert families(longer)["d"] == families(longer)["f"] == families(longer)["c"]


def test_so_many_versions_that_each_bar_is_crowded_are_still_one_family():
    dice = random.Random(1)
    song = range(1000, 1040)
    versions = [version(f"take {number}", dice.sample(song, 30)) for number in range(MOST_HOLDERS * 3)]
    strangers = [version(f"other {number}", [*range(number * 50, number * 50 + 20), 1000, 1001]) for number in range(9)]
    found = families([*versions, *strangers])
    assert len({found[one.family] for one in versions}) == 1
    assert len({found[one.family] for one in strangers}) == len(strangers)


def test_a_held_out_version_holds_out_its_family():
    prints = [
        version("a", range(9), split="train"),
        version("b", range(9), split="validation"),
        version("c", [], split="test", tune="tune of b"),
        version("d", [], split="train"),
    ]
    assert settle(prints) == [("a", "test"), ("a", "test"), ("a", "test"), ("d", "train")]


def test_the_order_of_pieces_says_nothing():
    dice = random.Random(2)
    prints = []
    for number in range(120):
        tune = dice.randrange(100)
        song = tune % 12 * 1000
        chosen = random.Random(tune)
        bars = [*chosen.sample(range(song, song + 30), 12), *chosen.sample(range(90_000, 90_040), 6)]
        prints.append(version(f"piece {number}", bars, tune=f"tune {tune}"))
    first = {one.family: answer for one, answer in zip(prints, settle(prints), strict=True)}
    assert 2 < len({family for family, _ in first.values()}) < 120
    for _ in range(5):
        dice.shuffle(prints)
        assert {one.family: answer for one, answer in zip(prints, settle(prints), strict=True)} == first
    assert all(split in SPLITS for _, split in first.values())
