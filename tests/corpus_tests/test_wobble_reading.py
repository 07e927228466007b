"""Wobbles in MIDI: what this program wrote comes back as it was, what others wrote is recognised, the rest is none."""

import io
import math
import random
import time

import mido
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.analysis.arranging import arrange
from corpus.analysis.wobble_reading import heard_wobbles, wobble_lane
from corpus.readers.midi_files import read_midi
from corpus.readers.sources import read_paths
from corpus.tracks import RawTrack
from song.edits.takes import add_takes
from song.export.midi import write_midi
from song.export.wobble_cc import wobble_events
from song.notes import RATE_TICKS, RATES, SHAPES, Note, Phrase, Wobble
from song.parts import Part
from song.sections import Section, SectionKind, Song, Take

BARS = 4
END = BARS * 384


def bass_of(notes, wobbles):
    """A bass as the MIDI reader hands it on, its controllers as the assembler writes them."""
    events = wobble_events(wobbles, notes)
    curves = {which: tuple((tick, value) for tick, one, value in events if one == which) for which in (1, 74)}
    return RawTrack("bass", 38, False, tuple(notes), curves={which: found for which, found in curves.items() if found})


def lane_of(track):
    heard = heard_wobbles(track)
    return wobble_lane(track.notes, [heard.get(note.onset_tick, ()) for note in track.notes])[0]


def curve_while_sounding(wobbles, notes):
    """The filter at every tick that a note sounds on, a tick before the end of each left out: there it opens."""
    filter_at, value = [], 127
    changes = {tick: value for tick, which, value in wobble_events(wobbles, notes) if which == 74}
    for tick in range(END):
        value = changes.get(tick, value)
        filter_at.append(value)
    return [filter_at[tick] for note in notes for tick in range(note.onset_tick, note.end_tick - 1)]


