"""Intervals, onsets together and bars that are alike, as the critic is told of them; padding is silent."""

import jax
import numpy as np

from model.critic.frames import CLASSES, critic_bars, take_frames
from model.critic.relations import BAR_RELATIONS, FARTHEST, FRAME_RELATIONS, Relations, relate
from model.language.cell_frames import cell_frames
from model.language.frames import FRAMES_A_BAR
from song.edits.takes import replace_cell
from song.notes import Note, Phrase
from song.parts import PARTS, Part
from song.scales import parse_key
from song.sections import Cell, Section, SectionKind, Song, Take
from song.time import TICKS_PER_BAR

BARS = 4
KEY = parse_key("D minor")
STEP = TICKS_PER_BAR // FRAMES_A_BAR


def phrase(*onsets: tuple[int, int]) -> Phrase:
    """Notes of a sixteenth each, by sixteenth and pitch."""
    return Phrase(BARS, tuple(Note(place * STEP, pitch, STEP, 100) for place, pitch in sorted(onsets)))


def related(part: Part, own: Phrase, **others: Phrase) -> Relations:
    song = Song(key=str(KEY), sections=(Section(SectionKind.DROP, BARS),))
    for name, other in others.items():
        song = replace_cell(song, 0, Part(name), Cell((Take(other),), 0))
    frames = take_frames(cell_frames(song, 0, part, KEY), part, own, KEY)
    bars = np.zeros((1, BARS + 2, FRAMES_A_BAR, critic_bars(frames, part).shape[-1]), np.float32)
    bars[0, :BARS] = critic_bars(frames, part)
    found = jax.jit(relate)(bars, np.arange(BARS + 2)[None] < BARS)
    assert found.frames.shape == (1, BARS + 2, FRAMES_A_BAR, FRAME_RELATIONS)
    assert found.bars.shape == (1, BARS + 2, BAR_RELATIONS)
    assert not np.asarray(found.bars[0, BARS:]).any()
    return Relations(np.asarray(found.frames), np.asarray(found.bars))


def test_intervals_are_counted_from_the_other_part_up() -> None:
    frames = related(Part.LEAD, phrase((0, 69), (5, 62), (17, 60)), bass=phrase((0, 38), (5, 38), (17, 45))).frames[0]
    sounding = {(bar, place, distance) for bar, place, distance in np.argwhere(frames[..., :CLASSES]).tolist()}
    assert sounding == {(0, 0, 7), (0, 5, 0), (1, 1, 3)}
    assert not frames[..., CLASSES : 3 * CLASSES].any(), "there are no chords, and no part lies above itself"


def test_transposing_both_parts_leaves_the_intervals() -> None:
    low = related(Part.LEAD, phrase((0, 69), (5, 62)), bass=phrase((0, 38), (5, 41)))
    high = related(Part.LEAD, phrase((0, 73), (5, 66)), bass=phrase((0, 42), (5, 45)))
    np.testing.assert_array_equal(low.frames, high.frames)


def test_onsets_that_fall_together_are_told() -> None:
    kicks = phrase((0, 36), (8, 36), (12, 38))
    frames = related(Part.BASS, phrase((0, 38), (6, 38), (12, 38)), drums=kicks).frames[0]
    together = frames[..., -len(PARTS) :]
    assert np.argwhere(together).tolist() == [[0, 0, PARTS.index(Part.DRUMS)]]


def test_bars_are_compared_with_those_before_and_after() -> None:
    riff = [(bar * FRAMES_A_BAR + place, 38) for bar in (0, 2) for place in (0, 3)]
    other = [(bar * FRAMES_A_BAR + place, 40) for bar in (1, 3) for place in (0, 6)]
    bars = related(Part.BASS, phrase(*riff, *other)).bars[0]
    content, rhythm = bars[:BARS, : 2 * FARTHEST], bars[:BARS, 2 * FARTHEST : 4 * FARTHEST]
    assert content[:, :3].tolist() == [[0, 0, 0], [-1, 0, 0], [-1, 1, 0], [-1, 1, -1]]
    assert content[:, FARTHEST : FARTHEST + 3].tolist() == [[-1, 1, -1], [-1, 1, 0], [-1, 0, 0], [0, 0, 0]]
    # One of the three places at which either bar strikes is the same.
    np.testing.assert_allclose(rhythm[1:, 0], 2 / 3 - 1, rtol=1e-6)
