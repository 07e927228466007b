"""Sections as lines of text, for the comments of a project: what no marker says, readable by people and read back.

A MIDI file has markers, tempi and key signatures of its own; what these cannot say stands in texts of a few words.
`corpus.readers.rebuilding` holds them against the markers of a file, which win where the two differ.
"""

import re
from collections.abc import Iterable

import msgspec

from song.export.arrangement import Arrangement
from song.sections import SectionKind

HEADING = "Made with Dropsmith"
_KINDS = "|".join(SectionKind)
_TEMPO = r"\d+(?:\.\d+)?(?:e-?\d+)?"
_LINE = re.compile(
    rf"bar (\d+): (.*) \(({_KINDS})\), (\d+) bars?, ({_TEMPO})(?: to ({_TEMPO}))? BPM, ([A-G][#b]? [a-z ]+)"
)

_TEXT = re.compile(rf"Dropsmith: (?:key (?P<key>[A-G][#b]? [a-z ]+)|(?P<kind>{_KINDS}))")


class SectionLine(msgspec.Struct, frozen=True):
    """A section as a line tells it.

    Attributes:
        start_bar: from 0.
        bars: 1 or more.
        name: as the song calls it.
        kind: what it does.
        tempo_bpm: at its first and its last quarter.
        key: as `song.scales.parse_key` reads it.
    """

    start_bar: int
    bars: int
    name: str
    kind: SectionKind
    tempo_bpm: tuple[float, float]
    key: str


def section_lines(arrangement: Arrangement) -> list[str]:
    """A heading and a line for each section."""
    lines = [f"{HEADING}. {arrangement.song.key}, {arrangement.song.bars} bars"]
    for stretch in arrangement.stretches:
        first, last = stretch.section.constraints.tempo_bpm
        tempo = _number(first) if first == last else f"{_number(first)} to {_number(last)}"
        bars = f"{stretch.section.bars} bar{'s' if stretch.section.bars > 1 else ''}"
        lines.append(
            f"bar {stretch.start_bar + 1}: {_one_line(stretch.name)} ({stretch.section.kind.value}), {bars}, "
            f"{tempo} BPM, {stretch.key}"
        )
    return lines


def read_section_lines(text: str) -> list[SectionLine]:
    """The sections that lines of a text tell, in order; other lines are left aside."""
    return list(_read(text.replace("\r\n", "\n").replace("\r", "\n").split("\n")))


def key_text(key: str) -> str:
    """The text that stands beside a key signature which says less than the key."""
    return f"Dropsmith: key {key}"


def kind_text(kind: SectionKind) -> str:
    """The text that stands beside a marker whose name is the user's."""
    return f"Dropsmith: {kind.value}"


def read_text(text: str) -> tuple[str | None, SectionKind | None]:
    """The key or the kind that a text of a MIDI file tells; None for what it does not."""
    match = _TEXT.fullmatch(text)
    if match is None:
        return None, None
    return match["key"], SectionKind(match["kind"]) if match["kind"] else None


def _read(lines: Iterable[str]) -> Iterable[SectionLine]:
    for line in lines:
        match = _LINE.fullmatch(line.strip())
        if match:
            bar, name, kind, bars, first, last, key = match.groups()
            tempo = float(first), float(last or first)
            yield SectionLine(int(bar) - 1, int(bars), name, SectionKind(kind), tempo, key)


def _number(value: float) -> str:
    return repr(float(value)).removesuffix(".0")


def _one_line(name: str) -> str:
    return " ".join(name.split())
