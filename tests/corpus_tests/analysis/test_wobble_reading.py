"""Wobbles of a bass as one lane: from a filter or a curve, and through a whole file."""

from corpus.analysis.wobble_reading import heard_wobbles, wobble_lane
from corpus.readers.sources import read_paths
from corpus.tracks import LowPass, NoteWobble, RawTrack
from song.edits.takes import add_takes
from song.export.midi import write_midi
from song.notes import Note, Phrase, Wobble
from song.parts import Part
from song.sections import Section, SectionKind, Song, Take
from tests.corpus_tests.wobble_files import foreign_file


def test_a_song_written_to_a_file_is_read_with_its_wobbles(tmp_path):
    """Through the assembler, the bytes and the whole of the reader, with the derived sub bass beside the bass."""
    notes = tuple(Note(step * 96, 36 + step % 5, 96, 100) for step in range(32) if step % 8 != 7)
    wobbles = (Wobble(0, 768, "1/8", 0.8, "triangle"), Wobble(1536, 768, "1/16T", 0.95, "saw"))
    drums = tuple(Note(beat * 192, 36, 24, 100 - beat) for beat in range(16))
    song = Song(sections=(Section(SectionKind.DROP, 8),))
    song = add_takes(song, 0, Part.BASS, (Take(Phrase(8, notes, wobbles)),))
    song = add_takes(song, 0, Part.DRUMS, (Take(Phrase(8, drums)),))
    write_midi(song, tmp_path / "song.mid")
    pieces, refusals = read_paths([tmp_path])
    assert refusals == []
    assert len(pieces) == 1
    assert pieces[0].wobble_known
    bass = pieces[0].parts[Part.BASS]
    assert bass.notes == notes
    # Over the rest at the end of each second bar nothing is heard, so nothing is known.
    assert bass.wobbles == (
        Wobble(0, 672, "1/8", 0.8, "triangle"),
        Wobble(1536, 672, "1/16T", 0.95, "saw"),
    )
    assert pieces[0].wobble_phases == ()


def test_a_bass_without_curves_is_not_known_to_have_no_wobble(tmp_path):
    (tmp_path / "plain.mid").write_bytes(foreign_file(lambda quarter: 64, 74))
    piece = read_paths([tmp_path])[0][0]
    assert piece.parts[Part.BASS].wobbles == ()
    assert not piece.wobble_known


def test_a_synced_filter_wobbles_for_as_long_as_each_note():
    notes = (Note(0, 40, 96, 90), Note(192, 43, 48, 90))
    heard = heard_wobbles(RawTrack("bass", None, False, notes, LowPass("1/8", 0.8, "square")))
    assert heard == {
        0: (NoteWobble(0, 96, "1/8", 0.8, "square"),),
        192: (NoteWobble(0, 48, "1/8", 0.8, "square"),),
    }


def test_a_lane_has_one_wobble_for_notes_that_wobble_alike_and_follow_within_a_bar():
    notes = [Note(tick, 40, 96, 90) for tick in (0, 96, 288, 384 + 480)]
    alike = (NoteWobble(0, 96, "1/8", 0.8, "sine"),)
    lane, phases = wobble_lane(notes, [alike] * 4)
    assert lane == (Wobble(0, 384, "1/8", 0.8, "sine"), Wobble(864, 96, "1/8", 0.8, "sine"))
    assert phases == (0.0, 0.0)


def test_another_rate_depth_shape_or_phase_begins_another_wobble():
    notes = [Note(tick, 40, 96, 90) for tick in range(0, 480, 96)]
    heard = [
        (NoteWobble(0, 96, "1/8", 0.8, "sine"),),
        (NoteWobble(0, 96, "1/16", 0.8, "sine"),),
        (NoteWobble(0, 96, "1/16", 0.5, "sine"),),
        (NoteWobble(0, 96, "1/16", 0.5, "saw"),),
        (NoteWobble(0, 96, "1/16", 0.5, "saw", 0.25),),
    ]
    lane, phases = wobble_lane(notes, heard)
    assert [(one.onset_tick, one.duration_ticks) for one in lane] == [(tick, 96) for tick in range(0, 480, 96)]
    assert phases == (0.0, 0.0, 0.0, 0.0, 0.25)


def test_a_note_without_a_wobble_parts_the_lane_and_one_that_starts_late_lies_on_the_grid():
    notes = [Note(0, 40, 96, 90), Note(96, 41, 96, 90), Note(192, 40, 96, 90)]
    lane, _ = wobble_lane(
        notes, [(NoteWobble(0, 96, "1/8", 0.8, "sine"),), (), (NoteWobble(47, 60, "1/8", 0.8, "sine"),)]
    )
    assert lane == (Wobble(0, 96, "1/8", 0.8, "sine"), Wobble(240, 48, "1/8", 0.8, "sine"))


def test_wobbles_that_follow_at_once_off_the_grid_do_not_overlap():
    sine, slower = NoteWobble(0, 593, "1/4", 1.0, "sine"), NoteWobble(593, 175, "1/4", 0.95, "sine")
    lane, phases = wobble_lane([Note(0, 40, 768, 90)], [(sine, slower)])
    assert lane == (Wobble(0, 592, "1/4", 1.0, "sine"), Wobble(592, 176, "1/4", 0.95, "sine"))
    assert phases == (0.0, 0.0)
    short = NoteWobble(0, 1, "1/4", 1.0, "sine")
    lane, _ = wobble_lane([Note(0, 40, 768, 90)], [(short, NoteWobble(1, 700, "1/4", 0.95, "sine"))])
    assert lane == (Wobble(0, 700, "1/4", 0.95, "sine"),)
