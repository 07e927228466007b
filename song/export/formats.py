"""The table of export formats. The app, `compose`, `export` and the help read it: a format is one row and its module.

A row makes files of a song that is laid out; those of one file can be written by themselves, under any name with the
format's ending. `song.export.bundle` writes several into one folder.
"""

from collections.abc import Callable, Collection, Iterable
from pathlib import Path

import msgspec

from song.errors import UserError
from song.export.arrangement import Arrangement
from song.export.bundle_files import BundleFile
from song.files import write_atomically
from song.outputs import DAWPROJECT_FILE, FL_PROJECT_FILE, MIDI_FILE, REAPER_FILE, FileKind
from song.sections import Song

MakeFiles = Callable[[Arrangement, str], Iterable[BundleFile]]


class ExportFormat(msgspec.Struct, frozen=True):
    """A kind of file, or several, that a song can be written as.

    Attributes:
        key: how `--only` and the settings call it.
        name: the format, as people call it.
        keeps: a phrase that says which of the song's things such a file has.
        files: makes its files of a song that is laid out and the stem of the bundle's name.
        kind: of a format of one file: its endings, and how one is recognized.
        usual: whether a bundle has it where nothing is chosen.
    """

    key: str
    name: str
    keeps: str
    files: MakeFiles
    kind: FileKind | None = None
    usual: bool = True

    @property
    def suffix(self) -> str:
        """The ending that is proposed for a file of this format; empty where it has several files."""
        return "" if self.kind is None else self.kind.suffixes[0]

    def write(self, song: Song, path: Path) -> None:
        """Write the format's one file, atomically.

        Raises:
            UserError: where it cannot be written; an old one stays as it was.
            ValueError: where a note, a wobble or a tempo is out of range.
        """
        (file,) = self.files(Arrangement(song), path.stem)
        write_atomically(path, file.data)


# What writes is imported when it is asked for: music21 takes long to import, and who reads this table need not write.


def _flp(arrangement: Arrangement, stem: str) -> Iterable[BundleFile]:
    from song.export.flp.song_project import flp_bytes

    yield BundleFile(f"{stem}.flp", flp_bytes(arrangement))


def _midi(arrangement: Arrangement, stem: str) -> Iterable[BundleFile]:
    from song.export.midi import assemble

    yield BundleFile(f"{stem}.mid", assemble(arrangement.song, arrangement.tracks))


def _samples(arrangement: Arrangement, stem: str) -> Iterable[BundleFile]:
    from song.export.samples import sample_files

    return sample_files(arrangement.samples)


def _clips(arrangement: Arrangement, stem: str) -> Iterable[BundleFile]:
    from song.export.midi_clips import section_clips

    return section_clips(arrangement)


def _drums(arrangement: Arrangement, stem: str) -> Iterable[BundleFile]:
    from song.export.midi_clips import drum_files

    return drum_files(arrangement)


def _general_midi_drums(arrangement: Arrangement, stem: str) -> Iterable[BundleFile]:
    from song.export.midi_clips import general_midi_drum_files

    return general_midi_drum_files(arrangement)


def _scores(arrangement: Arrangement, stem: str) -> Iterable[BundleFile]:
    from song.export.scores import score_files

    return score_files(arrangement)


def _script(arrangement: Arrangement, stem: str) -> Iterable[BundleFile]:
    from song.export.piano_roll_script import script_file

    return script_file(arrangement)


def _dawproject(arrangement: Arrangement, stem: str) -> Iterable[BundleFile]:
    from song.export.dawproject import dawproject_bytes

    yield BundleFile(f"{stem}.dawproject", dawproject_bytes(arrangement))


def _reaper(arrangement: Arrangement, stem: str) -> Iterable[BundleFile]:
    from song.export.reaper import reaper_bytes

    yield BundleFile(f"{stem}.rpp", reaper_bytes(arrangement))


def _automation(arrangement: Arrangement, stem: str) -> Iterable[BundleFile]:
    from song.export.midi_clips import controller_files, sidechain_file
    from song.export.tempo_csv import tempo_file

    yield from controller_files(arrangement)
    yield from tempo_file(arrangement)
    yield from sidechain_file(arrangement)


def _sheet(arrangement: Arrangement, stem: str) -> Iterable[BundleFile]:
    from song.export.sheet_pages import sheet_files

    return sheet_files(arrangement, stem)


