"""Accounts of what became of each track of a file, in counts that add up to its notes, and their words.

Made in `corpus.analysis.opening`; the library keeps them, and `corpus doctor` and an opened song tell them alike.
"""

from collections.abc import Iterator, Sequence

import msgspec

from corpus.tracks import Loss
from song.parts import Part
from song.terminal_text import inert

DERIVED = "derived from the bass, as it was"
"""Told of the sub of an export of ours, which comes back by itself."""
SPARE_HELP = "spare takes do not sound: in the app n looks through them, space lets one sound, O makes them other parts"


class TrackAccount(msgspec.Struct, frozen=True):
    """The account of a track.

    Attributes:
        name: the file's name for it, else one by its place, such as "track 3".
        notes: how many the file has.
        part: what it plays; None where it was left out.
        first: notes that lie in the takes that sound.
        spare: notes that lie in spare takes of the part.
        losses: the notes that do not arrive.
        told: what else became of it, in a few words each.
    """

    name: str
    notes: int
    part: Part | None
    first: int
    spare: int
    losses: tuple[Loss, ...] = ()
    told: tuple[str, ...] = ()

    @property
    def arrived(self) -> int:
        """Notes that lie in any take."""
        return self.first + self.spare


class SongAccount(msgspec.Struct, frozen=True):
    """The account of a file.

    Attributes:
        tracks: each of its tracks that has notes, in the order of the file.
        told: what became of the whole, a line each.
    """

    tracks: tuple[TrackAccount, ...] = ()
    told: tuple[str, ...] = ()

    @property
    def notes(self) -> int:
        """Notes of the file."""
        return sum(track.notes for track in self.tracks)

    @property
    def arrived(self) -> int:
        """Those of them that arrive."""
        return sum(track.arrived for track in self.tracks)

    @property
    def spare(self) -> int:
        """Those of them that lie in takes that do not sound."""
        return sum(track.spare for track in self.tracks)

    @property
    def is_plain(self) -> bool:
        """True where all notes sound and there is nothing else to tell."""
        told = {fact for track in self.tracks for fact in track.told} - {DERIVED}
        return self.arrived == self.notes and not self.spare and not self.told and not told


def account_lines(account: SongAccount) -> list[str]:
    """The account in lines: how much arrived, each track, then the whole."""
    if not account.tracks:
        return []
    lines = [summary(account), *map(track_line, account.tracks), *account.told]
    return [*map(inert, lines), *([SPARE_HELP] if account.spare else [])]


def summary(account: SongAccount) -> str:
    """The count of notes that arrived, in a line."""
    count = len(account.tracks)
    tracks = f"{count} {'track' if count == 1 else 'tracks'}"
    how_many = "all" if account.arrived == account.notes else f"{account.arrived} of"
    spare = f", {account.spare} in spare takes" if account.spare else ""
    return f"{how_many} {account.notes} notes of {tracks} arrive{spare}"


def track_line(track: TrackAccount) -> str:
    """The account of a track in a line."""
    return f"{track.name}: {track.notes} {'note' if track.notes == 1 else 'notes'}, {'; '.join(_facts(track))}"


def _facts(track: TrackAccount) -> Iterator[str]:
    if track.part is None:
        yield "no part for it" if not track.losses else "left out"
    elif track.arrived and track.spare == track.arrived:
        yield f"{track.part.value}, in spare takes"
    elif track.spare:
        yield f"{track.part.value}, {track.spare} in spare takes"
    else:
        yield track.part.value
    yield from _more(track)


def more_facts(track: TrackAccount) -> list[str]:
    """All that is to tell of a track beside its part and how many notes it has, in a few words each."""
    spare = [f"{'all' if track.spare == track.arrived else track.spare} in spare takes"] if track.spare else []
    return [*spare, *_more(track)]


def _more(track: TrackAccount) -> Iterator[str]:
    yield from (f"{loss.notes} {loss.why}" for loss in track.losses)
    yield from track.told


def names_of(names: Sequence[str], channels: Sequence[int | None]) -> list[str]:
    """A name for each track that tells it from the others: its own, else by its channel, else by its place.

    Args:
        names: the file's, empty where there are none.
        channels: MIDI channels 0-15, or None.
    """
    found = []
    for number, (name, channel) in enumerate(zip(names, channels, strict=True), 1):
        place = f"track {number}" if channel is None else f"track {number}, channel {channel + 1}"
        found.append(" ".join(name.split()) or place)
    return [f"{name} ({number})" if found.count(name) > 1 else name for number, name in enumerate(found, 1)]
