"""A step of the history in a few words: `tempo of DROP 1 from 141 BPM to 140 BPM`."""

from collections.abc import Iterator

from song.parts import PARTS
from song.sections import Cell, Song
from tui.fields import FIELDS

_MOST_TOLD = 2
"""The most differences that are told; of more, how many there are."""


def step_words(before: Song, after: Song) -> str:
    """The differences from one song to the next, the first two by name; empty where there is none."""
    told = list(_differences(before, after))
    rest = len(told) - _MOST_TOLD
    return ", ".join(told[:_MOST_TOLD]) + (f" and {rest} more" if rest > 0 else "")


def _differences(before: Song, after: Song) -> Iterator[str]:
    old, new = _names(before), _names(after)
    if not old.keys() & new.keys():
        yield "all sections"
    else:
        yield from (f"{name} is gone" for key, name in old.items() if key not in new)
        yield from (f"{name} is back" for key, name in new.items() if key not in old)
        if [key for key in old if key in new] != [key for key in new if key in old]:
            yield "the order of sections"
    for name in ("title", "key", "style", "seed", "theme", "muted", "solo"):
        if getattr(before, name) != getattr(after, name):
            yield f"the song's {name}"
    for section in after.sections:
        at = before.index_of(section.id)
        was = before.sections[at] if at is not None else section
        if was is section:
            continue
        if was.name != section.name:
            yield f"{old[section.id]} is called {new[section.id]}"
        for field in FIELDS:
            texts = field.text(was), field.text(section)
            if texts[0] != texts[1]:
                first, second = (text or "the song's own" for text in texts)
                yield f"{field.label} of {new[section.id]} from {first} to {second}"
        resized = was.bars != section.bars
        for part in PARTS:
            kind = _kind(was.cell(part), section.cell(part), resized)
            if kind:
                yield f"{kind} of {part} in {new[section.id]}"


def _names(song: Song) -> dict[int, str]:
    return dict(zip((section.id for section in song.sections), song.section_names(), strict=True))


def _kind(was: Cell, cell: Cell, resized: bool) -> str:
    """The kind of difference between two cells; takes that are but cut to a section's new length do not count."""
    if was.locked != cell.locked:
        return "lock"
    if len(was.takes) != len(cell.takes):
        return "takes"
    if was.chosen != cell.chosen:
        return "choice"
    if resized or was.take is None or cell.take is None or was.take == cell.take:
        return ""
    if was.take.phrase.notes != cell.take.phrase.notes:
        return "notes"
    return "wobble" if was.take.phrase.wobbles != cell.take.phrase.wobbles else "kept bars"
