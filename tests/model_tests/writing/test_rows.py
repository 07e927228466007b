"""Takes side by side: few sizes, padding that means nothing, and music around that is shared."""

import msgspec
import numpy as np
import pytest

from model.language.conditions import BAR_COLUMNS, HALF_TIME, MAX_QUOTA
from model.language.events import NO_WOBBLE, PITCH_TOKENS, POSITION_TOKENS, POSITIONS, REST_SIZES, WOBBLE_TOKENS
from model.language.frames import FRAME_COLUMNS, FRAMES_A_BAR, MARGIN_BARS, blank_frames
from model.writing.backbeat_masks import held_beats
from model.writing.drum_prior import SIXTEENTHS
from model.writing.folded_network import ConditionTables
from model.writing.harmony import CHORD_SLOTS, CellHarmony
from model.writing.rows import FEEL, LABEL, TakeRow, batch_size, idle_row, stack_rows
from song.limits import MAX_BARS
from song.parts import PARTS, Part
from song.styles import STYLES

GATES = 3


def tables() -> ConditionTables:
    dice = np.random.default_rng(0)
    rows = sum(BAR_COLUMNS.values())
    return ConditionTables(*(dice.normal(size=(size, GATES)) for size in (rows, len(PARTS), len(STYLES) + 2)))


def harmony(pitches: np.ndarray, sounding: tuple[int, ...] = ()) -> CellHarmony:
    """A harmony with the same pitches under every chord."""
    return CellHarmony(
        chords=(),
        sounding=sounding,
        pitches=np.tile(pitches, (CHORD_SLOTS, 1)),
        lean=np.zeros((CHORD_SLOTS, PITCH_TOKENS), np.float32),
        beats=np.zeros(SIXTEENTHS, np.float32),
        apart=np.ones(CHORD_SLOTS, np.int32),
        passing=np.zeros(PITCH_TOKENS, bool),
        motion=np.zeros(2, np.float32),
    )


def row(part: Part, bars: int, **given: object) -> TakeRow:
    plain = TakeRow(
        seed=1,
        part=PARTS.index(part),
        bars=bars,
        quotas=np.full(bars, 4),
        limits=np.full(bars, POSITIONS),
        follows=np.zeros(bars, np.int32),
        conditions=np.zeros((bars, len(BAR_COLUMNS)), np.int16),
        kicks=np.zeros((bars, 4), bool),
        frames=blank_frames(bars + 2 * MARGIN_BARS),
        kept=np.zeros(bars, bool),
        kept_events=np.zeros((0, 2 + len(REST_SIZES)), np.int32),
        style=np.zeros(len(STYLES), np.float32),
        tempo=np.ones(2, np.float32),
        harmony=harmony(np.arange(PITCH_TOKENS) == 40),
        wobbles=np.arange(WOBBLE_TOKENS) == NO_WOBBLE,
        drum_prior=(np.zeros(POSITION_TOKENS), np.zeros((SIXTEENTHS, PITCH_TOKENS))),
        polyphony=1,
        temperature=1.0,
    )
    return msgspec.structs.replace(plain, **given)


@pytest.mark.parametrize(("count", "size"), [(1, 1), (2, 4), (4, 4), (5, 8), (33, 64)])
def test_batches_have_few_sizes_and_one_row_has_its_own(count: int, size: int) -> None:
    assert batch_size(count) == size


def test_bars_that_a_row_does_not_have_ask_for_nothing() -> None:
    arrays, frames = stack_rows([row(Part.BASS, 2), row(Part.LEAD, 5)], tables())
    assert frames.shape == (4, (16 + 2 * MARGIN_BARS) * FRAMES_A_BAR, FRAME_COLUMNS)
    assert arrays["by_bar"].shape == (2, 16, 8)
    assert arrays["by_bar"][0, :2, 0].tolist() == [4, 4]
    assert not arrays["by_bar"][0, 2:].any()
    assert not arrays["gates"][0, 2:].any()
    assert arrays["bars"].tolist() == [2, 5]


def test_a_long_section_gets_frames_for_the_longest_there_is() -> None:
    _, frames = stack_rows([row(Part.BASS, 17)], tables())
    assert frames.shape[1] == (MAX_BARS + 2 * MARGIN_BARS) * FRAMES_A_BAR


