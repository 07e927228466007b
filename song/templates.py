"""Ready-made forms, and what each section kind asks for where nothing else is said.

Source: the form templates and wobbles of the project's notes on dubstep conventions (producers' articles and the Wub
Machine's published rules); the densities are onsets a bar by section kind as `dropsmith corpus density` measures them.
"""

from collections.abc import Sequence

from song.sections import Constraints, Density, Section, SectionKind, Song, WobbleRange, number_sections

KIND_DENSITY: dict[SectionKind, Density] = {
    SectionKind.INTRO: Density(drums=0.35, bass=0.0, chords=0.4, lead=0.1),
    SectionKind.BUILD: Density(drums=0.5, bass=0.0, chords=0.5, lead=0.2),
    SectionKind.DROP: Density(drums=0.55, bass=0.4, chords=0.2, lead=0.15),
    SectionKind.BREAK: Density(drums=0.2, bass=0.05, chords=0.35, lead=0.25),
    SectionKind.OUTRO: Density(drums=0.3, bass=0.1, chords=0.2, lead=0.1),
}
"""Densities of the starter set's dubstep tracks, to 0.05; their bass mostly rests in intro and build, here always."""

KIND_WOBBLE: dict[SectionKind, WobbleRange] = {
    kind: WobbleRange(("1/4", "1/8", "1/8T", "1/16"), 0.85) if kind is SectionKind.DROP else WobbleRange()
    for kind in SectionKind
}

DUBSTEP_FORM: tuple[tuple[SectionKind, int], ...] = (
    (SectionKind.INTRO, 8),
    (SectionKind.BUILD, 8),
    (SectionKind.DROP, 16),
    (SectionKind.BREAK, 8),
    (SectionKind.BUILD, 8),
    (SectionKind.DROP, 16),
    (SectionKind.OUTRO, 8),
)
"""The built-in form, as (kind, bars)."""


def default_constraints(kind: SectionKind, tempo_bpm: tuple[float, float] = (140.0, 140.0)) -> Constraints:
    """The constraints of a section kind where nothing else is said."""
    return Constraints(tempo_bpm=tempo_bpm, density=KIND_DENSITY[kind], wobble=KIND_WOBBLE[kind])


def song_from_form(
    form: Sequence[tuple[SectionKind, int]] = DUBSTEP_FORM,
    *,
    title: str = "Untitled",
    tempo_bpm: float = 140.0,
    seed: int = 0,
) -> Song:
    """An empty song laid out as (kind, bars), at one tempo."""
    sections = tuple(Section(kind, bars, default_constraints(kind, (tempo_bpm, tempo_bpm))) for kind, bars in form)
    return number_sections(Song(title=title, seed=seed, sections=sections))
