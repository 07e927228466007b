"""The song being worked on: its history, its file, and what is selected. Only the cursor in the notes is elsewhere.

Knows no widget and no engine, so that every edit can be tested without a screen.
"""

import bisect
import threading
from pathlib import Path
from typing import NamedTuple

import msgspec

from model.protocol import CellRef
from song.edits.bars import add_written
from song.edits.history import Edit, History
from song.edits.takes import choose_take, clear_cell, replace_cell, set_locked
from song.errors import UserError
from song.export.formats import DEFAULT_FORMAT
from song.file_names import file_stem
from song.files import MUSIC_SUFFIXES, is_there
from song.parts import PARTS, Part
from song.sections import CellKey, Section, Song, Take, number_sections
from song.seeds import fill_seed
from song.store import load_song
from tui.field_text import read_field
from tui.fields import FIELD_IDS, field, next_of
from tui.files.kept import is_kept
from tui.files.opened_file import OpenedFile, with_sections
from tui.files.paths import absolute, current_folder, free_path, is_same
from tui.midi_import import ImportChoices, ImportedSong, import_song


class _TakePreview(NamedTuple):
    """A take that is looked at, and the takes that it was among: where those have changed, it is over."""

    cell: CellKey
    takes: tuple[Take, ...]
    number: int


