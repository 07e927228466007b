"""Changes from one view to the next, one plain line for each. Pure: two views in, lines out."""

from collections.abc import Iterator

import msgspec

from song.notes import Note
from song.parts import PARTS, Part
from song.sections import Cell, Song
from tui.fields import FIELDS
from tui.plain.words import (
    bar_words,
    bars_words,
    cell_name,
    cell_words,
    cursor_words,
    engine_words,
    field_words,
    file_words,
    heard_words,
    note_words,
    place_words,
    song_words,
    theme_words,
)
from tui.view import View

_MOST_NOTES = 4
"""The most notes that are told one by one; of more, how many there are."""


def changes(before: View, after: View) -> list[str]:
    """The lines that tell how things stand now to one who knew how they stood before."""
    lines: list[str] = []
    if engine_words(before.engine) != engine_words(after.engine):
        lines.append(engine_words(after.engine))
    if before.song is not after.song:
        lines += _song_changes(before, after)
    if after.writing.busy and not before.writing.busy:
        total = after.writing.total
        lines.append(f"writing {total} {'cell' if total == 1 else 'cells'}")
    for ref in sorted(after.failed - before.failed, key=lambda ref: (ref.section, PARTS.index(ref.part))):
        lines.append(f"{cell_name(after.song, ref.section, ref.part)}: not written")
    lines += _moves(before, after)
    if (before.saved, before.file_name) != (after.saved, after.file_name):
        lines.append(file_words(after))
    if after.note and after.note != before.note:
        lines.append(after.note)
    return lines


def _moves(before: View, after: View) -> Iterator[str]:
    """Moves of the user: in the notes, to another cell, to another bar, to another constraint."""
    if after.cursor is not None:
        if before.cursor is None:
            yield f"in the notes of {cell_name(after.song, after.section, after.part)}"
        if before.cursor != after.cursor:
            yield cursor_words(after)
        return
    if before.cursor is not None:
        yield "left the notes"
    if (_selected(before), before.part) != (_selected(after), after.part):
        yield place_words(after)
    elif before.bar != after.bar:
        yield bar_words(after)
    if before.field != after.field:
        yield field_words(after.song, after.section, after.field)


def _selected(view: View) -> int:
    return view.selected_section.id


def _song_changes(before: View, after: View) -> list[str]:
    old, new = before.song, after.song
    if not {section.id for section in old.sections} & {section.id for section in new.sections}:
        return [*song_words(after), *([heard_words(new)] if new.muted or new.solo else [])]
    lines = [*_form_changes(old, new)]
    for name in ("title", "key", "style"):
        if getattr(old, name) != getattr(new, name):
            lines.append(f"the song's {name}: {getattr(new, name)}")
    if old.theme != new.theme:
        lines.append(theme_words(new))
    if old.heard_parts() != new.heard_parts():
        lines.append(heard_words(new))
    for index, section in enumerate(new.sections):
        at = old.index_of(section.id)
        if at is None or old.sections[at] is section:
            continue
        for one in FIELDS:
            if one.text(old.sections[at]) != one.text(section):
                lines.append(f"{new.section_names()[index]}: {field_words(new, index, one.id)}")
        resized = old.sections[at].bars != section.bars
        for part in PARTS:
            was, cell = old.sections[at].cell(part), section.cell(part)
            if was != cell and not (resized and len(was.takes) == len(cell.takes)):
                lines += (f"{cell_name(new, index, part)}: {words}" for words in _cell(was, cell, after, index, part))
    return lines


def _form_changes(old: Song, new: Song) -> Iterator[str]:
    """Sections that came, went, were named or moved."""
    names = dict(zip((section.id for section in new.sections), new.section_names(), strict=True))
    old_names = dict(zip((section.id for section in old.sections), old.section_names(), strict=True))
    for section_id, name in old_names.items():
        if section_id not in names:
            yield f"{name} is gone"
    for number, section in enumerate(new.sections, 1):
        if section.id not in old_names:
            yield f"{names[section.id]} is new: section {number} of {len(new.sections)}, {section.bars} bars"
    both = [section_id for section_id in names if section_id in old_names]
    if both != [section_id for section_id in old_names if section_id in names]:
        yield f"sections: {', '.join(names.values())}"
    for section in new.sections:
        at = old.index_of(section.id)
        if at is not None and old.sections[at].name != section.name:
            yield f"{old_names[section.id]} is called {names[section.id]} now"


def _cell(was: Cell, cell: Cell, after: View, index: int, part: Part) -> Iterator[str]:
    """The changes of a cell."""
    if was.locked != cell.locked:
        yield "locked" if cell.locked else "free"
    if (was.takes, was.chosen) == (cell.takes, cell.chosen):
        return
    if was.take is None or cell.take is None or (len(was.takes), was.chosen) != (len(cell.takes), cell.chosen):
        yield cell_words(after.song, index, part)
        return
    view = msgspec.structs.replace(after, section=index, part=part)
    gone = [note for note in was.take.phrase.notes if note not in cell.take.phrase.notes]
    come = [note for note in cell.take.phrase.notes if note not in was.take.phrase.notes]
    if gone:
        yield _notes(view, "without", gone)
    if come:
        yield _notes(view, "with", come)
    if was.take.phrase.wobbles != cell.take.phrase.wobbles:
        bars = [bar for bar in cell.take.edited if bar not in was.take.edited]
        yield f"wobble painted{f' in {bars_words(bars)}' if bars else ''}"
    if was.take.kept != cell.take.kept:
        yield f"kept from fills: {bars_words(cell.take.kept)}"


def _notes(view: View, word: str, notes: list[Note]) -> str:
    if len(notes) > _MOST_NOTES:
        return f"{word} {len(notes)} notes"
    return f"{word} {'; '.join(note_words(view, note) for note in notes)}"
