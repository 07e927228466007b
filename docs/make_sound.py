"""Measures the synthesizer and writes docs/SOUND.md with its spectrograms.

Run as `make sound-page`. Other players are measured beside it where they are installed; the page says which were.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from song.notes import RATES, SHAPES
from song.parts import PARTS, Part
from song.sections import SectionKind, Song
from song.time import bars_to_ticks
from sound.bounce import DROP_LUFS, bounce
from sound.clock import Clock
from sound.dsp.wavetables import oscillate
from sound.evidence.measures import Wobbling, stray_line_db, true_peak_db, wobbling
from sound.evidence.players import play, player_commands
from sound.evidence.scenes import F2_HZ, held_note
from sound.evidence.spectrogram import png, spectrogram
from sound.loudness import Meter, integrated
from sound.patch import SHIPPED_FOLDER, Patches, load_patch
from sound.rates import SAMPLE_RATE
from sound.render import Rendering, whole_song
from sound.sounds import BassSound
from sound.voices.bass import BassNote, played
from tui.midi_import import song_from_midi

HERE = Path(__file__).parent
PICTURES = HERE / "sound"
SONGS = ("night-bus", "harbour-lights", "static-yard")
RAMP = (120.0, 160.0)
WIDTH, HEIGHT = 900, 240


def heard(song: Song, part: Part | None = None) -> NDArray[np.float32]:
    """A song as it is rendered, before the master chain, mono (N,)."""
    blocks = list(Rendering(song, Patches(song), whole_song(song), tail=False).blocks())
    sound = np.concatenate([block.mix() if part is None else block.stem(part) for block in blocks])
    return np.asarray(sound.mean(axis=1))


def measured(rate: str, shape: str, depth: float = 0.9, tempo: tuple[float, float] = (140.0, 140.0)) -> Wobbling:
    """The wobble of the usual bass on a held F2, as it is rendered, side-chain and widening included."""
    song = held_note(rate, shape, depth, tempo)
    clock, phrase = Clock(song), song.sections[0].cells.bass.phrase
    assert phrase is not None
    sound = Patches(song).sound(Part.BASS, SectionKind.DROP)
    assert isinstance(sound, BassSound)
    octaves = float(np.log2(sound.open_hz / sound.closed_hz))
    return wobbling(
        heard(song, Part.BASS), F2_HZ, phrase.wobbles[0], lambda at: clock.ticks_at(at * SAMPLE_RATE), octaves
    )


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Lines of a Markdown table."""
    rule = ["---", *["---:"] * (len(head) - 1)]
    return [f"| {' | '.join(row)} |" for row in (head, rule, *rows)]


def wobble_lines() -> list[str]:
    """Correlation, rate and swing for every rate, shape, depth and a ramp."""
    rows, ratios = [], []
    for rate in RATES:
        found = {shape: measured(rate, shape) for shape in SHAPES}
        ratios += [one.rate_ratio for one in found.values()]
        rows.append(
            [rate, *(f"{one.correlation:.2f}" for one in found.values()), f"{found['triangle'].swing_octaves:.1f}"]
        )
    ramp = [f"{measured('1/8', shape, tempo=RAMP).correlation:.2f}" for shape in SHAPES]
    rows.append([f"1/8, {RAMP[0]:g} to {RAMP[1]:g} BPM", *ramp, ""])
    swings = ", ".join(
        f"{measured('1/8', 'sine', depth).swing_octaves:.1f} at {depth:g}" for depth in (0, 0.25, 0.5, 0.75, 1)
    )
    return [
        *table(["rate", *SHAPES, "swing of the triangle, octaves"], rows),
        "",
        f"The strongest modulation lies at {min(ratios):.3f} to {max(ratios):.3f} of the rate that was asked for.",
        f"By depth, a sine of 1/8 swings by (octaves): {swings}.",
    ]


def player_lines() -> list[str]:
    """The same note, its lane as CC 74, by other players."""
    rows = []
    for name in ("Dropsmith", *player_commands()):
        row = [name]
        for rate in ("1/4", "1/8", "1/16"):
            song = held_note(rate)
            phrase = song.sections[0].cells.bass.phrase
            assert phrase is not None
            found = measured(rate, "triangle")
            if name != "Dropsmith":
                sound = play(name, song)[: Clock(song).frame(song.length_ticks)]
                found = wobbling(sound, F2_HZ, phrase.wobbles[0], lambda at: at * 140 / 60 * 96)
            row.append(f"{found.correlation:.2f}, {found.swing_octaves:.1f} octaves")
        rows.append(row)
    return table(["player", "1/4", "1/8", "1/16"], rows)


