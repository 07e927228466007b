"""The history of steps that undo and redo walk along.

A step is an edit, any function from song to song, or a fill: what one asked for, however many cells it brings. A fill
brings them while other edits are made, and stays the one step where it was asked for.
"""

from collections.abc import Callable, Iterable

import msgspec

from song.edits.regrowing import with_tails
from song.errors import UserError
from song.sections import (
    Song,
    renumber_sections,
)

Edit = Callable[[Song], Song]


class Step(msgspec.Struct, frozen=True):
    """A step of the history.

    Attributes:
        song: the song after it.
        fill: the number of a fill that may bring more; None for one that is over, and for an edit.
        edits: of such a fill, all that it has brought, in order, as edits that no lock refuses.
        ahead: the steps that were taken back when such a fill was asked for; they are so again if it brings nothing.
    """

    song: Song
    fill: int | None = None
    edits: tuple[Edit, ...] = ()
    ahead: tuple["Step", ...] = ()

    def with_edit(self, edit: Edit, fill: int, unlocked: Edit) -> "Step":
        """The step where an edit has been made in its song as well, and has been brought by a fill if this is it.

        Its song stays where it refuses: a cell is locked there, or its section is not there yet.

        Args:
            edit: the edit.
            fill: the fill that has brought it.
            unlocked: the same edit, which no lock refuses.
        """
        edits = (*self.edits, unlocked) if self.fill == fill else self.edits
        return Step(_made(self.song, (edit,)), self.fill, edits, self.ahead)


class History(msgspec.Struct, frozen=True):
    """The songs before and after the present one. A song shares what an edit left alone, so this costs little.

    Attributes:
        first: the song before the first step.
        done: the steps that led to the present song.
        undone: the steps that were taken back, the last of them first.
        last_id: the highest id that a section has had, in songs that nothing leads back to as well; 0 for that of the
            present song.
    """

    first: Song
    done: tuple[Step, ...] = ()
    undone: tuple[Step, ...] = ()
    last_id: int = 0

    @property
    def present(self) -> Song:
        """The song as it is."""
        return self.done[-1].song if self.done else self.first

    @property
    def past(self) -> tuple[Song, ...]:
        """The songs before the present one, the oldest first."""
        return (self.first, *(step.song for step in self.done[:-1])) if self.done else ()

    @property
    def future(self) -> tuple[Song, ...]:
        """The songs that redo leads to, the next one first."""
        return tuple(step.song for step in self.undone)

    def after(self, edit: Edit) -> "History":
        """The history once an edit is made; an edit that changes nothing leaves no trace.

        Sections that are new get ids that none has had: what is still being written for one that was removed would
        come to them otherwise.
        """
        song, last_id = self._edited(edit)
        return self if song == self.present else History(self.first, (*self.done, Step(song)), (), last_id)

    def amended(self, edit: Edit) -> "History":
        """The history with its last edit carried further: undoing takes both back in one step.

        Where the last step is no edit, the same as `after`.
        """
        if not self.done or self.done[-1].fill is not None:
            return self.after(edit)
        song, last_id = self._edited(edit)
        return self if song == self.present else History(self.first, (*self.done[:-1], Step(song)), (), last_id)

    def _edited(self, edit: Edit) -> tuple[Song, int]:
        known = {section.id for section in self.present.sections}
        last_id = max(self.last_id, *known, 0)
        song = with_tails(edit(self.present), self.present, reversed(self.past))
        return renumber_sections(song, known, last_id)

    def filling(self, fill: int, joined: Edit | None = None) -> "History":
        """The history once a fill is asked for.

        Args:
            fill: its number.
            joined: the last edit, where that and the fill are one step; none has been made since.
        """
        if joined is not None:
            step = msgspec.structs.replace(self.done[-1], fill=fill, edits=(joined,))
            return History(self.first, (*self.done[:-1], step), (), self.last_id)
        return History(self.first, (*self.done, Step(self.present, fill, (), self.undone)), (), self.last_id)

    def filled(self, fill: int, edit: Edit, unlocked: Edit | None = None) -> "History":
        """The history once a fill has brought something: into its own step, and so into the songs of all later ones.

        Where no step is that fill's, the same as `after`.

        Args:
            fill: the number of the fill.
            edit: puts what it has brought into a song.
            unlocked: the same, into cells too that are locked; the edit itself where none is given.

        Raises:
            UserError: where every song refuses it: the present one, and those that undo and redo lead to.
        """
        number = next((n for n, step in enumerate(self.done) if step.fill == fill), None)
        if number is None:
            return self.after(edit)
        added = unlocked or edit
        done = (*self.done[:number], *(step.with_edit(edit, fill, added) for step in self.done[number:]))
        undone = tuple(step.with_edit(edit, fill, added) for step in self.undone)
        songs = zip((*self.done, *self.undone), (*done, *undone), strict=True)
        if all(before.song == after.song for before, after in songs):
            edit(self.present)
        return History(self.first, done, undone, self.last_id)

    def over(self, fill: int) -> "History":
        """The history once a fill brings no more; one that has brought nothing leaves no trace."""
        done: list[Step] = []
        undone = self.undone
        for step in self.done:
            mine = step.fill == fill
            if not mine or step.song != (done[-1].song if done else self.first):
                done.append(Step(step.song) if mine else step)
            elif step is self.done[-1] and not undone:
                undone = step.ahead
        return History(self.first, tuple(done), undone, self.last_id)

    @property
    def is_filling(self) -> bool:
        """True while a fill may bring more."""
        return any(step.fill is not None for step in self.done)

    def undo(self) -> "History":
        """One step back that makes a difference, or the same where there is none.

        A fill that may bring more is passed over: the last step before it is taken back, and what it wrote stays.
        """
        return self._walked(History._step_back)

    def redo(self) -> "History":
        """One step forward that makes a difference, or the same where there is none."""
        return self._walked(History._step_forward)

    def _walked(self, step: Callable[["History"], "History"]) -> "History":
        history = self
        while (moved := step(history)) is not history:
            history = moved
            if history.present != self.present:
                return history
        return self

    def _step_back(self) -> "History":
        number = next((n for n in reversed(range(len(self.done))) if self.done[n].fill is None), None)
        if number is None:
            return self
        kept = self.done[:number]
        for step in self.done[number + 1 :]:
            song = _made(kept[-1].song if kept else self.first, step.edits)
            kept = (*kept, Step(song, step.fill, step.edits, step.ahead))
        return History(self.first, kept, (Step(self.present), *self.undone), self.last_id)

    def _step_forward(self) -> "History":
        if not self.undone:
            return self
        return History(self.first, (*self.done, self.undone[0]), self.undone[1:], self.last_id)


def _made(song: Song, edits: Iterable[Edit]) -> Song:
    """The song once edits are made, without those that it refuses."""
    for edit in edits:
        try:
            song = edit(song)
        except UserError:
            continue
    return song
