"""A phrase as characters: the drum grid, the piano roll, the wobble lane."""

import pytest

from song.notes import RATE_TICKS, RATES, SHAPES, Note, Phrase, Wobble
from song.scales import parse_key, pitch_name
from song.time import TICKS_PER_BAR, TICKS_PER_STEP
from tests.tui_tests.example_songs import note
from tui.glyphs import ASCII, UNICODE
from tui.widgets.rolls import (
    COLUMNS_A_BAR,
    Line,
    Span,
    drum_lines,
    folded_lines,
    pitch_lines,
    velocity_line,
    window_lines,
    wobble_lines,
)

F_MINOR = parse_key("F minor")


def drawn(line: Line) -> str:
    return "".join(character for character, _ in line.characters)


def test_drums_lie_in_named_rows_with_kick_at_the_bottom() -> None:
    phrase = Phrase(1, (note(0, 36), note(4, 42, velocity=50), note(8, 38, velocity=80)))
    lines = drum_lines(phrase, Span(0, 1), "kind-drop", ASCII, 12)
    assert [line.label for line in lines] == ["hat", "snare", "kick"]
    assert [drawn(line) for line in lines] == [".   o   .   .   ", ".   .   O   .   ", "@   .   .   .   "]


def test_drums_without_a_row_of_their_own_are_percussion() -> None:
    lines = drum_lines(Phrase(1, (note(2, 56),)), Span(0, 1), "kind-drop", ASCII, 12)
    assert lines[0].label == "perc"
    assert drawn(lines[0])[2] == "@"


def test_a_note_has_a_head_and_a_tail() -> None:
    lines = pitch_lines(Phrase(1, (note(2, 41, 3),)), Span(0, 1), "kind-drop", ASCII, 5, F_MINOR)
    assert [line.label for line in lines] == ["G2", "Gb2", "F2", "E2", "Eb2"]
    assert drawn(lines[2]) == ". @==   .   .   "


def test_only_the_bars_of_the_span_are_drawn_and_a_tail_reaches_in() -> None:
    phrase = Phrase(2, (note(14, 41, 4), note(20, 41)))
    (line,) = pitch_lines(phrase, Span(1, 1), "kind-drop", ASCII, 1, F_MINOR)
    assert drawn(line) == "==  @   .   .   "


def test_a_wide_range_is_folded_to_the_pitches_played() -> None:
    phrase = Phrase(1, (note(0, 41), note(4, 53), note(8, 72)))
    lines = pitch_lines(phrase, Span(0, 1), "kind-drop", ASCII, 4, F_MINOR)
    assert [line.label for line in lines] == ["C5", "F3", "F2"]


def test_too_many_pitches_share_rows() -> None:
    phrase = Phrase(1, tuple(note(step, 40 + 5 * step) for step in range(6)))
    lines = pitch_lines(phrase, Span(0, 1), "kind-drop", UNICODE, 3, F_MINOR)
    assert len(lines) == 3
    assert sum(drawn(line).count("▀") + drawn(line).count("▄") for line in lines) == 6
    both = pitch_lines(
        Phrase(1, (note(0, 40), note(0, 45), note(0, 60), note(0, 65))), Span(0, 1), "", UNICODE, 2, F_MINOR
    )
    assert [drawn(line)[0] for line in both] == ["█", "█"]


def test_pitches_are_spelled_as_the_key_has_them() -> None:
    assert pitch_name(61, F_MINOR) == "Db4"
    assert pitch_name(61, parse_key("F# minor")) == "C#4"
    assert pitch_name(60, parse_key("C major")) == "C4"


def test_the_wobble_lane_names_rates_and_draws_slow_ones() -> None:
    wobbles = (Wobble(0, TICKS_PER_BAR, "1/4", 1.0, "saw"), Wobble(TICKS_PER_BAR, TICKS_PER_BAR, "1/16", 1.0))
    rates, depths, curve = wobble_lines(Phrase(2, (note(0, 41, 32),), wobbles), Span(0, 2), "kind-drop", ASCII)
    assert drawn(rates) == "1/4 ~~~~~~~~~~~~1/16 ~~~~~~~~~~~"
    assert drawn(depths) == "100% ~~~~~~~~~~~100% ~~~~~~~~~~~"
    assert drawn(curve)[:4] == drawn(curve)[4:8]
    assert drawn(curve)[0] == "#"
    assert drawn(curve)[16:] == ASCII.waves[0] * 16, "a cycle in each column"