def line_lines() -> list[str]:
    """Lines that are no harmonics: of the oscillator, and of each bass with its filter open."""
    rows = []
    for hertz in (1000.37, 4001.3):
        samples, _ = oscillate("saw", hertz, 2 * SAMPLE_RATE)
        rows.append([f"saw of {hertz:.0f} Hz", f"{stray_line_db(samples, _exact(hertz)):.0f}"])
    for path in sorted(SHIPPED_FOLDER.glob("*.toml")):
        sound = load_patch(path).sounds[SectionKind.DROP]
        if isinstance(sound, BassSound):
            fields = {name: getattr(sound, name) for name in ("wave", "closed_hz", "open_hz", "resonance", "drive_db")}
            note = BassNote(45, 3 * SAMPLE_RATE, 0, 8000, 18.0, ())
            pieces = list(played(note, BassSound(rest=1.0, **fields), Clock(Song())))
            samples = np.concatenate(pieces)[SAMPLE_RATE // 2 : SAMPLE_RATE * 5 // 2]
            rows.append(
                [f"{path.stem}, driven by {sound.drive_db:g} dB, 110 Hz", f"{stray_line_db(samples, _exact(110)):.0f}"]
            )
    return table(["sound", "strongest line that is no harmonic, dB"], rows)


def _exact(hertz: float) -> float:
    return round(hertz / SAMPLE_RATE * 2**32) * SAMPLE_RATE / 2**32


def song_lines() -> list[str]:
    """Loudness by section and true peaks of the songs of docs/songs, rendered to files."""
    rows = []
    for name in SONGS:
        song = song_from_midi(HERE / "songs" / f"{name}.mid")
        sound, clock = rendered_file(song), Clock(song)
        levels: dict[SectionKind, list[float]] = {}
        for section, start in zip(song.sections, song.start_bars(), strict=True):
            first, last = (clock.frame(bars_to_ticks(bar)) for bar in (start, start + section.bars))
            meter = Meter()
            meter.add(np.ascontiguousarray(sound[first:last].T))
            levels.setdefault(section.kind, []).append(integrated(meter.energies()))
        told = [", ".join(f"{one:.1f}" for one in levels.get(kind, [])) for kind in SectionKind]
        rows.append([name, *told, f"{true_peak_db(sound):.1f}", f"{20 * np.log10(abs(sound.mean(axis=0)).max()):.0f}"])
    return table(["song", *(f"{kind}, LUFS" for kind in SectionKind), "true peak, dBTP", "direct current, dB"], rows)


def rendered_file(song: Song) -> NDArray[np.float32]:
    """A song as its WAV file holds it, (N, 2)."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "song.wav"
        bounce(song, Rendering(song, Patches(song), whole_song(song), stems=False), out, {}, DROP_LUFS)
        return np.asarray(soundfile.read(str(out), dtype="float32")[0])


def draw(name: str, *sounds: NDArray[np.float32], height: int = HEIGHT) -> None:
    """Write one picture of some sounds, one above the other."""
    panels = [spectrogram(sound, WIDTH, height) for sound in sounds]
    line = np.zeros((2, WIDTH))
    stacked = [part for panel in panels for part in (panel, line)][:-1]
    PICTURES.mkdir(exist_ok=True)
    (PICTURES / name).write_bytes(png(np.concatenate(stacked)))


def draw_all() -> None:
    """Draw the wobble by each player, and the way into a drop: all of it, and its stems."""
    song = held_note("1/8")
    end = Clock(song).frame(song.length_ticks)
    draw("wobble.png", heard(song), *(play(name, song)[:end] for name in player_commands()), height=140)
    song = song_from_midi(HERE / "songs" / f"{SONGS[0]}.mid")
    clock, index = Clock(song), next(i for i, one in enumerate(song.sections) if one.kind is SectionKind.DROP)
    start = song.start_bars()[index]
    first, last = (clock.frame(bars_to_ticks(bar)) for bar in (start - 2, start + 4))
    draw("drop.png", heard(song)[first:last])
    draw("stems.png", *(heard(song, part)[first:last] for part in PARTS), height=110)


def speed_lines() -> list[str]:
    """The output of the benchmark, where fluidsynth is installed."""
    script = HERE.parent / "tests" / "benchmarks" / "bench_render.py"
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=True, cwd=HERE.parent)
    return ["```", *done.stdout.strip().splitlines(), "```"]


def main() -> None:
    """Measure, draw and write the page."""
    draw_all()
    players = " and ".join(player_commands()) or "no other player"
    lines = [
        "# How Dropsmith sounds",
        "",
        "Written by `docs/make_sound.py`; nobody listened, everything here is measured. Beside it stood",
        f"{players}. How it is built: [DECISIONS.md](DECISIONS.md), what can be changed: the patches in",
        "[sound/patches](../sound/patches), each a text file.",
        "",
        "## The wobble",
        "",
        "A held F2 (87 Hz) of the usual dubstep bass. Brightness is the log2 of the centroid of its harmonics, in Hann",
        "windows of two periods of the note, half a period apart; it is correlated with the lane, seen through the",
        "same windows as the cutoff that it stands for.",
        "",
        *wobble_lines(),
        "",
        "The same note and lane, which is CC 74 in the MIDI file, by other players:",
        "",
        *player_lines(),
        "",
        f"![Held F2 under a triangle of 1/8: Dropsmith, then {players}](sound/wobble.png)",
        "",
        "## Lines that do not belong",
        "",
        *line_lines(),
        "",
        "## Loudness",
        "",
        f"The songs of [docs/songs](songs/README.md) as files, the loudest drop asked for at {DROP_LUFS:g} LUFS.",
        "",
        *song_lines(),
        "",
        f"![Two bars of build and four of drop in {SONGS[0]}](sound/drop.png)",
        "",
        "The same as stems: drums, bass, chords, lead.",
        "",
        "![Drums, bass, chords and lead of the same bars](sound/stems.png)",
        "",
        "## Speed",
        "",
        "By `tests/benchmarks/bench_render.py`:",
        "",
        *speed_lines(),
    ]
    (HERE / "SOUND.md").write_text("\n".join([*lines, ""]), encoding="utf-8")


if __name__ == "__main__":
    main()
