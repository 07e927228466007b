"""The table of export formats, and everybody that reads it."""

from pathlib import Path

import pytest

from song.export.formats import DEFAULT_FORMAT, FORMATS, ExportFormat, format_of, formats_text, write_song
from song.export.midi import assemble
from song.outputs import FileKind
from song.sections import Section, SectionKind, Song

SONG = Song(sections=(Section(SectionKind.DROP, 1),))


def test_formats_have_names_and_endings_of_their_own_and_say_what_they_keep() -> None:
    suffixes = [suffix for one in FORMATS for suffix in one.kind.suffixes]
    assert len(suffixes) == len(set(suffixes))
    assert len({one.name for one in FORMATS}) == len(FORMATS)
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in suffixes)
    assert all(one.name in formats_text() and one.keeps and one.keeps in formats_text() for one in FORMATS)


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
        FileKind("words", (".words", ".txt"), lambda head: True),
        lambda song, path: path.write_text(song.title) and None,
        "its title",
    )
    monkeypatch.setattr("song.export.formats.FORMATS", (*FORMATS, words))
    assert format_of(Path(name)).name == format_name
    assert formats_text().endswith("words file to write: its title")
    write_song(SONG, tmp_path / name)
    assert ((tmp_path / name).read_bytes() == SONG.title.encode()) == (format_name == "words")


@pytest.mark.parametrize("one", FORMATS, ids=lambda one: one.name)
def test_every_format_writes_a_song_to_each_of_its_endings(one, tmp_path: Path) -> None:
    for suffix in one.kind.suffixes:
        path = tmp_path / f"song{suffix}"
        write_song(SONG, path)
        assert path.stat().st_size > 0


def test_midi_is_what_is_written_where_nothing_else_is_asked_for(tmp_path: Path) -> None:
    assert (DEFAULT_FORMAT.name, DEFAULT_FORMAT.suffix) == ("MIDI", ".mid")
    write_song(SONG, tmp_path / "song.mid")
    assert (tmp_path / "song.mid").read_bytes() == assemble(SONG)
