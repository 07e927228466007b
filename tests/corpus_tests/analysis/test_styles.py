"""Styles by a tag; of music that has none, what is clear gets one and everything else none."""

import io

import mido
import pytest

from corpus.analysis.styles import groove_of, style_of_music, style_of_tag
from corpus.readers.sources import read_paths
from corpus.starter.pieces import starter_pieces
from corpus.tracks import RawTrack
from song.notes import Note
from song.parts import Part
from song.styles import STYLES


@pytest.mark.parametrize(
    "tag", ["rock", "jazz/funk", "hiphop", "rock/halftime", "neworleans/secondline", "drum & bass"]
)
def test_a_tag_means_styles_that_a_song_may_name(tag):
    style = style_of_tag(tag)
    assert set(style) <= set(STYLES)
    assert sum(style.values()) == pytest.approx(1)


def test_a_tag_that_means_nothing_means_no_style():
    assert style_of_tag("yacht") == {}


def groove(kicks, snares, hats=(), bars=16):
    """Drums with such steps, counted in sixteenths, in each bar."""
    lanes = ((36, kicks), (38, snares), (42, hats))
    return tuple(
        sorted(
            Note(bar * 384 + step * 24, drum, 24, 100) for bar in range(bars) for drum, steps in lanes for step in steps
        )
    )


FOUR = groove((0, 4, 8, 12), (4, 12), (2, 6, 10, 14))
HALF = groove((0, 10), (8,), (0, 4, 8, 12))
TRAP = groove((0, 10), (8,), range(0, 16, 2))
TWO_STEP = groove((0, 10), (4, 12), range(0, 16, 2))
ROCK = groove((0, 8), (4, 12), range(0, 16, 2))


@pytest.mark.parametrize(
    ("drums", "tempo", "style"),
    [
        (FOUR, 124, {"house": 1.0}),
        (FOUR, 140, {"electronic": 1.0}),
        (FOUR, 90, {}),
        (HALF, 140, {"dubstep": 1.0}),
        (HALF, 110, {}),
        (TRAP, 140, {"dubstep": 0.5, "trap": 0.5}),
        (TWO_STEP, 174, {"drum & bass": 1.0}),
        (TWO_STEP, 120, {}),
        (ROCK, 174, {}),
        (ROCK, 120, {}),
        (HALF[:20], 140, {}),
        ((), 140, {}),
    ],
)
def test_tempo_and_pattern_speak_where_they_are_clear(drums, tempo, style):
    assert style_of_music(drums, tempo) == style


def test_a_pattern_in_half_of_the_bars_is_not_clear():
    half = groove((0, 10), (8,), bars=8)
    rest = [Note(note.onset_tick + 8 * 384, note.pitch, 24, 100) for note in groove((0, 8), (4, 12), bars=8)]
    assert groove_of((*half, *rest)).half_time == 0.5
    assert style_of_music((*half, *rest), 140) == {}


def test_distorted_guitars_are_rock_whatever_the_drums():
    riff = tuple(Note(step * 48, 40 + step % 5, 48, 100) for step in range(64))
    guitar, piano = RawTrack("", 30, False, riff), RawTrack("", 0, False, riff * 5)
    assert style_of_music(HALF, 140, [guitar]) == {"rock": 1.0}
    assert style_of_music(HALF, 140, [guitar, piano]) == {"dubstep": 1.0}


def test_what_is_guessed_for_the_starter_tracks_is_right():
    related = {"riddim": "dubstep", "melodic dubstep": "dubstep"}
    guessed = 0
    for piece in starter_pieces():
        if Part.DRUMS not in piece.parts or len(piece.sections) < 2:
            continue
        style = style_of_music(piece.parts[Part.DRUMS].notes, piece.tempo_bpm)
        assert set(style) <= set(STYLES)
        if style:
            guessed += 1
            assert set(style) & {related.get(name, name) for name in piece.style}, piece.name
    assert guessed >= 15


def half_time_file():
    track = mido.MidiTrack([mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(140))])
    events = [(note.onset_tick, note.pitch, 90) for note in HALF] + [(note.end_tick, note.pitch, 0) for note in HALF]
    at = 0
    for tick, pitch, velocity in sorted(events):
        track.append(mido.Message("note_on", channel=9, note=pitch, velocity=velocity, time=tick - at))
        at = tick
    file = mido.MidiFile(ticks_per_beat=96)
    file.tracks.append(track)
    buffer = io.BytesIO()
    file.save(file=buffer)
    return buffer.getvalue()


def test_a_guess_is_marked_and_a_style_that_was_told_is_none(tmp_path):
    (tmp_path / "groove.mid").write_bytes(half_time_file())
    guessed = read_paths([tmp_path])[0][0]
    told = read_paths([tmp_path], style={"riddim": 1.0})[0][0]
    assert (guessed.style, guessed.style_estimated) == ({"dubstep": 1.0}, True)
    assert (told.style, told.style_estimated) == ({"riddim": 1.0}, False)
