"""A recording laid out as a song is: sections, lanes of each part, tempi and keys, and an account of every note.

`tui.midi_import` makes the song of it, and the library keeps the account; which track goes where is decided in
`corpus.analysis.assigning`, which of them sound together in `corpus.analysis.lanes`.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

from corpus.analysis.arranging import ArrangedParts, arrange
from corpus.analysis.assigning import Assigned, assign, in_order
from corpus.analysis.forms import Stretch, stretches_of, unused_markers
from corpus.analysis.lanes import Lane, lanes_of
from corpus.analysis.quantizing import quantized
from corpus.analysis.roles import roles_of
from corpus.analysis.tempo_lanes import section_tempi
from corpus.analysis.wobble_reading import whole_lane
from corpus.pieces import PieceSection
from corpus.track_accounts import DERIVED, SongAccount, TrackAccount, names_of
from corpus.tracks import Loss, RawTrack, Recording
from song.export.tracks import sub_notes
from song.notes import Note, Phrase, Wobble
from song.parts import PARTS, Part
from song.scales import TONIC_NAMES, signature_key
from song.sections import Song
from song.time import TICKS_PER_BAR, bars_to_ticks

LEFT_OUT = "left out, as you chose"
_SHOWN_MARKERS = 3


class OpenedSection(msgspec.Struct, frozen=True):
    """A section of an opened file.

    Attributes:
        stretch: its bars, kind and name.
        phrases: the takes of each part, that which sounds first; a part that is silent is not there.
        tempo_bpm: at its first and its last quarter.
        key: as `song.scales.parse_key` reads it.
    """

    stretch: Stretch
    phrases: dict[Part, tuple[Phrase, ...]]
    tempo_bpm: tuple[float, float]
    key: str


class OpenedMusic(msgspec.Struct, frozen=True):
    """An opened file.

    Attributes:
        sections: in order, from the file's first bar to its last.
        sub: whether its bass has the sub that an export of ours derives from it.
        account: what became of each track.
        parts: the part of each track, in the order of the account, None where it was left out.
    """

    sections: tuple[OpenedSection, ...]
    sub: bool
    account: SongAccount
    parts: tuple[Part | None, ...]


class _Layout(msgspec.Struct, frozen=True):
    """The places of all notes.

    Attributes:
        assigned: the tracks and their parts.
        stretches: the sections.
        lanes: of each part in each section.
        sub: the place of the track that is derived from the bass, or None.
    """

    assigned: list[Assigned]
    stretches: list[Stretch]
    lanes: list[dict[Part, list[Lane]]]
    sub: int | None


def song_account(recording: Recording, main: ArrangedParts | None, roles: Sequence[Part | None]) -> SongAccount:
    """The account of a recording, as opening it gives where nothing is asked.

    Args:
        recording: the music.
        main: the main piece that it is to learn from, which knows its key and its sections; None where there is none.
        roles: the role of each track.
    """
    layout = _layout(recording, main, None, roles)
    sections = [section_tempi(recording.tempi, one.start_bar, one.bars) for one in layout.stretches]
    return _account(recording, layout, sum(one.lost for one in sections), ())


def open_recording(
    recording: Recording, asked: Mapping[int, Part | None] | None = None, *, quantize: bool = False
) -> OpenedMusic:
    """A recording as sections of takes.

    Args:
        recording: the music.
        asked: as `corpus.analysis.assigning.assign` takes it.
        quantize: whether notes are moved to the grid that they were meant for.
    """
    roles = roles_of(recording.tracks)
    pieces = arrange(recording.tracks, recording.markers, recording.keys, is_ours=recording.is_ours, roles=roles)
    main = pieces[0] if pieces else None
    told: tuple[str, ...] = ()
    if quantize:
        recording, told = quantized(recording)
    layout = _layout(recording, main, asked, roles)
    tempi = [section_tempi(recording.tempi, one.start_bar, one.bars) for one in layout.stretches]
    wobbles: dict[int, tuple[Wobble, ...]] = {}
    sections = []
    for stretch, lanes, tempo in zip(layout.stretches, layout.lanes, tempi, strict=True):
        phrases = {
            part: tuple(_phrase(lane, stretch, _wobbles(lane, part, layout.assigned, wobbles)) for lane in found)
            for part, found in lanes.items()
        }
        sections.append(OpenedSection(stretch, phrases, tempo.ends, _key(recording, main, stretch)))
    account = _account(recording, layout, sum(one.lost for one in tempi), told)
    return OpenedMusic(
        tuple(sections),
        layout.sub is not None or recording.has_sub,
        account,
        tuple(one.part for one in layout.assigned),
    )


def _layout(
    recording: Recording,
    main: ArrangedParts | None,
    asked: Mapping[int, Part | None] | None,
    roles: Sequence[Part | None],
) -> _Layout:
    assigned = assign(recording, asked, roles)
    bars = max(recording.bars, _bars_of_notes(recording.tracks), 1)
    guessed: list[PieceSection] = []
    if main is not None:
        guessed = [
            msgspec.structs.replace(one, start_bar=one.start_bar + main.start_bar)
            for one in main.sections
            if one.start_bar + main.start_bar < bars
        ]
    stretches = stretches_of(recording.markers, guessed, bars, is_ours=recording.is_ours, kinds=recording.kinds)
    sub = _derived_sub(assigned)
    order = in_order(assigned)
    lanes: list[dict[Part, list[Lane]]] = []
    for stretch in stretches:
        first, end = bars_to_ticks(stretch.start_bar), bars_to_ticks(stretch.start_bar + stretch.bars)
        by_part = {}
        for part in PARTS:
            inside = [
                (place, _between(assigned[place].track.notes, first, end))
                for place in order.get(part, [])
                if place != sub
            ]
            found = lanes_of(part, inside)
            if found:
                by_part[part] = found
        lanes.append(by_part)
    return _Layout(assigned, stretches, lanes, sub)


def _bars_of_notes(tracks: Sequence[RawTrack]) -> int:
    return max((track.notes[-1].onset_tick // TICKS_PER_BAR + 1 for track in tracks if track.notes), default=0)


def _derived_sub(assigned: Sequence[Assigned]) -> int | None:
    """The place of a sub that is what our bass gives when it is derived anew."""
    for place, one in enumerate(assigned):
        basses = [other for other in assigned if other.part is Part.BASS and not other.is_sub and other.track.notes]
        if one.is_sub and len(basses) == 1:
            bass = basses[0].track.notes
            if sub_notes(bass, max(note.end_tick for note in bass)) == one.track.notes:
                return place
    return None


def _between(notes: Sequence[Note], first: int, end: int) -> Sequence[Note]:
    low = bisect_left(notes, first, key=_onset)
    return notes[low : bisect_left(notes, end, lo=low, key=_onset)]


def _onset(one: Note | Wobble) -> int:
    return one.onset_tick


def _phrase(lane: Lane, stretch: Stretch, wobbles: Sequence[Wobble]) -> Phrase:
    """A lane in a section, counted from its start; what rings on is cut, and a wobble that goes on begins anew."""
    first, end = bars_to_ticks(stretch.start_bar), bars_to_ticks(stretch.start_bar + stretch.bars)
    notes = tuple(
        Note(note.onset_tick - first, note.pitch, min(note.duration_ticks, end - note.onset_tick), note.velocity)
        for note in lane.notes
    )
    inside = tuple(
        msgspec.structs.replace(
            one,
            onset_tick=max(one.onset_tick, first) - first,
            duration_ticks=min(one.end_tick, end) - max(one.onset_tick, first),
        )
        for one in wobbles
        if one.onset_tick < end and one.end_tick > first
    )
    return Phrase(stretch.bars, notes, inside)


def _wobbles(
    lane: Lane, part: Part, assigned: Sequence[Assigned], known: dict[int, tuple[Wobble, ...]]
) -> tuple[Wobble, ...]:
    """The wobbles of the track that a lane begins with; of basses alone."""
    if part is not Part.BASS:
        return ()
    place = lane.tracks[0]
    if place not in known:
        known[place] = whole_lane(assigned[place].track)
    return known[place]


def _key(recording: Recording, main: ArrangedParts | None, stretch: Stretch) -> str:
    """The key of a section: the signature that holds where it begins, else that of the whole."""
    tonic, minor = (None, True) if main is None else (main.tonic_class, main.minor)
    whole = Song().key if tonic is None else f"{TONIC_NAMES[tonic]} {'minor' if minor else 'major'}"
    believed = [signature_key(one.sharps, one.minor) for one in recording.keys]
    # A signature that the notes contradict is not in what the arranger found.
    if not believed or not any(
        (key.tonic_class, key.is_minor) == (tonic, minor) or tonic is None or recording.is_ours for key in believed
    ):
        return whole
    at = bisect_right(recording.keys, bars_to_ticks(stretch.start_bar), key=_tick)
    return str(believed[max(at - 1, 0)])


def _tick(one: object) -> int:
    return one.tick  # type: ignore[attr-defined, no-any-return]


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _account(recording: Recording, layout: _Layout, lost_tempi: int, told: Sequence[str]) -> SongAccount:
    first: Counter[int] = Counter()
    spare: Counter[int] = Counter()
    ringing = 0
    for stretch, by_part in zip(layout.stretches, layout.lanes, strict=True):
        start, end = bars_to_ticks(stretch.start_bar), bars_to_ticks(stretch.start_bar + stretch.bars)
        for lanes in by_part.values():
            for number, lane in enumerate(lanes):
                ringing += sum(note.onset_tick + note.duration_ticks > end for note in lane.notes)
                for place in lane.tracks:
                    count = len(_between(layout.assigned[place].track.notes, start, end))
                    (spare if number else first)[place] += count
    names = names_of([track.name for track in recording.tracks], [track.channel for track in recording.tracks])
    tracks = []
    for place, (name, one) in enumerate(zip(names, layout.assigned, strict=True)):
        count, losses, more = len(one.track.notes), one.track.losses, one.track.told
        if place == layout.sub:
            first[place] = count
            more = (*more, DERIVED)
        elif one.part is None and count:
            losses = (*losses, Loss(LEFT_OUT, count))
        total = count + sum(loss.notes for loss in one.track.losses)
        tracks.append(TrackAccount(name, total, one.part, first[place], spare[place], losses, more))
    lines = [*([recording.partly] if recording.partly else []), *recording.told, *told]
    if ringing:
        lines.append(f"{_count(ringing, 'note')} ringing on past the end of a section: cut there")
    if lost_tempi:
        changes = _count(lost_tempi, "tempo change")
        lines.append(f"{changes} within sections not kept: a section has one tempo or a ramp")
    unused = unused_markers(recording.markers, layout.stretches)
    if unused:
        more_of_them = f" and {len(unused) - _SHOWN_MARKERS} more" if len(unused) > _SHOWN_MARKERS else ""
        shown = ", ".join(f'"{text}"' for text in unused[:_SHOWN_MARKERS])
        lines.append(f"markers that name no section are left out: {shown}{more_of_them}")
    return SongAccount(tuple(tracks), tuple(lines))
