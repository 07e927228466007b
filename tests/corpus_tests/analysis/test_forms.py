"""The sections of an opened file: by markers, by what is heard, and in blocks."""

from corpus.analysis.forms import stretches_of, unused_markers
from corpus.pieces import PieceSection
from song.sections import SectionKind

INTRO, BREAK, DROP = SectionKind.INTRO, SectionKind.BREAK, SectionKind.DROP


def shown(found):
    return [(one.start_bar, one.bars, one.kind, one.name) for one in found]


def test_markers_make_sections_and_what_lies_before_the_first_is_one():
    found = stretches_of([(4, "Verse  A"), (8, "Drop"), (8, "loud"), (12, "B")], (), 16)
    assert shown(found) == [(0, 4, INTRO, ""), (4, 4, BREAK, "Verse A"), (8, 4, DROP, "Drop"), (12, 4, DROP, "B")]
    assert unused_markers([(4, "Verse  A"), (8, "Drop"), (8, "loud")], found) == ["loud"]


def test_a_credit_at_the_first_bar_leaves_the_form_to_what_is_heard():
    guessed = [PieceSection(0, 8, INTRO), PieceSection(8, 8, DROP)]
    assert shown(stretches_of([(0, "by nobody")], guessed, 16)) == [(0, 8, INTRO, ""), (8, 8, DROP, "")]
    assert shown(stretches_of([(0, "by nobody")], guessed, 16, is_ours=True)) == [(0, 16, INTRO, "by nobody")]


def test_gaps_and_long_stretches_are_filled_and_cut():
    assert shown(stretches_of([], [PieceSection(20, 4, DROP)], 24)) == [
        (0, 16, BREAK, ""),
        (16, 4, BREAK, ""),
        (20, 4, DROP, ""),
    ]
    assert [one.bars for one in stretches_of([(0, "Drop")], (), 300)] == [128, 128, 44]


def test_kinds_that_markers_do_not_tell_come_beside_them():
    found = stretches_of([(0, "Wub"), (4, "Night")], (), 8, is_ours=True, kinds=[(0, "drop"), (4, "outro")])
    assert [one.kind for one in found] == [DROP, SectionKind.OUTRO]
