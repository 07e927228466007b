"""Messages as lines of JSON: round trips, and errors for lines that are no message."""

import json

import msgspec
import pytest

from model.protocol import (
    PROTOCOL_VERSION,
    Answer,
    Cancel,
    CandidateTake,
    CellRef,
    Done,
    Failed,
    Fill,
    KeptBars,
    Progress,
    Ready,
    Request,
    SharedRun,
    Warm,
    decode_answer,
    decode_request,
    encode,
    request_problem,
    song_take,
    varied_cells,
)
from song.errors import UserError
from song.limits import MAX_FILE_SEED
from song.notes import Note, Phrase, Wobble
from song.parts import PARTS, Part
from song.sections import SectionKind
from song.templates import song_from_form
from song.variation import kept_bars

CELL = CellRef(2, Part.BASS)
NOTE = Note(96, 40, 48, 100)
PHRASE = Phrase(4, (NOTE,), (Wobble(96, 48, "1/8T", 0.5),))
READY = Ready(PROTOCOL_VERSION, "1.2", "0123456789abcdef", "cpu")
TAKE = CandidateTake(1, CELL, PHRASE, 7, 1.5, SharedRun(12, 1.5, "folk", "a song", 4), 0.25)


def test_a_candidate_carries_its_score() -> None:
    candidate = CandidateTake(1, CellRef(0, Part.BASS), Phrase(1), 0, 1.5, critic=0.25)
    assert decode_answer(encode(candidate)) == candidate
    assert decode_answer(encode(CandidateTake(1, CellRef(0, Part.BASS), Phrase(1), 0, 1.5))).critic is None


@pytest.mark.parametrize(
    "request_sent",
    [
        Fill(1, song_from_form(), (CELL,), takes=3, seed=9, kept=(KeptBars(CELL, (0, 3), source=5),)),
        Cancel(3),
        Warm(song_from_form(), 4),
    ],
)
def test_a_request_is_one_line_that_comes_back_as_it_was_sent(request_sent: Request) -> None:
    line = encode(request_sent)
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    assert decode_request(line) == request_sent


@pytest.mark.parametrize("answer", [READY, Progress(1, CELL, 3, (NOTE,)), TAKE, Done(1, 0.125), Failed(None, "no")])
def test_an_answer_is_one_line_that_comes_back_as_it_was_sent(answer: Answer) -> None:
    line = encode(answer)
    assert line.count(b"\n") == 1
    assert decode_answer(line) == answer
    assert json.loads(line)["type"] in {"ready", "progress", "take", "done", "failed"}


@pytest.mark.parametrize("line", [b"\n", b"not json\n", b"\xff\xfe\n", b'{"type": "dance"}\n', b'{"type": "fill"}\n'])
def test_a_line_that_is_no_message_is_told(line: bytes) -> None:
    with pytest.raises(UserError, match="not a request"):
        decode_request(line)
    with pytest.raises(UserError, match="not an answer of the engine"):
        decode_answer(line)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Progress(1, CELL, -1), "-1 bars are done, not 0-128"),
        (Progress(1, CELL, 1, (Note(-96, 40, 48, 100),)), "a note at tick -96"),
        (msgspec.structs.replace(TAKE, phrase=Phrase(0)), "a take has 0 bars"),
        (msgspec.structs.replace(TAKE, phrase=Phrase(4, (Note(0, 200, 48, 100),))), "a note has pitch 200"),
        (msgspec.structs.replace(TAKE, phrase=Phrase(4, (), (Wobble(0, 48, "1/5", 0.5),))), 'rate "1/5" is not one of'),
        (msgspec.structs.replace(TAKE, seed=-1), "the seed -1 is outside"),
        (msgspec.structs.replace(TAKE, shared=SharedRun(-1, 1.0, "", "", 0)), "-1 shared notes"),
    ],
)
def test_an_answer_that_no_song_may_have_is_none(answer: Answer, words: str) -> None:
    with pytest.raises(UserError, match=f"not an answer of the engine: .*{words}"):
        decode_answer(encode(answer))


def test_a_reason_can_be_read_whatever_the_engine_says() -> None:
    answer = decode_answer(encode(Failed(1, "no\nmemory " + "x" * 70_000)))
    assert isinstance(answer, Failed)
    assert answer.reason.startswith("no memory xxx")
    assert len(answer.reason) < 1100


def test_requests_and_answers_are_not_taken_for_each_other() -> None:
    with pytest.raises(UserError, match="not an answer"):
        decode_answer(encode(Cancel(1)))
    with pytest.raises(UserError, match="not a request"):
        decode_request(encode(Done(1, 0.5)))


