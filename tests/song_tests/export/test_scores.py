"""Scores of a song read back with flpkit's reader of notes."""

from collections import Counter

import pytest

from song.export.arrangement import Arrangement
from song.export.drum_lanes import SAMPLE_PITCH
from song.export.flp.events import data
from song.export.flp.notes import NOTES, note_records
from song.export.flp.parts import NEUTRAL, FlNote
from song.export.scores import score_files
from song.notes import Note, Phrase, Wobble
from song.parts import Part
from song.sections import SectionKind
from song.templates import song_from_form
from tests.song_tests.export.flp.records import read_notes
from tests.song_tests.export.made_songs import made_songs
from tests.song_tests.song_strategies import filled


def notes_of(score: bytes) -> tuple[FlNote, ...]:
    at = score.index(bytes((NOTES,)), 20)
    size = shift = 0
    while True:
        at += 1
        size, shift = size | (score[at] & 0x7F) << shift, shift + 7
        if score[at] < 0x80:
            break
    assert at + 1 + size == len(score)
    return read_notes(score[at + 1 :])


@pytest.mark.parametrize("name", made_songs())
def test_scores_hold_every_note(name: str) -> None:
    laid_out = Arrangement(made_songs()[name])
    found: Counter[tuple[int, int, int]] = Counter()
    for file in score_files(laid_out):
        number = int(file.path.removeprefix("scores/").partition("-")[0])
        for note in notes_of(file.data):
            found[note.position + laid_out.stretches[number - 1].start_tick, note.length, note.velocity] += 1
    assert found == Counter(
        (note.onset_tick, note.duration_ticks, note.velocity) for track in laid_out.tracks for note in track.notes
    )


def test_the_wobble_is_mod_x_and_drums_are_on_c5() -> None:
    song = song_from_form([(SectionKind.DROP, 1)])
    bass = Phrase(1, (Note(0, 41, 96, 100), Note(192, 43, 96, 90)), (Wobble(0, 96, "1/4", 1.0, "square"),))
    song = filled(song, 0, Part.BASS, bass)
    song = filled(song, 0, Part.DRUMS, Phrase(1, (Note(0, 36, 24, 110),)))
    scores = {file.path: notes_of(file.data) for file in score_files(Arrangement(song))}
    assert list(scores) == ["scores/01-DROP__Drums_Kick.fsc", "scores/01-DROP__Bass.fsc", "scores/01-DROP__Sub.fsc"]
    assert [note.key for note in scores["scores/01-DROP__Drums_Kick.fsc"]] == [SAMPLE_PITCH]
    assert [note.mod_x for note in scores["scores/01-DROP__Bass.fsc"]] == [pytest.approx(NEUTRAL / 2, abs=2), NEUTRAL]
    assert [note.mod_x for note in scores["scores/01-DROP__Sub.fsc"]] == [NEUTRAL, NEUTRAL]
    assert data(NOTES, note_records(scores["scores/01-DROP__Bass.fsc"])) in next(
        file.data for file in score_files(Arrangement(song)) if file.path.endswith("Bass.fsc")
    )
