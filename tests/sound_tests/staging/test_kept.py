"""The folder of what is rendered: ours alone, and none where it cannot be made."""

from pathlib import Path

import pytest

from sound.staging.kept import kept_folder


def test_it_is_among_the_caches_and_nobody_elses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda *_, **__: str(tmp_path / "cache"))
    folder = kept_folder()
    assert folder == tmp_path / "cache" / "sound"
    assert folder.stat().st_mode & 0o777 == 0o700


def test_where_it_cannot_be_made_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda *_, **__: str(tmp_path / "file"))
    assert kept_folder() is None
