"""Clips of LMMS 1.3 that show a part of what they hold, or begin it elsewhere."""

import pytest

from corpus.readers.lmms_projects import read_lmms
from tests.corpus_tests.lmms_music import clip, project, track

FOUR = [(at, 24, 60 + at // 96, 100) for at in (0, 96, 192, 288)]


def heard(more, pos=0):
    """Onset in our ticks, pitch and length of what a clip of four notes plays."""
    notes = read_lmms(project(track(clip(*FOUR, pos=pos, tag="midiclip", more=more)))).tracks[0].notes
    return [(note.onset_tick, note.pitch - 12, note.duration_ticks) for note in notes]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ('len="384"', [(0, 60), (192, 61), (384, 62), (576, 63)]),
        ('len="96" autoresize="1"', [(0, 60), (192, 61), (384, 62), (576, 63)]),
        ('len="192" autoresize="0"', [(0, 60), (192, 61)]),
        ('len="192" off="-192" autoresize="0"', [(0, 62), (192, 63)]),
        ('len="384" off="96" autoresize="0"', [(192, 60), (384, 61), (576, 62)]),
    ],
)
def test_a_clip_plays_what_is_seen_of_it(more, expected):
    assert [(onset, pitch) for onset, pitch, _ in heard(more)] == expected
    assert [onset for onset, _, _ in heard(more, pos=192)] == [onset + 384 for onset, _ in expected]


def test_a_note_ends_with_a_clip_that_is_cut():
    assert heard('len="108" autoresize="0"')[-1] == (192, 61, 24)


@pytest.mark.parametrize(
    ("off", "onsets"), [("0", [0, 384]), ("96", [192, 576]), ("-96", [192, 576]), ("-48", [288, 672])]
)
def test_a_pattern_clip_moves_its_pattern_and_goes_round(off, onsets):
    inner = track(clip((0, 24, 57, 100), tag="midiclip", more='type="1"'))
    pattern = (
        f'<track type="1"><patterntrack><trackcontainer>{inner}</trackcontainer></patterntrack>'
        f'<patternclip pos="0" len="384" off="{off}"/></track>'
    )
    assert [note.onset_tick for note in read_lmms(project(pattern)).tracks[0].notes] == onsets


def test_the_song_ends_with_its_last_clip_unless_that_is_far_behind_the_last_note():
    assert read_lmms(project(track(clip(*FOUR, tag="midiclip", more='len="1536"')))).bars == 8
    assert read_lmms(project(track(clip(*FOUR, tag="midiclip", more='len="192000"')))).bars == 2
