"""Windows cut from pieces: where they begin, what is left out, and what each knows of its bars."""

import msgspec
import numpy as np

from corpus.pieces import Piece, PieceSection
from model.language.conditions import BAR_COLUMNS, KINDS, MAJOR, MINOR
from model.language.events import BAR, NEXT_BAR, POSITION, REST_SIZES
from model.language.frames import FRAMES_A_BAR, INSIDE, KIND, KNOWN, MARGIN_BARS
from model.training.windows import MAX_EVENTS, WINDOW_BARS, Window, cut_windows, piece_frames
from song.notes import Note, Phrase, Wobble
from song.parts import PARTS, Part
from song.sections import SectionKind

COLUMN = {name: number for number, name in enumerate(BAR_COLUMNS)}


def tune(bars: int, shift: int = 0) -> Phrase:
    """A lead whose bars all differ."""
    dice = np.random.default_rng(0)
    pitches = dice.integers(70, 82, (bars, 4)) + shift
    notes = (Note(bar * 384 + n * 96, int(pitches[bar, n]), 96, 90) for bar in range(bars) for n in range(4))
    return Phrase(bars, tuple(notes))


def piece(bars: int, **given: object) -> Piece:
    plain = Piece(
        "a song", "mine", "a song", "train", "", {"house": 1.0}, 128.0, 0, True, bars, {Part.LEAD: tune(bars)}
    )
    return msgspec.structs.replace(plain, **given)


def column(window: Window, name: str) -> list[int]:
    return window.bar[:, COLUMN[name]].tolist()


def test_windows_begin_every_eight_bars_and_are_named_by_their_first() -> None:
    windows = list(cut_windows([piece(30)]))
    assert [window.name for window in windows] == [f"a song bar {bar}" for bar in (1, 9, 17, 25)]
    assert [len(window.onsets) for window in windows] == [16, 16, 14, 6]
    assert [window.notes for window in windows] == [64, 64, 56, 24]
    assert [column(window, "phrase_place")[0] for window in windows] == [0, 0, 0, 0]
    for window in windows:
        assert window.events[-1, POSITION] == NEXT_BAR
        assert set(window.events[:, BAR].tolist()) == set(range(len(window.onsets)))
    apart = list(cut_windows([piece(30)], WINDOW_BARS))
    assert [window.name for window in apart] == ["a song bar 1", "a song bar 17"]


def test_a_part_that_says_the_same_again_is_learned_from_once() -> None:
    bar = tune(1).notes
    notes = (msgspec.structs.replace(note, onset_tick=note.onset_tick + 384 * n) for n in range(32) for note in bar)
    loop = Phrase(32, tuple(notes))
    windows = list(cut_windows([piece(32, parts={Part.LEAD: loop})]))
    assert [len(window.onsets) for window in windows] == [16, 8]
    assert len(list(cut_windows([piece(32, parts={Part.LEAD: loop})] * 2))) == 4, "pieces are told apart"


def test_silence_teaches_nothing_and_a_crowded_window_ends_at_a_bar_line() -> None:
    rare = Phrase(16, tuple(Note(bar * 384, 72, 96, 90) for bar in (0, 5, 11)))
    assert not list(cut_windows([piece(16, parts={Part.LEAD: rare})]))
    crowd = Phrase(16, tuple(Note(bar * 384 + n * 8, 72 + n % 2, 8, 90) for bar in range(16) for n in range(48)))
    (first, *_) = cut_windows([piece(16, parts={Part.LEAD: crowd})])
    assert len(first.onsets) == MAX_EVENTS // 49
    assert len(first.events) == 49 * len(first.onsets) <= MAX_EVENTS


def test_music_in_another_key_and_octave_is_the_same_music_but_for_the_starter_set() -> None:
    home, moved = piece(16), piece(16, tonic_class=5, parts={Part.LEAD: tune(16, shift=5)})
    low = piece(16, parts={Part.LEAD: tune(16, shift=-24)})
    one, two, three = (next(cut_windows([some])) for some in (home, moved, low))
    np.testing.assert_array_equal(one.events, two.events)
    np.testing.assert_array_equal(one.events, three.events)
    starter = next(cut_windows([msgspec.structs.replace(low, source="starter")]))
    assert not np.array_equal(starter.events, one.events), "its octaves mean something"


