"""A request to play as a stretch of the timeline; and whether there is anything to hear in it."""

from song.errors import UserError
from song.parts import PARTS
from song.sections import Song
from sound.playing.protocol import Play, Scope
from sound.staging.stage import Standing
from sound.staging.timeline import Played


def asked_stretch(standing: Standing, request: Play) -> Played:
    """The stretch that is to be played of a song as it stands.

    Raises:
        UserError: where it is not there, has no notes, or is muted.
    """
    song, places = standing.song, standing.timeline.places
    if request.section >= len(places):
        raise UserError("there is no such section to play")
    first = last = request.section
    start = places[first].start_frame
    if request.scope is Scope.SONG:
        start += places[first].bar_starts[min(request.bar, places[first].bars - 1)]
        last = len(places) - 1
        # A song that is looped begins again at its beginning.
        first = 0 if request.loop else first
    parts = (request.part,) if request.scope is Scope.CELL else PARTS
    played = Played(first, last, start, request.loop, parts)
    if not any(_has_notes(song, index, played) for index in range(first, last + 1)):
        raise UserError("there is nothing to hear there yet: write it first")
    if not set(parts) & set(song.heard_parts()):
        raise UserError("what is played there is muted")
    return played


def is_same_stretch(one: Played | None, other: Played) -> bool:
    """True where both are the same sections and parts, wherever they begin."""
    return one is not None and (one.first, one.last, one.parts) == (other.first, other.last, other.parts)


def _has_notes(song: Song, index: int, played: Played) -> bool:
    section = song.sections[index]
    return any((phrase := section.cell(part).phrase) is not None and phrase.notes for part in played.parts)
