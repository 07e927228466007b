"""Measurements of originality: copies told from strangers, formulas that give what they say, and the whole of them."""

import numpy as np
import pytest

from corpus.pieces import Piece
from model.checkpoint import Weights
from model.evaluation.originality import (
    SourcedPhrase,
    diversity,
    false_gram_rate,
    generated_phrases,
    held_out_phrases,
    measure_originality,
    plain_song,
    sharing,
)
from model.evaluation.originality_chapter import originality_results
from model.evaluation.results import table_markdown
from model.originality.copy_index import build_index
from model.originality.copy_meter import CopyMeter
from model.writing.fill import Filler
from song.notes import Note, Phrase
from song.parts import Part
from song.sections import SectionKind
from song.templates import song_from_form
from tests.model_tests.starter_set import starter_pieces


def phrase(*notes: tuple[int, int], bars: int = 1) -> Phrase:
    """Notes as (step, pitch)."""
    return Phrase(bars, tuple(Note(step * 24, pitch, 24, 90) for step, pitch in sorted(notes)))


def scattered(seed: int, bars: int = 16) -> Phrase:
    rng = np.random.default_rng(seed)
    return phrase(*((bar * 16 + step, int(rng.integers(60, 84))) for bar in range(bars) for step in range(0, 16, 2)),
                  bars=bars)  # fmt: skip


def piece(name: str, music: Phrase, tonic_class: int = 0) -> Piece:
    return Piece(name, "folk", name, "train", name, {}, 120.0, tonic_class, True, music.bars, {Part.LEAD: music})


def test_copies_and_strangers_are_counted_apart() -> None:
    meter = CopyMeter(build_index([piece("theirs", scattered(1))]))
    ours = [SourcedPhrase("generated", Part.LEAD, scattered(seed)) for seed in (1, 2, 3, 4)]
    (row,) = sharing(meter, ours)
    assert (row.source, row.part, row.phrases, row.median_notes, row.most_notes) == ("generated", "lead", 4, 0, 128)
    assert (row.two_bars, row.copied) == (0.25, 0.25)


def test_diversity_is_what_its_formulas_say() -> None:
    a, b = (0, 60), (4, 62)
    same = [SourcedPhrase("x", Part.LEAD, phrase(a, b)) for _ in range(4)]
    assert [(row.distinct_bars, row.distance) for row in diversity(same)] == [(1 / 4, 0.0)]
    # Two takes that share one of three notes; the first repeats its only bar.
    pair = [
        SourcedPhrase("x", Part.LEAD, phrase(a, (16, 60), bars=2)),
        SourcedPhrase("x", Part.LEAD, phrase(a, b, bars=2)),
    ]
    assert [(row.distinct_bars, row.distance) for row in diversity(pair)] == [(1.0, pytest.approx(2 / 3))]
    # Cells are compared with themselves alone.
    cells = [
        SourcedPhrase("x", Part.LEAD, phrase(note), section) for section, note in enumerate((a, b)) for _ in range(2)
    ]
    assert [(row.phrases, row.distinct_bars, row.distance) for row in diversity(cells)] == [(2, 0.5, 0.0)]
    assert diversity(pair[:1]) == ()


def test_held_out_music_is_cut_and_brought_to_one_tonic() -> None:
    music = Phrase(40, scattered(5, 34).notes)
    found = list(held_out_phrases([piece("real", music, tonic_class=2)]))
    # The third stretch has notes in two of sixteen bars.
    assert [one.phrase.bars for one in found] == [16, 16]
    assert found[0].phrase.notes[0].pitch == music.notes[0].pitch - 2
    assert found[1].phrase.notes[0].onset_tick == 0
    assert [one.source for one in found] == ["folk", "folk"]


def test_false_grams_are_as_rare_as_their_bits_make_them() -> None:
    index = build_index(starter_pieces())
    for group, lines in index.groups.items():
        expected = len(np.unique(lines.hashes)) / 2**32
        # A million look-ups of a rare event: within five standard deviations of a Poisson count.
        assert abs(false_gram_rate(index, group) - expected) < 5 * (expected / 1e6) ** 0.5


def test_the_whole_report_is_made_of_takes_and_becomes_a_chapter(tiny_filler: Filler) -> None:
    pieces = starter_pieces()
    index = build_index([one for one in pieces if one.split == "train"][:6])
    held_out = [one for one in pieces if one.split == "validation"][:1]
    plan = song_from_form([(SectionKind.DROP, 2)])
    found = measure_originality(index, held_out, tiny_filler, tiny_filler, [plan], [1], plan, [2, 3, 4])
    assert found.pieces == 6
    assert {row.source for row in found.held_out} == {"starter"}
    assert {row.source for row in found.generated} == {"generated", "generated, copies rejected"}
    assert {row.part for row in found.generated} <= {"drums", "bass", "chords", "lead"}
    # What has learned nothing copies nothing, and no two seeds give it the same music.
    assert all(row.copied == 0 for row in found.generated)
    assert all(row.phrases == 3 and row.distance > 0.5 for row in found.diversity)
    chapter = originality_results(found, "dropsmith evaluate --originality", "abcd")
    assert len(chapter.tables) == 2
    for table in chapter.tables:
        assert all(len(row) == len(table.columns) for row in table.rows)
        assert len(table_markdown(table)) > len(table.rows)
    assert "6 pieces" in chapter.text[0]


def test_copies_that_are_written_again_are_told_apart_from_those_as_they_come(
    tiny_weights: Weights, tiny_filler: Filler
) -> None:
    plan = song_from_form([(SectionKind.DROP, 4)])
    lead = next(one.phrase for one in generated_phrases(tiny_filler, [plan], [1]) if one.part is Part.LEAD)
    index = build_index([piece("known", lead)])
    rejecting = Filler(tiny_weights, CopyMeter(index))
    found = measure_originality(index, [], tiny_filler, rejecting, [plan], [1], plan, [2, 3])
    copied = {row.source: row.copied for row in found.generated if row.part == Part.LEAD.value}
    assert copied == {"generated": 1, "generated, copies rejected": 0}


def test_takes_are_the_same_for_the_same_seed(tiny_filler: Filler) -> None:
    plan = song_from_form([(SectionKind.DROP, 2)])
    once, again, other = (list(generated_phrases(tiny_filler, [plan], [seed])) for seed in (7, 7, 8))
    assert once == again
    assert once != other
    assert {section.bars for section in plain_song().sections} == {16}
