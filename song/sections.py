"""Sections and songs: what is asked of each stretch of form, and the takes written for it.

Everything here is frozen; `song.edits` makes changed copies.
"""

from collections.abc import Collection, Iterator
from enum import StrEnum
from typing import NamedTuple

import msgspec

from song.density import density_to_onsets
from song.notes import Phrase
from song.parts import PART_SPECS, PARTS, Part
from song.time import bars_to_ticks


class SectionKind(StrEnum):
    """The function of a section in the form of a track."""

    INTRO = "intro"
    BUILD = "build"
    DROP = "drop"
    BREAK = "break"
    OUTRO = "outro"


GAPS = {"none": 0, "beat": 1, "two beats": 2, "bar": 4}
"""Beats of silence that there may be before a drop, by name."""


class Density(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Density of each part, 0-1 inclusive: 0 silent, 0.5 the median of the training library, 1 its 95th percentile."""

    drums: float = 0.5
    bass: float = 0.5
    chords: float = 0.5
    lead: float = 0.5

    def of(self, part: Part) -> float:
        """The density of one part."""
        return float(getattr(self, part.value))


class WobbleRange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits on the wobble of the bass.

    Attributes:
        rates: the rates allowed, of `song.notes.RATES`; none means no wobble.
        depth: 0-1 inclusive.
        shape: one of `song.notes.SHAPES`.
    """

    rates: tuple[str, ...] = ()
    depth: float = 0.8
    shape: str = "triangle"


class PitchRanges(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the pitched parts may play: lowest and highest pitch, both inclusive, or None for the part's own."""

    bass: tuple[int, int] | None = None
    chords: tuple[int, int] | None = None
    lead: tuple[int, int] | None = None


class PartForms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Forms of parts: letters as of `Constraints.form`, None for the section's own, empty for no form at all."""

    drums: str | None = None
    bass: str | None = None
    chords: str | None = None
    lead: str | None = None

    def of(self, part: Part) -> str | None:
        """The form of one part."""
        form: str | None = getattr(self, part.value)
        return form


class PartPatches(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The sounds of parts: names of patches, empty for the usual one of the song's style."""

    drums: str = ""
    bass: str = ""
    chords: str = ""
    lead: str = ""

    def of(self, part: Part) -> str:
        """The name of one part's patch."""
        name: str = getattr(self, part.value)
        return name


class Constraints(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Targets and limits for every take of a section.

    Attributes:
        tempo_bpm: tempo at the first and the last quarter, 40-300 quarters a minute; equal unless it is a ramp.
        density: how busy each part is.
        wobble: what the bass filter may do.
        key: a key for this section alone, as `song.scales.parse_key` reads it; none means the song's.
        form: letters A-Z, one for each `form_bars` bars, repeated to fill the section; bars under one letter are the
            same music, save those that `song.forms` has as turns. None leaves the form to the model.
        forms: forms of parts that differ from it.
        form_bars: bars under one letter, 1-8.
        temperature: 0.1-2; below 1 the model plays safe, above 1 it takes risks.
        style: shares of styles for this section alone, adding up to 1; none means the song's.
        ranges: where the pitched parts may play.
        gap: of a drop: beats in which every part is silent right before it, of `GAPS`; None for one, and none where
            it follows another drop.
        chords: the progression, as `song.harmony.parse_progression` reads it, round and round; None leaves harmony to
            the model.
        chord_beats: the length of each of its chords, of `song.harmony.CHORD_BEATS`.
        theme: how it quotes the song's theme, of `song.theme.QUOTES`; None as its kind usually does.
        passing: whether bass and lead may leave the scale for short notes off the beat; None where the style does.
    """

    tempo_bpm: tuple[float, float] = (140.0, 140.0)
    density: Density = Density()
    wobble: WobbleRange = WobbleRange()
    key: str | None = None
    form: str | None = None
    forms: PartForms = PartForms()
    form_bars: int = 2
    temperature: float = 1.0
    style: dict[str, float] | None = None
    ranges: PitchRanges = PitchRanges()
    gap: int | None = None
    chords: str | None = None
    chord_beats: int = 4
    passing: bool | None = None
    theme: str | None = None

    def requested_onsets(self, part: Part) -> float:
        """Onsets a bar asked of a part."""
        return density_to_onsets(part, self.density.of(part))

    def form_of(self, part: Part) -> str | None:
        """The form asked of a part: its own, else the section's; None where it is left to the model."""
        own = self.forms.of(part)
        return self.form if own is None else own or None

    def pitch_range(self, part: Part) -> tuple[int, int]:
        """Lowest and highest pitch asked of a part, both inclusive: the whole of the part's unless it is narrowed."""
        spec = PART_SPECS[part]
        asked: tuple[int, int] | None = None if part is Part.DRUMS else getattr(self.ranges, part.value)
        return (spec.low, spec.high) if asked is None else asked


class Take(msgspec.Struct, frozen=True):
    """One candidate phrase of a cell and where it is from.

    Attributes:
        phrase: the music.
        seed: the seed it was sampled with.
        engine: version of the engine that wrote it, or "hand".
        weights: hash of the weights, empty where no model wrote it.
        edited: bars with notes or wobbles changed by hand, counted from 0, in order.
        kept: bars that fills leave as they are, counted from 0, in order; a bar edited by hand becomes one.
        nats_per_note: how surprising the model found it as it was written; None where no model wrote it.
        critic: how likely a critic held it to be real music as it was written, 0-1; None where none did.
        copied_notes: notes of the longest run that it shared with the training set as it was written; 0 for none.
        copied_from: the piece and the bar of that run, for people.
        machine: the kind of machine that wrote it, in a line; on another the same seed may give other music.
    """

    phrase: Phrase
    seed: int = 0
    engine: str = "hand"
    weights: str = ""
    edited: tuple[int, ...] = ()
    kept: tuple[int, ...] = ()
    nats_per_note: float | None = None
    critic: float | None = None
    copied_notes: int = 0
    copied_from: str = ""
    machine: str = ""


class Cell(msgspec.Struct, frozen=True):
    """One part in one section.

    Attributes:
        takes: candidates, the oldest first.
        chosen: index of the take that sounds, or None while the cell is empty.
        locked: whether filling leaves the cell alone.
    """

    takes: tuple[Take, ...] = ()
    chosen: int | None = None
    locked: bool = False

    @property
    def take(self) -> Take | None:
        """The take that sounds."""
        return None if self.chosen is None else self.takes[self.chosen]

    @property
    def phrase(self) -> Phrase | None:
        """The music that sounds."""
        return None if self.chosen is None else self.takes[self.chosen].phrase


class Cells(msgspec.Struct, frozen=True):
    """The cells of a section, one a part."""

    drums: Cell = Cell()
    bass: Cell = Cell()
    chords: Cell = Cell()
    lead: Cell = Cell()


class Section(msgspec.Struct, frozen=True):
    """A stretch of form: so many bars under one set of constraints.

    Attributes:
        kind: what it does in the track.
        bars: 1-128.
        name: a name of the user's; empty lets the kind name it.
        id: tells the section from the others of its song wherever it is moved to; 1 or more, and 0 until
            `number_sections` has given it one.
    """

    kind: SectionKind
    bars: int
    constraints: Constraints = Constraints()
    cells: Cells = Cells()
    name: str = ""
    id: int = 0

    @property
    def length_ticks(self) -> int:
        """Ticks from its first bar line to its last."""
        return bars_to_ticks(self.bars)

    def cell(self, part: Part) -> Cell:
        """The cell of one part."""
        cell: Cell = getattr(self.cells, part.value)
        return cell


class CellKey(NamedTuple):
    """A cell wherever its section is moved to: the section's id, and the part."""

    section_id: int
    part: Part


class Song(msgspec.Struct, frozen=True):
    """A whole track.

    Attributes:
        title: its name.
        style: shares of styles, adding up to 1.
        key: as `song.scales.parse_key` reads it.
        seed: 0 or more; the same song and seed give the same music.
        sub: whether a sub bass is derived from the bass when the song is assembled.
        sections: in the order they are heard.
        muted: parts that are not to be heard, in the order of `PARTS`.
        solo: where there are any, the only parts that may be heard, in the order of `PARTS`.
        template: the arrangement that its layout was drawn from; empty where it was not drawn.
        theme: id of the section whose hook the others quote; 0 for the first drop, -1 where nothing is quoted.
        patches: the sounds of its parts.
    """

    title: str = "Untitled"
    style: dict[str, float] = msgspec.field(default_factory=lambda: {"dubstep": 1.0})
    key: str = "F minor"
    seed: int = 0
    sub: bool = True
    sections: tuple[Section, ...] = ()
    muted: tuple[Part, ...] = ()
    solo: tuple[Part, ...] = ()
    template: str = ""
    theme: int = 0
    patches: PartPatches = PartPatches()

    @property
    def bars(self) -> int:
        """Bars in all."""
        return sum(section.bars for section in self.sections)

    @property
    def length_ticks(self) -> int:
        """Ticks in all."""
        return bars_to_ticks(self.bars)

    def start_bars(self) -> list[int]:
        """The bar, from 0, that each section starts on."""
        starts, at = [], 0
        for section in self.sections:
            starts.append(at)
            at += section.bars
        return starts

    def section_names(self) -> list[str]:
        """A name for each section: the user's, else the kind in capitals, numbered where it names more than one."""
        unnamed = [section.kind for section in self.sections if not section.name]
        names, seen = [], dict.fromkeys(SectionKind, 0)
        for section in self.sections:
            label = section.kind.value.upper()
            seen[section.kind] += not section.name
            numbered = f"{label} {seen[section.kind]}" if unnamed.count(section.kind) > 1 else label
            names.append(section.name or numbered)
        return names

    def cell_refs(self) -> Iterator[tuple[int, Part]]:
        """Every cell as (section index, part), section by section."""
        return ((index, part) for index in range(len(self.sections)) for part in PARTS)

    def heard_parts(self) -> tuple[Part, ...]:
        """The parts that sound: those that are not muted and, where any has solo, have it."""
        return tuple(part for part in PARTS if part not in self.muted and (not self.solo or part in self.solo))

    def style_of(self, index: int) -> dict[str, float]:
        """The shares of styles that hold in a section: its own, else the song's."""
        return self.sections[index].constraints.style or self.style

    def gap_after(self, index: int) -> int:
        """Beats at the end of a section in which every part is silent, for the drop that follows: 0-4."""
        if index + 1 >= len(self.sections) or self.sections[index + 1].kind is not SectionKind.DROP:
            return 0
        asked = self.sections[index + 1].constraints.gap
        return asked if asked is not None else int(self.sections[index].kind is not SectionKind.DROP)

    def key_of(self, index: int) -> str:
        """The key that holds in a section: its own, else the song's."""
        return self.sections[index].constraints.key or self.key

    def index_of(self, section_id: int) -> int | None:
        """Where the section of an id stands, or None where it is gone."""
        return next((index for index, section in enumerate(self.sections) if section.id == section_id), None)


def number_sections(song: Song) -> Song:
    """The song with an id for each section that has none, or one that an earlier section has; else the song itself."""
    highest = max((0, *(section.id for section in song.sections)))
    seen: set[int] = set()
    numbered = []
    for section in song.sections:
        if section.id < 1 or section.id in seen:
            highest += 1
            section = msgspec.structs.replace(section, id=highest)
        seen.add(section.id)
        numbered.append(section)
    return song if tuple(numbered) == song.sections else msgspec.structs.replace(song, sections=tuple(numbered))


def renumber_sections(song: Song, known: Collection[int], last_id: int) -> tuple[Song, int]:
    """The song with an id above `last_id` for each section that is new, and the highest id that there has been then.

    Args:
        known: ids of sections that are not new.
        last_id: the highest id that a section has had, 0 or more.
    """
    sections = []
    for section in song.sections:
        if section.id not in known and section.id <= last_id:
            section = msgspec.structs.replace(section, id=last_id + 1)
        last_id = max(last_id, section.id)
        sections.append(section)
    same = all(one is other for one, other in zip(sections, song.sections, strict=True))
    return song if same else msgspec.structs.replace(song, sections=tuple(sections)), last_id
