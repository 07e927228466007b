"""The constraints of a section as a table of fields: what each is called, shows, and how one step changes it.

No widgets and no keys here: `tui.widgets.constraints` shows the fields, `tui.screens.main` steps them.
"""

from collections.abc import Sequence

from song.checks import DENSITY, DEPTH, KEY, RATE, SHAPE
from song.edit import set_bars, set_density, set_key, set_tempo, set_wobble, shift_density
from song.notes import RATES, SHAPES
from song.parts import PARTS, Part
from song.scales import SCALES
from song.sections import MAX_BARS, Section, Song
from song.time import MAX_TEMPO_BPM, MIN_TEMPO_BPM
from tui.field_table import Field, Step, along, within
from tui.more_fields import MORE_FIELDS

DENSITY_STEP = 0.05
"""How far one step moves a density or a depth."""

RATE_PRESETS: tuple[tuple[str, ...], ...] = (
    (),
    ("1/2",),
    ("1/4",),
    ("1/8",),
    ("1/16",),
    ("1/8T",),
    ("1/4", "1/8"),
    ("1/8", "1/16"),
    ("1/4T", "1/8T"),
    ("1/4", "1/8", "1/8T", "1/16"),
    ("1/2", "1/4", "1/4T", "1/8", "1/8T", "1/16", "1/32"),
)
"""Sets of wobble rates that the wobble field steps through; the first is no wobble."""

_TONICS = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
KEYS: tuple[str | None, ...] = (None, *(f"{tonic} {scale}" for scale in SCALES for tonic in _TONICS))
"""Keys that the key field steps through; the first leaves it to the song."""


def _shifted_share(value: float, steps: int) -> float:
    return round(within(value + steps * DENSITY_STEP, 0, 1), 4)


def _step_bars(song: Song, index: int, steps: int) -> Song:
    return set_bars(song, index, int(within(song.sections[index].bars + steps, 1, MAX_BARS)))


def _step_tempo(song: Song, index: int, steps: int) -> Song:
    start, end = song.sections[index].constraints.tempo_bpm
    moved = within(start + steps, MIN_TEMPO_BPM, MAX_TEMPO_BPM)
    return set_tempo(song, index, moved, moved if start == end else end)


def _step_end_tempo(song: Song, index: int, steps: int) -> Song:
    start, end = song.sections[index].constraints.tempo_bpm
    return set_tempo(song, index, start, within(end + steps, MIN_TEMPO_BPM, MAX_TEMPO_BPM))


def _step_density(song: Song, index: int, steps: int) -> Song:
    return shift_density(song, index, within(steps * DENSITY_STEP, -1, 1))


def _part_stepper(part: Part) -> Step:
    def step(song: Song, index: int, steps: int) -> Song:
        return set_density(song, index, part, _shifted_share(song.sections[index].constraints.density.of(part), steps))

    return step


def _step_rates(song: Song, index: int, steps: int) -> Song:
    return set_wobble(song, index, rates=along(RATE_PRESETS, song.sections[index].constraints.wobble.rates, steps))


def _step_depth(song: Song, index: int, steps: int) -> Song:
    return set_wobble(song, index, depth=_shifted_share(song.sections[index].constraints.wobble.depth, steps))


def _step_shape(song: Song, index: int, steps: int) -> Song:
    return set_wobble(song, index, shape=along(SHAPES, song.sections[index].constraints.wobble.shape, steps))


def _step_key(song: Song, index: int, steps: int) -> Song:
    return set_key(song, index, along(KEYS, song.sections[index].constraints.key, steps))


def _tempo_text(section: Section) -> str:
    return f"{section.constraints.tempo_bpm[0]:g} BPM"


def _end_tempo_text(section: Section) -> str:
    start, end = section.constraints.tempo_bpm
    return "steady" if start == end else f"{end:g} BPM"


def mean_density(section: Section) -> float:
    """The mean density of the parts that play, 0-1; 0 where none does."""
    playing = [share for part in PARTS if (share := section.constraints.density.of(part)) > 0]
    return sum(playing) / len(playing) if playing else 0.0


def _rates_text(section: Section) -> str:
    return " ".join(rate for rate in RATES if rate in section.constraints.wobble.rates) or "none"


def _part_field(part: Part) -> Field:
    def share(section: Section) -> float:
        return section.constraints.density.of(part)

    return Field(
        part.value,
        part.value,
        _part_stepper(part),
        lambda s: f"{share(s):.2f}",
        4,
        share,
        part,
        checks=DENSITY,
        checked_part=part,
    )


def _depth(section: Section) -> float:
    return section.constraints.wobble.depth


FIELDS: tuple[Field, ...] = (
    Field("bars", "bars", _step_bars, lambda s: str(s.bars), 4),
    Field("tempo", "tempo", _step_tempo, _tempo_text, 10),
    Field("ramp", "ramp to", _step_end_tempo, _end_tempo_text, 10),
    Field("density", "density", _step_density, lambda s: f"{mean_density(s):.2f}", 4, mean_density),
    *(_part_field(part) for part in PARTS),
    Field("wobble", "wobble", _step_rates, _rates_text, 3, checks=RATE, checked_part=Part.BASS),
    Field("depth", "depth", _step_depth, lambda s: f"{_depth(s):.2f}", 4, _depth, checks=DEPTH, checked_part=Part.BASS),
    Field("shape", "shape", _step_shape, lambda s: s.constraints.wobble.shape, 2, checks=SHAPE, checked_part=Part.BASS),
    Field("key", "key", _step_key, lambda s: s.constraints.key or "", 12, inherited=lambda song: song.key, checks=KEY),
    *MORE_FIELDS,
)
"""Every field, in the order of the screen."""

FIELD_IDS = tuple(field.id for field in FIELDS)


def field(field_id: str) -> Field:
    """The field of that id."""
    return FIELDS[FIELD_IDS.index(field_id)]


def next_of(group: Sequence[str], current: str) -> str:
    """The first field of a group, or where that group is chosen already, the one after the current."""
    return along(group, current, 1) if current in group else group[0]
