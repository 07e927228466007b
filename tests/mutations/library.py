"""The records of a library."""

import contextlib
import io
import random
import shutil
import zlib
from pathlib import Path

import msgspec

from corpus.analysis.repeats import repeat_statistics
from corpus.library import records
from corpus.library.report import report
from corpus.library.store import entries, pieces, unread_files
from corpus.library.tally import Tally
from song.export.midi import assemble
from tests.corpus_tests.library_music import corpus, midi
from tests.mutations.mutate import TEXTS, Files, files_below, mutate_bytes, mutate_tree, paired, unpaired
from tests.mutations.reading import check_line, refused, written_song

_VALUES = (
    *(0, -1, 1, 128, 2**31, 2**63, 2**64 - 1, 1.5, 1e308, float("nan"), float("inf"), None, True, b"\xff"),
    *([], paired({}), *TEXTS),
)


def mutate_record(rng: random.Random, data: bytes, other: bytes) -> bytes:
    """Mutate a record of the library by what it says, with checksums that fit again; or as bytes."""
    if rng.random() < 0.25:
        return mutate_bytes(rng, data, other)
    magic, version, length, _, _ = records._HEAD.unpack_from(data)
    front, body = data[records._HEAD.size :][:length], data[records._HEAD.size + length :]
    if rng.random() < 0.6 or not body:
        front = _mutate_msgpack(rng, front)
    else:
        body = zlib.compress(_mutate_msgpack(rng, zlib.decompress(body)), 1)
    head = records._HEAD.pack(magic, version, len(front), zlib.crc32(front), zlib.crc32(body))
    return head + front + body


def _mutate_msgpack(rng: random.Random, data: bytes) -> bytes:
    tree = paired(msgspec.msgpack.decode(data))
    with contextlib.suppress(OverflowError, UnicodeEncodeError):
        if rng.random() < 0.7:
            return msgspec.msgpack.encode(unpaired(mutate_tree(rng, tree, tree, _VALUES)))
    return mutate_bytes(rng, data, data)


FORMS = {".piece": mutate_record}


def make_library(folder: Path) -> list[Files]:
    music, library = folder / "music", folder / "library"
    music.mkdir()
    (music / "a-1.mid").write_bytes(midi(seed=1))
    (music / "a-2.mid").write_bytes(midi(seed=1, wait=96))
    (music / "song.mid").write_bytes(assemble(written_song()))
    (music / "bad.mid").write_bytes(b"MThd")
    with contextlib.redirect_stdout(io.StringIO()):
        corpus(library, "add", music, "--style", "dubstep", "--artist", "me")
    files = {name: data for name, data in files_below(folder, "library").items() if name.endswith(".piece")}
    shutil.rmtree(music)
    shutil.rmtree(library)
    return [files]


def use_library(folder: Path, _rng: random.Random) -> None:
    """List a library, look after it, read its music again, and report on it."""
    library = folder / "library"
    with contextlib.redirect_stdout(io.StringIO()):
        for words in (("list",), ("doctor",), ("add", "--again")):
            refused(lambda words=words: corpus(library, *words))
    for one in unread_files(library):
        check_line(one.reason)
    tally = Tally()
    tally.add_entries(entries(library))
    report(tally, repeat_statistics(pieces(library, "train")), 0, "")
