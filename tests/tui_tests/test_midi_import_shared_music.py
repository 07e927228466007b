"""Real songs of the shared music: all of their notes come or are told, and the library tells the same of each."""

from pathlib import Path

import pytest

from corpus.library.intake import IntakeOptions, add
from corpus.library.store import entries
from corpus.track_accounts import account_lines
from song.errors import UserError
from song.validation import find_problem
from tests.places import SHARED
from tui.midi_import import ImportedSong, import_song

FOLDERS = [SHARED / "freedoom", SHARED / "lmms" / "demos"]

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared music is not on this machine")


@pytest.fixture(scope="module")
def opened() -> dict[str, ImportedSong | str]:
    """Every file of the folders as it opens, or why it does not."""
    found: dict[str, ImportedSong | str] = {}
    for folder in FOLDERS:
        for path in sorted(folder.rglob("*.m*")):
            if path.suffix in (".mid", ".mmp", ".mmpz"):
                try:
                    found[str(path)] = import_song(path)
                except UserError as error:
                    found[str(path)] = str(error).removeprefix(f"cannot open {path.name}: ")
    return found


def test_every_note_is_in_a_take_or_has_a_line(opened: dict[str, ImportedSong | str]) -> None:
    notes = arrived = 0
    for imported in opened.values():
        if isinstance(imported, str):
            continue
        song, account = imported.song, imported.account
        assert find_problem(song) is None
        for track in account.tracks:
            assert track.notes == track.arrived + sum(loss.notes for loss in track.losses)
        takes = [take for index, part in song.cell_refs() for take in song.sections[index].cell(part).takes]
        assert sum(len(take.phrase.notes) for take in takes) == account.arrived
        # Where nothing is told of bars that are left out, all of the notes are there.
        if not any("not the bars in" in line or "arpeggiator" in line for line in account.told):
            assert account.arrived >= 0.97 * account.notes
        notes += account.notes
        arrived += account.arrived
    assert arrived >= 0.98 * notes


def test_the_library_tells_of_each_file_what_opening_tells(
    opened: dict[str, ImportedSong | str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    library = tmp_path_factory.mktemp("library")
    add(library, FOLDERS, IntakeOptions())
    told = {entry.account.origin.place: entry.account for entry in entries(library)}
    compared = 0
    for name, imported in opened.items():
        account = told[str(Path(name).resolve())]
        if isinstance(imported, str):
            assert (account.reason, account.pieces) == (imported, ())
        else:
            assert account_lines(account.opened) == account_lines(imported.account)
            compared += 1
    assert compared > 100