class Workspace:
    """A song, its history and its file, and what is selected in it.

    Attributes:
        imported: what became of the file of music that the song was made of; None where it was made of none.
        imported_from: that file.
    """

    def __init__(self, song: Song, path: Path | None = None, file: OpenedFile | None = None) -> None:
        song = number_sections(song)
        self.file = file or OpenedFile(song, path)
        self.history = History(song)
        self.section = 0
        self.part = Part.DRUMS
        self.bar = 0
        self.field_id = FIELD_IDS[0]
        self.imported: ImportedSong | None = None
        self.imported_from: Path | None = None
        self._looked_at: _TakePreview | None = None
        self._export_path: Path | None = None
        self._last_tag: object = None
        self._fills = 0
        self._swap = threading.Lock()

    @classmethod
    def open(cls, path: Path | None) -> "Workspace":
        """The song of a file; a ready-made arrangement where there is no path, or no file there yet.

        A song that was kept because nobody saved it comes without a file.

        Raises:
            UserError: where the file cannot be read or is not a valid song.
        """
        if path is not None and is_there(path) and is_kept(path):
            # What nobody saved has no file yet: to save it is to give it one.
            return cls(with_sections(load_song(path), path))
        file = OpenedFile.open(path)
        return cls(file.song, file=file)

    @classmethod
    def open_midi(cls, path: Path, choices: ImportChoices | None = None) -> "Workspace":
        """The song in a file of music, without a file of its own as yet: nothing is unsaved until it is changed.

        Args:
            path: a MIDI file or an LMMS project.
            choices: which track is to be what; as they play where nothing is said.

        Raises:
            UserError: where it cannot be read, or holds no music that can be used.
        """
        imported = import_song(path, choices)
        work = cls(imported.song)
        work.imported, work.imported_from = imported, absolute(path)
        return work

    def read_other(self, path: Path) -> "Workspace":
        """Another song, of a song file or another program's, to go on with. Changes nothing here: a thread may do it.

        Raises:
            UserError: where it cannot be opened.
        """
        if is_same(path, self.path):
            raise UserError(f"{path.name} is open already")
        if path.suffix.lower() in MUSIC_SUFFIXES:
            return Workspace.open_midi(path)
        if not is_there(path):
            raise UserError(f"there is no {path.name} there")
        return Workspace.open(path)

    def open_for(self, path: Path | None) -> Path | None:
        """Go on with the song that unsaved work is of, to be recovered then; what is unsaved of this one is kept first.

        Args:
            path: its file, which may be gone or damaged; None for a song without one.

        Returns where unsaved changes to this one are kept, None where there were none.

        Raises:
            UserError: where they cannot be kept; this song stays then.
        """
        try:
            other = Workspace.open(path)
        except UserError:
            other = Workspace.open(None)
        return self.go_on_with(other)

    def go_on_with(self, other: "Workspace") -> Path | None:
        """Take over another song and its file; unsaved changes to this one are kept first.

        Returns where they are kept, None where there were none.

        Raises:
            UserError: where they cannot be kept; this song stays then, and the other's file is let go.
        """
        try:
            kept = self.keep()
        except UserError:
            other.file.close()
            raise
        self.file.close()
        with self._swap:
            self.file, self.history = other.file, other.history
            self.imported, self.imported_from = other.imported, other.imported_from
        self.section, self.part, self.bar, self.field_id = 0, Part.DRUMS, 0, FIELD_IDS[0]
        self._looked_at = None
        self._export_path, self._last_tag, self._fills = None, None, 0
        return kept

    @property
    def path(self) -> Path | None:
        """Where the song's file is or will be."""
        return self.file.path

    @property
    def song(self) -> Song:
        """The song as it is."""
        return self.history.present

    @property
    def selected_section(self) -> Section:
        """The selected section."""
        return self.song.sections[self.section]

    @property
    def cell_ref(self) -> CellRef:
        """The selected cell's place."""
        return CellRef(self.section, self.part)

    @property
    def saved(self) -> bool:
        """True where nothing has changed since the song was opened or saved."""
        return self.unsaved()[0] is None

    def unsaved(self) -> tuple[Song | None, OpenedFile]:
        """The song where its file has not got it, else None, and that file; any thread may ask."""
        with self._swap:
            song, file = self.song, self.file
        return None if song is file.song else song, file

    @property
    def _cell_key(self) -> CellKey:
        return CellKey(self.selected_section.id, self.part)

    def move(self, sections: int, parts: int) -> None:
        """Move the selection, as far as there is something to select."""
        self.select(self.section + sections, PARTS[min(max(0, PARTS.index(self.part) + parts), len(PARTS) - 1)])

    def move_bars(self, bars: int) -> None:
        """Move by bars, through the sections, as far as there are some."""
        starts = self.song.start_bars()
        at = min(max(0, starts[self.section] + self.bar + bars), self.song.bars - 1)
        section = bisect.bisect_right(starts, at) - 1
        self.select(section, bar=at - starts[section])

    def move_pages(self, pages: int, bars_a_page: int) -> None:
        """Move to the first bar of another page of the section, or of the section before or after.

        Args:
            pages: 1 or -1.
            bars_a_page: bars that are seen at once, 1 or more.
        """
        page = self.bar // bars_a_page + pages
        if page * bars_a_page >= self.selected_section.bars:
            self.select(self.section + 1)
        elif page < 0 and self.section > 0:
            last = (self.song.sections[self.section - 1].bars - 1) // bars_a_page
            self.select(self.section - 1, bar=last * bars_a_page)
        else:
            self.bar = max(0, page) * bars_a_page

    def select(self, section: int, part: Part | None = None, bar: int | None = None) -> None:
        """Select a section, the nearest where there is none of that index, a part of it, and a bar.

        Args:
            section: its index.
            part: None for the same as before.
            bar: from 0, the nearest where the section has none such; None for the same in the same section, else 0.
        """
        before, self.section = self.section, min(max(0, section), len(self.song.sections) - 1)
        self.part = part or self.part
        if self._looked_at is not None and self._looked_at.cell != self._cell_key:
            self._looked_at = None
        wanted = bar if bar is not None else self.bar if self.section == before else 0
        self.bar = min(max(0, wanted), self.selected_section.bars - 1)

    def select_field(self, field_id: str) -> None:
        """Choose the constraint that changes act on; the density of a part selects that part."""
        self.field_id = field_id
        self.part = field(field_id).part or field(field_id).selects or self.part

    def edit(self, edit: Edit, tag: object = None) -> None:
        """Make an edit; edits in a row under one tag, other than None, undo as one.

        Raises:
            UserError: where the edit refuses; the song stays as it was.
        """
        before = self.history
        carries_on = tag is not None and tag == self._last_tag
        self.history = before.amended(edit) if carries_on else before.after(edit)
        if self.history is not before:
            self._last_tag = tag
            self.select(self.section)

    def begin_fill(self, fill_id: int, joined: Edit | None = None) -> None:
        """Take note that the user has asked for a fill: a step of its own, or one with the edit just made."""
        self.history, self._last_tag = self.history.filling(fill_id, joined), None

    def end_fill(self, fill_id: int) -> None:
        """Take note that a fill is over: undo takes it back from now on."""
        self.history = self.history.over(fill_id)

    def recover(self, song: Song) -> None:
        """Go on with a song that was left unsaved; undo brings back the one that was opened."""
        self.edit(lambda _: song)
        self.select(self.section)

    def undo(self) -> bool:
        """Take the user's last step back, which is no fill that still goes on; False where there is none."""
        return self._walk(self.history.undo())

    def redo(self) -> bool:
        """Make the last step that was taken back again; False where there is none."""
        return self._walk(self.history.redo())

    def _walk(self, history: History) -> bool:
        moved = history is not self.history
        self.history, self._last_tag = history, None
        self.select(self.section)
        return moved

    def next_field(self, step: int) -> None:
        """Choose the constraint so many places on."""
        self.select_field(FIELD_IDS[(FIELD_IDS.index(self.field_id) + step) % len(FIELD_IDS)])

    def pick_field(self, name: str) -> None:
        """Choose a constraint by name; where that is chosen already, the next that belongs to it."""
        groups = {
            "tempo": ("tempo", "ramp"),
            "density": (self.part.value, "density"),
            "wobble": ("wobble", "depth", "shape"),
            "key": ("key",) if self.part is Part.DRUMS else ("key", f"{self.part.value}-range"),
            "chords": ("progression", "chord-length", "passing"),
            "form": ("form", f"{self.part.value}-form", "letter", "gap"),
            "style": ("style", "second", "share"),
        }
        self.select_field(next_of(groups.get(name, (name,)), self.field_id))

    def step_field(self, steps: int, *, coarse: bool = False) -> None:
        """Change the chosen constraint of the selected section.

        Raises:
            UserError: where it is at the end of its range.
        """
        chosen = field(self.field_id)
        before = self.song
        self.edit(lambda song: chosen.step(song, self.section, steps * chosen.coarse if coarse else steps))
        if self.song is before:
            raise UserError(f"{chosen.label} goes no further")

    def type_field(self, text: str) -> None:
        """Change the chosen constraint of the selected section to what was typed.

        Raises:
            UserError: where that cannot be read or is out of range.
        """
        self.edit(lambda song: read_field(song, self.section, self.field_id, text))

    def accept(self, fill_id: int, cell: CellKey, takes: tuple[Take, ...], kept: tuple[int, ...] = ()) -> None:
        """Add takes of a fill, as `song.edits.bars.add_written` does; all takes of a fill are one step.

        Raises:
            UserError: where the cell has been locked meanwhile, or its section is gone.
        """
        self.history = self.history.filled(
            fill_id,
            lambda song: add_written(song, cell, takes, kept),
            lambda song: add_written(song, cell, takes, kept, though_locked=True),
        )
        self.select(self.section)

    def next_seed(self) -> int:
        """A seed for the next fill, 0 to 2**31 - 1: from the song's seed and a count, and used by no take so far."""
        used = {take.seed for section in self.song.sections for part in PARTS for take in section.cell(part).takes}
        seed, self._fills = fill_seed(self.song.seed, self._fills, used)
        return seed

    def free_cells(self, scope: str) -> list[CellRef]:
        """The cells of a scope ("cell", "section", "part" or "song", as selected) that are not locked."""
        refs = {
            "cell": [self.cell_ref],
            "section": [CellRef(self.section, part) for part in PARTS],
            "part": [CellRef(index, self.part) for index in range(len(self.song.sections))],
            "song": [CellRef(index, part) for index, part in self.song.cell_refs()],
        }[scope]
        return [ref for ref in refs if not self.song.sections[ref.section].cell(ref.part).locked]

    def kept_bars(self, cell: CellRef) -> tuple[int, ...]:
        """The bars of a cell that fills leave as they are."""
        take = self.song.sections[cell.section].cell(cell.part).take
        return take.kept if take is not None else ()

    @property
    def looked_at(self) -> int | None:
        """Index of the selected cell's take that is looked at while another sounds; None where there is none such."""
        looked, cell = self._looked_at, self.selected_section.cell(self.part)
        if looked is None or looked.cell != self._cell_key or looked.takes is not cell.takes:
            return None
        return None if looked.number == cell.chosen else looked.number

    @property
    def shown_song(self) -> Song:
        """The song as it is to be seen: with the take that is looked at in its cell, where there is one."""
        index = self.looked_at
        if index is None:
            return self.song
        cell = self.selected_section.cell(self.part)
        return replace_cell(self.song, self.section, self.part, msgspec.structs.replace(cell, chosen=index))

    def step_take(self, step: int) -> int:
        """Look at another take of the selected cell, the first after the last; what sounds stays. Returns its index.

        Raises:
            UserError: where there is no other.
        """
        cell, shown = self.selected_section.cell(self.part), self.looked_at
        if cell.chosen is None or len(cell.takes) < 2:
            raise UserError("there is no other take: {cell.fill} writes one")
        return self.look_at(((cell.chosen if shown is None else shown) + step) % len(cell.takes))

    def look_at(self, index: int) -> int:
        """Look at one of the selected cell's takes, counted from 0, while another sounds. Returns its index."""
        self._looked_at = _TakePreview(self._cell_key, self.selected_section.cell(self.part).takes, index)
        return index

    def leave_take(self) -> bool:
        """Go back from the take that is looked at to the one that sounds; returns whether there was one."""
        was = self.looked_at is not None
        self._looked_at = None
        return was

    def accept_take(self) -> int:
        """Let the take that is looked at sound; returns its index.

        Raises:
            UserError: where none is looked at, or the cell is locked.
        """
        chosen = self.looked_at
        if chosen is None:
            raise UserError("no other take is shown: {take.next} shows the next one")
        self.edit(lambda song: choose_take(song, self.section, self.part, chosen))
        self._looked_at = None
        return chosen

    def toggle_lock(self) -> bool:
        """Lock the selected cell, or free it; returns whether it is locked now."""
        locked = not self.selected_section.cell(self.part).locked
        self.edit(lambda song: set_locked(song, self.section, self.part, locked))
        return locked

    def clear(self) -> None:
        """Empty the selected cell.

        Raises:
            UserError: where it is locked.
        """
        self.edit(lambda song: clear_cell(song, self.section, self.part))

    def empty_cells(self) -> int:
        """The number of cells that hold no take."""
        return sum(self.song.sections[index].cell(part).chosen is None for index, part in self.song.cell_refs())

    def has_music(self) -> bool:
        """True where any cell holds a take."""
        return any(self.song.sections[index].cell(part).takes for index, part in self.song.cell_refs())

    def begin_anew(self, edit: Edit) -> None:
        """Make an edit that makes another song of this one: its next export takes a name of its own."""
        self.edit(edit)
        self._export_path = None

    def save(self) -> Path:
        """Write the song to its file; one without a file gets TITLE.drop in the current folder. Returns the path.

        Raises:
            UserError: where it cannot be written, or another app has it open.
        """
        return self.file.save(self.song)

    def save_as(self, path: Path) -> Path:
        """Write the song to another file, over what is there, and go on with that one. Returns the path.

        Raises:
            UserError: where it cannot be written, or another app has it open.
        """
        return self.file.save_as(self.song, path)

    def keep(self) -> Path | None:
        """Write unsaved changes where they can be found again; returns the path, or None where there are none.

        They go to the song's file; to the folder for kept songs where it has none, or its file is not to be written.

        Raises:
            UserError: where neither can be written.
        """
        return None if self.saved else self.file.keep(self.song)

    def export_path(self) -> Path:
        """Where an export goes: beside the song's file, or as TITLE.mid in the current folder.

        Without a file of its own the song takes a name that was free when it was first exported, and keeps it.

        Raises:
            UserError: where the current folder is gone.
        """
        if self.path is not None:
            return self.path.with_suffix(DEFAULT_FORMAT.suffix)
        if self._export_path is None:
            self._export_path = free_path(current_folder(), file_stem(self.song.title), DEFAULT_FORMAT.suffix)
        return self._export_path

    def bundle_path(self) -> Path:
        """The folder that an export of several files goes to: named by the title, beside the song's file or here.

        Raises:
            UserError: where the current folder is gone.
        """
        from song.export.bundle import bundle_folder

        return bundle_folder(self.song, current_folder() if self.path is None else self.path.parent)
