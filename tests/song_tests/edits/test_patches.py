"""The sound of a part, changed."""

import pytest

from song.edits.patches import set_patch
from song.errors import UserError
from song.parts import Part
from song.sections import PartPatches, Song


def test_a_patch_is_set_for_one_part_and_taken_back_by_an_empty_name() -> None:
    song = set_patch(Song(), Part.BASS, "metal")
    assert song.patches == PartPatches(bass="metal")
    assert set_patch(song, Part.BASS, "") == Song()


def test_a_name_that_no_patch_can_have_is_refused() -> None:
    with pytest.raises(UserError, match='"Big Bass" cannot be a patch'):
        set_patch(Song(), Part.BASS, "Big Bass")
