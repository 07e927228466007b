"""Drops of composed songs beside hand-written and real ones, read by measure."""

from collections.abc import Callable, Sequence
from functools import partial

from corpus.pieces import Piece
from corpus.starter.pieces import SOURCE
from model.evaluation.results import Table, Value
from model.metrics.drops import (
    HeardSong,
    clusters,
    degrees,
    different_chords,
    distinct_bars,
    fuller_than_build,
    heard_piece,
    heard_song,
    intervals,
    is_flat_second,
    is_outside,
    kept_bars,
    mean_of,
    onset_deviation,
    opens_on_tonic,
    plays_throughout,
    quoted_motifs,
    shared_bars,
    silent_before_drop,
    tonic_on_one,
    triads,
    wobble_cycles,
)
from model.protocol import CellRef, varied_cells
from model.writing.fill import CellTakes, Filler
from song.edits.takes import add_takes
from song.layout import draw_layout
from song.parts import PARTS, Part
from song.sections import Song, Take
from song.variation import KEPT_SHARE

Measure = Callable[[Sequence[HeardSong]], float | None]


def compose_layout(filler: Filler, name: str, seed: int) -> Song:
    """A song of an arrangement as `dropsmith compose` makes it with one take a cell, later drops being varied."""
    song = draw_layout(name, seed)
    cells = tuple(CellRef(index, part) for index, part in song.cell_refs())
    written = song
    for step in filler.fill(song, cells, 1, seed, varied_cells(song, cells, KEPT_SHARE)):
        if isinstance(step, CellTakes):
            written = add_takes(written, step.cell.section, step.cell.part, (Take(step.takes[0].phrase),))
    return written


def composed_songs(filler: Filler, name: str, seeds: Sequence[int]) -> list[HeardSong]:
    """Songs of an arrangement from some seeds, as they sound."""
    return [heard_song(compose_layout(filler, name, seed), str(seed)) for seed in seeds]


def hand_written(pieces: Sequence[Piece], *, held_out: bool) -> list[HeardSong]:
    """Tracks of the starter set with a drop: those that weights do not learn from, or all of them."""
    found = [heard_piece(one) for one in pieces if one.source == SOURCE and (not held_out or one.split != "train")]
    return [song for song in found if len(song.sections) > 1 and song.drops()]


def real_songs(pieces: Sequence[Piece]) -> list[HeardSong]:
    """Real songs with a drop, whether somebody named it or it was guessed."""
    found = [heard_piece(one) for one in pieces if one.source != SOURCE and one.tonic_class is not None]
    return [song for song in found if song.drops()]


def drops_table(columns: dict[str, Sequence[HeardSong]]) -> Table:
    """Every measure, a row each, of some collections of songs."""
    rows: list[tuple[Value, ...]] = [("songs", "", *(len(songs) for songs in columns.values()))]
    rows += [(label, asked, *(measure(songs) for songs in columns.values())) for label, asked, measure in _rows()]
    return Table(
        "Drops, a mean or a share over all that is counted", ("measure", "asked", *columns), tuple(rows), digits=2
    )


def _rows() -> list[tuple[str, str, Measure]]:
    def mean(measure: Callable[..., list[float]], *arguments: object) -> Measure:
        return lambda songs: mean_of(songs, lambda song: measure(song, *arguments))

    step, repeated = partial(_is_within, 1, 2), partial(_is_within, 0, 0)
    rows: list[tuple[str, str, Measure]] = [
        ("bass onsets a bar, deviation within a drop", "≥ 0.6", mean(onset_deviation, Part.BASS)),
        ("drum onsets a bar, deviation within a drop", "≥ 1.0", mean(onset_deviation, Part.DRUMS)),
        ("drops in which all parts play throughout", "≤ 0.30", mean(plays_throughout)),
        ("bass notes a step apart", "≥ 0.2", mean(intervals, Part.BASS, step)),
        ("bass notes repeated", "≤ 0.4", mean(intervals, Part.BASS, repeated)),
        ("bass on beat 1 on the tonic", "≤ 0.65", mean(tonic_on_one)),
        ("bass notes on the flat second", "≤ 0.1", mean(degrees, Part.BASS, is_flat_second)),
        ("bass notes outside the scale", "", mean(degrees, Part.BASS, is_outside)),
        ("chords with notes 1–2 semitones apart", "≤ 0.12", mean(clusters)),
        ("chords that are triads", "", mean(triads)),
        ("different chords a drop", "", mean(different_chords)),
        ("lead notes repeated", "≤ 0.2", mean(intervals, Part.LEAD, repeated)),
        ("lead motifs found in another kind of section", "≥ 0.2", mean(quoted_motifs)),
        ("wobbles of 2 cycles or more", "≥ 0.6", lambda songs: _share(songs, lambda cycles: cycles >= 2)),
        ("wobbles under 1 cycle", "≤ 0.05", lambda songs: _share(songs, lambda cycles: cycles < 1)),
        ("last beat before a drop silent in all parts", "1.0", mean(silent_before_drop)),
        ("notes a bar, drop against build", "≥ 1.1", mean(fuller_than_build)),
        ("first bass bars that are the tonic four times", "≤ 0.1", mean(opens_on_tonic)),
    ]
    for part in PARTS:
        asked = "≤ 0.3" if part is Part.BASS else ""
        rows.append((f"{part.value} bars of a later drop that are the first's", asked, mean(kept_bars, part)))
    for part in PARTS:
        rows.append((f"{part.value} bars found in another of the songs", "≤ 0.15", partial(_shared, part)))
    for part in (Part.DRUMS, Part.BASS):
        rows.append((f"distinct {part.value} bars of 16", "riddim ≥ 6", mean(distinct_bars, part)))
    return rows


def _is_within(low: int, high: int, interval: int) -> bool:
    return low <= interval <= high


def _share(songs: Sequence[HeardSong], wanted: Callable[[float], bool]) -> float | None:
    return mean_of(songs, lambda song: [float(wanted(cycles)) for cycles in wobble_cycles(song)])


def _shared(part: Part, songs: Sequence[HeardSong]) -> float | None:
    return shared_bars(songs, part)