def _song(arrangement: Arrangement, stem: str) -> Iterable[BundleFile]:
    from song.plan_text import plan_text
    from song.store import encode_song

    yield BundleFile(f"{stem}.drop", encode_song(arrangement.song))
    yield BundleFile("plan.toml", plan_text(arrangement.song).encode())


SAMPLES = "samples"
"""The key of the format whose files somebody who can render has to make: `sound` is above this package."""

FORMATS: tuple[ExportFormat, ...] = (
    ExportFormat("midi", "MIDI", "parts, markers, tempo, wobble", _midi, MIDI_FILE),
    ExportFormat(
        "flp", "FL Studio project", "parts, drums one by one, patterns, markers, tempo, wobble", _flp, FL_PROJECT_FILE
    ),
    ExportFormat(SAMPLES, "samples", "a sound of the synthesizer for each channel of the project", _samples),
    ExportFormat("clips", "clips", "a MIDI file a section and part", _clips),
    ExportFormat("drums", "drums", "a MIDI file a drum, its notes on C5", _drums),
    ExportFormat(
        "gm-drums",
        "General MIDI drums",
        "the same with notes as General MIDI has them",
        _general_midi_drums,
        usual=False,
    ),
    ExportFormat("scores", "FL Studio scores", "a piano-roll file a section and part, wobble as mod X", _scores),
    ExportFormat("script", "piano-roll script", "all clips by name, within FL Studio's piano roll", _script),
    ExportFormat("dawproject", "DAWproject", "parts, clips, markers, tempo, wobble", _dawproject, DAWPROJECT_FILE),
    ExportFormat("rpp", "REAPER project", "parts, items, markers, tempo, wobble", _reaper, REAPER_FILE),
    ExportFormat("automation", "automation", "a MIDI file a controller, a table of tempi, the kick alone", _automation),
    ExportFormat("sheet", "sheet", "the arrangement to read and how to import it, as a page and as text", _sheet),
    ExportFormat("song", "song and plan", "all takes and constraints, to make it again", _song),
)
"""Every format; the first is the one that is written where nothing else is asked for."""
DEFAULT_FORMAT = FORMATS[0]
ALL = "all"
"""The word for every usual format."""


def format_of(path: Path) -> ExportFormat:
    """The format that a file's ending asks for; the first of `FORMATS` for an ending that none has."""
    suffix = path.suffix.lower()
    return next((one for one in FORMATS if one.kind is not None and suffix in one.kind.suffixes), DEFAULT_FORMAT)


def kind_of(path: Path) -> FileKind:
    """The kind of file that a path's ending asks for; MIDI for an ending that no format has."""
    return format_of(path).kind or MIDI_FILE


def write_song(song: Song, path: Path) -> None:
    """Write a song in the format that the path's ending asks for, atomically.

    Raises:
        UserError: where the file cannot be written; an old one stays as it was.
        ValueError: where a note, a wobble or a tempo is out of range.
    """
    format_of(path).write(song, path)


def chosen_formats(keys: Collection[str] = ()) -> tuple[ExportFormat, ...]:
    """The formats of a bundle: the usual ones where nothing is chosen, or "all" is.

    Raises:
        UserError: for a key that none has.
    """
    known = {one.key for one in FORMATS}
    for key in keys:
        if key not in known and key != ALL:
            raise UserError(f'"{key}" is no format: use {ALL} or some of {", ".join(one.key for one in FORMATS)}')
    everything = not keys or ALL in keys
    return tuple(one for one in FORMATS if one.key in keys or (everything and one.usual))


def read_keys(text: str) -> tuple[str, ...]:
    """Keys as people write them, with commas or blanks between, each once.

    Raises:
        UserError: for none at all, or one that no format has.
    """
    keys = tuple(dict.fromkeys(text.lower().replace(",", " ").split()))
    if not keys:
        raise UserError(f"name what to write: {ALL}, or some of {', '.join(one.key for one in FORMATS)}")
    chosen_formats(keys)
    return keys


def formats_text() -> str:
    """The formats of one file and their endings, for a line of help."""
    return ", ".join(f"{one.name} ({one.suffix})" for one in FORMATS if one.kind is not None)


def bundle_text() -> str:
    """Every format by its key, for a line of help."""
    return "; ".join(f"{one.key}: {one.keeps}" for one in FORMATS)
