"""A file of music as a song: its sections, takes and constraints, and what became of its tracks.

`corpus` reads the file and tells which track is which part; it is imported when it is needed.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from song.density import onsets_to_density
from song.errors import UserError
from song.files import read_file
from song.limits import MAX_NAME, MAX_SECTIONS
from song.notes import RATES
from song.parts import PARTS, Part
from song.sections import Cell, Cells, Constraints, Density, Section, Song, Take, WobbleRange, number_sections
from song.seeds import fresh_seed

if TYPE_CHECKING:
    from corpus.analysis.opening import OpenedSection
    from corpus.track_accounts import SongAccount

if TYPE_CHECKING:
    pass

IMPORTED = "import"
"""The name in place of an engine's, in the takes of such a song."""
_NO_PART = "none"


class ImportChoices(msgspec.Struct, frozen=True):
    """The user's wishes for a file.

    Attributes:
        parts: the parts that tracks are to be, by their places from 0; None to leave one out. Others are as they play.
        quantize: whether notes are moved to the grid.
    """

    parts: dict[int, Part | None] = {}
    quantize: bool = False


class ImportedSong(msgspec.Struct, frozen=True):
    """A song that was a file of music.

    Attributes:
        song: with a seed that no other song has.
        account: what became of each track.
        parts: the part of each track of the account, None where it was left out.
        choices: what was asked.
    """

    song: Song
    account: "SongAccount"
    parts: tuple[Part | None, ...]
    choices: ImportChoices = ImportChoices()

    @property
    def is_chosen(self) -> bool:
        """True where the user has said what is to become of the file."""
        return self.choices != ImportChoices()

    def lines(self) -> list[str]:
        """The account in lines, as `corpus doctor` tells it."""
        from corpus.track_accounts import account_lines

        return account_lines(self.account)


def read_choices(path: Path, text: str) -> dict[int, Part | None]:
    """The parts that a text gives the tracks of a file, by their places from 0.

    Args:
        path: the file.
        text: such as "Vox chop=lead, 3=none": names or numbers of tracks, each with a part, or none to leave it out.

    Raises:
        UserError: where the file cannot be read, a track is not there, or a part is none.
    """
    wishes = [wish.rpartition("=") for wish in text.split(",") if wish.strip()]
    if not wishes:
        return {}
    names = [track.name.lower() for track in import_song(path).account.tracks]
    found: dict[int, Part | None] = {}
    for track, equals, part in wishes:
        track, part = track.strip().lower(), part.strip().lower()
        if not equals or part not in (*PARTS, _NO_PART):
            raise UserError(f'--tracks: "{track or part}" needs one of {", ".join(PARTS)}, {_NO_PART}, as in Vox=lead')
        if track in names:
            place = names.index(track)
        elif track.isdecimal() and 1 <= int(track) <= len(names):
            place = int(track) - 1
        else:
            raise UserError(f'--tracks: {path.name} has no track "{track}": they are {", ".join(names)}')
        found[place] = None if part == _NO_PART else Part(part)
    return found


def song_from_midi(path: Path) -> Song:
    """The song in a file of music, as `import_song` makes it where nothing is asked.

    Raises:
        UserError: where it cannot be read, or holds no music that can be used.
    """
    return import_song(path).song


def import_song(path: Path, choices: ImportChoices | None = None) -> ImportedSong:
    """The song in a file of another program, and what became of its tracks; an export of ours as it was.

    Raises:
        UserError: where it cannot be read, or holds no music that can be used, or has no such track.
    """
    from corpus.analysis.opening import open_recording
    from corpus.readers.recordings import most_bytes, read_recording
    from corpus.timelines import as_export

    choices = choices or ImportChoices()
    data = read_file(path, most_bytes(path))
    try:
        music = read_recording(path, data)
        # A choice is about tracks: what they are is told of an export of ours as of any file.
        exact = _as_it_was(path, data) if choices == ImportChoices() else None
        if exact is not None:
            music = as_export(music, has_sub=exact.sub)
        _check_places(choices.parts, len(music.tracks))
        opened = open_recording(music, choices.parts, quantize=choices.quantize)
        if len(opened.sections) > MAX_SECTIONS:
            bars = sum(one.stretch.bars for one in opened.sections)
            raise UserError(
                f"it has {bars} bars in {len(opened.sections)} sections, and a song {MAX_SECTIONS} at most: "
                "cut it down to the music"
            )
    except UserError as error:
        raise UserError(f"cannot open {path.name}: {error}") from error
    title = "".join(letter if letter.isprintable() else " " for letter in path.stem)
    if exact is not None:
        return ImportedSong(msgspec.structs.replace(exact, title=title), opened.account, opened.parts)
    song_key = opened.sections[0].key
    sections = tuple(_section(one, song_key) for one in opened.sections)
    song = Song(title=title, key=song_key, seed=fresh_seed(), sub=opened.sub, sections=sections)
    return ImportedSong(number_sections(song), opened.account, opened.parts, choices)


def _as_it_was(path: Path, data: bytes) -> Song | None:
    """The song that an export of ours holds, or None for any other file."""
    from corpus.readers.rebuilding import rebuilt
    from corpus.readers.recordings import read_timeline

    timeline = read_timeline(path, data)
    return None if timeline is None else rebuilt(timeline, fresh_seed())


def _check_places(parts: Mapping[int, Part | None], tracks: int) -> None:
    for place in parts:
        if not 0 <= place < tracks:
            raise UserError(f"it has no track {place + 1}: they are 1 to {tracks}")


def _section(opened: "OpenedSection", song_key: str) -> Section:
    stretch = opened.stretch
    sounding = {part: phrases[0] for part, phrases in opened.phrases.items()}
    density = Density(
        **{
            part.value: round(onsets_to_density(part, sounding[part].onsets_per_bar()), 2) if part in sounding else 0.0
            for part in PARTS
        }
    )
    wobbles = sounding[Part.BASS].wobbles if Part.BASS in sounding else ()
    used = {wobble.rate for wobble in wobbles}
    wobble = WobbleRange(
        tuple(rate for rate in RATES if rate in used),
        round(max(wobble.depth for wobble in wobbles), 2) if wobbles else WobbleRange().depth,
        wobbles[0].shape if wobbles else WobbleRange().shape,
    )
    cells = Cells(
        **{
            part.value: Cell(tuple(Take(phrase, engine=IMPORTED) for phrase in phrases), 0)
            for part, phrases in opened.phrases.items()
        }
    )
    name = "" if stretch.name.lower().rstrip(" 0123456789") == stretch.kind.value else stretch.name[:MAX_NAME]
    constraints = Constraints(
        tempo_bpm=opened.tempo_bpm,
        density=density,
        wobble=wobble,
        key=opened.key if opened.key != song_key else None,
    )
    return Section(stretch.kind, stretch.bars, constraints, cells, name)
