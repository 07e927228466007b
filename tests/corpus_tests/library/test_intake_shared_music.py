"""The library on real music: every file of a folder is accounted for."""

import pytest

from corpus.library.store import entries, pieces
from tests.corpus_tests.library_music import corpus, told
from tests.corpus_tests.shared_music import FREEDOOM, read_freedoom

pytestmark = pytest.mark.skipif(not FREEDOOM.is_dir(), reason="the shared music is not on this machine")


def test_every_file_is_accounted_for_and_gives_what_reading_it_gives(tmp_path, tmp_path_factory, capsys):
    library = tmp_path / "library"
    assert corpus(library, "add", FREEDOOM, processes=True) == 0
    files = {path.name for path in FREEDOOM.glob("*.mid")}
    accounts = {entry.account.origin.name: entry for entry in entries(library)}
    assert set(accounts) == files
    for entry in accounts.values():
        assert bool(entry.settled) != bool(entry.same_as or not entry.account.pieces)
        assert entry.account.pieces or entry.account.reason
    page = told(capsys, library, "doctor")
    assert all(f"freedoom/{name}: " in page for name in files)
    assert page.splitlines()[-1].startswith(f"{len(files)} files: ")
    read, _ = read_freedoom(tmp_path_factory)
    kept = list(pieces(library))
    assert {(one.name, one.family, one.split) for one in kept} == {(one.name, one.family, one.split) for one in read}
    assert sorted(kept, key=lambda one: one.name) == sorted(read, key=lambda one: one.name)
