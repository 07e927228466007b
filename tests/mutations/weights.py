"""Weights with the critic and the copy index beside them, as the engine loads them and writes with them."""

import json
import random
from pathlib import Path

import msgspec
import numpy as np

from model.checkpoint import Card, load_weights, save_weights
from model.critic.judge import CriticCard, CriticConfig, CriticNetwork, critic_path, load_critic, save_critic
from model.critic.measures import Weighing, measure
from model.metrics.logistic import Logistic
from model.network import Network, NetworkConfig
from model.nn.devices import keep_compiled_programs
from model.originality.copy_index import build_index, index_path, save_index
from model.originality.copy_meter import load_meter
from model.protocol import CellRef
from model.training.dataset import drum_prior_of
from model.training.windows import cut_windows
from model.writing.fill import Filler
from song.parts import Part
from tests.model_tests.drawn_networks import drawn
from tests.model_tests.starter_set import starter_pieces
from tests.mutations.mutate import Files, mutate_bytes
from tests.mutations.reading import refused, written_song
from tests.mutations.texts import mutate_json

_WRITER = NetworkConfig(hidden=16, head=16, context_hidden=8)
_CRITIC = CriticConfig(width=12, within=8, across=8)


def mutate_tensors(rng: random.Random, data: bytes, other: bytes) -> bytes:
    """Mutate a file of arrays: what its head says, the texts in it, its numbers; or as bytes."""
    if rng.random() < 0.2:
        return mutate_bytes(rng, data, other)
    end = 8 + int.from_bytes(data[:8], "little")
    head, body = data[8:end], data[end:]
    texts = json.loads(head).get("__metadata__")
    match rng.randrange(5):
        case 0 | 1:
            head = mutate_json(rng, head, head)
        case 2 | 3 if texts:
            name, text = rng.choice(sorted(texts.items()))
            texts[name] = mutate_json(rng, text.encode(), text.encode()).decode("utf-8", "replace")
            head = json.dumps(json.loads(head) | {"__metadata__": texts}).encode()
        case _:
            at = rng.randrange(len(body))
            put = rng.choice((b"\0", b"\xff", b"\x7c\0", b"\xff\x7f", rng.randbytes(8), b"\0" * 64, b"\xff" * 8))
            body = (body[:at] + put + body[at + len(put) :])[: len(body)]
    return len(head).to_bytes(8, "little") + head + body


FORMS = {".safetensors": mutate_tensors, ".json": mutate_json}


def make_weights(folder: Path) -> list[Files]:
    path = folder / "own.safetensors"
    drums = [
        msgspec.structs.replace(one, parts={Part.DRUMS: one.parts[Part.DRUMS]})
        for one in starter_pieces()
        if Part.DRUMS in one.parts
    ][:40]
    card = Card(
        _WRITER,
        sources={"starter": 9},
        typical_nats={"drums": 1.0, "bass": 1.5},
        forms={"drums": ("1233" * 2, "1" * 8), "drums drop": ("12344444",), "bass": ("1212",)},
        feels={"dubstep drop": (90.0, 5.0, 5.0), "dubstep": (5.0, 90.0, 5.0)},
        kicks={"dubstep drop": (99.0, 5.0, 5.0, 5.0, 1.0, 100.0), "dubstep": (90.0, 80.0, 80.0, 80.0, 80.0, 100.0)},
        drum_prior=drum_prior_of(list(cut_windows(drums)), {}),
        trained_on=("ab" * 8,),
    )
    save_weights(path, drawn(Network, _WRITER, 4, 0.15), card)
    song = written_song()
    fitted = {}
    for part in (Part.BASS, Part.DRUMS):
        numbers = len(measure(part, song.sections[1].cell(part).phrase, 0))
        fitted[part] = Logistic(np.zeros(numbers), np.ones(numbers), np.zeros((numbers + 1, 2)))
    save_critic(critic_path(path), drawn(CriticNetwork, _CRITIC), CriticCard(_CRITIC), Weighing(fitted, {}))
    save_index(index_path(path), build_index(starter_pieces()[:12]))
    files = {one.name: one.read_bytes() for one in folder.glob("own.*")}
    # What is compiled here takes no time of any input.
    keep_compiled_programs()
    for critic in (load_critic(path), None):
        list(Filler(load_weights(path), None, critic).fill(song, [CellRef(1, Part.DRUMS)], 1, 0))
    # Much that the card may say is left out by older ones.
    return [files, files | {"own.json": json.dumps({"network": msgspec.to_builtins(_WRITER)}).encode()}]


def use_weights(folder: Path, rng: random.Random) -> None:
    """Load weights as the engine does, and have a bar of drums written."""
    path = folder / "own.safetensors"
    weights = refused(lambda: load_weights(path))
    critic = refused(lambda: load_critic(path))
    meter = refused(lambda: load_meter(path))
    song = written_song()
    if meter is not None:
        meter.measure(Part.BASS, song.sections[1].cell(Part.BASS).phrase)
    # Networks of other sizes would be compiled.
    known = weights is not None and weights.card.network == _WRITER and (not critic or critic.card.critic == _CRITIC)
    if known and rng.random() < 0.3:
        filler = Filler(weights, meter, critic)
        for part in (Part.DRUMS, Part.BASS):
            for _ in filler.fill(song, [CellRef(1, part)], 1, 0):
                pass