def test_a_song_keeps_of_a_candidate_where_it_is_from_and_what_it_shares() -> None:
    take = song_take(TAKE, READY)
    assert take.phrase == PHRASE
    assert (take.seed, take.engine, take.weights) == (7, "1.2", "0123456789abcdef")
    assert (take.nats_per_note, take.critic) == (1.5, 0.25)
    assert (take.copied_notes, take.copied_from) == (12, "folk: a song, bar 5")
    plain = song_take(CandidateTake(1, CELL, PHRASE, 7, 1.5), READY)
    assert (plain.copied_notes, plain.copied_from, plain.critic) == (0, "", None)


def test_a_request_in_range_has_no_problem() -> None:
    kept = (KeptBars(CELL, (0, 3)), KeptBars(CellRef(4, Part.BASS), (0,), 2))
    fill = Fill(1, song_from_form(), (CELL, CellRef(4, Part.BASS)), 64, MAX_FILE_SEED, kept)
    assert request_problem(fill) is None
    assert request_problem(Warm(song_from_form(), 64)) is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"takes": 0}, "takes is 0, not 1-64"),
        ({"takes": 65}, "takes is 65"),
        ({"seed": -1}, "seed -1 is outside"),
        ({"seed": MAX_FILE_SEED + 1}, "is outside 0-"),
        ({"cells": ()}, "no cells are named"),
        ({"cells": (CELL,) * 600}, "600 cells are named, not 1-512"),
        ({"cells": (CELL, CELL)}, "named twice"),
        ({"cells": (CellRef(-1, Part.BASS),)}, "no section -1"),
        ({"cells": (CellRef(99, Part.BASS),)}, "no section 99"),
        ({"kept": (KeptBars(CellRef(1, Part.BASS), (0,)),)}, "which is not to be written"),
        ({"kept": (KeptBars(CELL, (0,)), KeptBars(CELL, (1,)))}, "kept twice"),
        ({"kept": (KeptBars(CELL, (0,), 99),)}, "no section 99"),
        ({"kept": (KeptBars(CELL, (16,)),)}, "not some of 0-15 in order"),
        ({"kept": (KeptBars(CELL, (-1,)),)}, "not some of 0-15 in order"),
        ({"kept": (KeptBars(CELL, (3, 1)),)}, "not some of 0-15 in order"),
        ({"song": msgspec.structs.replace(song_from_form(), seed=-1)}, "the song cannot be: seed"),
    ],
)
def test_a_request_out_of_range_is_told(changes: dict[str, object], words: str) -> None:
    fill = msgspec.structs.replace(Fill(1, song_from_form(), (CELL,)), **changes)
    assert words in (request_problem(fill) or "")


def test_a_problem_can_be_read_however_long_what_is_wrong_is() -> None:
    song = msgspec.structs.replace(song_from_form(), key="H" * 70_000)
    assert len(request_problem(Warm(song)) or "") < 1100


def test_deep_brackets_are_no_message() -> None:
    for decode in (decode_request, decode_answer):
        with pytest.raises(UserError, match="not a"):
            decode(b'{"type":"fill","song":' + b"[" * 20_000)


def test_a_take_says_which_machine_wrote_it_where_the_engine_does() -> None:
    assert song_take(TAKE, READY).machine == ""
    assert song_take(TAKE, msgspec.structs.replace(READY, machine="cpu, 2 cores")).machine == "cpu, 2 cores"


def test_later_drops_keep_a_share_of_the_first_in_the_cells_that_are_written() -> None:
    song = song_from_form([(SectionKind.DROP, 8), (SectionKind.BREAK, 4), (SectionKind.DROP, 8)])
    cells = {CellRef(index, part) for index, part in song.cell_refs()}
    kept = varied_cells(song, cells, 0.5)
    assert {one.cell for one in kept} == {CellRef(2, part) for part in PARTS}
    bars = {one.cell.part: len(one.bars) for one in kept}
    assert bars == {Part.DRUMS: 4, Part.BASS: 2, Part.CHORDS: 2, Part.LEAD: 2}, "of what is played over drums, half"
    assert {one.bars for one in varied_cells(song, cells, 1)} == {kept_bars(8, 1)}
    assert [one.cell for one in varied_cells(song, {CellRef(2, Part.BASS)}, 0.5)] == [CellRef(2, Part.BASS)]
    assert varied_cells(song, cells, 0) == ()
