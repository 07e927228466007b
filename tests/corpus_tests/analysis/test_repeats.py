"""Repeat labels of phrases against what a listener would say, and how often each comes."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.analysis.repeats import (
    LABELS,
    NEW,
    SAME_LABELS,
    SAME_RHYTHM,
    SIMILAR,
    label_bars,
    phrase_labels,
    repeat_statistics,
)
from corpus.pieces import Piece, PieceSection
from corpus.starter.pieces import starter_pieces
from model.language.conditions import repeat_labels
from model.language.events import encode_phrase
from song.notes import Note, Phrase, Wobble
from song.parts import Part
from song.sections import SectionKind


def phrase(*bars):
    """Bars written in sixteenths, a letter a pitch."""
    return Phrase(
        len(bars),
        tuple(
            Note(bar * 384 + step * 24, 40 + ord(sign) - ord("a"), 24, 100)
            for bar, row in enumerate(bars)
            for step, sign in enumerate(row)
            if sign != "."
        ),
    )


def named(labels):
    return [LABELS[label] for label in labels]


def test_labels_name_what_a_bar_repeats():
    a, b = "a...b...c...d...", "a..b..c..d..a..b"
    labels = phrase_labels(phrase(a, b, a, b, a, a, "b...c...d...e...", "f..............."))
    assert named(labels) == ["new", "new", "same 2", "same 2", "same 2", "same 1", "same rhythm", "new"]
    assert named(phrase_labels(phrase("abcde", "abcd"))) == ["new", "similar"]
    assert named(phrase_labels(phrase(*"abcdefgha"))) == ["new"] + ["same rhythm"] * 7 + ["same 8"]


def test_a_silent_bar_repeats_silence_and_nothing_else():
    assert named(phrase_labels(phrase("a", "", "", "b"))) == ["new", "new", "same 1", "new"]


def test_lengths_velocities_and_wobbles_do_not_count():
    notes = (Note(0, 40, 24, 100), Note(384, 40, 96, 30))
    assert phrase_labels(Phrase(2, notes, (Wobble(384, 96, "1/8", 0.9),)))[1] == SAME_LABELS[1]


@given(st.lists(st.text("ab.", min_size=4, max_size=4), min_size=1, max_size=20))
def test_the_model_labels_its_events_alike(rows):
    part = phrase(*rows)
    labels = phrase_labels(part)
    assert repeat_labels(encode_phrase(Part.LEAD, part, 0), part.bars).tolist() == labels
    assert labels[0] == NEW
    for bar, label in enumerate(labels):
        if label in SAME_LABELS.values():
            lag = next(lag for lag, one in SAME_LABELS.items() if one == label)
            assert rows[bar] == rows[bar - lag]


def test_shares_of_notes_decide_what_is_similar():
    ten = frozenset((place, 40) for place in range(10))
    six, five = (frozenset(sorted(ten)[:count]) for count in (6, 5))
    assert label_bars([ten, six]) == [NEW, SIMILAR]
    assert label_bars([ten, five]) == [NEW, NEW]
    assert label_bars([ten, frozenset((place, 41) for place in range(10))]) == [NEW, SAME_RHYTHM]


def piece(style, part, sections, *bars):
    music = phrase(*bars)
    return Piece("p", "s", "p", "train", "", style, 140.0, 0, True, music.bars, {part: music}, sections)


def test_statistics_are_by_part_style_and_section_kind_and_count_no_silence():
    drop = (PieceSection(0, 4, SectionKind.DROP),)
    found = repeat_statistics(
        [
            piece({"dubstep": 1.0}, Part.BASS, drop, "a", "a", "", "b", "c"),
            piece({"dubstep": 0.5, "trap": 0.5}, Part.BASS, drop, "a", "a"),
            piece({}, Part.LEAD, (), "a", "a"),
        ]
    )
    by_key = {(one.part, one.style, one.kind): one for one in found}
    assert list(by_key) == [
        (Part.BASS, "dubstep", None),
        (Part.BASS, "dubstep", SectionKind.DROP),
        (Part.BASS, "trap", SectionKind.DROP),
        (Part.LEAD, "", None),
    ]
    bass = by_key[Part.BASS, "dubstep", SectionKind.DROP]
    # "a" is new, "a" the same, silence left out, "b" has the rhythm of the first; half of the second piece.
    assert bass.bars == 3 + 1
    assert bass.shares == pytest.approx({"new": 1.5 / 4, "same 1": 1.5 / 4, "same rhythm": 1 / 4})
    assert by_key[Part.LEAD, "", None].shares == {"new": 0.5, "same 1": 0.5}


def test_the_starter_set_repeats_as_loop_music_does():
    bars, same = Counter(), Counter()
    for one in repeat_statistics(starter_pieces()):
        assert sum(one.shares.values()) == pytest.approx(1)
        bars[one.part] += one.bars
        same[one.part] += one.bars * sum(share for name, share in one.shares.items() if name.startswith("same "))
    assert set(bars) == set(Part)
    assert all(same[part] > 0.3 * bars[part] for part in Part)
