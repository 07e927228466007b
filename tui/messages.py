"""Messages of workers and widgets to the main screen and the app, small and typed.

`WritingChanged` and `SoundChanged` only say how things stand, and give way to a newer one, so that a slow terminal
never queues them up; a message that carries music or an outcome never does.
"""

from pathlib import Path

from textual.message import Message

from song.parts import Part
from song.sections import CellKey, Take
from tui.view import EngineStatus, Outstanding


class EngineChanged(Message):
    """The engine's status is another."""

    def __init__(self, status: EngineStatus) -> None:
        super().__init__()
        self.status = status


class WritingChanged(Message):
    """More has been written, or there is more or less to write."""

    def __init__(self, writing: Outstanding) -> None:
        super().__init__()
        self.writing = writing

    def can_replace(self, message: Message) -> bool:
        """Let a newer state of the writing stand in for this one."""
        return isinstance(message, WritingChanged)


class CellWritten(Message):
    """Every take asked for a cell has come, the best first; it may be that some of its bars were to stay."""

    def __init__(self, fill_id: int, cell: CellKey, takes: tuple[Take, ...], kept: tuple[int, ...] = ()) -> None:
        super().__init__()
        self.fill_id = fill_id
        self.cell = cell
        self.takes = takes
        self.kept = kept


class FillEnded(Message):
    """A fill is over: the cells it did not write, and why, where it was not written to its end."""

    def __init__(self, fill_id: int, unwritten: tuple[CellKey, ...] = (), reason: str = "") -> None:
        super().__init__()
        self.fill_id = fill_id
        self.unwritten = unwritten
        self.reason = reason


class FileWritten(Message):
    """An export is in its file or folder; in the latter some of the user's own files may have been kept."""

    def __init__(self, path: Path, kept: tuple[str, ...] = ()) -> None:
        super().__init__()
        self.path = path
        self.kept = kept


class Trouble(Message):
    """Something the user asked for did not work; one line says what to do."""

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason


class SoundChanged(Message):
    """The sound stands otherwise: what plays, where it is, or what it plays on."""

    def can_replace(self, message: Message) -> bool:
        """Let a newer state stand in for this one."""
        return isinstance(message, SoundChanged)


class AutosaveChanged(Message):
    """The song cannot be autosaved, and why; or, with an empty text, it can be again."""

    def __init__(self, trouble: str) -> None:
        super().__init__()
        self.trouble = trouble


class SongOpened(Message):
    """Another song file has been opened in the place of the one before."""


class EndAsked(Message):
    """The app is to end, though not by a key, with this exit status."""

    def __init__(self, status: int) -> None:
        super().__init__()
        self.status = status


class CellPicked(Message):
    """The mouse chose a section, and a part or a bar of it where it pointed at one."""

    def __init__(self, section: int, part: Part | None = None, bar: int | None = None) -> None:
        super().__init__()
        self.section = section
        self.part = part
        self.bar = bar


class FieldPicked(Message):
    """The mouse chose a constraint."""

    def __init__(self, field_id: str) -> None:
        super().__init__()
        self.field_id = field_id


class NotePicked(Message):
    """The mouse chose a place in the phrase: a tick from the section's start, and a pitch or drum."""

    def __init__(self, tick: int, pitch: int) -> None:
        super().__init__()
        self.tick = tick
        self.pitch = pitch


class TakePicked(Message):
    """The mouse chose a take of the selected cell, by its index."""

    def __init__(self, index: int) -> None:
        super().__init__()
        self.index = index
