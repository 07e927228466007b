"""The music around a cell as its writer sees it: hidden where it is to be written."""

import numpy as np

from model.language.cell_frames import cell_frames
from model.language.conditions import KINDS
from model.language.frames import (
    FRAME_COLUMNS,
    FRAMES_A_BAR,
    INSIDE,
    KIND,
    KNOWN,
    MARGIN_BARS,
    WRITTEN,
    content_columns,
)
from song.edits.takes import replace_cell
from song.notes import Note, Phrase
from song.parts import PARTS, Part
from song.scales import parse_key
from song.sections import Cell, Section, SectionKind, Song, Take

KEY = parse_key("F minor")


def song() -> Song:
    drums = Phrase(4, tuple(Note(bar * 384, 36, 24, 100) for bar in range(4)))
    bass = Phrase(4, tuple(Note(bar * 384, 41 + bar, 96, 100) for bar in range(4)))
    made = Song(sections=(Section(SectionKind.BREAK, 4), Section(SectionKind.DROP, 4), Section(SectionKind.OUTRO, 1)))
    for section in (0, 1):
        made = replace_cell(made, section, Part.DRUMS, Cell((Take(drums),), 0))
    return replace_cell(made, 1, Part.BASS, Cell((Take(bass),), 0))


def test_a_cell_sees_the_other_parts_and_its_neighbours_but_not_what_is_to_be_written() -> None:
    frames = cell_frames(song(), 1, Part.BASS, KEY).astype(float)
    assert frames.shape == ((4 + 2 * MARGIN_BARS) * FRAMES_A_BAR, FRAME_COLUMNS)
    assert not frames[:, content_columns(Part.BASS)].any()
    assert not frames[:, KNOWN + PARTS.index(Part.BASS)].any()
    kicks = frames[:, content_columns(Part.DRUMS)][:, 0].nonzero()[0]
    assert kicks.tolist() == [bar * FRAMES_A_BAR for bar in range(MARGIN_BARS + 4)]
    assert frames[:, WRITTEN : WRITTEN + 4].sum(0).tolist() == [0, len(frames), 0, 0]
    kinds = [KINDS[int(row.argmax())].value if row.any() else "" for row in frames[::FRAMES_A_BAR, KIND : KIND + 5]]
    assert kinds == ["break", "break", "drop", "drop", "drop", "drop", "outro", ""]
    assert frames[::FRAMES_A_BAR, INSIDE].tolist() == [1] * 7 + [0]


def test_bars_that_stay_are_seen_and_only_they() -> None:
    own = song().sections[1].cell(Part.BASS).phrase
    frames = cell_frames(song(), 1, Part.BASS, KEY, own, {0, 3}).astype(float)
    onsets = frames[:, content_columns(Part.BASS)][:, 0].nonzero()[0] // FRAMES_A_BAR - MARGIN_BARS
    assert onsets.tolist() == [0, 3]
    known = frames[::FRAMES_A_BAR, KNOWN + PARTS.index(Part.BASS)]
    assert known[MARGIN_BARS:-MARGIN_BARS].tolist() == [1, 0, 0, 1]


def test_an_empty_cell_is_unknown_and_a_silent_one_is_known() -> None:
    silent = replace_cell(song(), 1, Part.LEAD, Cell((Take(Phrase(4)),), 0))
    inside = slice(MARGIN_BARS * FRAMES_A_BAR, -MARGIN_BARS * FRAMES_A_BAR)
    frames = cell_frames(silent, 1, Part.BASS, KEY)
    assert np.all(frames[inside, KNOWN + PARTS.index(Part.LEAD)] == 1)
    assert not frames[inside, KNOWN + PARTS.index(Part.CHORDS)].any()
