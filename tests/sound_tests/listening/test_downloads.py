"""Files that the page offers: those that `dropsmith render` writes, made once, and one song's alone."""

import zipfile
from pathlib import Path

import mido
import msgspec
import numpy as np
import pytest
import soundfile

from song.errors import UserError
from song.export.bundle import bundle_files
from song.export.formats import chosen_formats
from song.notes import Note
from song.parts import PARTS, Part
from sound.bounce import bounce
from sound.listening.downloads import BUNDLE, MIDI, MIX, Downloads
from sound.patch import Patches
from sound.render import Rendering, whole_song
from sound.sampling.samples import song_samples
from tests.sound_tests.played_songs import played_song


def test_the_mix_is_what_render_writes_and_the_stems_add_up(tmp_path: Path) -> None:
    song, downloads = played_song(), Downloads(tmp_path)
    mix = downloads.file(song, "a" * 16, MIX)
    made_at = mix.stat().st_mtime_ns
    stems = [soundfile.read(downloads.file(song, "a" * 16, part.value))[0] for part in PARTS]
    assert downloads.file(song, "a" * 16, MIX).stat().st_mtime_ns == made_at
    written = tmp_path / "render.wav"
    paths = {part: tmp_path / f"{part}.wav" for part in Part}
    bounce(song, Rendering(song, Patches(song), whole_song(song)), written, paths, -9.0)
    assert mix.read_bytes() == written.read_bytes()
    assert np.abs(sum(stems) - soundfile.read(mix)[0]).max() < 1e-6
    downloads.close()
    assert not mix.exists()


def test_another_song_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    song, downloads = played_song(), Downloads(tmp_path)
    midi = downloads.file(song, "a" * 16, MIDI)
    assert mido.MidiFile(midi).length > 4
    other = downloads.file(msgspec.structs.replace(song, title="b"), "b" * 16, MIDI)
    assert not midi.exists()
    assert other.exists()


def test_the_bundle_is_the_folder_that_an_export_writes_in_one_file(tmp_path: Path) -> None:
    song, downloads = played_song(), Downloads(tmp_path)
    made = downloads.file(song, "a" * 16, BUNDLE)
    with zipfile.ZipFile(made) as packed:
        files = {info.filename: packed.read(info) for info in packed.infolist()}
    samples = song_samples(song)
    assert files == {file.path: file.data for file in bundle_files(song, chosen_formats(), (), samples)}
    assert any(path.endswith(".flp") for path in files)
    before = made.read_bytes()
    downloads.close()
    # Its folder goes with it.
    others = Downloads(tmp_path)
    assert others.file(song, "a" * 16, BUNDLE).read_bytes() == before
    others.close()


def test_a_song_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    song = played_song()
    drums = song.sections[0].cells.drums
    take = drums.takes[0]
    broken = msgspec.structs.replace(take, phrase=msgspec.structs.replace(take.phrase, notes=(Note(0, 200, 96, 100),)))
    cells = msgspec.structs.replace(song.sections[0].cells, drums=msgspec.structs.replace(drums, takes=(broken,)))
    section = msgspec.structs.replace(song.sections[0], cells=cells)
    with pytest.raises(UserError, match="this song cannot be written: drums pitch 200"):
        Downloads(tmp_path).file(msgspec.structs.replace(song, sections=(section,)), "a" * 16, MIX)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
