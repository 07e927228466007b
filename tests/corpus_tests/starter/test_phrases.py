"""Phrases as a producer types them: what is said above their lanes, and the line and the column of a mistake."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.starter.phrases import parse_phrases, style_names, tempo_range
from corpus.starter.text import Word
from song.parts import Part
from song.sections import SectionKind
from tests.corpus_tests.starter_lanes import HEAD


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("kick | x... |", (1, 1), "a phrase begins with"),
        ("[Drums d]", (1, 2), "not one of drums, bass"),
        ("[drums Big Room]", (1, 1), "lower case with hyphens"),
        (f"[drums d]\n{HEAD}kick | x... .... .... .... ", (6, 27), "not closed"),
        (f"[drums d]\n{HEAD}kick | x... .... .... |", (6, 8), "four groups"),
        (f"[drums d]\n{HEAD}kick | x... ..... .... .... |", (6, 13), "this group has 5 signs"),
        (f"[drums d]\n{HEAD}kick | x... ..y. .... .... |", (6, 15), 'sign "y"'),
        (f"[drums d]\n{HEAD}kick | % |", (6, 8), "there is none"),
        (f"[drums d]\n{HEAD}kick | x... .... .... .... | |", (6, 29), "nothing between"),
        (f"[drums d]\n{HEAD}kik | . |", (6, 1), 'lane "kik"'),
        (f"[drums d]\n{HEAD}scale = minor\nkick | . |", (6, 1), '"scale" is not one of'),
        (f"[drums d]\n{HEAD}swing = 90\nkick | . |", (6, 9), "50 (straight) to 75"),
        (f"[drums d]\n{HEAD}energy = 1\nkick | . |", (6, 1), "given twice"),
        (f"[drums d]\n{HEAD}kick | . |", (1, 1), "has no notes"),
        (f"[drums d]\n{HEAD}kick | x x x x |\nhat | . | . |", (1, 1), "differ in bars: kick 1, hat 2"),
        ("[drums d]\nkinds = drop\nkick | x x x x |", (1, 1), "has no line styles"),
        ("[drums d]\nkinds = dorp\nkick | x x x x |", (2, 9), 'section kind "dorp"'),
        (f"[drums d]\n{HEAD}" + "".join(f"{lane} | x . . . |\n" for lane in ("kick", "snare", "hat", "ride", "clap")),
         (1, 1), "more than 4 drums at once"),
        (f"[bass b]\n{HEAD}notes | 1:8 1:7 |", (6, 9), "add up to 15"),
        (f"[bass b]\n{HEAD}notes | 1:8 1 |", (6, 13), "what:length"),
        (f"[bass b]\n{HEAD}notes | 1:8 16:8 |", (6, 13), "degree from 1 to 15"),
        (f"[bass b]\n{HEAD}notes | 1,,:16 |", (6, 9), "MIDI note 12"),
        (f"[bass b]\n{HEAD}notes | 1+5:16 |", (6, 9), "one note at a time"),
        (f"[bass b]\n{HEAD}notes | ~:16 |", (6, 9), "there is none"),
        (f"[bass b]\n{HEAD}notes | 1:8 ~:8! |", (6, 13), "no accent of its own"),
        (f"[bass b]\n{HEAD}notes | 1:0.3 r:15.7 |", (6, 9), "between the places"),
        (f"[bass b]\n{HEAD}notes | 1:1/0 |", (6, 9), "divides by nothing"),
        (f"[bass b]\n{HEAD}notes | 1:16 |\nwobble | 1/7:16 |", (7, 10), "is not a rate"),
        (f"[bass b]\n{HEAD}notes | 1:16 |\nwobble | 1/8@1.5:16 |", (7, 10), "over 1"),
        (f"[chords c]\n{HEAD}notes | 1:16 |", (6, 9), "two to five notes"),
        (f"[chords c]\n{HEAD}notes | 5+1:16 |", (6, 9), "from the lowest to the highest"),
        ("[bass b]\ntempo = 150-140\nnotes | 1:16 |", (2, 9), "higher number first"),
        ("[bass b]\ntempo = 999\nnotes | 1:16 |", (2, 9), "outside 40-300"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line_and_column(text, place, words):
    phrases, mistakes = parse_phrases(text)
    assert phrases == []
    assert [(mistake.line, mistake.column) for mistake in mistakes] == [place]
    assert words in mistakes[0].message


def test_one_broken_phrase_does_not_hide_the_others():
    good = f"[drums good]\n{HEAD}kick | x x x x |\n"
    broken = f"[drums broken]\n{HEAD}kick | x x x y |\nhat | q . . . |\n"
    phrases, mistakes = parse_phrases(broken + good)
    assert [phrase.name for phrase in phrases] == ["good"]
    assert [(mistake.line, mistake.column) for mistake in mistakes] == [(6, 14), (7, 7)]


@given(st.text(alphabet="[]|=:~+xXo.%#1234 \nbassdrumnotes", max_size=200))
def test_no_text_at_all_makes_the_reader_fall_over(text):
    phrases, mistakes = parse_phrases(f"[bass b]\n{HEAD}{text}")
    assert phrases or mistakes


def test_settings_above_the_lanes_say_what_a_phrase_is_for():
    text = "# the first\n\n[lead high-up]\nkinds = drop, break\nstyles = dubstep, trap\nenergy = 0.8\ntempo = 138-150\n"
    (phrase,), mistakes = parse_phrases(f"{text}scale = dorian\nnotes | 1:16 | 3:16 |\n", "a.phrases")
    assert mistakes == []
    assert (phrase.part, phrase.name, phrase.energy, phrase.scale) == (Part.LEAD, "high-up", 0.8, "dorian")
    assert (phrase.kinds, phrase.styles) == ((SectionKind.DROP, SectionKind.BREAK), ("dubstep", "trap"))
    assert (phrase.tempo_bpm, phrase.phrase.bars, phrase.source) == ((138.0, 150.0), 2, "a.phrases:3")


def test_a_lane_may_go_on_over_several_lines():
    (phrase,), _ = parse_phrases(f"[drums d]\n{HEAD}kick | x . . . |\nkick | % | . x . . |\n")
    assert phrase.phrase.bars == 3
    assert [note.onset_tick for note in phrase.phrase.notes] == [0, 384, 768 + 96]


@pytest.mark.parametrize(
    ("text", "tempo"), [("140", (140.0, 140.0)), ("138 - 150.5", (138.0, 150.5)), ("150-140", (150.0, 140.0))]
)
def test_a_tempo_is_a_number_or_two(text, tempo):
    assert tempo_range(Word(text, 1, 1)) == tempo


def test_styles_have_commas_between_them():
    assert style_names(Word("drum & bass, melodic dubstep", 1, 1)) == ("drum & bass", "melodic dubstep")
