"""The bass: its wobble is heard at every rate and shape, its drive makes no lines of its own, no note clicks."""

from pathlib import Path

import numpy as np
import pytest

from song.notes import RATES, SHAPES, Note
from song.parts import Part
from song.sections import Constraints, Section, SectionKind, Song
from sound.clock import Clock
from sound.evidence.measures import stray_line_db, wobbling
from sound.evidence.scenes import F2, F2_HZ, held_note
from sound.patch import SHIPPED_FOLDER, load_patch
from sound.rates import SAMPLE_RATE
from sound.sounds import BassSound
from sound.voices.bass import BassNote, BassVoice, mono_notes, played, sub_events

BASSES = [path for path in sorted(SHIPPED_FOLDER.glob("*.toml")) if load_patch(path).part is Part.BASS]
A2_HZ = 110.0
CLOCK = Clock(Song(sections=(Section(SectionKind.DROP, 8),)))


def heard(song: Song, sound: BassSound) -> np.ndarray:
    """The one note of a song, up to its end."""
    clock, phrase = Clock(song), song.sections[0].cells.bass.phrase
    assert phrase is not None
    (note,) = phrase.notes
    cycles = tuple((wobble.onset_tick, wobble.end_tick, wobble) for wobble in phrase.wobbles)
    frames = clock.frame(note.end_tick)
    asked = BassNote(note.pitch, frames, 0, note.end_tick, clock.steady_tick_frames(0, note.end_tick), cycles)
    return np.concatenate(list(played(asked, sound, clock)))[:frames]


def measured(rate: str, shape: str, sound: BassSound, tempo: tuple[float, float] = (140.0, 140.0), depth: float = 0.9):
    song = held_note(rate, shape, depth, tempo)
    phrase = song.sections[0].cells.bass.phrase
    assert phrase is not None
    clock = Clock(song)
    octaves = float(np.log2(sound.open_hz / sound.closed_hz))
    at = lambda seconds: clock.ticks_at(seconds * SAMPLE_RATE)  # noqa: E731
    return wobbling(heard(song, sound), F2_HZ, phrase.wobbles[0], at, octaves)


def drop_sound(name: str) -> BassSound:
    sound = load_patch(SHIPPED_FOLDER / f"{name}.toml").sounds[SectionKind.DROP]
    assert isinstance(sound, BassSound)
    return sound


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("rate", RATES)
def test_the_usual_bass_follows_the_lane_at_every_rate_and_shape(rate: str, shape: str) -> None:
    found = measured(rate, shape, drop_sound("growl"))
    assert found.correlation >= 0.9
    assert found.rate_ratio == pytest.approx(1, abs=0.02)
    assert found.swing_octaves > 1.2


@pytest.mark.parametrize("shape", SHAPES)
def test_it_follows_the_lane_under_a_ramp(shape: str) -> None:
    found = measured("1/8", shape, drop_sound("growl"), tempo=(120.0, 160.0))
    assert found.correlation >= 0.9
    assert found.rate_ratio == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize("path", BASSES, ids=lambda path: path.stem)
@pytest.mark.parametrize("rate", ["1/4", "1/8T", "1/16"])
def test_every_bass_that_comes_with_dropsmith_follows_it(path: Path, rate: str) -> None:
    assert measured(rate, "triangle", drop_sound(path.stem)).correlation >= 0.9


def test_the_swing_grows_with_the_depth() -> None:
    swings = [
        measured("1/8", "sine", drop_sound("growl"), depth=depth).swing_octaves for depth in (0, 0.25, 0.5, 0.75, 1)
    ]
    assert swings == sorted(swings)
    assert swings[0] < 0.05
    assert swings[-1] > 2.5


