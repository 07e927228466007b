"""Real music made wrong: changed where it is named, and only where that is heard."""

import numpy as np
import pytest

from model.critic.frames import take_frames
from model.language.cell_frames import cell_frames
from model.language.frames import FRAMES_A_BAR, KNOWN, content_columns
from model.training.critic_corruption import shuffle_bars, swap_part, transpose_bass
from model.training.critic_examples import (
    Example,
)
from song.notes import Note, Phrase
from song.parts import PARTS, Part
from song.scales import parse_key
from song.time import TICKS_PER_BAR
from tests.model_tests.critic_cells import SONG, starter_examples


@pytest.fixture(scope="module")
def starter() -> dict[str, list[Example]]:
    return starter_examples()


def test_corruptions_change_what_they_name_alone(starter: dict[str, list[Example]]) -> None:
    rng = np.random.default_rng(0)
    bass = next(one for one in starter["train"] if one.part is Part.BASS and one.frames[:, KNOWN].all())
    columns = content_columns(Part.BASS)
    others = np.setdiff1d(np.arange(bass.frames.shape[1]), np.arange(columns.start, columns.stop))
    shuffled, transposed = shuffle_bars(bass.frames, Part.BASS, rng), transpose_bass(bass.frames, 1)
    strange = next(one for one in starter["train"] if one.part is Part.BASS and one.group != bass.group)
    swapped = swap_part(bass.frames, Part.BASS, strange.frames)
    for wrong in (shuffled, transposed, swapped):
        assert wrong is not None
        np.testing.assert_array_equal(wrong[:, others], bass.frames[:, others])
        assert not np.array_equal(wrong, bass.frames)
    assert shuffled is not None
    assert transposed is not None
    assert swapped is not None
    np.testing.assert_allclose(shuffled.sum(0), bass.frames.sum(0), rtol=1e-2)
    np.testing.assert_array_equal(transposed[:, columns][:, 0], bass.frames[:, columns][:, 0])
    np.testing.assert_array_equal(transposed[:, columns][:, 2:13], bass.frames[:, columns][:, 1:12])
    assert swap_part(bass.frames, Part.BASS, bass.frames) is None, "the other song's part is the same"
    elsewhere = swap_part(bass.frames, Part.BASS, strange.frames, 2)
    assert elsewhere is not None
    np.testing.assert_array_equal(np.roll(swapped[:, columns][:, 1:13], 2, axis=1), elsewhere[:, columns][:, 1:13])
    alone = bass.frames.copy()
    for part in (Part.DRUMS, Part.CHORDS, Part.LEAD):
        alone[:, KNOWN + PARTS.index(part)] = 0
    assert swap_part(alone, Part.BASS, strange.frames) is None


def bars_of_bass(form: str, rhythms: dict[str, tuple[int, ...]]) -> np.ndarray:
    """Frames of a bass alone, its bars by letters, a letter's onsets in sixteenths."""
    notes = [
        Note(bar * TICKS_PER_BAR + place * TICKS_PER_BAR // 16, 40, 24, 100)
        for bar, letter in enumerate(form)
        for place in rhythms[letter]
    ]
    key = parse_key("C minor")
    return take_frames(cell_frames(SONG, 0, Part.BASS, key), Part.BASS, Phrase(4, tuple(notes)), key)


def test_bars_are_shuffled_only_where_that_is_heard() -> None:
    rng = np.random.default_rng(0)
    rhythms = {"A": (0, 4, 8), "B": (2, 6, 10, 12), "C": (0, 3), "D": (5, 9)}
    assert shuffle_bars(bars_of_bass("AAAA", rhythms), Part.BASS, rng) is None

    def forms(form: str) -> set[str]:
        found = set()
        for _ in range(60):
            frames = shuffle_bars(bars_of_bass(form, rhythms), Part.BASS, rng)
            if frames is not None:
                bars = frames.reshape(4, FRAMES_A_BAR, -1)
                letters = {bars_of_bass(letter * 4, rhythms)[:FRAMES_A_BAR].tobytes(): letter for letter in rhythms}
                found.add("".join(letters[bar.tobytes()] for bar in bars))
        return found

    assert forms("ABAB") == {"AABB", "BBAA", "ABBA", "BAAB"}, "BABA is the same form"
    assert "AABA" in forms("AAAB")
    assert "AAAB" not in forms("AAAB")
    assert len(forms("ABCD")) > 6
