"""Edits of what a song is as a whole: its title, tempo, key and style."""

import msgspec

from song.edits.constraints import set_tempo
from song.errors import UserError
from song.limits import MAX_NAME, MAX_TEMPO_BPM, MIN_TEMPO_BPM
from song.scales import parse_key
from song.sections import Song
from song.styles import check_style


def set_title(song: Song, title: str) -> Song:
    """The song under another title.

    Raises:
        UserError: for an empty one, one over `MAX_NAME` characters, or with characters that cannot be shown.
    """
    title = title.strip()
    if not title or len(title) > MAX_NAME or not title.isprintable():
        raise UserError(f"a title is one line of 1 to {MAX_NAME} characters")
    return msgspec.structs.replace(song, title=title)


def song_tempo(song: Song) -> float:
    """The tempo at which most of a song's bars begin, in quarters a minute; of two the earlier."""
    bars: dict[float, int] = {}
    for section in song.sections:
        bpm = section.constraints.tempo_bpm[0]
        bars[bpm] = bars.get(bpm, 0) + section.bars
    return max(bars, key=lambda bpm: bars[bpm])


def set_song_tempo(song: Song, bpm: float) -> Song:
    """The song at another tempo: all sections in proportion, so that ramps and slower sections stay so.

    Args:
        bpm: what `song_tempo` is to be, 40-300 quarters a minute.

    Raises:
        UserError: where it, or the tempo of a section in proportion to it, is outside 40-300.
    """
    if not MIN_TEMPO_BPM <= bpm <= MAX_TEMPO_BPM:
        raise UserError(f"a tempo is {MIN_TEMPO_BPM:g} to {MAX_TEMPO_BPM:g} BPM, not {bpm:g}")
    before = song_tempo(song)
    changed = song
    for index, section in enumerate(song.sections):
        start, end = (bpm if old == before else round(old * bpm / before, 2) for old in section.constraints.tempo_bpm)
        try:
            changed = set_tempo(changed, index, start, end)
        except UserError as error:
            raise UserError(f"{song.section_names()[index]} would follow: {error}; set its tempo first") from error
    return changed


def set_song_key(song: Song, key: str) -> Song:
    """The song in another key; notes stay where they are, and sections with a key of their own keep it.

    Raises:
        UserError: for a key that `song.scales.parse_key` does not know.
    """
    return msgspec.structs.replace(song, key=str(parse_key(key)))


def set_song_style(song: Song, style: dict[str, float]) -> Song:
    """The song in a mixture of styles, shares above 0 of any sum; sections with a style of their own keep it.

    Raises:
        UserError: for a style that is not known, or shares that are not above 0.
    """
    return msgspec.structs.replace(song, style=check_style(style))
