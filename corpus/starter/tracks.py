"""Reader of `*.tracks` files of the starter notation: whole tracks laid out from the starter phrases.

What a track sounds like is worked out in `corpus.starter.pieces`; phrases are read by `corpus.starter.phrases`.
"""

import re
from collections.abc import Mapping

import msgspec

from corpus.starter.phrases import StarterPhrase, style_names, tempo_range
from corpus.starter.text import Mistake, NotationError, Word, content_lines, setting_of, words_of
from song.errors import UserError
from song.limits import MAX_BARS
from song.parts import PARTS, Part
from song.scales import Key, parse_key
from song.sections import SectionKind

_HEADER = re.compile(r"\[track ([a-z0-9]+(?:-[a-z0-9]+)*)\]")
_SECTION = re.compile(r"([a-z]+)\s+(\d+)(?:\s+tempo\s*=\s*(\S+))?")
_PLAYED = re.compile(r"([a-z0-9-]+)(?:\*(\d+))?")


class PhraseRun(msgspec.Struct, frozen=True):
    """A phrase in a track, played so many times; without a name so many bars of rest."""

    name: str
    times: int


class StarterSection(msgspec.Struct, frozen=True):
    """A section of a track.

    Attributes:
        kind: what it does.
        bars: 1-128.
        tempo_bpm: at its first and last quarter.
        parts: what each part plays, in order, repeated until the section is full.
    """

    kind: SectionKind
    bars: int
    tempo_bpm: tuple[float, float]
    parts: dict[Part, tuple[PhraseRun, ...]]


class StarterTrack(msgspec.Struct, frozen=True):
    """A track of the starter set.

    Attributes:
        name: no other track has it.
        styles: names of `song.styles.STYLES`, in equal shares.
        key: the key that it sounds in.
        tempo_bpm: of every section that has none of its own.
        sections: in the order they are heard.
        source: where its heading stands, as FILE:LINE.
    """

    name: str
    styles: tuple[str, ...]
    key: Key
    tempo_bpm: float
    sections: tuple[StarterSection, ...]
    source: str = ""

    def phrase_names(self) -> set[str]:
        """The phrases that it plays."""
        return {
            played.name
            for section in self.sections
            for line in section.parts.values()
            for played in line
            if played.name
        }


class _TrackDraft(msgspec.Struct):
    """A track while it is being read."""

    name: str
    line: int
    values: dict[str, Word] = msgspec.field(default_factory=dict)
    sections: list[StarterSection] = msgspec.field(default_factory=list)
    broken: bool = False


def parse_tracks(
    text: str, phrases: Mapping[str, StarterPhrase], file_name: str = ""
) -> tuple[list[StarterTrack], list[Mistake]]:
    """The tracks of a file, and everything in it that cannot be read; a track with a mistake is left out.

    Args:
        text: the file.
        phrases: the phrases that there are, by name.
        file_name: kept with each track, to find it again.
    """
    mistakes: list[Mistake] = []
    drafts: list[_TrackDraft] = []
    for number, line in content_lines(text):
        column = len(line) - len(line.lstrip()) + 1
        try:
            if line.lstrip().startswith("["):
                match = _HEADER.fullmatch(line.strip())
                drafts.append(_TrackDraft(match[1] if match else "", number, broken=not match))
                if not match:
                    raise NotationError(number, column, "a heading is [track name], lower case with hyphens")
            elif not drafts:
                raise NotationError(number, column, "a track begins with its name, such as [track night-bus]")
            else:
                _take_line(drafts[-1], line, number, phrases)
        except NotationError as error:
            mistakes.append(error.mistake)
            if drafts:
                drafts[-1].broken = True
    tracks = []
    for draft in drafts:
        try:
            if not draft.broken:
                tracks.append(_finish(draft, file_name))
        except NotationError as error:
            mistakes.append(error.mistake)
    return tracks, sorted(mistakes, key=lambda mistake: (mistake.line, mistake.column))


def _take_line(draft: _TrackDraft, line: str, number: int, phrases: Mapping[str, StarterPhrase]) -> None:
    column = len(line) - len(line.lstrip()) + 1
    first = re.split(r"[\s=]", line.strip(), maxsplit=1)[0]
    if first in tuple(SectionKind):
        draft.sections.append(_section(draft, line, number))
        return
    name, value = setting_of(line, number)
    if name.text in PARTS:
        if not draft.sections:
            raise name.error("a part stands under its section, such as drop 16")
        parts = draft.sections[-1].parts
        if name.text in parts:
            raise name.error(f"{name.text} is given twice in this section: write its phrases on one line")
        parts[Part(name.text)] = _played(value, Part(name.text), phrases)
    elif name.text in ("style", "key", "tempo"):
        if draft.sections:
            raise name.error(f"{name.text} stands above the first section")
        if name.text in draft.values:
            raise name.error(f'"{name.text}" is given twice')
        draft.values[name.text] = value
    else:
        allowed = ", ".join((*PARTS, *SectionKind, "style", "key", "tempo"))
        raise NotationError(number, column, f'"{name.text}" is not one of {allowed}')


def _section(draft: _TrackDraft, line: str, number: int) -> StarterSection:
    column = len(line) - len(line.lstrip()) + 1
    match = _SECTION.fullmatch(line.strip())
    if not match or not 1 <= int(match[2]) <= MAX_BARS:
        raise NotationError(number, column, f"a section is its kind and 1-{MAX_BARS} bars, such as drop 16 tempo=150")
    tempo = (0.0, 0.0)
    if match[3]:
        tempo = tempo_range(Word(match[3], number, column + match.start(3)))
    elif "tempo" in draft.values:
        tempo = tempo_range(draft.values["tempo"])
    return StarterSection(SectionKind(match[1]), int(match[2]), tempo, {})


def _played(value: Word, part: Part, phrases: Mapping[str, StarterPhrase]) -> tuple[PhraseRun, ...]:
    found = []
    for word in words_of(value.text, value.line, value.column):
        match = _PLAYED.fullmatch(word.text)
        if not match or match[2] == "0":
            raise word.error(f'"{word.text}" is not a phrase, such as cold-half-time*3 or rest*4')
        name = match[1]
        if name == "rest":
            name = ""
        elif name not in phrases:
            raise word.error(f'no phrase is called "{name}"')
        elif phrases[name].part != part:
            raise word.error(f"{name} is a phrase for {phrases[name].part.value}, not {part.value}")
        found.append(PhraseRun(name, int(match[2] or 1)))
    return tuple(found)


def _finish(draft: _TrackDraft, file_name: str) -> StarterTrack:
    heading = Word(draft.name, draft.line, 1)
    for name in ("style", "key", "tempo"):
        if name not in draft.values:
            raise heading.error(f"{draft.name} has no line {name} = ...")
    if not draft.sections:
        raise heading.error(f"{draft.name} has no sections, such as drop 16")
    key_word, tempo_word = draft.values["key"], draft.values["tempo"]
    try:
        key = parse_key(key_word.text)
    except UserError as error:
        raise key_word.error(str(error)) from None
    low, high = tempo_range(tempo_word)
    if low != high:
        raise tempo_word.error("a track has one tempo; a section may ramp, as in build 8 tempo=140-150")
    styles = style_names(draft.values["style"])
    source = f"{file_name}:{draft.line}"
    return StarterTrack(draft.name, styles, key, low, tuple(draft.sections), source)
