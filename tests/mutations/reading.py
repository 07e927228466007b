"""Reading an input as it should be read: it is taken, or refused in one line; and the songs that inputs are made of."""

import functools
from collections.abc import Callable
from typing import Any

from song.checks import check_phrase
from song.edits.constraints import set_constraints, set_theme
from song.edits.takes import add_takes
from song.errors import UserError
from song.export.midi import assemble
from song.sections import Song, Take
from song.store import decode_song, encode_song
from song.terminal_text import inert
from tests.mutations.limits import MOST_LETTERS
from tests.tui_tests.driving import short_song
from tests.tui_tests.example_songs import bass_song, three_takes
from tests.tui_tests.fake_engine import phrase_for

counts = {"taken": 0, "refused": 0}
"""Things that were read and refused in this process."""


def refused(read: Callable[[], Any]) -> Any:
    """The thing that is read; None where it is refused, as it should be, in a line."""
    try:
        found = read()
    except UserError as error:
        check_line(str(error))
        counts["refused"] += 1
        return None
    counts["taken"] += found is not None
    return found


def check_line(text: str) -> None:
    """See that a text is one printable line of a length that can be read, once it is shown."""
    if not inert(text).isprintable() or "\n" in text or not text.strip() or len(text) > MOST_LETTERS:
        raise AssertionError(f"no printable line of {MOST_LETTERS} letters or fewer: {len(text)}, {text[:200]!r}")


def check_song(song: Song) -> None:
    """See that a song that was read can be saved and read again, checked and exported."""
    assert decode_song(encode_song(song), "again") == song, "it comes back changed"
    notes = 0
    for index, part in song.cell_refs():
        phrase = song.sections[index].cell(part).phrase
        if phrase is not None:
            check_phrase(
                song.sections[index], part, phrase, song.key_of(index), song.gap_after(index), song.style_of(index)
            )
            notes += len(phrase.notes)
    if notes < 1500 and song.bars < 300:
        assemble(song)


@functools.cache
def written_song() -> Song:
    """A short song with music in every cell, a progression, and a section that quotes another."""
    song = set_constraints(short_song(), 1, chords="i VI bII V7", chord_beats=2, passing=True, theme="whole")
    song = set_theme(song, song.sections[2].id)
    for index, part in list(song.cell_refs()):
        phrases = [phrase_for(song.sections[index], part, song.key, seed) for seed in (1, 2)]
        song = add_takes(song, index, part, tuple(Take(one, seed) for seed, one in enumerate(phrases)))
    return song


def song_files() -> list[bytes]:
    """The files of three songs."""
    return [encode_song(song) for song in (written_song(), bass_song(), three_takes())]