@pytest.mark.parametrize("path", BASSES, ids=lambda path: path.stem)
@pytest.mark.parametrize("kind", SectionKind)
def test_a_driven_bass_has_no_line_above_80_db_that_is_no_harmonic(path: Path, kind: SectionKind) -> None:
    sound = load_patch(path).sounds[kind]
    assert isinstance(sound, BassSound)
    alone = BassSound(
        wave=sound.wave, closed_hz=sound.closed_hz, open_hz=sound.open_hz, rest=1.0, resonance=sound.resonance,
        drive_db=sound.drive_db,
    )  # fmt: skip
    note = BassNote(45, 3 * SAMPLE_RATE, 0, 8000, 18.0, ())
    samples = np.concatenate(list(played(note, alone, CLOCK)))[SAMPLE_RATE // 2 : SAMPLE_RATE * 5 // 2]
    exact = round(A2_HZ / SAMPLE_RATE * 2**32) * SAMPLE_RATE / 2**32
    assert stray_line_db(samples, exact) < -80


def test_a_note_begins_and_ends_without_a_click() -> None:
    note = BassNote(F2, 9600, 0, 320, 30.0, ())
    for path in BASSES:
        samples = np.concatenate(list(played(note, drop_sound(path.stem), CLOCK)))
        assert abs(samples[0]) < 0.01
        assert abs(samples[-1]) < 0.001
        inside = np.abs(np.diff(samples[2000:8000])).max()
        assert np.abs(np.diff(samples[:100])).max() <= inside
        assert np.abs(np.diff(samples[9500:])).max() <= inside
        assert abs(samples.mean()) < 0.02


def test_a_long_note_is_the_same_in_its_pieces_and_starts_as_a_short_one() -> None:
    sound = drop_sound("reese")
    long = np.concatenate(list(played(BassNote(F2, 200_000, 0, 6000, 33.3, ()), sound, CLOCK)))
    short = np.concatenate(list(played(BassNote(F2, 20_000, 0, 600, 33.3, ()), sound, CLOCK)))
    assert len(long) == 200_000 + round(sound.release_ms * 48)
    assert long[:19_000] == pytest.approx(short[:19_000], abs=1e-4)
    joints = np.abs(np.diff(long))[32_000:33_500]
    assert joints.max() <= np.abs(np.diff(long))[5000:30_000].max() * 1.05


def test_notes_of_any_length_sound() -> None:
    for frames in (1, 5, 20, 39, 100, 32_768 - 20, 32_768, 32_768 + 5, 65_536 + 19):
        note = BassNote(F2, frames, 0, max(1, frames // 20), 20.0, ())
        samples = np.concatenate(list(played(note, BassSound(release_ms=2.0), CLOCK)))
        assert len(samples) == frames + 96
        assert np.isfinite(samples).all()


def test_one_note_plays_at_a_time_the_lowest_of_those_that_begin_together() -> None:
    notes = [Note(0, 48, 200, 90), Note(0, 41, 300, 100), Note(96, 43, 24, 100), Note(192, 45, 10, 50)]
    assert list(mono_notes(notes)) == [Note(0, 41, 96, 100), Note(96, 43, 24, 100), Note(192, 45, 10, 50)]
    assert list(mono_notes([])) == []


def test_a_note_that_comes_again_is_the_same_sound() -> None:
    sound = BassSound(release_ms=20.0)
    voice = BassVoice(CLOCK)
    notes = [Note(0, 41, 96, 100), Note(384, 41, 96, 100), Note(768, 42, 96, 100)]
    pieces = [next(event.pieces()) for event in voice.events(notes, [], 0, lambda tick: sound)]
    assert pieces[0] is pieces[1]
    assert pieces[0] is not pieces[2]


def test_a_changing_tempo_moves_each_note_to_its_place() -> None:
    song = Song(sections=(Section(SectionKind.BUILD, 4, Constraints(tempo_bpm=(100.0, 160.0))),))
    clock = Clock(song)
    notes = [Note(0, 41, 96, 100), Note(384, 41, 96, 100)]
    events = BassVoice(clock).events(notes, [], 0, lambda tick: BassSound())
    assert [event.start_frame for event in events] == [0, clock.frame(384)]
    lengths = [sum(len(piece) for piece in event.pieces()) for event in events]
    assert lengths[1] < lengths[0]


def test_the_sub_is_a_sine_on_its_pitch() -> None:
    (event,) = sub_events([Note(0, 29, 768, 100)], CLOCK, 0, lambda tick: BassSound())
    samples = np.concatenate(list(event.pieces()))
    hertz = 440 * 2 ** ((29 - 69) / 12)
    steady = samples[4800 : 4800 + 2 * SAMPLE_RATE]
    assert stray_line_db(steady, hertz) < -60
    assert steady.std() == pytest.approx(np.sqrt(0.5), rel=0.01)
    assert abs(samples[0]) < 0.001
    assert abs(samples[-1]) < 0.001
