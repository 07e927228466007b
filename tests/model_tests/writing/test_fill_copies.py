"""A take that copies what the weights were trained on is written again, and every take says what it shares."""

import shutil
import sys
from pathlib import Path

from corpus.pieces import Piece
from model.checkpoint import Weights
from model.engine_client import EngineClient
from model.originality.copy_index import build_index, index_path, save_index
from model.originality.copy_meter import CopyMeter
from model.protocol import CandidateTake, CellRef, Fill, Ready, song_take
from model.writing.fill import CellTakes, Filler
from song.parts import Part
from song.sections import Constraints, Density, Section, SectionKind, Song

CELL = CellRef(0, Part.LEAD)
SONG = Song(key="C minor", sections=(Section(SectionKind.DROP, 4, Constraints(density=Density(lead=0.6))),))


def takes_of(filler: Filler) -> CellTakes:
    return next(step for step in filler.fill(SONG, [CELL], 3, 5) if isinstance(step, CellTakes))


def meter_of(weights: Weights) -> tuple[CopyMeter, CellTakes]:
    """A meter whose training set holds the very takes that a filler without a meter writes."""
    plain = takes_of(Filler(weights))
    pieces = [
        Piece(f"take {number}", "mine", f"take {number}", "train", "", {}, 140.0, 0, True, 4, {Part.LEAD: take.phrase})
        for number, take in enumerate(plain.takes)
    ]
    return CopyMeter(build_index(pieces)), plain


def test_a_take_that_copies_is_written_again(tiny_weights: Weights) -> None:
    meter, plain = meter_of(tiny_weights)
    assert all(meter.measure(Part.LEAD, take.phrase).copied for take in plain.takes)
    again = takes_of(Filler(tiny_weights, meter))
    assert not any(take.shared.copied for take in again.takes)
    assert not {take.phrase for take in again.takes} & {take.phrase for take in plain.takes}


async def test_what_drums_share_is_told_and_kept_in_the_song(
    tiny_weights: Weights, tiny_weights_path: Path, tmp_path: Path
) -> None:
    cell = CellRef(0, Part.DRUMS)
    (step,) = (step for step in Filler(tiny_weights).fill(SONG, [cell], 1, 5) if isinstance(step, CellTakes))
    piece = Piece("beat", "mine", "beat", "train", "", {}, 140.0, 0, True, 4, {Part.DRUMS: step.takes[0].phrase})
    weights = tmp_path / "own.safetensors"
    shutil.copy(tiny_weights_path, weights)
    shutil.copy(tiny_weights_path.with_suffix(".json"), weights.with_suffix(".json"))
    save_index(index_path(weights), build_index([piece]))
    client = await EngineClient.start((sys.executable, "-m", "model", "engine", "--weights", str(weights)))
    answers = client.answers()
    ready = await anext(answers)
    assert isinstance(ready, Ready)
    await client.send(Fill(1, SONG, (cell,), 1, 5))
    candidate = None
    async for answer in answers:
        if isinstance(answer, CandidateTake):
            candidate = answer
            break
    await client.close()
    assert candidate is not None
    take = song_take(candidate, ready)
    assert take.copied_notes == len(take.phrase.notes)
    assert take.copied_from == "mine: beat, bar 1"
    assert take.nats_per_note == candidate.nats_per_note
