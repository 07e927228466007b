"""Frames as the critic sees them: a take in the place of its part, later parts hidden."""

import numpy as np

from model.critic.frames import COLUMNS, critic_bars, hide_later_parts, take_frames
from model.language.cell_frames import cell_frames
from model.language.frames import FRAME_COLUMNS, FRAMES_A_BAR, KIND, KNOWN, content_columns
from song.notes import Note, Phrase
from song.parts import PARTS, Part
from song.scales import parse_key
from song.time import TICKS_PER_BAR
from tests.model_tests.critic_cells import SONG


def test_a_take_is_put_where_its_part_is() -> None:
    key = parse_key("C minor")
    phrase = Phrase(4, tuple(Note(bar * TICKS_PER_BAR, 48 + (bar == 3), 96, 100) for bar in range(4)))
    around = cell_frames(SONG, 0, Part.BASS, key)
    before = around.copy()
    frames = take_frames(around, Part.BASS, phrase, key)
    np.testing.assert_array_equal(around, before)
    assert frames.shape[0] == 4 * FRAMES_A_BAR
    assert frames[:, KNOWN : KNOWN + 4].tolist() == [[0, 1, 0, 0]] * len(frames)
    onsets = np.flatnonzero(frames[:, content_columns(Part.BASS).start])
    assert onsets.tolist() == [0, 16, 32, 48]
    bars = critic_bars(frames, Part.BASS)
    assert bars.shape == (4, FRAMES_A_BAR, COLUMNS)
    assert (bars != critic_bars(frames, Part.LEAD)).sum() == 2 * 4 * FRAMES_A_BAR, "whose take it is, and nothing else"


def test_parts_that_are_written_later_are_hidden_in_a_copy() -> None:
    frames = np.ones((2 * FRAMES_A_BAR, FRAME_COLUMNS), np.float16)
    copy = hide_later_parts(frames, Part.BASS)
    assert frames.all()
    for part in PARTS:
        there = part in (Part.DRUMS, Part.BASS)
        assert copy[:, content_columns(part)].all() == there
        assert copy[:, KNOWN + PARTS.index(part)].all() == there
    assert hide_later_parts(frames, Part.LEAD).all(), "nothing is written after the lead"


def test_the_critic_is_not_told_the_section_kind() -> None:
    frames = np.zeros((FRAMES_A_BAR, FRAME_COLUMNS), np.float16)
    named = frames.copy()
    named[:, KIND] = 1
    np.testing.assert_array_equal(critic_bars(frames, Part.BASS), critic_bars(named, Part.BASS))
