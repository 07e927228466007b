"""Measures of drops on small songs whose values can be counted by hand."""

import msgspec
import pytest

from corpus.pieces import Piece, PieceSection
from model.metrics import drops
from model.metrics.drops import HeardSection, HeardSong, heard_piece, heard_song
from song.edits.takes import add_takes
from song.notes import Note, Phrase, Wobble
from song.parts import Part
from song.sections import SectionKind, Song, Take
from song.templates import song_from_form

BAR = 384


def line(bars: int, *notes: tuple[int, int], length: int = 48) -> Phrase:
    """Notes as (tick, pitch), of one length."""
    return Phrase(bars, tuple(sorted(Note(tick, pitch, length, 100) for tick, pitch in notes)))


def drop(bars: int = 4, kind: SectionKind = SectionKind.DROP, **parts: Phrase) -> HeardSection:
    return HeardSection(kind, bars, {Part(name): phrase for name, phrase in parts.items()}, 5, True)


def heard(*sections: HeardSection) -> HeardSong:
    return HeardSong("song", sections)


def test_onsets_deviate_within_drops_in_which_the_part_plays() -> None:
    bass = line(4, (0, 29), (96, 29), (BAR, 29), (2 * BAR, 29), (3 * BAR, 29))
    assert drops.onset_deviation(heard(drop(bass=bass), drop()), Part.BASS) == [pytest.approx(0.433, abs=1e-3)]


def test_a_part_that_sits_out_four_bars_does_not_play_throughout() -> None:
    every = {part.value: line(8, *[(bar * BAR, 40) for bar in range(8)]) for part in Part}
    assert drops.plays_throughout(heard(drop(8, **every))) == [1.0]
    less = every | {"lead": line(8, *[(bar * BAR, 70) for bar in (0, 1, 2, 7)])}
    assert drops.plays_throughout(heard(drop(8, **less))) == [0.0]


def test_a_bass_line_is_read_by_its_intervals_its_tonic_and_what_is_outside() -> None:
    song = heard(drop(bass=line(4, (0, 29), (96, 30), (192, 30), (BAR, 36), (2 * BAR, 41))))
    assert drops.intervals(song, Part.BASS, lambda one: one == 0) == [0, 1, 0, 0]
    assert drops.intervals(song, Part.BASS, lambda one: 1 <= one <= 2) == [1, 0, 0, 0]
    assert drops.tonic_on_one(song) == [1.0, 0.0, 1.0]
    assert drops.degrees(song, Part.BASS, drops.is_flat_second) == [0, 1, 1, 0, 0]
    assert drops.degrees(song, Part.BASS, drops.is_outside) == [0, 1, 1, 0, 0]
    assert drops.opens_on_tonic(song) == [0.0]
    assert drops.opens_on_tonic(heard(drop(bass=line(4, *[(96 * beat, 29) for beat in range(4)])))) == [1.0]


def test_chords_are_counted_by_clusters_triads_and_kinds() -> None:
    notes = [(0, 53), (0, 56), (0, 60), (BAR, 53), (BAR, 55), (BAR, 60), (2 * BAR, 65), (2 * BAR, 68), (2 * BAR, 72)]
    song = heard(drop(chords=line(4, *notes)))
    assert drops.clusters(song) == [0, 1, 0]
    assert drops.triads(song) == [1, 0, 1]
    assert drops.different_chords(song) == [2.0]


def test_a_motif_of_the_drop_is_found_transposed_in_another_section() -> None:
    motif = ((0, 60), (48, 63), (96, 65), (192, 60))
    intro = drop(4, SectionKind.INTRO, lead=line(4, *[(tick, pitch + 5) for tick, pitch in motif]))
    song = heard(intro, drop(lead=line(4, *motif, (BAR, 61))))
    assert drops.quoted_motifs(song) == [1.0, 0.0]


def test_wobbles_are_counted_in_cycles() -> None:
    bass = msgspec.structs.replace(line(4, (0, 29), length=192), wobbles=(Wobble(0, 192, "1/8", 0.5),))
    assert drops.wobble_cycles(heard(drop(bass=bass))) == [4.0]


def test_the_last_beat_before_a_drop_is_silent_only_if_nothing_sounds_in_it() -> None:
    long, short = line(4, (3 * BAR, 60), length=BAR), line(4, (3 * BAR, 60), length=288)
    for chords, silent in ((long, 0.0), (short, 1.0)):
        assert drops.silent_before_drop(heard(drop(4, SectionKind.BUILD, chords=chords), drop())) == [silent]
    assert drops.silent_before_drop(heard(drop(), drop())) == []


def test_a_drop_is_held_against_the_build_before_it_and_a_later_one_against_the_first() -> None:
    build = drop(4, SectionKind.BUILD, drums=line(4, (0, 38), (BAR, 38)))
    first, later = line(4, (0, 36), (BAR, 38), (BAR, 42)), line(4, (0, 36), (BAR, 40))
    song = heard(build, drop(drums=first), drop(drums=later))
    assert drops.fuller_than_build(song) == [1.5]
    assert drops.kept_bars(song, Part.DRUMS) == [1.0, 0.0]


def test_bars_are_counted_within_a_drop_and_shared_between_songs_from_their_tonics() -> None:
    one = heard(drop(16, bass=line(16, *[(bar * BAR, 29 + bar % 3) for bar in range(16)])))
    other = heard(msgspec.structs.replace(drop(bass=line(4, (0, 31), (BAR, 40))), tonic_class=7))
    assert drops.distinct_bars(one, Part.BASS) == [3.0]
    assert drops.shared_bars([one, other], Part.BASS) == pytest.approx(7 / 18)
    assert drops.shared_bars([one, other], Part.LEAD) is None
    assert drops.mean_of([one, other], lambda song: drops.distinct_bars(song, Part.BASS)) == 3.0
    assert drops.mean_of([one], lambda song: drops.distinct_bars(song, Part.LEAD)) is None


def test_songs_and_pieces_are_heard_alike() -> None:
    song = song_from_form(((SectionKind.BREAK, 4), (SectionKind.DROP, 4)))
    phrase = line(4, (0, 29))
    song = add_takes(song, 1, Part.BASS, (Take(phrase),))
    piece = Piece(
        "p", "mine", "p", "train", "", {}, 140.0, 5, True, 8, {Part.BASS: line(8, (4 * BAR, 29))},
        (PieceSection(0, 4, SectionKind.BREAK), PieceSection(4, 4, SectionKind.DROP)),
    )  # fmt: skip
    for one in (heard_song(song, "s"), heard_piece(piece)):
        assert [section.kind for section in one.sections] == [SectionKind.BREAK, SectionKind.DROP]
        assert one.drops()[0].phrase(Part.BASS) == phrase
        assert one.drops()[0].tonic_class == 5
    assert heard_song(Song(), "none").drops() == ()
