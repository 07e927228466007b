"""The table of export formats, and everybody that reads it."""

from pathlib import Path

import pytest

from song.errors import UserError
from song.export.arrangement import Arrangement
from song.export.bundle_files import BundleFile
from song.export.formats import (
    DEFAULT_FORMAT,
    FORMATS,
    ExportFormat,
    bundle_text,
    chosen_formats,
    format_of,
    formats_text,
    kind_of,
    read_keys,
    write_song,
)
from song.export.midi import assemble
from song.outputs import FileKind
from song.sections import Section, SectionKind, Song

SONG = Song(sections=(Section(SectionKind.DROP, 1),))


def test_formats_have_names_and_endings_of_their_own_and_say_what_they_keep() -> None:
    suffixes = [suffix for one in FORMATS if one.kind is not None for suffix in one.kind.suffixes]
    assert len(suffixes) == len(set(suffixes))
    assert len({one.name for one in FORMATS}) == len(FORMATS)
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in suffixes)
    alone = [one for one in FORMATS if one.kind is not None]
    assert all(f"{one.name} ({one.suffix})" in formats_text() for one in alone)
    assert len({one.key for one in FORMATS}) == len(FORMATS)
    assert all(f"{one.key}: {one.keeps}" in bundle_text() for one in FORMATS)


@pytest.mark.parametrize(
    ("name", "format_name"),
    [
        ("a.mid", "MIDI"),
        ("a.MIDI", "MIDI"),
        ("a.b.mid", "MIDI"),
        ("a", "MIDI"),
        ("a.words", "words"),
        ("a.TXT", "words"),
    ],
)
def test_an_ending_asks_for_its_format(
    name: str, format_name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ExportFormat(
        "words",
        "words",
        "its title",
        lambda arrangement, stem: [BundleFile(stem, arrangement.song.title.encode())],
        FileKind("words", (".words", ".txt"), lambda head: True),
    )
    monkeypatch.setattr("song.export.formats.FORMATS", (*FORMATS, words))
    assert format_of(Path(name)).name == format_name
    assert formats_text().endswith("words (.words)")
    write_song(SONG, tmp_path / name)
    assert ((tmp_path / name).read_bytes() == SONG.title.encode()) == (format_name == "words")


@pytest.mark.parametrize("one", [one for one in FORMATS if one.kind is not None], ids=lambda one: one.key)
def test_a_format_of_one_file_writes_a_song_to_each_of_its_endings(one: ExportFormat, tmp_path: Path) -> None:
    assert one.kind is not None
    for suffix in one.kind.suffixes:
        path = tmp_path / f"song{suffix}"
        write_song(SONG, path)
        data = path.read_bytes()
        assert one.kind.recognizes(data[:65536])
        assert [other.key for other in FORMATS if other.kind is not None and other.kind.recognizes(data)] == [one.key]
        assert kind_of(path) == one.kind


@pytest.mark.parametrize("one", FORMATS, ids=lambda one: one.key)
def test_no_two_files_of_a_bundle_have_one_path(one: ExportFormat) -> None:
    paths = [file.path for file in one.files(Arrangement(SONG), "stem")]
    assert len({path.lower() for path in paths}) == len(paths)
    others = [file.path for other in FORMATS if other != one for file in other.files(Arrangement(SONG), "stem")]
    assert not set(paths) & set(others)


def test_all_is_every_usual_format_and_more_can_be_asked_for() -> None:
    usual = tuple(one for one in FORMATS if one.usual)
    assert chosen_formats() == chosen_formats(("all",)) == usual
    assert chosen_formats(("all", "gm-drums")) == FORMATS
    assert [one.key for one in chosen_formats(("flp", "midi"))] == ["midi", "flp"]


def test_keys_are_read_as_people_write_them() -> None:
    assert read_keys("flp, MIDI  flp") == ("flp", "midi")
    assert read_keys("All") == ("all",)
    with pytest.raises(UserError, match='"als" is no format: use all or some of midi, flp'):
        read_keys("flp als")
    with pytest.raises(UserError, match="name what to write"):
        read_keys(" , ")


def test_midi_is_what_is_written_where_nothing_else_is_asked_for(tmp_path: Path) -> None:
    assert (DEFAULT_FORMAT.name, DEFAULT_FORMAT.suffix) == ("MIDI", ".mid")
    write_song(SONG, tmp_path / "song.mid")
    assert (tmp_path / "song.mid").read_bytes() == assemble(SONG)
