"""The wobble as numbers: shapes, depth, period, phase, where it is silent, and what is not written."""

import math

import pytest
from hypothesis import given, settings

from song.export.wobble_cc import filter_value, resolution_ticks, wobble_events
from song.notes import RATE_TICKS, RATES, SHAPES, Note, Wobble
from song.parts import Part
from tests.song_tests.song_strategies import note_tuples, wobble_tuples

HELD = Note(0, 36, 4 * 384, 100)


def lane(events: list[tuple[int, int, int]], controller: int) -> list[tuple[int, int]]:
    return [(tick, value) for tick, which, value in events if which == controller]


def held(events: list[tuple[int, int, int]], controller: int, ticks: int) -> list[int | None]:
    """The value that a synthesizer holds at every tick: the one written last, None before the first."""
    changes, value, values = dict(lane(events, controller)), None, []
    for tick in range(ticks):
        value = changes.get(tick, value)
        values.append(value)
    return values


def measured_period(values: list[int | None]) -> int:
    """The fewest ticks after which the values repeat, all along."""
    return next(period for period in range(1, len(values)) if values[period:] == values[:-period])


@pytest.mark.parametrize("rate", RATES)
def test_a_cycle_has_at_least_eight_values_and_both_ends(rate: str) -> None:
    period = RATE_TICKS[rate]
    step = resolution_ticks(period)
    assert 1 <= step <= 4
    assert period // step >= 8
    assert period % step == 0
    for shape in SHAPES:
        cycle = [filter_value(Wobble(0, 1, rate, 0.75, shape), tick) for tick in range(0, period, step)]
        assert min(cycle) == round(127 * 0.25)
        assert max(cycle) == 127


@pytest.mark.parametrize(
    ("shape", "at_start", "at_quarter", "at_half", "at_three_quarters"),
    [
        ("sine", 0, 64, 127, 64),
        ("triangle", 0, 64, 127, 64),
        ("square", 127, 127, 0, 0),
        ("saw", 127, 94, 60, 27),
        ("ramp", 0, 33, 67, 100),
    ],
)
def test_each_shape_over_a_cycle(
    shape: str, at_start: int, at_quarter: int, at_half: int, at_three_quarters: int
) -> None:
    # "1/4" is 96 ticks, 4 ticks a value: a saw has 24 values and so takes 23 steps from end to end.
    wobble = Wobble(0, 96, "1/4", 1.0, shape)
    values = [filter_value(wobble, tick) for tick in (0, 24, 48, 72)]
    assert values == pytest.approx([at_start, at_quarter, at_half, at_three_quarters], abs=1)


def test_a_sine_is_rounder_than_a_triangle() -> None:
    sine, triangle = (Wobble(0, 96, "1/4", 1.0, shape) for shape in ("sine", "triangle"))
    assert filter_value(sine, 12) == round(127 * (1 - math.cos(math.pi / 4)) / 2) < filter_value(triangle, 12)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("shape", SHAPES)
def test_the_period_is_the_rates_ticks(rate: str, shape: str) -> None:
    events = wobble_events([Wobble(0, 1536, rate, 0.9, shape)], [HELD])
    # The stretch's last tick opens the filter and is no part of a cycle.
    assert measured_period(held(events, 74, 1535)) == RATE_TICKS[rate]


def test_a_cycle_starts_at_the_wobble_and_again_at_every_note_within() -> None:
    notes = [Note(0, 36, 100, 90), Note(100, 36, 50, 90), Note(150, 38, 234, 90)]
    filtered = held(wobble_events([Wobble(30, 354, "1/8", 1.0)], notes), 74, 384)
    cycle = held(wobble_events([Wobble(0, 49, "1/8", 1.0)], [HELD]), 74, 48)
    assert filtered[:30] == [None] * 30
    for start, end in ((30, 100), (100, 150), (150, 383)):
        assert filtered[start:end] == [cycle[tick % 48] for tick in range(end - start)]


def test_a_second_voice_does_not_silence_the_first() -> None:
    notes = [Note(0, 36, 192, 90), Note(48, 43, 24, 90)]
    events = wobble_events([Wobble(0, 192, "1/16", 1.0)], notes)
    assert lane(events, 1) == [(0, 127), (191, 0)]


