"""Edits of a song's form (sections added, copied, removed, moved, renamed, of another kind) and of the parts heard.

A section's length is changed in `song.edits.takes`, its constraints in `song.edits.constraints`.
"""

import msgspec

from song.edits.constraints import set_constraints
from song.edits.takes import replace_section
from song.errors import UserError
from song.limits import MAX_NAME, MAX_SECTIONS
from song.parts import PARTS, Part
from song.sections import Section, SectionKind, Song
from song.templates import KIND_DENSITY, KIND_WOBBLE, default_constraints
from song.theme import FIRST_DROP

_USUAL_BARS = {SectionKind.DROP: 16}
_FOLLOWING = {
    SectionKind.INTRO: SectionKind.BUILD,
    SectionKind.BUILD: SectionKind.DROP,
    SectionKind.DROP: SectionKind.BREAK,
    SectionKind.BREAK: SectionKind.BUILD,
    SectionKind.OUTRO: SectionKind.OUTRO,
}


def following_kind(kind: SectionKind) -> SectionKind:
    """The kind that usually comes after another in the genre."""
    return _FOLLOWING[kind]


def insert_section(song: Song, index: int, section: Section) -> Song:
    """The song with a section put before the one of that index, or at the end, under an id of its own.

    Raises:
        UserError: where the song has `MAX_SECTIONS` already.
    """
    if len(song.sections) >= MAX_SECTIONS:
        raise UserError(f"a song has at most {MAX_SECTIONS} sections")
    new = msgspec.structs.replace(section, id=max((one.id for one in song.sections), default=0) + 1)
    return msgspec.structs.replace(song, sections=(*song.sections[:index], new, *song.sections[index:]))


def add_section(song: Song, after: int) -> Song:
    """The song with an empty section after another: of the kind that usually follows, at the tempo it ends with.

    It goes through the chords of the first of its kind, if there is one.
    """
    before = song.sections[after]
    kind = following_kind(before.kind)
    end_bpm = before.constraints.tempo_bpm[1]
    asked = default_constraints(kind, (end_bpm, end_bpm))
    like = next((one.constraints for one in song.sections if one.kind is kind), asked)
    asked = msgspec.structs.replace(asked, chords=like.chords, chord_beats=like.chord_beats)
    return insert_section(song, after + 1, Section(kind, _USUAL_BARS.get(kind, 8), asked))


def duplicate_section(song: Song, index: int) -> Song:
    """The song with a copy of a section after it: its constraints and its takes, its name left out."""
    return insert_section(song, index + 1, msgspec.structs.replace(song.sections[index], name=""))


def delete_section(song: Song, index: int) -> Song:
    """The song without a section; the theme of one that had it goes to the first drop.

    Raises:
        UserError: where it is the only one.
    """
    if len(song.sections) == 1:
        raise UserError("a song keeps one section: change this one instead")
    # Its id must not stay behind: it is free, and a section that is added later may get it.
    theme = FIRST_DROP if song.theme == song.sections[index].id else song.theme
    return msgspec.structs.replace(song, theme=theme, sections=(*song.sections[:index], *song.sections[index + 1 :]))


def move_section(song: Song, index: int, places: int) -> Song:
    """The song with a section so many places later, or earlier where that is below 0.

    Raises:
        UserError: where it would leave the song.
    """
    to = index + places
    if not 0 <= to < len(song.sections):
        raise UserError(f"this is the {'first' if places < 0 else 'last'} section already")
    rest = (*song.sections[:index], *song.sections[index + 1 :])
    return msgspec.structs.replace(song, sections=(*rest[:to], song.sections[index], *rest[to:]))


def rename_section(song: Song, index: int, name: str) -> Song:
    """The song with a section under another name; an empty one lets its kind name it.

    Raises:
        UserError: for a name over `MAX_NAME` characters, or with characters that cannot be shown.
    """
    name = name.strip()
    if len(name) > MAX_NAME or not name.isprintable():
        raise UserError(f"a name is one line of at most {MAX_NAME} characters")
    return replace_section(song, index, msgspec.structs.replace(song.sections[index], name=name))


def set_kind(song: Song, index: int, kind: SectionKind) -> Song:
    """The song with a section of another kind; what it asked for as its kind does, it asks for as the new one does."""
    section = song.sections[index]
    changed = replace_section(song, index, msgspec.structs.replace(section, kind=kind))
    asked = section.constraints
    if asked.density == KIND_DENSITY[section.kind]:
        changed = set_constraints(changed, index, density=KIND_DENSITY[kind])
    if asked.wobble == KIND_WOBBLE[section.kind]:
        changed = set_constraints(changed, index, wobble=KIND_WOBBLE[kind])
    return changed


def toggle_muted(song: Song, part: Part) -> Song:
    """The song with a part muted, or heard again."""
    return msgspec.structs.replace(song, muted=_toggled(song.muted, part))


def toggle_solo(song: Song, part: Part) -> Song:
    """The song with a part heard alone, beside others that have solo; or no longer."""
    return msgspec.structs.replace(song, solo=_toggled(song.solo, part))


def take_arrangement(song: Song, arrangement: Song) -> Song:
    """The song with the layout of another: its sections, which are new ones, style, key and template.

    A theme that a section had goes to the first drop; a song without one stays so.
    """
    first_id = max((section.id for section in song.sections), default=0) + 1
    sections = tuple(
        msgspec.structs.replace(section, id=new_id) for new_id, section in enumerate(arrangement.sections, first_id)
    )
    return msgspec.structs.replace(
        song,
        style=arrangement.style,
        key=arrangement.key,
        sub=arrangement.sub,
        template=arrangement.template,
        theme=min(song.theme, FIRST_DROP),
        sections=sections,
    )


def _toggled(parts: tuple[Part, ...], part: Part) -> tuple[Part, ...]:
    return tuple(one for one in PARTS if (one in parts) is not (one is part))
