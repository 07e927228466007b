"""Songs as sound: stems that add up, onsets in time, silence where there are no notes, the same every time."""

import hashlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from msgspec.structs import replace

from song.drums import DRUMS, LANES
from song.edits.takes import add_takes
from song.notes import Note, Phrase, Wobble
from song.parts import PARTS, Part
from song.sections import Constraints, PartPatches, Section, SectionKind, Song, Take
from song.store import save_song
from song.time import bars_to_ticks
from sound.clock import Clock
from sound.evidence.measures import onsets
from sound.evidence.scenes import held_note, short_track
from sound.patch import Patches
from sound.rates import SAMPLE_RATE
from sound.render import TAIL_SECONDS, Rendering, bars_of, cell_of, section_of, whole_song
from tests.song_tests.song_strategies import songs
from tests.sound_tests.rendered import rendered

TRACK = short_track()
DROP = 2


def one_part(part: Part, notes: list[Note], bars: int = 4, tempo: tuple[float, float] = (140.0, 140.0)) -> Song:
    song = Song(sub=True, sections=(Section(SectionKind.DROP, bars, Constraints(tempo_bpm=tempo)),))
    return add_takes(song, 0, part, (Take(Phrase(bars, tuple(sorted(notes)))),))


def test_the_mix_is_the_sum_of_the_stems_and_the_same_where_no_stems_are_asked_for() -> None:
    stems = sum(rendered(TRACK, part) for part in PARTS)
    mix = rendered(TRACK)
    assert np.abs(mix - stems).max() < 1e-6
    assert np.abs(mix - rendered(TRACK, stems=False)).max() < 1e-5


def test_a_song_lasts_as_long_as_its_bars_and_a_tail_that_fades_to_nothing() -> None:
    mix = rendered(TRACK)
    bars = Clock(TRACK).frame(bars_to_ticks(12))
    assert len(mix) == bars + round(TAIL_SECONDS * SAMPLE_RATE)
    assert np.abs(mix[-1]).max() < 1e-6
    assert len(rendered(TRACK, tail=False)) == bars


def test_every_sample_is_a_number_and_nothing_stands_still() -> None:
    mix = rendered(TRACK)
    assert mix.dtype == np.float32
    assert np.isfinite(mix).all()
    assert np.abs(mix.mean(axis=0)).max() < 0.005


@pytest.mark.parametrize("tempo", [(140.0, 140.0), (90.0, 170.0)])
def test_kicks_sound_within_3_ms_of_their_ticks(tempo: tuple[float, float]) -> None:
    ticks = [0, 96, 252, 384, 640, 1001, 1300]
    song = one_part(Part.DRUMS, [Note(tick, LANES["kick"], 24, 120) for tick in ticks], tempo=tempo)
    song = replace(song, sections=(replace(song.sections[0], kind=SectionKind.INTRO),))
    heard = rendered(song, Part.DRUMS).mean(axis=1)
    clock = Clock(song)
    begins = [clock.frame(tick) for tick in ticks]
    for begin in begins:
        # After the kick before has died down to a twentieth.
        window = np.abs(heard[max(0, begin - 480) : begin + 480])
        first = int(np.argmax(window > 0.1)) - min(480, begin)
        assert abs(first) <= 0.003 * SAMPLE_RATE


@pytest.mark.parametrize("part", [Part.BASS, Part.CHORDS, Part.LEAD])
def test_notes_sound_on_their_ticks(part: Part) -> None:
    pitch = {Part.BASS: 41, Part.CHORDS: 60, Part.LEAD: 72}[part]
    song = one_part(part, [Note(tick, pitch, 48, 110) for tick in (0, 384, 1152)])
    song = replace(song, style={"riddim": 1.0}, sub=False)
    found = onsets(rendered(song, part).mean(axis=1), -26)
    clock = Clock(song)
    for tick in (0, 384, 1152):
        assert np.abs(found - clock.frame(tick)).min() < 0.012 * SAMPLE_RATE


def test_silence_where_there_are_no_notes() -> None:
    assert not rendered(Song(sections=(Section(SectionKind.BUILD, 4), Section(SectionKind.DROP, 4)))).any()
    assert len(rendered(Song())) == round(TAIL_SECONDS * SAMPLE_RATE)
    song = one_part(Part.BASS, [Note(0, 41, 96, 100), Note(1152, 41, 96, 100)])
    heard = rendered(song)
    clock = Clock(song)
    # Less than 24 bits can tell.
    assert np.abs(heard[clock.frame(96) + 4800 : clock.frame(1152) - 10]).max() < 2**-24
    # A wobble over no note is not heard.
    phrase = Phrase(4, (), (Wobble(0, 384, "1/8", 0.9),))
    assert not rendered(add_takes(song, 0, Part.BASS, (Take(phrase),))).any()


def test_the_beat_before_a_drop_is_quiet() -> None:
    clock = Clock(TRACK)
    end = clock.frame(bars_to_ticks(8))
    gap = rendered(TRACK)[clock.frame(bars_to_ticks(8) - 48) : end - 10]
    drop = rendered(TRACK)[end : end + 48_000]
    assert gap.std() < 0.05 * drop.std()


@pytest.mark.parametrize("name", [drum.name for drum in DRUMS])
def test_every_drum_is_heard(name: str) -> None:
    assert np.abs(rendered(one_part(Part.DRUMS, [Note(0, LANES[name], 24, 100)]))).max() > 0.02


