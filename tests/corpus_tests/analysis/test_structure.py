"""Section kinds of pieces: markers by name, forms made here, forms that are known, and music that has none."""

import pytest

from corpus.analysis.structure import estimate_sections, kind_of, sections_of
from corpus.families import hash_share
from corpus.starter.pieces import starter_pieces
from song.sections import SectionKind
from tests.corpus_tests.made_forms import BREAK, BUILD, DROP, INTRO, OUTRO, as_pairs, form


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("INTRO", SectionKind.INTRO),
        ("Drop 2", SectionKind.DROP),
        ("chorus_1", SectionKind.DROP),
        ("Pre-Chorus", SectionKind.BUILD),
        ("Build Up", SectionKind.BUILD),
        ("Verse 3", SectionKind.BREAK),
        ("Interlude", SectionKind.BREAK),
        ("Outro", SectionKind.OUTRO),
        ("Conductor Track", None),
        ("weekend", None),
    ],
)
def test_markers_mean_section_kinds(name, kind):
    assert kind_of(name) == kind


def test_a_section_ends_where_the_next_marker_stands_or_the_piece_does():
    sections = sections_of([(-4, "intro"), (4, "drop"), (20, "solo"), (24, "outro"), (90, "drop")], 32)
    assert [(one.start_bar, one.bars) for one in sections] == [(0, 4), (4, 16), (24, 8)]


@pytest.mark.parametrize(
    "sections",
    [
        [(INTRO, 8), (BUILD, 8), (DROP, 16), (BREAK, 8), (BUILD, 8), (DROP, 16), (OUTRO, 8)],
        [(INTRO, 16), (BUILD, 4), (DROP, 16), (BREAK, 16), (BUILD, 4), (DROP, 16), (OUTRO, 4)],
        [(DROP, 16), (BREAK, 8), (BUILD, 8), (DROP, 16)],
    ],
)
def test_a_form_made_here_is_found_again(sections):
    found = estimate_sections(form(*sections), sum(bars for _, bars in sections))
    assert as_pairs(found) == sections
    assert all(section.estimated for section in found)
    starts = [sum(bars for _, bars in sections[:index]) for index in range(len(sections))]
    assert [section.start_bar for section in found] == starts


def test_what_leads_into_a_drop_is_taken_for_a_build_rightly_or_not():
    """A known weakness: nothing in these four bars rises, but what follows is much louder."""
    found = estimate_sections(form((INTRO, 8), (DROP, 16), (BREAK, 8), (DROP, 16), (OUTRO, 8)), 56)
    assert as_pairs(found) == [
        (INTRO, 4), (BUILD, 4), (DROP, 16), (BREAK, 4), (BUILD, 4), (DROP, 16), (OUTRO, 8),
    ]  # fmt: skip


def test_a_last_group_that_is_cut_short_ends_with_the_piece():
    found = estimate_sections(form((INTRO, 8), (BUILD, 8), (DROP, 16), (OUTRO, 6)), 38)
    assert as_pairs(found) == [(INTRO, 8), (BUILD, 8), (DROP, 16), (OUTRO, 6)]


@pytest.mark.parametrize(
    "sections",
    [[(DROP, 64)], [(BREAK, 64)], [(INTRO, 4), (DROP, 16)], [(INTRO, 4), (DROP, 96), (OUTRO, 4)]],
    ids=["one long drop", "no drop at all", "too short", "full nearly throughout"],
)
def test_what_has_no_form_gets_none(sections):
    assert estimate_sections(form(*sections), sum(bars for _, bars in sections)) == ()


def test_drums_or_bass_alone_say_nothing_of_a_form():
    parts = form((INTRO, 8), (BUILD, 8), (DROP, 16), (BREAK, 8), (DROP, 16))
    for part in parts:
        assert estimate_sections({part: parts[part]}, 56) == ()


def kinds_by_bar(sections, bars):
    kinds = [None] * bars
    for section in sections:
        kinds[section.start_bar : section.start_bar + section.bars] = [section.kind] * section.bars
    return kinds


def test_the_forms_of_the_starter_tracks_are_heard_from_their_notes(record_property):
    """A sanity check: the weights were fitted on one half of these tracks, so the other half is what counts."""
    right, total = {True: 0, False: 0}, {True: 0, False: 0}
    for piece in starter_pieces():
        if len(piece.sections) < 2:
            continue
        is_tuning = hash_share(f"form {piece.name}") < 0.5
        notes = {part: phrase.notes for part, phrase in piece.parts.items()}
        guessed = kinds_by_bar(estimate_sections(notes, piece.bars), piece.bars)
        known = kinds_by_bar(piece.sections, piece.bars)
        right[is_tuning] += sum(one == other for one, other in zip(guessed, known, strict=True))
        total[is_tuning] += piece.bars
    for is_tuning, name in ((True, "tuning"), (False, "held_out")):
        record_property(name, right[is_tuning] / total[is_tuning])
    assert total[False] > 500
    assert right[False] >= 0.85 * total[False]
