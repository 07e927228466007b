"""Music of others, as it is opened and as it is added to a library: MIDI, LMMS projects, a data set with its table."""

import contextlib
import io
import random
import re
import zlib
from pathlib import Path

from corpus.readers.sources import read_paths
from song.export.midi import assemble
from tests.corpus_tests.library_music import corpus, midi
from tests.corpus_tests.lmms_music import TUNE, clip, instrument, packed, project, track
from tests.corpus_tests.wobble_files import foreign_file, opening
from tests.mutations.mutate import Files, mutate_bytes
from tests.mutations.reading import check_line, check_song, refused, written_song
from tests.mutations.texts import mutate_xml
from tests.places import ROOT, SHARED
from tui.workspace import Workspace

_CASES = SHARED.parent / "cases"
"""Small files that others made; absent on some machines."""

_META = (
    b"\xff\x06\x05DROP\0", b"\xff\x06\x04\x1b[2J", b"\xff\x06\x03\xe2\x80\xae",
    b"\xff\x03\x04\xff\xfe\xfd\xfc",  # Names.
    b"\xff\x51\x03\0\0\0", b"\xff\x51\x03\0\0\x01", b"\xff\x51\x03\xff\xff\xff",  # Tempi.
    b"\xff\x58\x04\0\0\0\0", b"\xff\x58\x04\x03\x02\x18\x08", b"\xff\x58\x04\x04\xff\x18\x08",  # Meters.
    b"\xff\x59\x02\x7f\x7f", b"\xff\x2f\0", b"\xff\x7f\xff\xff\xff\x7f", b"\xf0\x01\xf7",
)  # fmt: skip
_EVENTS = (
    *_META, b"\x90\x40\x7f", b"\x80\x40\0", b"\x91\x24\x64\x60\x24\0", b"\xb0\x4a\x7f", b"\xc0\x7f", b"\xe0\x7f\x7f",
)  # fmt: skip
_TIMES = (
    b"\0", b"\x01", b"`", b"\x7f", b"\x83`", b"\xff\x7f", b"\xff\xff\x7f", b"\xff\xff\xff\x7f", b"\x87\xff\xff\x7f",
)  # fmt: skip


def mutate_midi(rng: random.Random, data: bytes, other: bytes) -> bytes:
    """Mutate a MIDI file: within a track whose length is mended then, its header, its tracks; or as bytes."""
    if rng.random() < 0.25:
        return mutate_bytes(rng, data, other)
    tracks, foreign = (re.split(rb"MTrk....", one[14:], flags=re.DOTALL)[1:] for one in (data, other))
    kind, division = data[8:10], data[12:14]
    for _ in range(rng.choice((1, 1, 2, 4))):
        at = rng.randrange(len(tracks))
        track = tracks[at]
        cut = rng.randrange(len(track) + 1)
        match rng.randrange(8):
            case 0:
                division = rng.choice((0, 1, 2, 3, 24, 960, 32767, 32768, 65535)).to_bytes(2, "big")
            case 1:
                kind = rng.choice((b"\0\0", b"\0\x01", b"\0\x02", b"\xff\xff"))
            case 2:
                tracks[at : at + 1] = rng.choice(([], [track] * 2, [track] * 40, [rng.choice(foreign)], [b""]))
            case 3 | 4:
                put = b"".join(rng.choice(_TIMES) + rng.choice(_EVENTS) for _ in range(rng.choice((1, 1, 3, 500))))
                tracks[at] = track[: 0 if rng.random() < 0.5 else cut] + put + track[0 if rng.random() < 0.5 else cut :]
            case 5:
                tracks[at] = track[:cut] + rng.choice(_TIMES) + track[cut + 1 :]
            case _:
                tracks[at] = mutate_bytes(rng, track, rng.choice(foreign))
        tracks = tracks or [b"\0\xff\x2f\0"]
    count = min(len(tracks), 65535) if rng.random() < 0.9 else rng.randrange(65536)
    head = data[:8] + kind + count.to_bytes(2, "big") + division
    return head + b"".join(b"MTrk" + len(track).to_bytes(4, "big") + track for track in tracks)