@pytest.mark.parametrize("depth", [0.0, 0.25, 0.5, 0.9, 1.0])
def test_the_depth_is_the_range_of_the_filter_and_the_wheel(depth: float) -> None:
    events = wobble_events([Wobble(0, 384, "1/8", depth)], [HELD])
    assert min(value for _, value in lane(events, 74)) == round(127 * (1 - depth))
    assert max(value for _, value in lane(events, 74)) == 127
    assert lane(events, 1)[0] == (0, round(127 * depth))


def test_the_last_tick_leaves_the_filter_open_and_the_wheel_down() -> None:
    events = wobble_events([Wobble(96, 100, "1/8", 0.8)], [HELD])
    assert events[-2:] == [(195, 1, 0), (195, 74, 127)]
    assert min(tick for tick, _, _ in events) == 96


def test_wobbles_that_follow_on_one_another_are_not_parted() -> None:
    wobbles = [Wobble(0, 96, "1/8", 0.8), Wobble(96, 96, "1/16", 0.8), Wobble(192, 96, "1/8T", 0.5)]
    events = wobble_events(wobbles, [HELD])
    assert lane(events, 1) == [(0, 102), (192, 64), (287, 0)]
    assert held(events, 74, 384)[96 : 96 + 24] == held(wobble_events([Wobble(0, 96, "1/16", 0.8)], [HELD]), 74, 24)


def test_a_square_is_written_where_it_changes_and_nowhere_else() -> None:
    events = wobble_events([Wobble(0, 192, "1/4", 1.0, "square")], [HELD])
    assert lane(events, 74) == [(0, 127), (48, 0), (96, 127), (144, 0), (191, 127)]


def test_nothing_is_written_over_rests() -> None:
    notes = [Note(48, 36, 48, 90), Note(192, 36, 48, 90)]
    events = wobble_events([Wobble(0, 384, "1/16", 0.8)], notes)
    assert lane(events, 1) == [(48, 102), (95, 0), (192, 102), (239, 0)]
    assert {tick // 48 for tick, _ in lane(events, 74)} == {1, 4}
    assert wobble_events([Wobble(0, 384, "1/16", 0.8)], []) == []
    assert wobble_events([Wobble(0, 48, "1/16", 0.8)], notes) == []
    assert wobble_events([], notes) == []


def test_a_stretch_of_one_tick_is_no_wobble() -> None:
    assert wobble_events([Wobble(0, 96, "1/8", 0.8)], [Note(0, 36, 1, 90)]) == []


def test_a_wobble_that_starts_cuts_the_one_before() -> None:
    cut = wobble_events([Wobble(0, 300, "1/8", 0.8), Wobble(96, 96, "1/4", 0.5)], [HELD])
    assert cut == wobble_events([Wobble(0, 96, "1/8", 0.8), Wobble(96, 96, "1/4", 0.5)], [HELD])


def test_an_unknown_shape_is_refused() -> None:
    with pytest.raises(ValueError, match="zigzag is not the shape of a wobble"):
        filter_value(Wobble(0, 96, "1/8", 0.5, "zigzag"), 0)


@given(wobble_tuples(2), note_tuples(Part.BASS, 2))
@settings(max_examples=200)
def test_whatever_the_bass_events_are_in_order_in_range_and_within_what_sounds(
    wobbles: tuple[Wobble, ...], notes: tuple[Note, ...]
) -> None:
    events = wobble_events(wobbles, notes)
    assert events == sorted(events)
    assert len({(tick, controller) for tick, controller, _ in events}) == len(events)
    for tick, controller, value in events:
        assert controller in (1, 74)
        assert 0 <= value <= 127
        assert any(wobble.onset_tick <= tick < wobble.end_tick for wobble in wobbles)
        assert any(note.onset_tick <= tick < note.end_tick for note in notes)
    # Whatever was closed is open again at the end of every stretch, and so at the end of all.
    if events:
        assert (lane(events, 1)[-1][1], lane(events, 74)[-1][1]) == (0, 127)


@given(wobble_tuples(2), note_tuples(Part.BASS, 2))
@settings(max_examples=100)
def test_outside_wobbles_and_in_rests_the_filter_is_open(wobbles: tuple[Wobble, ...], notes: tuple[Note, ...]) -> None:
    filtered = held(wobble_events(wobbles, notes), 74, 3 * 384)
    for tick, value in enumerate(filtered):
        wobbling = any(wobble.onset_tick <= tick < wobble.end_tick for wobble in wobbles)
        if not wobbling or not any(note.onset_tick <= tick < note.end_tick for note in notes):
            assert value in (None, 127)