def test_rows_that_share_their_surroundings_find_them_once() -> None:
    takes = [row(Part.BASS, 4)] * 3 + [row(Part.BASS, 4)]
    arrays, frames = stack_rows(takes, tables())
    assert arrays["around"].tolist() == [0, 0, 0, 1]
    assert len(frames) == batch_size(2)


def test_a_bar_tells_quota_limit_held_beats_and_label_in_its_columns() -> None:
    conditions = np.zeros((2, len(BAR_COLUMNS)), np.int16)
    conditions[:, FEEL], conditions[:, LABEL] = HALF_TIME, (1, 3)
    kicks, quotas = np.eye(2, 4, dtype=bool), np.array([MAX_QUOTA + 9, 6])
    drums = row(
        Part.DRUMS, 2, conditions=conditions, kicks=kicks, quotas=quotas, kept=np.array([False, True]),
        limits=np.array([96, 72]), follows=np.array([0, 1]),
    )  # fmt: skip
    arrays, _ = stack_rows([drums], tables())
    held = held_beats(conditions[:, FEEL], kicks, quotas).tolist()
    assert held[0] != held[1]
    assert arrays["by_bar"][0, :2].tolist() == [
        [MAX_QUOTA, 96, held[0], 0, 1, 0, 0, 0],
        [6, 72, held[1], 1, 3, 1, 0, 0],
    ]
    assert arrays["is_drums"].tolist() == [True]
    assert arrays["is_bass"].tolist() == [False]


def test_a_bar_tells_the_chord_of_each_half_also_where_fewer_are_written_than_planned() -> None:
    take = row(Part.LEAD, 3, harmony=harmony(np.ones(PITCH_TOKENS, bool), (0, 1, 2, 2, 0, 3)))
    short = msgspec.structs.replace(take, bars=2)
    arrays, _ = stack_rows([take, short], tables())
    assert arrays["by_bar"][0, :4, 6:].tolist() == [[0, 1], [2, 2], [0, 3], [0, 0]]
    assert arrays["by_bar"][1, :3, 6:].tolist() == [[0, 1], [2, 2], [0, 0]]


def test_conditions_are_looked_up_bar_by_bar() -> None:
    made = tables()
    conditions = np.zeros((3, len(BAR_COLUMNS)), np.int16)
    conditions[1] = 1
    style = np.eye(len(STYLES), dtype=np.float32)[2]
    take = row(Part.CHORDS, 3, conditions=conditions, style=style, tempo=np.array([0.5, 1.0], np.float32))
    arrays, _ = stack_rows([take], made)
    starts = np.cumsum([0, *BAR_COLUMNS.values()])[:-1]
    always = made.part[PARTS.index(Part.CHORDS)] + made.style[2] + 0.5 * made.style[-2] + made.style[-1]
    for bar, columns in enumerate((starts, starts + 1, starts)):
        np.testing.assert_allclose(arrays["gates"][0, bar], made.bar[columns].sum(0) + always, rtol=1e-5)


def test_wobbles_pitches_and_kept_events_are_those_of_each_row() -> None:
    wobbling = row(Part.BASS, 1, wobbles=np.ones(WOBBLE_TOKENS, bool), harmony=harmony(np.zeros(PITCH_TOKENS, bool)))
    events = np.arange(12, dtype=np.int32).reshape(2, 6)
    arrays, _ = stack_rows([row(Part.LEAD, 1, kept_events=events), wobbling], tables())
    assert arrays["may_wobble"].tolist() == [False, True]
    assert arrays["choices"][0, 2].sum() == arrays["choices"][1, 2].sum() - (WOBBLE_TOKENS - 1)
    assert arrays["highest"].tolist() == [[40] * CHORD_SLOTS, [-1] * CHORD_SLOTS]
    assert arrays["kept_events"].shape == (2, 256, 6)
    np.testing.assert_array_equal(arrays["kept_events"][0, :2], events)
    assert not arrays["kept_events"][0, 2:].any()
    assert not arrays["kept_events"][1].any()


def test_an_idle_row_has_no_bar_to_write_and_costs_no_surroundings() -> None:
    take = row(Part.LEAD, 3)
    arrays, frames = stack_rows([take, idle_row(take)], tables())
    assert arrays["bars"].tolist() == [3, 0]
    assert not arrays["by_bar"][1].any()
    assert len(frames) == 1
