"""The songs that were open last."""

from pathlib import Path

from tui.files.recent import MOST, recent_paths, remember


def test_recent_songs_are_those_that_are_still_there_the_latest_first(tmp_path: Path) -> None:
    assert recent_paths() == []
    paths = [tmp_path / f"{number}.drop" for number in range(MOST + 2)]
    for path in paths:
        path.touch()
        remember(path)
    remember(paths[5])
    paths[-1].unlink()
    assert recent_paths()[:2] == [paths[5], paths[-2]]
    assert len(recent_paths()) == MOST - 1
    (tmp_path / "state" / "dropsmith" / "recent" / "songs.json").write_text("{")
    assert recent_paths() == []


def test_not_being_able_to_remember_is_no_trouble(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("in the way")
    (tmp_path / "a.drop").touch()
    remember(tmp_path / "a.drop")
    assert recent_paths() == []