@st.composite
def basses(draw):
    """A bass of one voice with rests, and a lane of wobbles over it that knows nothing of its notes."""
    notes, wobbles, at = [], [], 0
    while at < END:
        step = min(draw(st.sampled_from((24, 48, 96, 144, 192, 384))), END - at)
        if draw(st.integers(0, 4)):
            notes.append(Note(at, draw(st.integers(31, 50)), draw(st.sampled_from((step, step, step // 2))), 100))
        at += step
    at = 0
    while at < END:
        length = min(draw(st.sampled_from((48, 96, 192, 384, 768))), END - at)
        if draw(st.integers(0, 4)):
            depth = draw(st.sampled_from((0.3, 0.5, 0.75, 0.9, 1.0)))
            wobbles.append(Wobble(at, length, draw(st.sampled_from(RATES)), depth, draw(st.sampled_from(SHAPES))))
        at += length
    return notes, wobbles


@given(basses())
@settings(max_examples=40, deadline=None)
def test_any_lane_that_was_written_comes_back_as_it_sounds(bass):
    notes, wobbles = bass
    found = lane_of(bass_of(notes, wobbles))
    before, after = curve_while_sounding(wobbles, notes), curve_while_sounding(found, notes)
    assert sum(abs(one - other) > 2 for one, other in zip(before, after, strict=True)) <= 0.02 * len(before)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("rate", RATES)
def test_every_rate_and_shape_comes_back_by_name_where_a_cycle_is_heard(rate, shape):
    notes = [Note(0, 40, 768, 100), Note(768, 43, 576, 100)]
    wobbles = (Wobble(0, 1344, rate, 0.85, shape),)
    assert lane_of(bass_of(notes, wobbles)) == wobbles


def test_a_growl_that_changes_its_rate_by_the_beat_comes_back_beat_by_beat():
    notes = [Note(0, 40, 384, 100), Note(480, 40, 288, 100)]
    rates = ("1/8", "1/16", "1/8T", "1/4", "1/16T", "1/16", "1/32")
    starts = (0, 96, 192, 288, 480, 576, 672)
    wobbles = tuple(Wobble(at, 96, rate, 0.9, "sine") for at, rate in zip(starts, rates, strict=True))
    assert lane_of(bass_of(notes, wobbles)) == wobbles


def test_a_song_written_to_a_file_is_read_with_its_wobbles(tmp_path):
    """Through the assembler, the bytes and the whole of the reader, with the derived sub bass beside the bass."""
    notes = tuple(Note(step * 96, 36 + step % 5, 96, 100) for step in range(32) if step % 8 != 7)
    wobbles = (Wobble(0, 768, "1/8", 0.8, "triangle"), Wobble(1536, 768, "1/16T", 0.95, "saw"))
    drums = tuple(Note(beat * 192, 36, 24, 100 - beat) for beat in range(16))
    song = Song(sections=(Section(SectionKind.DROP, 8),))
    song = add_takes(song, 0, Part.BASS, (Take(Phrase(8, notes, wobbles)),))
    song = add_takes(song, 0, Part.DRUMS, (Take(Phrase(8, drums)),))
    write_midi(song, tmp_path / "song.mid")
    pieces, refusals = read_paths([tmp_path])
    assert refusals == []
    assert len(pieces) == 1
    assert pieces[0].wobble_known
    bass = pieces[0].parts[Part.BASS]
    assert bass.notes == notes
    # Over the rest at the end of each second bar nothing is heard, so nothing is known.
    assert bass.wobbles == (
        Wobble(0, 672, "1/8", 0.8, "triangle"),
        Wobble(1536, 672, "1/16T", 0.95, "saw"),
    )
    assert pieces[0].wobble_phases == ()


def opening(shape, phase):
    match shape:
        case "sine":
            return (1 - math.cos(2 * math.pi * phase)) / 2
        case "triangle":
            return 1 - abs(1 - 2 * phase)
        case "square":
            return float(phase < 0.5)
        case "saw":
            return 1 - phase
        case _:
            return phase


def foreign_file(value_at, controller, ticks_per_quarter=480, every=10):
    """A bass of three long notes, and a controller whose value at a quarter `value_at` tells."""
    events = [
        (tick, mido.Message("control_change", control=controller, value=value_at(tick / ticks_per_quarter)))
        for tick in range(0, 16 * ticks_per_quarter, every)
    ]
    for start, stop, pitch in ((0, 8, 36), (8, 12, 39), (12, 16, 34)):
        events.append((start * ticks_per_quarter, mido.Message("note_on", note=pitch, velocity=90)))
        events.append((stop * ticks_per_quarter - 5, mido.Message("note_off", note=pitch)))
    track = mido.MidiTrack([mido.Message("program_change", program=38)])
    at = 0
    for tick, message in sorted(events, key=lambda event: event[0]):
        track.append(message.copy(time=tick - at))
        at = tick
    file = mido.MidiFile(ticks_per_beat=ticks_per_quarter)
    file.tracks.append(track)
    buffer = io.BytesIO()
    file.save(file=buffer)
    return buffer.getvalue()


def oscillating(rate, shape, phase, low, high, noise=0.0):
    chance = random.Random(1)

    def value_at(quarter):
        at = (quarter * 96 / RATE_TICKS[rate] + phase) % 1
        return round(min(max(low + (high - low) * opening(shape, at) + chance.gauss(0, noise), 0), 127))

    return value_at


@pytest.mark.parametrize("rate", ["1/2", "1/4.", "1/4", "1/4T", "1/8.", "1/8", "1/8T", "1/16", "1/16T"])
@pytest.mark.parametrize(
    ("controller", "shape", "phase", "low", "high", "noise"),
    [(74, "sine", 0.0, 0, 127, 0), (1, "triangle", 0.25, 20, 90, 0), (11, "saw", 0.0, 40, 127, 1),
     (74, "square", 0.6, 64, 100, 0), (74, "ramp", 0.4, 10, 120, 1.5)],
)  # fmt: skip
def test_an_oscillator_of_another_program_is_recognised(rate, controller, shape, phase, low, high, noise):
    data = foreign_file(oscillating(rate, shape, phase, low, high, noise), controller)
    piece = arrange(read_midi(data).tracks)[0]
    wobbles = piece.parts[Part.BASS].wobbles
    assert {wobble.rate for wobble in wobbles} == {rate}
    assert sum(wobble.duration_ticks for wobble in wobbles) >= 0.9 * 16 * 96
    alike = {"sine", "triangle"} if shape in ("sine", "triangle") else {shape}
    assert {wobble.shape for wobble in wobbles} <= alike
    assert all(abs(wobble.depth - (high - low) / 127) < 0.08 for wobble in wobbles)
    first = piece.wobble_phases[0] if piece.wobble_phases else 0.0
    assert min(abs(first - phase), 1 - abs(first - phase)) <= max(0.05, 2 / RATE_TICKS[rate])


def test_what_does_not_go_round_is_no_wobble():
    chance = random.Random(3)
    wild = [chance.randrange(128) for _ in range(16 * 480)]
    curves = {
        "steady": lambda quarter: 90,
        "one rise": lambda quarter: round(quarter * 7),
        "one swell": lambda quarter: round(127 * opening("sine", quarter / 16)),
        "at random": lambda quarter: wild[int(quarter * 480)],
        "out of time": oscillating("1/8", "sine", 0, 0, 4),
    }
    for name, value_at in curves.items():
        for controller in (1, 74, 11):
            tracks = read_midi(foreign_file(value_at, controller)).tracks
            assert heard_wobbles(tracks[0]) == {}, (name, controller)


def test_thousands_of_random_controller_changes_take_no_time():
    chance = random.Random(5)
    notes = tuple(Note(index * 96, 36 + index % 7, 96, 90) for index in range(4000))
    curves = {which: tuple((tick, chance.randrange(128)) for tick in range(0, 4000 * 96, 12)) for which in (1, 11, 74)}
    started = time.monotonic()
    assert heard_wobbles(RawTrack("bass", 38, False, notes, curves=curves)) == {}
    assert time.monotonic() - started < 10


def test_a_bass_without_curves_is_not_known_to_have_no_wobble(tmp_path):
    (tmp_path / "plain.mid").write_bytes(foreign_file(lambda quarter: 64, 74))
    piece = read_paths([tmp_path])[0][0]
    assert piece.parts[Part.BASS].wobbles == ()
    assert not piece.wobble_known
