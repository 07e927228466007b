"""One table of drums: the name of each, the notes that mean it, its job, its length and its row of the drum grid.

Everything that knows drums reads it: the readers of files, the starter notation, styles and sections, the network's
tokens and frames, the drum grid. To add a drum is one row of `DRUMS` and its case in `tests/song_tests/test_drums.py`.
Whether a track is a drum track at all is decided in `corpus.analysis.roles`.
"""

import functools
import re
from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from song.time import TICKS_PER_STEP

GROUPS = ("kick", "snare", "clap", "hat", "open hat", "ride", "crash", "tom", "percussion")
"""The jobs that drums do. Their order is the order of the network's inputs and of the critic's measures: shipped
weights hold for these nine in this order alone."""


class Drum(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the table.

    Attributes:
        name: its lane in the starter notation.
        pitches: its General MIDI notes, 0-127; it is written as the first.
        also_read: further percussion notes that are taken for it when a file is read.
        group: one of `GROUPS`.
        names: a regular expression for the track and sample names that mean it, in lower case with single blanks; empty
            where no name does.
        rank: where words of several drums are in one name the lowest rank is meant, a row without one last: a rim of a
            snare is a rim, an open hat is no closed one.
        glyph: the short word at the left of its row in the drum grid, up to five letters; drums of one glyph share a
            row. Empty for drums that have none, which stand in the row of all others.
        new_hit: whether a hit that is put into that row by hand becomes this drum.
        length_ticks: how long it is written as held: it rings out by itself, so what a source says means nothing.
        learned: whether the shipped weights have a token for it. A new drum has none until weights are trained that
            do: it is read, drawn, edited and exported, and fills leave it alone.
    """

    name: str
    pitches: tuple[int, ...]
    also_read: tuple[int, ...] = ()
    group: str
    names: str = ""
    rank: int = 99
    glyph: str = ""
    new_hit: bool = False
    length_ticks: int = TICKS_PER_STEP
    learned: bool = False

    @property
    def pitch(self) -> int:
        """The General MIDI note that it is written as, 0-127."""
        return self.pitches[0]


DRUMS: tuple[Drum, ...] = (
    Drum(
        name="kick",
        pitches=(36, 35),
        group="kick",
        names=r"\bbass ?drum|kick|\bkik\b|\bbd\b",
        rank=20,
        glyph="kick",
        new_hit=True,
        learned=True,
    ),
    Drum(
        name="snare",
        pitches=(38,),
        group="snare",
        names=r"snare|\bsnr\b|\bsd\b|\bsn\b",
        rank=4,
        glyph="snare",
        new_hit=True,
        learned=True,
    ),
    Drum(
        name="snare2",
        pitches=(40,),
        group="snare",
        names=r"\b(?:snare|snr) ?2",
        rank=1,
        glyph="snare",
        learned=True,
    ),
    Drum(
        name="clap",
        pitches=(39,),
        also_read=(28,),
        group="clap",
        names=r"clap",
        rank=2,
        glyph="clap",
        new_hit=True,
        learned=True,
    ),
    Drum(
        name="rim",
        pitches=(37,),
        also_read=(31, 32, 33),
        group="clap",
        names=r"\brim|\bsticks?\b|wood ?block|\bwood ?2?\b",
        rank=3,
        glyph="rim",
        new_hit=True,
        learned=True,
    ),
    Drum(
        name="hat",
        pitches=(42,),
        also_read=(22,),
        group="hat",
        names=r"\b(?:hi ?|c)?hats?\b|\bhh\b|\bch\b",
        rank=11,
        glyph="hat",
        new_hit=True,
        learned=True,
    ),
    Drum(
        name="pedal",
        pitches=(44,),
        group="hat",
        names=r"\b(?:pedal|half) (?:hi ?)?hat|hat (?:pedal|half)|\bpedal\b",
        rank=5,
        glyph="hat",
        learned=True,
    ),
    Drum(
        name="open",
        pitches=(46,),
        also_read=(26,),
        group="open hat",
        names=r"\b(?:hi ?)?hats? ?(?:o|open|opened)\b|\b(?:o|open|opened) ?(?:hi ?)?hat|\bohat|\bhh ?o\b|\boh\b",
        rank=10,
        glyph="open",
        new_hit=True,
        learned=True,
    ),
    Drum(
        name="ride",
        pitches=(51, 59),
        group="ride",
        names=r"\bride",
        rank=6,
        glyph="ride",
        new_hit=True,
        learned=True,
    ),
    Drum(
        name="bell",
        pitches=(53,),
        also_read=(80, 81),
        group="ride",
        glyph="ride",
        learned=True,
    ),
    Drum(
        name="crash",
        pitches=(49, 57),
        group="crash",
        names=r"\bcrash|cymbal|\bcym\b",
        rank=9,
        glyph="crash",
        new_hit=True,
        learned=True,
    ),
    Drum(name="splash", pitches=(55,), group="crash", names=r"\bsplash", rank=7, glyph="crash", learned=True),
    Drum(name="china", pitches=(52,), group="crash", names=r"\bchina", rank=8, glyph="crash", learned=True),
    Drum(
        name="high-tom",
        pitches=(50,),
        group="tom",
        names=r"\b(?:hi|high) ?tom|\btom (?:high|hi)\b",
        rank=12,
        glyph="tom",
        learned=True,
    ),
    Drum(name="mid-tom", pitches=(47, 48), group="tom", names=r"\btoms?\b", rank=14, glyph="tom", learned=True),
    Drum(
        name="low-tom",
        pitches=(45,),
        group="tom",
        glyph="tom",
        new_hit=True,
        learned=True,
    ),
    Drum(
        name="floor-tom",
        pitches=(41, 43),
        also_read=(58,),
        group="tom",
        names=r"\b(?:floor|lo|low) ?tom|\btom (?:low|lo)\b",
        rank=13,
        glyph="tom",
        learned=True,
    ),
    Drum(name="tamb", pitches=(54,), group="percussion", names=r"\btamb", rank=15, learned=True),
    Drum(
        name="cowbell",
        pitches=(56,),
        also_read=(67, 68),
        group="percussion",
        names=r"\bcow ?bell",
        rank=16,
        learned=True,
    ),
    Drum(
        name="shaker",
        pitches=(70,),
        also_read=(69, 73, 74, 82),
        group="percussion",
        names=r"\bshaker|\bmaraca|\bcabasa",
        rank=17,
        learned=True,
    ),
    Drum(
        name="conga",
        pitches=(63,),
        also_read=(60, 61, 62, 64, 65, 66),
        group="percussion",
        names=r"\bconga|\bbongo|\bdjembe|\btabla",
        rank=18,
        learned=True,
    ),
    Drum(
        name="clave", pitches=(75,), also_read=(76, 77), group="percussion", names=r"\bclave\b", rank=19, learned=True
    ),
)


LANES: Mapping[str, int] = {drum.name: drum.pitch for drum in DRUMS}
"""The lanes of the starter notation and the General MIDI note, 0-127, that each stands for."""
LEARNED_DRUMS: tuple[int, ...] = tuple(sorted(drum.pitch for drum in DRUMS if drum.learned))
"""The drums that the network has tokens for, as General MIDI notes; their ascending order is that of the tokens."""
DRUM_GROUPS: Mapping[str, tuple[int, ...]] = {
    group: tuple(sorted(drum.pitch for drum in DRUMS if drum.group == group)) for group in GROUPS
}
"""The drums of each job, as the General MIDI notes that they are written as, in ascending order."""
GROUP_OF: Mapping[int, int] = {pitch: index for index, group in enumerate(DRUM_GROUPS.values()) for pitch in group}
"""The place in `GROUPS` of the drum that is written as a note."""

KICK, SNARE = LANES["kick"], LANES["snare"]
SNARES_AND_CLAPS = frozenset(LANES[name] for name in ("snare", "snare2", "clap"))
"""The loud drums of a backbeat; a rim is a click, which many play elsewhere too."""
BACKBEAT_DRUMS = frozenset((*DRUM_GROUPS["snare"], *DRUM_GROUPS["clap"]))
"""All that may play a backbeat: snares, claps and rims."""
TIME_KEEPERS = frozenset(LANES[name] for name in ("hat", "pedal", "open", "ride"))
"""The cymbals that keep time."""

_READ_AS: Mapping[int, int] = {pitch: drum.pitch for drum in DRUMS for pitch in (*drum.pitches, *drum.also_read)}
_LENGTHS: Mapping[int, int] = {pitch: drum.length_ticks for drum in DRUMS for pitch in (*drum.pitches, *drum.also_read)}
_NUMBERED = re.compile(r"(\d\d)[ _-]?[a-z]")
_FIRST_NUMBER, _LAST_NUMBER = 35, 82


class DrumRow(NamedTuple):
    """A row of the drum grid.

    Attributes:
        glyph: what stands at its left.
        pitches: the General MIDI notes, 0-127, that are drawn in it.
        new_hit: the one, 0-127, that a hit put into it by hand becomes.
    """

    glyph: str
    pitches: frozenset[int]
    new_hit: int


def _grid_rows() -> tuple[DrumRow, ...]:
    above = [drum.glyph for drum in DRUMS if drum.glyph not in (*_ROWS_DOWNWARDS, "")]
    rows = []
    for glyph in (*dict.fromkeys(above), *_ROWS_DOWNWARDS):
        drums = [drum for drum in DRUMS if drum.glyph == glyph]
        hit = next((drum for drum in drums if drum.new_hit), drums[0])
        rows.append(DrumRow(glyph, frozenset(pitch for drum in drums for pitch in drum.pitches), hit.pitch))
    return tuple(rows)


_ROWS_DOWNWARDS = ("crash", "ride", "open", "hat", "tom", "clap", "rim", "snare", "kick")
DRUM_ROWS = _grid_rows()
"""The rows of the drum grid, the uppermost first; a row that is new stands above these."""


def canonical_drum(pitch: int) -> int | None:
    """The General MIDI note of the drum that a percussion note stands for, or None where it is no drum of the table.

    On a TD-11 note 40 is the snare's rim and 55 and 52 are the rims of the two crashes; General MIDI calls these an
    electric snare, a splash and a china, and is followed: the difference is a colour, and the lanes keep it.

    Args:
        pitch: a MIDI note number 0-127.

    Source: General MIDI 1 and 2 percussion maps; the Groove MIDI Dataset's table of TD-11 notes (Gillick et al.,
    "Learning to Groove with Inverse Sequence Transformations", 2019).
    """
    return _READ_AS.get(pitch)


def drum_of_name(name: str) -> int | None:
    """The General MIDI note of the drum that a name such as "Snr_snap", "hihat_closed01" or "46hat_open" means.

    A General MIDI drum number in front is believed first. None where the name means no drum.
    """
    text = name.lower()
    numbered = _NUMBERED.match(text)
    if numbered and _FIRST_NUMBER <= int(numbered[1]) <= _LAST_NUMBER:
        return canonical_drum(int(numbered[1]))
    words = " ".join(re.sub(r"[^a-z2]+", " ", text).split())
    return next((pitch for pattern, pitch in _patterns() if pattern.search(words)), None)


def drum_length(pitch: int) -> int:
    """Ticks that a drum is written as held, 1 or more; a sixteenth for a note that no drum of the table has.

    Args:
        pitch: a MIDI note number 0-127.
    """
    return _LENGTHS.get(pitch, TICKS_PER_STEP)


@functools.cache
def _patterns() -> tuple[tuple[re.Pattern[str], int], ...]:
    """The words of names in the order of their ranks; compiled late, since the app starts without them."""
    return tuple((re.compile(drum.names), drum.pitch) for drum in sorted(DRUMS, key=_rank) if drum.names)


def _rank(drum: Drum) -> int:
    return drum.rank
