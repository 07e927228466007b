from pathlib import Path

import pytest

from song.errors import UserError
from song.parts import PARTS, Part
from sound.patch import load_patch, patch_names
from tui.playing.patches import check_offered, offered_patches


@pytest.mark.parametrize("part", PARTS)
def test_the_patches_of_a_part_are_those_that_the_synthesizer_has(part: Part) -> None:
    patches = [load_patch(path) for path in patch_names().values()]
    assert offered_patches(part) == {one.name: one.about for one in patches if one.part is part}
    assert offered_patches(part)


def test_the_users_own_come_before_ours_and_broken_ones_are_left_to_the_synthesizer(tmp_path: Path) -> None:
    (tmp_path / "growl.toml").write_text('part = "bass"\nabout = "mine"\n')
    (tmp_path / "reese.toml").write_text('part = "bass"\nabout = "two saws"\n')
    (tmp_path / "broken.toml").write_text("part = [")
    (tmp_path / "bad name!.toml").write_text('part = "bass"\n')
    found = offered_patches(Part.BASS, tmp_path)
    assert (found["growl"], found["reese"]) == ("mine", "two saws")
    assert not {"broken", "bad name!"} & set(found)
    assert "reese" not in offered_patches(Part.LEAD, tmp_path)
    assert offered_patches(Part.BASS, tmp_path / "none") == offered_patches(Part.BASS)


def test_a_patch_that_is_not_there_is_refused_with_those_there_are() -> None:
    offered = {"growl": "", "metal": ""}
    check_offered("growl", offered, Part.BASS)
    check_offered("", offered, Part.BASS)
    with pytest.raises(UserError, match="the bass has no patch pad: write one of growl, metal, or nothing"):
        check_offered("pad", offered, Part.BASS)
