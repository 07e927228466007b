"""Work that an app has left unsaved, and kept songs."""

import random
import time
from pathlib import Path

import msgspec

from tests.mutations.mutate import Files, files_below
from tests.mutations.reading import check_line, check_song, refused, song_files, written_song
from tests.mutations.texts import mutate_json
from tui.autosave import Autosave
from tui.files.kept import kept_paths, kept_songs, prune
from tui.workspace import Workspace

FORMS = {".drop": mutate_json, ".lock": mutate_json}


def make_left(folder: Path) -> list[Files]:
    """Unsaved work of a session without a file and of a song's file, with its lock, and a kept song."""
    made = []
    for path in (None, folder / "in.drop"):
        autosave = Autosave(Workspace(written_song(), path))
        work = autosave._work
        work.recover(msgspec.structs.replace(work.song, title="Other"))
        assert autosave.keep()
        made.append(files_below(folder, "state"))
        autosave.close(discard=True)
    for files in made:
        files["state/dropsmith/kept/a song.drop"] = song_files()[1]
    made[1]["in.drop"] = song_files()[0]
    return made


def use_left(folder: Path, rng: random.Random) -> None:
    """Look for unsaved work, and take it, leave it or pass over it; then open the kept songs."""
    path = folder / "in.drop"
    left = sorted((folder / "state" / "dropsmith" / "autosave").glob("*.drop"))
    before = [one.read_bytes() for one in left]
    work = refused(lambda: Workspace.open(path if path.exists() else None)) or Workspace.open(None)
    autosave = Autosave(work)
    found = autosave.find()
    if found is not None:
        choice = rng.randrange(3)
        if choice == 0:
            autosave.take(found)
            check_song(work.song)
            assert work.selected_section.bars
        elif choice == 1:
            assert refused(lambda: autosave.leave(found)) is not None
        else:
            autosave.pass_over(found)
    elif autosave.unreadable:
        check_line(autosave.unreadable)
        assert [one.read_bytes() for one in left] == before, "unsaved work that cannot be read is gone"
    autosave.close()
    work.file.close()
    kept_songs()
    for one in kept_paths():
        opened = refused(lambda one=one: Workspace.open(one))
        assert opened is None or opened.selected_section.bars
    assert prune(time.time()) == []
