"""Loops and chords: on pitch, wide, seamless, and moving as their patch says."""

import numpy as np
import pytest

from song.notes import Note
from song.sections import Section, SectionKind, Song
from sound.clock import Clock
from sound.evidence.measures import stray_line_db
from sound.rates import SAMPLE_RATE
from sound.sounds import ToneSound
from sound.voices.tones import tone_events, tone_loop

CLOCK = Clock(Song(sections=(Section(SectionKind.BUILD, 8),)))


def sound_of(*notes: Note, place: float | None = None, **fields: object) -> np.ndarray:
    patch = ToneSound(**fields)  # type: ignore[arg-type]
    (event, *_) = tone_events(notes, CLOCK, 0, lambda tick: patch, lambda tick: tick / 3072 if place is None else place)
    return np.concatenate(list(event.pieces()), axis=1)


def highs(piece: np.ndarray) -> float:
    spectrum = np.abs(np.fft.rfft(piece[0] * np.hanning(piece.shape[1]))) ** 2
    return float(spectrum[len(spectrum) // 8 :].sum() / spectrum.sum())


@pytest.mark.parametrize("pitch", [36, 60, 69, 96])
def test_a_single_oscillator_is_on_pitch_and_closes_without_a_seam(pitch: int) -> None:
    loop = tone_loop("saw", 1, 0.0, 0.0, 18_000.0, pitch)
    twice = np.concatenate((loop[0], loop[0]))
    hertz = 440 * 2 ** ((pitch - 69) / 12)
    periods = round(loop.shape[1] * hertz / SAMPLE_RATE)
    nearest = periods * SAMPLE_RATE / loop.shape[1]
    assert 1200 * abs(np.log2(nearest / hertz)) < 0.5
    assert stray_line_db(twice, nearest) < -100


def test_detuned_oscillators_stand_around_the_pitch_and_to_both_sides() -> None:
    loop = tone_loop("saw", 7, 30.0, 1.0, 9000.0, 69)
    spectrum = np.abs(np.fft.rfft(loop[0])) ** 2
    frequency = np.arange(len(spectrum)) * SAMPLE_RATE / loop.shape[1]
    near = (frequency > 400) & (frequency < 480)
    middle = (spectrum * frequency)[near].sum() / spectrum[near].sum()
    assert middle == pytest.approx(440, abs=3)
    assert np.corrcoef(loop)[0, 1] < 0.9
    narrow = tone_loop("saw", 7, 30.0, 0.0, 9000.0, 69)
    assert narrow[0] == pytest.approx(narrow[1])


def test_chords_of_several_notes_are_one_event_and_long_notes_go_on() -> None:
    patch = ToneSound()
    notes = [Note(0, 60, 3072, 100), Note(0, 64, 3072, 100), Note(96, 67, 48, 90)]
    events = tone_events(notes, CLOCK, 0, lambda tick: patch, lambda tick: 0.0)
    assert len(events) == 2
    frames = sum(piece.shape[1] for piece in events[0].pieces())
    assert frames == CLOCK.frame(3072) + round(patch.release_ms * SAMPLE_RATE / 1000)


def test_a_falling_filter_falls_in_the_note_and_an_opening_one_over_the_section() -> None:
    note = Note(0, 60, 768, 100)
    falling = sound_of(note, motion="fall", fall_ms=60.0, dark_hz=300.0)
    assert highs(falling[:, :4800]) > 5 * highs(falling[:, 48_000:57_600])
    early, late = (sound_of(note, place=place, motion="open", dark_hz=300.0) for place in (0.0, 1.0))
    assert highs(late[:, 9600:19_200]) > 5 * highs(early[:, 9600:19_200])
    opening = sound_of(Note(0, 60, 3072, 100), motion="open", dark_hz=300.0)
    assert highs(opening[:, -200_000:-190_400]) > 3 * highs(opening[:, 9600:19_200])


def test_a_pluck_dies_down_to_its_sustain_and_a_note_ends_in_silence() -> None:
    heard = sound_of(Note(0, 60, 768, 100), sustain=0.1, decay_ms=80.0)
    assert heard[:, 40_000:50_000].std() == pytest.approx(
        0.1 * sound_of(Note(0, 60, 768, 100), sustain=1.0)[:, 40_000:50_000].std(), rel=0.1
    )
    assert np.abs(heard[:, -1]).max() < 1e-3
    assert np.abs(heard[:, 0]).max() < 1e-2


def test_octaves_are_added() -> None:
    low, high = sound_of(Note(0, 60, 96, 100)), sound_of(Note(0, 60, 96, 100), octave=1)
    spectra = [np.abs(np.fft.rfft(one[0], SAMPLE_RATE)) for one in (low, high)]
    assert spectra[0][250:275].max() > 5 * spectra[1][250:275].max()
