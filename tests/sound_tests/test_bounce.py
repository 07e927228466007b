"""Songs rendered to files: as loud as asked, under the ceiling, stems that add up, memory that is bounded."""

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from song.errors import UserError
from song.parts import PARTS, Part
from song.sections import SectionKind, Song
from song.store import save_song
from song.time import bars_to_ticks
from sound.bounce import DROP_LUFS, Bounced, bounce
from sound.clock import Clock
from sound.evidence.measures import true_peak_db
from sound.evidence.scenes import short_track
from sound.loudness import SILENT_LUFS, Meter, integrated
from sound.patch import Patches
from sound.rates import SAMPLE_RATE
from sound.render import Rendering, whole_song

STYLES = ("dubstep", "riddim", "melodic dubstep", "drum & bass", "trap", "house")


def bounced(song: Song, out: Path, lufs: float = DROP_LUFS, stems: dict[Part, Path] | None = None) -> Bounced:
    rendering = Rendering(song, Patches(song), whole_song(song), stems=bool(stems))
    return bounce(song, rendering, out, stems or {}, lufs)


def read(path: Path) -> np.ndarray:
    import soundfile

    return np.asarray(soundfile.read(str(path), dtype="float32")[0])


def section_lufs(song: Song, sound: np.ndarray, kind: SectionKind) -> float:
    clock = Clock(song)
    index = next(index for index, section in enumerate(song.sections) if section.kind is kind)
    start = bars_to_ticks(song.start_bars()[index])
    meter = Meter()
    piece = sound[clock.frame(start) : clock.frame(start + song.sections[index].length_ticks)]
    meter.add(np.ascontiguousarray(piece.T))
    return integrated(meter.energies())


@pytest.mark.parametrize("style", STYLES)
def test_a_drop_of_any_style_is_loud_and_stands_over_its_break(tmp_path: Path, style: str) -> None:
    song = short_track(style=style)
    done = bounced(song, tmp_path / "a.wav")
    sound = read(tmp_path / "a.wav")
    drop = section_lufs(song, sound, SectionKind.DROP)
    assert drop == pytest.approx(-9, abs=1)
    assert done.lufs == pytest.approx(drop, abs=0.1)
    assert drop - section_lufs(song, sound, SectionKind.BREAK) >= 4
    assert drop > section_lufs(song, sound, SectionKind.BUILD) + 1
    assert true_peak_db(sound) < -1
    assert done.frames == len(sound)


@pytest.mark.parametrize("ending", [".flac", ".ogg"])
def test_true_peaks_of_other_kinds_of_files(tmp_path: Path, ending: str) -> None:
    bounced(short_track(), tmp_path / f"a{ending}")
    # Vorbis does not keep samples: what it makes of them may rise over the ceiling.
    assert true_peak_db(read(tmp_path / f"a{ending}")) < (-1 if ending == ".flac" else 0)


def test_a_loudness_may_be_asked_for(tmp_path: Path) -> None:
    assert bounced(short_track(), tmp_path / "a.wav", -18).lufs == pytest.approx(-18, abs=0.3)


def test_pyloudnorm_and_ffmpeg_say_so_too(tmp_path: Path) -> None:
    song = short_track()
    path = tmp_path / "a.wav"
    bounced(song, path)
    sound = read(path)
    meter = Meter()
    meter.add(np.ascontiguousarray(sound.T))
    ours = integrated(meter.energies())
    pyloudnorm = pytest.importorskip("pyloudnorm", reason="pyloudnorm is not installed")
    assert ours == pytest.approx(pyloudnorm.Meter(SAMPLE_RATE).integrated_loudness(sound.astype(np.float64)), abs=0.1)
    if shutil.which("ffmpeg"):
        asked = ["ffmpeg", "-hide_banner", "-nostats", "-i", str(path), "-af", "ebur128=peak=true", "-f", "null", "-"]
        told = subprocess.run(asked, capture_output=True, text=True, check=True).stderr.split("Summary:")[1]
        words = told.split()
        assert float(words[words.index("I:") + 1]) == pytest.approx(ours, abs=0.2)
        assert float(words[words.index("Peak:") + 1]) <= -1.0


def test_stems_add_up_to_the_mix_sample_by_sample(tmp_path: Path) -> None:
    stems = {part: tmp_path / f"{part}.wav" for part in PARTS}
    song = replace(short_track(), muted=(Part.LEAD,))
    bounced(song, tmp_path / "mix.wav", stems=stems)
    total = sum(read(path).astype(np.float64) for path in stems.values())
    # Each file rounds to 24 bits.
    assert np.abs(total - read(tmp_path / "mix.wav")).max() < 4 * 2**-23
    assert not read(stems[Part.LEAD]).any()
    assert len(list(tmp_path.iterdir())) == 5


def test_an_empty_song_is_silence(tmp_path: Path) -> None:
    done = bounced(Song(), tmp_path / "a.wav")
    assert done.lufs == SILENT_LUFS
    assert not read(tmp_path / "a.wav").any()


def test_a_song_without_a_drop_is_as_loud_as_a_whole(tmp_path: Path) -> None:
    song = short_track()
    song = replace(song, sections=song.sections[:2])
    assert bounced(song, tmp_path / "a.wav", -16).lufs == pytest.approx(-16, abs=0.4)


def test_what_was_there_stays_and_nothing_else_is_left_where_it_is_stopped(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(b"before")
    song = short_track()
    rendering = Rendering(song, Patches(song), whole_song(song))

    def stop(share: float) -> None:
        if share > 0.95:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bounce(song, rendering, tmp_path / "a.wav", {}, -9, stop)
    assert [one.name for one in tmp_path.iterdir()] == ["a.wav"]
    assert (tmp_path / "a.wav").read_bytes() == b"before"


def test_a_folder_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="choose another folder or free some space"):
        bounced(short_track(), tmp_path / "none" / "a.wav")


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the most memory of a process is told by Linux")
def test_ten_minutes_with_stems_stay_under_200_mb(tmp_path: Path) -> None:
    song = short_track()
    long = replace(song, sections=tuple(replace(one, id=0) for one in song.sections * 30)[:88])
    assert Clock(long).seconds(long.length_ticks) > 600
    save_song(tmp_path / "long.drop", long)
    script = f"""
from pathlib import Path
from sound.commands import render_main
folder = Path({str(tmp_path)!r})
render_main([str(folder / "long.drop"), "--out", str(folder / "mix.wav"), "--stems", str(folder)])
print(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert int(done.stdout.split()[1]) * 1024 < 200_000_000
