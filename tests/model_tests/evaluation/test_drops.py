"""Drops of composed songs as a table, beside those of the starter set."""

import msgspec

from model.evaluation import drops
from model.evaluation.drops import composed_songs, drops_table, hand_written, real_songs
from model.writing.fill import Filler
from song.layout import draw_layout
from song.sections import Section, Song
from tests.model_tests.starter_set import starter_pieces


def test_every_measure_has_a_row_and_every_collection_a_column(tiny_filler: Filler, monkeypatch) -> None:
    monkeypatch.setattr(drops, "draw_layout", short_layout)
    written = hand_written(starter_pieces(), held_out=False)
    held_out = hand_written(starter_pieces(), held_out=True)
    assert 0 < len(held_out) == 6 < len(written)
    table = drops_table({"ours": composed_songs(tiny_filler, "dubstep", range(2)), "starter": written})
    assert table.columns == ("measure", "asked", "ours", "starter")
    assert table.rows[0] == ("songs", "", 2, len(written))
    by_label = {str(row[0]): row[2:] for row in table.rows}
    assert len(by_label) == len(table.rows) == 29
    assert by_label["last beat before a drop silent in all parts"][0] == 1.0
    assert all(value is not None for _, *values in table.rows for value in values[2:])
    assert by_label["bass onsets a bar, deviation within a drop"][1] > 0.6


def short_layout(name: str, seed: int) -> Song:
    """A drawn layout whose sections have four bars each."""

    def short(section: Section) -> Section:
        return msgspec.structs.replace(section, bars=4)

    song = draw_layout(name, seed)
    return msgspec.structs.replace(song, sections=tuple(map(short, song.sections)))


def test_real_songs_are_those_of_others_with_a_drop() -> None:
    starter = starter_pieces()
    assert real_songs(starter) == []
    mine = [msgspec.structs.replace(piece, source="mine") for piece in starter]
    assert {song.name for song in real_songs(mine)} >= {song.name for song in hand_written(starter, held_out=True)}