def mutate_packed(rng: random.Random, data: bytes, other: bytes) -> bytes:
    """Mutate an LMMS project inside, and pack it again; now and then as bytes, or unpacked to far more."""
    if rng.random() < 0.2:
        return mutate_bytes(rng, data, other)
    text = mutate_xml(rng, zlib.decompress(data[4:]), zlib.decompress(other[4:]))
    return packed(text + b" " * 40_000_000 if rng.random() < 0.02 else text)


FORMS = {".mid": mutate_midi, ".mmp": mutate_xml, ".mmpz": mutate_packed}


def _cases(suffix: str) -> list[bytes]:
    return [path.read_bytes() for path in sorted(_CASES.glob(f"*{suffix}"))]


def make_midi(_folder: Path) -> list[Files]:
    wobbling = foreign_file(lambda at: round(127 * opening("sine", at % 1)), 74)
    own = [assemble(written_song()), midi(seed=1), midi(seed=2, channel=9, name="drums"), wobbling]
    exported = [path.read_bytes() for path in sorted((ROOT / "docs" / "songs").glob("*.mid"))[:1]]
    return [{"music/in.mid": data} for data in [*own, *_cases(".mid"), *exported]]


def use_midi(folder: Path, rng: random.Random) -> None:
    """Open a file as a song, and add it to a library."""
    work = refused(lambda: Workspace.open_midi(folder / "music" / "in.mid"))
    if work is not None:
        check_song(work.song)
    use_music(folder, rng)


def use_music(folder: Path, _rng: random.Random) -> None:
    """Add music to a library, and have told what came of it."""
    pieces, reasons = read_paths([folder / "music"])
    for one in reasons:
        check_line(one.reason)
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        refused(lambda: corpus(folder / "library", "add", folder / "music"))
        refused(lambda: corpus(folder / "library", "doctor"))
    assert "its reader failed" not in told.getvalue(), told.getvalue()[:500]
    assert bool(pieces) or bool(reasons)


def make_lmms(_folder: Path) -> list[Files]:
    eldata = '<eldata fwet="1" fcut="500"><elcut lamt="0.8" lshp="1" lspd="0.1" lspd_syncmode="5" x100="0"/></eldata>'
    wobbling = track(clip(*((at * 24, 24, 33, 100) for at in range(32))), "bass", instrument(extra=eldata))
    kit = track(clip((0, 12, 57, 100), (96, 12, 57, 90)), "drums", instrument("sf2player", 'bank="128" patch="0"'))
    inner = track(clip((0, -192, 57, 100), (96, -192, 57, 90)), "kick", instrument("kicker"))
    inside = f"<bbtrack><trackcontainer>{inner}</trackcontainer></bbtrack>"
    pattern = f'<track type="1" name="b">{inside}<bbtco pos="0" len="768"/></track>'
    tempo = '<automationclip pos="0"><time pos="0" value="140"/><object id="7"/></automationclip>'
    head = '<head timesig_numerator="4" timesig_denominator="4" masterpitch="0"><bpm value="140" id="7"/></head>'
    plain = [project(track(TUNE)), project(wobbling + kit + pattern), project(track(TUNE) + pattern, head, "20", tempo)]
    open_ones = [{"music/in.mmp": data} for data in (*plain, *_cases(".mmp"))]
    return open_ones + [{"music/in.mmpz": packed(data)} for data in plain]


def make_table(_folder: Path) -> list[Files]:
    head = b"drummer,session,id,style,bpm,beat_type,time_signature,midi_filename,split\n"
    row = b"d1,s1,d1/s1/1,funk/groove1,138,beat,4-4,%s,train\n"
    table = head + row % b"in.mid" + row % b"other.mid"
    drums = midi(seed=3, channel=9)
    return [{"music/in.mid": drums, "music/info.csv": table.replace(b"\n", end)} for end in (b"\n", b"\r\n")]
