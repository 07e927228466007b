"""Values of an FL Studio project: channels, patterns, clips, markers and mixer tracks, and their limits.

What of them goes into a file, and in what order, is `song.export.flp.project`'s business.
"""

import msgspec

MAX_CHANNELS = 256
MAX_PATTERNS = 999
MAX_TRACKS = 500
INSERTS = 127
"""Mixer tracks of every project: the master, 125 others, and the one that is called the current."""
LAST_USUAL_INSERT = 99
NEUTRAL = 128
"""The note property that changes neither cutoff (mod X) nor resonance (mod Y); both lie in 0-255."""
DEFAULT_COLOUR = 0x565148
TEMPO_TARGET, TEMPO_PARAMETER = 0x4000, 5
"""The project itself as the target of a link, and its tempo."""
CUTOFF_PARAMETER = 2
"""A channel's mod X. Source: reported by others; not tried in FL Studio here."""
SAMPLER, AUTOMATION = 0, 5
"""Kinds of channel."""


class FlNote(msgspec.Struct, frozen=True, order=True, gc=False):
    """A note of a pattern or a score.

    Attributes:
        position: ticks from the pattern's start, 0 or more.
        channel: index in the channel rack.
        length: ticks, 0 or more.
        key: MIDI note number 0-131; FL Studio calls 60 C5.
        velocity: 0-128.
        mod_x: cutoff, 0-255; `NEUTRAL` changes nothing.
        mod_y: resonance, likewise.
        group: notes of one group are selected together; 0 for none.
        fine_pitch: 0-240; 120 is none.
        release: 0-128.
        colour: 0-15.
        pan: 0-128; 64 is the centre.
        flags: 0x4000, and 8 for a slide.
    """

    position: int
    channel: int
    length: int
    key: int
    velocity: int
    mod_x: int = NEUTRAL
    mod_y: int = NEUTRAL
    group: int = 0
    fine_pitch: int = 120
    release: int = 64
    colour: int = 0
    pan: int = 64
    flags: int = 0x4000


class FlPoint(msgspec.Struct, frozen=True):
    """A corner of an automation clip; straight lines lie between, and two on one tick are a step.

    Attributes:
        tick: from the clip's start, 0 or more.
        value: 0-1.
    """

    tick: int
    value: float


class FlChannel(msgspec.Struct, frozen=True):
    """A channel of the rack: a sampler, or an automation clip where it has points.

    Attributes:
        name: None leaves it to FL Studio.
        colour: red in the lowest byte.
        insert: the mixer track that it goes to, 0-125.
        points: of an automation clip.
        sample: the path of its sample, from the project's folder; empty for none, which is silent.
    """

    name: str | None = None
    colour: int = 0x6A655C
    insert: int = 0
    points: tuple[FlPoint, ...] | None = None
    sample: str = ""

    @property
    def kind(self) -> int:
        """`SAMPLER` or `AUTOMATION`."""
        return SAMPLER if self.points is None else AUTOMATION


class FlPattern(msgspec.Struct, frozen=True):
    """A pattern: its name, None to leave that to FL Studio, its colour and its notes, in order."""

    name: str | None
    notes: tuple[FlNote, ...]
    colour: int = DEFAULT_COLOUR


class FlClip(msgspec.Struct, frozen=True):
    """A clip of the playlist.

    Attributes:
        position, length: ticks.
        track: from 1, up to `MAX_TRACKS`.
        pattern: its number, from 1; 0 where it is an automation clip.
        channel: the index of that one's channel.
    """

    position: int
    length: int
    track: int
    pattern: int = 0
    channel: int = 0


class FlMarker(msgspec.Struct, frozen=True):
    """A time marker: a tick and a name."""

    position: int
    name: str


class FlTrack(msgspec.Struct, frozen=True):
    """A track of the playlist: its name, and a colour with red in the lowest byte."""

    name: str
    colour: int = DEFAULT_COLOUR


class FlInsert(msgspec.Struct, frozen=True):
    """A mixer track.

    Attributes:
        name: what it says.
        colour: red in the lowest byte.
        routes: the mixer tracks that it is sent to; None sends it as FL Studio does one that nobody has touched.
        sidechains: those that only listen to it: a route of no level, for a compressor there to follow.
    """

    name: str
    colour: int = DEFAULT_COLOUR
    routes: tuple[int, ...] | None = None
    sidechains: tuple[int, ...] = ()


class FlLink(msgspec.Struct, frozen=True):
    """An automation clip moving a parameter: the index of its channel, what it moves and which parameter of that."""

    channel: int
    target: int
    parameter: int


class FlProject(msgspec.Struct, frozen=True):
    """A project.

    Attributes:
        tempo_bpm: at its start; it has three decimals.
        channels, patterns: in order; a pattern's number is its place, from 1.
        clips: of the playlist, in any order.
        markers: in order of position.
        tracks: of the playlist from the first on; those after them have no name.
        inserts: mixer tracks by their number.
        links: of automation clips.
        title, genre, author, comments: what its information says.
        arrangement: the arrangement's name.
        channel_group: the rack's filter that its channels stand in.
        song_mode: whether play plays the song, not the pattern.
        pattern: the number of the pattern that is shown.
        licensee: as the file has it.
        created, worked: days since 1899-12-30, and days of work.
    """

    tempo_bpm: float
    channels: tuple[FlChannel, ...]
    patterns: tuple[FlPattern, ...] = ()
    clips: tuple[FlClip, ...] = ()
    markers: tuple[FlMarker, ...] = ()
    tracks: tuple[FlTrack, ...] = ()
    inserts: dict[int, FlInsert] = {}
    links: tuple[FlLink, ...] = ()
    title: str = ""
    genre: str = ""
    author: str = ""
    comments: str = ""
    arrangement: str = "Arrangement"
    channel_group: str = "Unsorted"
    song_mode: bool = True
    pattern: int = 1
    licensee: bytes = b"\0\0"
    created: float = 45000.0
    worked: float = 0.0
