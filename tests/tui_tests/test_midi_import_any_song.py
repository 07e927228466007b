"""Whatever the song, its export opens as the same song, also when another program has saved it since."""

import io
import tempfile
from pathlib import Path
from unicodedata import category

import mido
import numpy as np
from hypothesis import assume, given, settings

from song.export.midi import assemble
from song.export.tracks import Track, lay_out
from song.scales import Key, parse_key
from song.sections import Song
from song.validation import find_problem
from tests.song_tests.song_strategies import songs
from tui.midi_import import ImportedSong, import_song

MICROS = 60_000_000


def opened(data: bytes) -> ImportedSong:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "song.mid")
        path.write_bytes(data)
        return import_song(path)


def curves(track: Track, ticks: int) -> np.ndarray:
    """The filter and the wobble's depth at every tick: int64 (2, ticks)."""
    values = np.zeros((2, ticks), np.int64)
    values[0] = 127
    for tick, controller, value in track.controllers:
        values[0 if controller == 74 else 1, tick:] = value
    return values


def tempi(data: bytes) -> list[int]:
    """The microseconds a quarter that hold at every quarter."""
    at, found, held = 0, [], 500_000
    for message in mido.MidiFile(file=io.BytesIO(data)).tracks[0]:
        while len(found) * 96 < at + message.time:
            found.append(held)
        at += message.time
        if message.type == "set_tempo":
            held = message.tempo
    return found


def signature(song: Song, index: int) -> tuple[int, bool]:
    key: Key = parse_key(song.key_of(index))
    return key.tonic_class, key.is_minor


def legible(name: str) -> str:
    """A name as a marker can hold it."""
    return " ".join("".join(" " if category(one) in ("Cc", "Zl", "Zp", "Cs") else one for one in name).split())


def check_same(song: Song, imported: ImportedSong) -> None:
    back = imported.song
    assert find_problem(back) is None
    assert [one.bars for one in back.sections] == [one.bars for one in song.sections]
    assert [one.kind for one in back.sections] == [one.kind for one in song.sections]
    for section, other in zip(song.sections, back.sections, strict=True):
        # A name that no marker can hold leaves the kind's.
        if legible(section.name):
            assert legible(other.name or other.kind.value) in (legible(section.name)[:40], other.kind.value)
    for before, after in zip(lay_out(song), lay_out(back), strict=True):
        assert after.notes == before.notes
        assert (curves(after, song.length_ticks) == curves(before, song.length_ticks)).all()
    assert [signature(back, index) for index in range(len(back.sections))] == [
        signature(song, index) for index in range(len(song.sections))
    ]
    assert imported.account.arrived == imported.account.notes
    assert imported.account.spare == 0


@given(songs)
@settings(max_examples=60, deadline=None)
def test_an_export_opens_as_the_song_that_it_was(song: Song) -> None:
    assume(any(track.notes for track in lay_out(song)))
    data = assemble(song)
    imported = opened(data)
    check_same(song, imported)
    # The ends of a ramp are only known to a microsecond; between them one may be off by another.
    again = tempi(assemble(imported.song))
    assert max(abs(one - other) for one, other in zip(tempi(data), again, strict=True)) <= 1


@given(songs)
@settings(max_examples=30, deadline=None)
def test_controllers_on_tracks_of_their_own_are_found(song: Song) -> None:
    assume(any(track.notes for track in lay_out(song)))
    file = mido.MidiFile(file=io.BytesIO(assemble(song)))
    for track in list(file.tracks[1:]):
        kept, moved, at, kept_at, moved_at = mido.MidiTrack(), mido.MidiTrack(), 0, 0, 0
        for message in track:
            at += message.time
            if message.type == "control_change":
                moved.append(message.copy(time=at - moved_at))
                moved_at = at
            else:
                kept.append(message.copy(time=at - kept_at))
                kept_at = at
        track[:] = kept
        if moved:
            file.tracks.append(moved)
    buffer = io.BytesIO()
    file.save(file=buffer)
    check_same(song, opened(buffer.getvalue()))


@given(songs)
@settings(max_examples=20, deadline=None)
def test_what_was_opened_opens_again_as_it_is(song: Song) -> None:
    assume(any(track.notes for track in lay_out(song)))
    once = opened(assemble(song)).song
    twice = opened(assemble(once)).song
    assert [one.cells for one in twice.sections] == [one.cells for one in once.sections]
    assert [one.constraints.tempo_bpm for one in twice.sections] == [one.constraints.tempo_bpm for one in once.sections]