def test_muted_parts_are_silent_and_others_are_as_before() -> None:
    muted = replace(TRACK, muted=(Part.LEAD,))
    assert not rendered(muted, Part.LEAD).any()
    assert np.abs(rendered(muted, Part.CHORDS) - rendered(TRACK, Part.CHORDS)).max() < 1e-6


def test_a_section_a_cell_and_some_bars_are_what_they_are_in_the_song() -> None:
    clock = Clock(TRACK)
    start, end = clock.frame(bars_to_ticks(8)), clock.frame(bars_to_ticks(12))
    whole = rendered(TRACK, Part.BASS)
    section = rendered(TRACK, Part.BASS, section_of(TRACK, DROP), tail=False)
    assert len(section) == end - start
    # The drop begins with nothing from before but what rings.
    assert np.abs(section - whole[start:end]).max() < 5e-3
    cell = rendered(TRACK, None, cell_of(TRACK, DROP, Part.BASS), tail=False)
    assert np.abs(cell - section).max() < 1e-6
    bars = rendered(TRACK, Part.DRUMS, bars_of(10, 1), tail=False)
    assert len(bars) == clock.frame(bars_to_ticks(11)) - clock.frame(bars_to_ticks(10))
    assert np.abs(bars[:100]).max() > 0.1


def test_a_bass_alone_is_pushed_down_by_the_kick_that_would_be_heard() -> None:
    alone = rendered(TRACK, None, cell_of(TRACK, DROP, Part.BASS), tail=False)
    freed = rendered(replace(TRACK, muted=(Part.DRUMS,)), None, cell_of(TRACK, DROP, Part.BASS), tail=False)
    assert alone[:2400].std() < 0.8 * freed[:2400].std()


def test_lows_of_the_bass_are_mono() -> None:
    bass = rendered(TRACK, Part.BASS)
    spectrum = [np.abs(np.fft.rfft(one)) ** 2 for one in (bass.mean(axis=1), (bass[:, 0] - bass[:, 1]) / 2)]
    frequency = np.fft.rfftfreq(len(bass), 1 / SAMPLE_RATE)
    low, high = (frequency > 20) & (frequency < 120), (frequency > 400) & (frequency < 4000)
    assert 10 * np.log10(spectrum[1][low].sum() / spectrum[0][low].sum()) < -40
    assert 10 * np.log10(spectrum[1][high].sum() / spectrum[0][high].sum()) > -20


def test_a_drop_is_wider_than_the_break_and_a_build_opens() -> None:
    clock = Clock(TRACK)
    lead = rendered(TRACK, Part.LEAD)
    parts = [lead[clock.frame(bars_to_ticks(at)) : clock.frame(bars_to_ticks(at + 4))] for at in (0, 4, 8)]

    def side(sound: np.ndarray) -> float:
        return float((sound[:, 0] - sound[:, 1]).std() / sound.mean(axis=1).std())

    def bright(sound: np.ndarray) -> float:
        spectrum = np.abs(np.fft.rfft(sound.mean(axis=1))) ** 2
        return float(spectrum[len(spectrum) // 6 :].sum() / spectrum.sum())

    assert side(parts[2]) > 1.1 * side(parts[0])
    first, last = parts[1][: len(parts[1]) // 4], parts[1][len(parts[1]) // 2 : len(parts[1]) * 3 // 4]
    assert bright(last) > 2 * bright(first)


def test_blocks_of_other_lengths_differ_by_rounding_alone() -> None:
    def with_blocks(frames: int) -> np.ndarray:
        rendering = Rendering(TRACK, Patches(TRACK), whole_song(TRACK))
        return np.concatenate([block.mix() for block in rendering.blocks(frames)])

    assert np.abs(with_blocks(4800) - with_blocks(96_000)).max() < 1e-5


def test_one_song_gives_the_same_samples_in_every_process(tmp_path: Path) -> None:
    save_song(tmp_path / "short.drop", TRACK)
    script = (
        "import hashlib, sys; from pathlib import Path; from song.store import load_song\n"
        "from sound.patch import Patches; from sound.render import Rendering, whole_song\n"
        f"song = load_song(Path({str(tmp_path / 'short.drop')!r})); digest = hashlib.sha256()\n"
        "for block in Rendering(song, Patches(song), whole_song(song)).blocks(): digest.update(block.mix().tobytes())\n"
        "print(digest.hexdigest())"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    here = hashlib.sha256()
    for block in Rendering(TRACK, Patches(TRACK), whole_song(TRACK)).blocks():
        here.update(block.mix().tobytes())
    assert done.stdout.strip() == here.hexdigest()


@given(songs)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_song_is_rendered(song: Song) -> None:
    song = replace(song, patches=PartPatches())
    mix = rendered(song)
    assert np.isfinite(mix).all()
    assert len(mix) == Clock(song).frame(song.length_ticks) + round(TAIL_SECONDS * SAMPLE_RATE)
    assert not song.sections or np.abs(mix).max() < 20


def test_a_note_that_is_out_of_range_is_refused_before_anything_is_computed() -> None:
    song = held_note(None)
    section = song.sections[0]
    broken = replace(section.cells.bass, takes=(Take(Phrase(2, (Note(0, 200, 96, 100),))),))
    song = replace(song, sections=(replace(section, cells=replace(section.cells, bass=broken)),))
    with pytest.raises(ValueError, match="bass pitch 200 is outside 0-127"):
        rendered(song)
