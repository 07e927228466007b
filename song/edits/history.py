"""The history of edits that undo and redo walk along.

It takes any function from song to song; those of the app are in the modules beside this one.
"""

from collections.abc import Callable

import msgspec

from song.sections import (
    Song,
    renumber_sections,
)

Edit = Callable[[Song], Song]


class History(msgspec.Struct, frozen=True):
    """The songs before and after the present one. A song shares what an edit left alone, so this costs little.

    Attributes:
        last_id: the highest id that a section has had, in songs that nothing leads back to as well; 0 for that of the
            present song.
    """

    present: Song
    past: tuple[Song, ...] = ()
    future: tuple[Song, ...] = ()
    last_id: int = 0

    def after(self, edit: Edit) -> "History":
        """The history once an edit is made; an edit that changes nothing leaves no trace.

        Sections that are new get ids that none has had: what is still being written for one that was removed would
        come to them otherwise.
        """
        song, last_id = self._edited(edit)
        return self if song == self.present else History(song, (*self.past, self.present), (), last_id)

    def amended(self, edit: Edit) -> "History":
        """The history with its last edit carried further: undoing takes both back in one step.

        Where there is no last edit, the same as `after`.
        """
        if not self.past:
            return self.after(edit)
        song, last_id = self._edited(edit)
        return self if song == self.present else History(song, self.past, (), last_id)

    def _edited(self, edit: Edit) -> tuple[Song, int]:
        known = {section.id for section in self.present.sections}
        last_id = max(self.last_id, *known, 0)
        return renumber_sections(edit(self.present), known, last_id)

    def undone(self) -> "History":
        """One edit back, or the same where there is none."""
        if not self.past:
            return self
        return History(self.past[-1], self.past[:-1], (self.present, *self.future), self.last_id)

    def redone(self) -> "History":
        """One edit forward, or the same where there is none."""
        if not self.future:
            return self
        return History(self.future[0], (*self.past, self.present), self.future[1:], self.last_id)
