"""MIDI files of ours told from others, event by event."""

import io

import mido
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.readers.exported_midi import read_exported, shortest_tempo
from song.export.midi import assemble
from song.export.tempo import microseconds
from song.notes import Note
from song.sections import SectionKind
from tests.places import ROOT
from tests.song_tests.export.made_songs import made_songs

OURS = assemble(made_songs()["odd bars"])


def resaved(change: object) -> bytes:
    """The file as mido writes it, after a change."""
    file = mido.MidiFile(file=io.BytesIO(OURS))
    change(file)
    out = io.BytesIO()
    file.save(file=out)
    return out.getvalue()


def test_everything_is_read_silent_tracks_and_texts_too() -> None:
    found = read_exported(OURS)
    assert found is not None
    assert [track.name for track in found.tracks] == ["Drums", "Bass", "Chords", "Lead", "Sub"]
    assert found.title == "Song 2"
    assert [name for _, name in found.markers][1] == "Hook"
    assert found.kinds == ((1152, SectionKind.DROP), (6144, SectionKind.BREAK))
    assert found.length_ticks == 27 * 384
    assert found.keys[0] == (0, "E phrygian")


@pytest.mark.parametrize("path", sorted((ROOT / "docs" / "songs").glob("*.mid")), ids=lambda path: path.stem)
def test_composed_songs_are_ours(path) -> None:
    assert read_exported(path.read_bytes()) is not None


def test_another_writer_s_running_status_is_the_same_music() -> None:
    assert read_exported(resaved(lambda file: None)) == read_exported(OURS)


@pytest.mark.parametrize(
    "change",
    [
        lambda file: setattr(file, "ticks_per_beat", 480),
        lambda file: setattr(file, "type", 2),
        lambda file: file.tracks[0].insert(0, mido.Message("note_on", note=60)),
        lambda file: file.tracks[1].insert(0, mido.Message("note_on", note=60, channel=3)),
        lambda file: file.tracks[1].insert(1, mido.Message("note_on", note=1, channel=9)),
        lambda file: file.tracks[1].insert(1, mido.Message("note_off", note=1, channel=9)),
        lambda file: file.tracks[0].insert(1, mido.MetaMessage("time_signature", numerator=3)),
        lambda file: file.tracks[1].insert(1, mido.Message("sysex", data=(1, 2))),
    ],
)
def test_what_another_program_has_changed_is_not_ours(change: object) -> None:
    assert read_exported(resaved(change)) is None


@pytest.mark.parametrize("data", [b"", b"MThd", OURS[:-20], OURS[:40], b"x" * 100])
def test_what_is_damaged_is_not_ours(data: bytes) -> None:
    assert read_exported(data) is None


@given(st.data())
def test_any_damage_is_another_s_file_or_a_whole_one(draw: st.DataObject) -> None:
    spoiled = bytearray(assemble(made_songs()["one bar"]))
    spoiled[draw.draw(st.integers(0, len(spoiled) - 1))] = draw.draw(st.integers(0, 255))
    found = read_exported(bytes(spoiled))
    assert found is None or all(isinstance(note, Note) for track in found.tracks for note in track.notes)


@pytest.mark.parametrize("bpm", [140, 87.5, 174.25, 60, 299.99])
def test_a_tempo_has_as_few_decimals_as_it_can(bpm: float) -> None:
    assert shortest_tempo(microseconds(bpm)) == bpm


@given(st.integers(200_000, 1_500_000))
def test_any_tempo_is_written_as_it_was(micros: int) -> None:
    assert microseconds(shortest_tempo(micros)) == micros
