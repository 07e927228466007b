"""A song as a DAWproject file, which Bitwig Studio, Studio One and Cubase open: zipped XML.

A track a part with a clip a section; markers, tempo, colours, and the wobble's controllers within the clips. Source:
the DAWproject 1.0 reference and its schemas. Not tried in any of these programs here.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator

from song.export.arrangement import Arrangement, Clip
from song.export.looks import KIND_COLOURS, TRACK_COLOURS, hex_colour
from song.export.section_lines import section_lines
from song.export.tempo import tempo_corners
from song.limits import MAX_TEMPO_BPM, MIN_TEMPO_BPM
from song.time import TICKS_PER_QUARTER

PROJECT_FILE, METADATA_FILE = "project.xml", "metadata.xml"
MOST_VELOCITY = 127
MOST_VALUE = 127
_FIXED_DATE = (1980, 1, 1, 0, 0, 0)
_HEADING = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_UNKNOWN_TO_XML = re.compile("[^\t\n\\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TEMPO, _MASTER = "tempo", "master"


def dawproject_bytes(arrangement: Arrangement) -> bytes:
    """A song as the bytes of a DAWproject file; the same song gives the same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        for name, text in ((METADATA_FILE, _metadata(arrangement)), (PROJECT_FILE, _project(arrangement))):
            entry = zipfile.ZipInfo(name, _FIXED_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, text.encode())
    return packed.getvalue()


def _metadata(arrangement: Arrangement) -> str:
    song = arrangement.song
    genre = max(song.style, key=song.style.__getitem__, default="")
    elements = (("Title", song.title), ("Genre", genre), ("Comment", "\n".join(section_lines(arrangement))))
    return (
        f"{_HEADING}<MetaData>{''.join(f'<{name}>{_escaped(text)}</{name}>' for name, text in elements)}</MetaData>\n"
    )


def _project(arrangement: Arrangement) -> str:
    return "\n".join(
        [
            f'{_HEADING}<Project version="1.0">',
            '<Application name="Dropsmith" version="1.0"/>',
            "<Transport>",
            f'<Tempo id="{_TEMPO}" name="Tempo" unit="bpm" min="{MIN_TEMPO_BPM:g}" max="{MAX_TEMPO_BPM:g}"'
            f' value="{_number(arrangement.tempo_at(0))}"/>',
            '<TimeSignature id="meter" numerator="4" denominator="4"/>',
            "</Transport>",
            "<Structure>",
            *_tracks(arrangement),
            "</Structure>",
            '<Arrangement id="arrangement">',
            '<Lanes id="lanes" timeUnit="beats">',
            *_lanes(arrangement),
            "</Lanes>",
            *_markers(arrangement),
            *_tempo(arrangement),
            "</Arrangement>",
            "</Project>",
            "",
        ]
    )


def _tracks(arrangement: Arrangement) -> Iterator[str]:
    for number, track in enumerate(arrangement.tracks, 1):
        colour = hex_colour(TRACK_COLOURS[track.name])
        yield f'<Track id="track{number}" name="{track.name}" color="{colour}" contentType="notes" loaded="true">'
        yield from _channel(f"channel{number}", "regular", f' destination="{_MASTER}"')
        yield "</Track>"
    yield '<Track id="trackmaster" name="Master" contentType="audio notes" loaded="true">'
    yield from _channel(_MASTER, "master", "")
    yield "</Track>"


def _channel(identity: str, role: str, destination: str) -> Iterator[str]:
    yield f'<Channel id="{identity}" role="{role}" audioChannels="2" solo="false"{destination}>'
    yield f'<Mute id="{identity}mute" name="Mute" value="false"/>'
    yield f'<Pan id="{identity}pan" name="Pan" unit="normalized" min="0" max="1" value="0.5"/>'
    yield f'<Volume id="{identity}volume" name="Volume" unit="linear" min="0" max="2" value="1"/>'
    yield "</Channel>"


def _lanes(arrangement: Arrangement) -> Iterator[str]:
    for number, clips in enumerate(arrangement.clips, 1):
        yield f'<Lanes id="lanes{number}" track="track{number}">'
        yield f'<Clips id="clips{number}">'
        for clip in clips:
            if clip.notes:
                yield from _clip(clip, f"{number}.{clip.stretch.number}")
        yield "</Clips>"
        yield "</Lanes>"


def _clip(clip: Clip, identity: str) -> Iterator[str]:
    start, length = _beats(clip.stretch.start_tick), _beats(clip.stretch.section.length_ticks)
    colour = hex_colour(TRACK_COLOURS[clip.track.name])
    yield (
        f'<Clip time="{start}" duration="{length}" contentTimeUnit="beats" playStart="0"'
        f' name="{_escaped(clip.name)}" color="{colour}">'
    )
    yield f'<Lanes id="content{identity}">'
    yield f'<Notes id="notes{identity}">'
    channel = clip.track.channel
    for note in clip.notes:
        yield (
            f'<Note time="{_beats(note.onset_tick)}" duration="{_beats(note.duration_ticks)}" channel="{channel}"'
            f' key="{note.pitch}" vel="{note.velocity / MOST_VELOCITY:.6f}" rel="0.5"/>'
        )
    yield "</Notes>"
    for controller in sorted({which for _, which, _ in clip.controllers}):
        yield f'<Points id="cc{controller}.{identity}" unit="normalized">'
        yield f'<Target expression="channelController" channel="{channel}" controller="{controller}"/>'
        for tick, which, value in clip.controllers:
            if which == controller:
                yield f'<RealPoint time="{_beats(tick)}" value="{value / MOST_VALUE:.6f}" interpolation="hold"/>'
        yield "</Points>"
    yield "</Lanes>"
    yield "</Clip>"


def _markers(arrangement: Arrangement) -> Iterator[str]:
    # The schema has none of no marker.
    if not arrangement.stretches:
        return
    yield '<Markers id="markers">'
    for stretch in arrangement.stretches:
        colour = hex_colour(KIND_COLOURS[stretch.section.kind])
        yield f'<Marker time="{_beats(stretch.start_tick)}" name="{_escaped(stretch.name)}" color="{colour}"/>'
    yield "</Markers>"


def _tempo(arrangement: Arrangement) -> Iterator[str]:
    corners = tempo_corners(arrangement.song)
    if len({tempo for _, tempo in corners}) < 2:
        return
    yield '<TempoAutomation id="tempoautomation" timeUnit="beats" unit="bpm">'
    yield f'<Target parameter="{_TEMPO}"/>'
    yield from _tempo_points(corners)
    yield "</TempoAutomation>"


def _tempo_points(corners: Iterable[tuple[int, float]]) -> Iterator[str]:
    corners = list(corners)
    for (tick, tempo), (next_tick, next_tempo) in zip(corners, [*corners[1:], corners[-1]], strict=True):
        if tick == next_tick and tempo != next_tempo:
            # What is left by a step is held until it by the point before.
            continue
        interpolation = "linear" if next_tempo != tempo else "hold"
        yield f'<RealPoint time="{_beats(tick)}" value="{_number(tempo)}" interpolation="{interpolation}"/>'


def _beats(tick: int) -> str:
    return f"{tick / TICKS_PER_QUARTER:.6f}".rstrip("0").rstrip(".")


def _number(value: float) -> str:
    return repr(float(value)).removesuffix(".0")


def _escaped(text: str) -> str:
    """Text for XML, within elements and attributes: what no XML may hold becomes a blank."""
    known = _UNKNOWN_TO_XML.sub(" ", text)
    return known.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