def test_a_section_is_told_where_somebody_named_it_and_a_guess_is_not() -> None:
    drop = KINDS.index(SectionKind.DROP) + 1
    sections = (PieceSection(0, 4, SectionKind.BUILD, estimated=True), PieceSection(4, 12, SectionKind.DROP))
    long, short = piece(16, sections=sections), piece(6, sections=(PieceSection(0, 6, SectionKind.DROP),))
    window, phrase = (next(cut_windows([some])) for some in (long, short))
    assert column(window, "kind") == [0] * 4 + [drop] * 12
    assert column(window, "section_place") == [0] * 4 + list(range(1, 13))
    assert column(phrase, "kind") == [drop] * 6
    assert column(phrase, "section_place") == [0] * 6, "a loose phrase stands nobody knows where"
    kinds = piece_frames(long)[:, KIND : KIND + len(KINDS)].reshape(-1, FRAMES_A_BAR, len(KINDS)).any(axis=(1, 2))
    assert kinds.tolist() == [False] * (MARGIN_BARS + 4) + [True] * 12 + [False] * MARGIN_BARS


def test_a_mode_is_told_of_pitched_parts_in_a_known_key() -> None:
    kick = Phrase(8, tuple(Note(beat * 96, 36, 24, 100) for beat in range(32)))
    for minor, tonic, mode in ((True, 3, MINOR), (False, 3, MAJOR), (True, None, 0)):
        some = piece(8, minor=minor, tonic_class=tonic, parts={Part.DRUMS: kick, Part.LEAD: tune(8)})
        found = {window.part: set(column(window, "mode")) for window in cut_windows([some])}
        assert found == {Part.DRUMS: {0}, Part.LEAD: {mode}}


def test_what_a_source_cannot_know_is_not_learned() -> None:
    bass = Phrase(8, tuple(Note(n * 96, 40 + n % 5, 96, 90) for n in range(32)), (Wobble(0, 96, "1/8", 1.0),))
    known, unknown = (
        next(cut_windows([piece(8, parts={Part.BASS: bass}, velocity_known=sure, wobble_known=sure)]))
        for sure in (True, False)
    )
    assert set(column(known, "wobble_wanted")) == {2}
    assert set(column(unknown, "wobble_wanted")) == {0}
    notes = known.events[:, POSITION] != NEXT_BAR
    assert (known.rest[notes, 1] < REST_SIZES[1]).all()
    assert (unknown.rest[:, 1:] == REST_SIZES[1:]).all()
    np.testing.assert_array_equal(known.rest[:, 0], unknown.rest[:, 0])


def test_frames_show_every_part_over_the_window_and_its_margins() -> None:
    kick = Phrase(24, tuple(Note(beat * 96, 36, 24, 100) for beat in range(96)))
    windows = cut_windows([piece(24, parts={Part.DRUMS: kick, Part.LEAD: tune(24)})])
    first, second, _ = (window for window in windows if window.part is Part.LEAD)
    assert first.frames.shape[0] == second.frames.shape[0] == (16 + 2 * MARGIN_BARS) * FRAMES_A_BAR
    margin = MARGIN_BARS * FRAMES_A_BAR
    assert not first.frames[:margin, INSIDE].any(), "nothing is before a piece"
    assert first.frames[margin:, INSIDE].all()
    assert not second.frames[-margin:, INSIDE].any()
    shared = 8 * FRAMES_A_BAR
    np.testing.assert_array_equal(first.frames[shared:], second.frames[:-shared])
    known = first.frames[margin:, KNOWN : KNOWN + len(PARTS)].any(axis=0)
    assert dict(zip(PARTS, known.tolist(), strict=True)) == {part: part in (Part.DRUMS, Part.LEAD) for part in PARTS}
