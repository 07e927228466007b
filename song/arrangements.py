"""The arrangements that a song can be started from: plans in `song/plans/`, one a genre, written as users write theirs.

Source: the project's notes on dubstep conventions give forms, tempi and wobbles. Densities are the onsets a bar of the
genre's patterns there, turned into shares by the table of `song.parts`; that of trap's form is our own choice.
"""

from pathlib import Path

from song.plan import parse_plan
from song.sections import SectionKind, Song
from song.time import ramp, seconds

ARRANGEMENTS = ("dubstep", "riddim", "melodic dubstep", "drum & bass", "trap", "house")
"""Their names: styles of `song.styles.STYLES`."""

_PLANS = Path(__file__).with_name("plans")


def arrangement(name: str) -> Song:
    """The empty song of an arrangement.

    Args:
        name: of `ARRANGEMENTS`.
    """
    file_name = name.replace(" & ", "-and-").replace(" ", "-") + ".toml"
    return parse_plan((_PLANS / file_name).read_text(encoding="utf-8"), file_name)


def seconds_to(song: Song, index: int) -> float:
    """Seconds from a song's start to the start of a section, or to its end where the index is that of none."""
    return sum(
        seconds(ramp(*section.constraints.tempo_bpm, section.bars), section.length_ticks)
        for section in song.sections[:index]
    )


def first_drop(song: Song) -> int | None:
    """Index of a song's first drop, or None where it has none."""
    return next((index for index, one in enumerate(song.sections) if one.kind is SectionKind.DROP), None)