@pytest.mark.parametrize(("columns", "rate"), [(8, "1/8"), (16, "1/16"), (32, "1/32")])
def test_a_wobble_is_a_wave_at_every_zoom(columns: int, rate: str) -> None:
    """One cycle in a column is one wave, a slower one is drawn, and faster ones are two waves."""

    def lane(rate: str) -> str:
        phrase = Phrase(1, (note(0, 41, 16),), (Wobble(0, TICKS_PER_BAR, rate, 1.0),))
        return drawn(wobble_lines(phrase, Span(0, 1, columns), "", ASCII)[2])

    assert lane(rate) == ASCII.waves[0] * columns
    for other in RATES:
        assert (len(set(lane(other))) > 1) == (RATE_TICKS[other] >= 2 * TICKS_PER_BAR // columns), other


def test_folded_rows_are_the_pitches_in_use_and_the_cursors() -> None:
    phrase = Phrase(1, (note(0, 41, 4), note(4, 53, 4), note(8, 41, 4)))
    lines = folded_lines(phrase, Span(0, 1), "", ASCII, 10, F_MINOR, 46)
    assert [line.label for line in lines] == ["F3", "Bb2", "F2"]
    few = folded_lines(phrase, Span(0, 1), "", ASCII, 1, F_MINOR, 53)
    assert [line.label for line in few] == ["F3"], "the cursor's row is seen whatever the room"


def test_velocities_are_heights_of_the_loudest_of_each_column() -> None:
    phrase = Phrase(1, (Note(0, 41, 24, 127), Note(0, 44, 24, 10), Note(96, 41, 24, 1), Note(108, 41, 12, 64)))
    line = velocity_line(phrase, Span(0, 1), "", ASCII, None)
    assert drawn(line)[:6] == f"{ASCII.levels[7]}   {ASCII.levels[4]} "
    assert drawn(velocity_line(phrase, Span(0, 1, 32), "", ASCII, None))[8:10] == ASCII.levels[0] + ASCII.levels[4]
    assert drawn(velocity_line(phrase, Span(0, 1), "", ASCII, frozenset({44})))[0] == ASCII.levels[0]


@pytest.mark.parametrize("columns", COLUMNS_A_BAR)
def test_a_note_lies_where_it_sounds_at_every_zoom(columns: int) -> None:
    phrase = Phrase(2, (Note(TICKS_PER_BAR + 192, 41, 96, 100),))
    (line,) = window_lines(phrase, Span(1, 1, columns), "", ASCII, range(41, 40, -1), F_MINOR)
    at = columns // 2
    assert line.characters[at][0] == ASCII.hits[2]
    assert [text for text, _ in line.characters[at + 1 : at + columns // 4]] == [ASCII.tail] * (columns // 4 - 1)
    assert line.characters[at + columns // 4][0] != ASCII.tail


def test_a_short_wobble_is_named_shortly() -> None:
    wobbles = tuple(Wobble(4 * at * TICKS_PER_STEP, steps * 24, "1/8T", 0.85) for at, steps in enumerate((4, 3, 2, 1)))
    rates, depths, _ = wobble_lines(Phrase(1, (note(0, 41, 16),), wobbles), Span(0, 1), "", ASCII)
    assert drawn(rates) == "1/8T8T  8T  ~   "
    assert drawn(depths) == "85% 85% 85  ~   "


def test_the_wobble_starts_a_cycle_at_each_note() -> None:
    wobble = Wobble(0, TICKS_PER_BAR, "1/2", 1.0, "ramp")
    _, _, curve = wobble_lines(Phrase(1, (note(0, 41, 3), note(3, 41, 8)), (wobble,)), Span(0, 1), "", ASCII)
    assert drawn(curve)[3:6] == drawn(curve)[0:3]


@pytest.mark.parametrize("shape", SHAPES)
def test_every_wobble_can_be_drawn(shape: str) -> None:
    for rate in RATES:
        lines = wobble_lines(
            Phrase(1, (note(0, 41, 16),), (Wobble(0, TICKS_PER_BAR, rate, 0.5, shape),)), Span(0, 1), "", UNICODE
        )
        assert [len(line.characters) for line in lines] == [16, 16, 16]
