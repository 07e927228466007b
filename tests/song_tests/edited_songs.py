"""Songs and takes that the tests of edits start from."""

from song.notes import Note, Phrase, Wobble
from song.sections import SectionKind, Take
from song.templates import song_from_form

SONG = song_from_form([(SectionKind.BUILD, 4), (SectionKind.DROP, 4), (SectionKind.OUTRO, 4)])
TAKE = Take(Phrase(4, (Note(0, 36, 96, 100), Note(1500, 38, 36, 90)), (Wobble(0, 1536, "1/8", 0.5),)), seed=3)

DROP = 1


def take(seed: int) -> Take:
    return Take(Phrase(8, (Note(0, 40, 96, 100),)), seed=seed)
