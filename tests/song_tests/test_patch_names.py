"""Names of patches: those that are a file's name everywhere, and no path."""

import pytest

from song.errors import UserError
from song.patch_names import MAX_PATCH_NAME, check_patch_name


@pytest.mark.parametrize("name", ["growl", "8bit", "my-own_2", "x" * MAX_PATCH_NAME])
def test_names_that_files_can_have_are_taken(name: str) -> None:
    assert check_patch_name(name) == name


@pytest.mark.parametrize(
    "name", ["", "Growl", "../growl", "a b", "-x", "é", "x" * (MAX_PATCH_NAME + 1), "a\n", "a.toml"]
)
def test_others_are_refused_in_one_short_line(name: str) -> None:
    with pytest.raises(UserError, match="cannot be a patch: use a-z, 0-9, - and _, up to 40") as caught:
        check_patch_name(name)
    assert len(str(caught.value)) < 150
