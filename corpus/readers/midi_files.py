"""Reader of MIDI files: bytes into tracks of notes, or in plain words why they cannot be used.

symusic parses; what it would choke on or pass in silence is looked for first. Which track is which part is decided in
`corpus.analysis.roles`.
"""

import struct
from collections import Counter

import symusic

from corpus.analysis.timing import MICRO_PER_TICK
from corpus.analysis.wobble_reading import CONTROLLERS
from corpus.tracks import RawTrack, Recording
from song.errors import UserError
from song.notes import Note
from song.time import TICKS_PER_BAR, TICKS_PER_QUARTER, rescale_ticks

MAX_BYTES = 8_000_000
MAX_SOURCE_TICKS = 10_000_000
MAX_SECONDS = 3600.0
MAX_NOTES = 400_000
"""Arranging that many takes a second and 200 MB."""
DEFAULT_TEMPO_BPM = 120.0

_HEADER = struct.Struct(">4sIHHH")
_CHUNK = struct.Struct(">4sI")


def read_midi(data: bytes) -> Recording:
    """The longest stretch of 4/4 in a MIDI file.

    A type 0 file comes apart by channel and program, and so does a track that uses more than one of either.

    Args:
        data: the whole file.

    Raises:
        UserError: where it is damaged, or holds no 4/4 music: one line that says why and what to do.
    """
    _check_chunks(data)
    try:
        score = symusic.Score.from_midi(data)
    except (RuntimeError, ValueError, MemoryError, OverflowError) as error:
        raise UserError(f"it is damaged ({_short(error)}): export it again from your DAW") from error
    ticks_per_quarter = int(score.ticks_per_quarter)
    end = int(score.end())
    tracks = [track for track in score.tracks if len(track.notes)]
    if not tracks:
        raise UserError("it has no notes: check that the tracks were not muted when it was exported")
    if sum(len(track.notes) for track in tracks) > MAX_NOTES:
        raise UserError(f"it holds over {MAX_NOTES} notes: cut it down to the music")
    if end < 0 or end > MAX_SOURCE_TICKS:
        raise UserError(f"it is over {MAX_SOURCE_TICKS // 1_000_000} million ticks long: cut it down to the music")
    if _seconds(score, end, ticks_per_quarter) > MAX_SECONDS:
        raise UserError("it is over an hour long: cut it down to one piece of music")
    start, stop, partly = _four_four(score, end)
    raw = [_raw_track(track, start, stop, ticks_per_quarter) for track in tracks]
    found = tuple(track for track in raw if track.notes)
    if not found:
        raise UserError("its stretch of 4/4 has no notes: only 4/4 music is taken in")
    markers = sorted(
        (rescale_ticks(int(marker.time) - start, ticks_per_quarter) // TICKS_PER_BAR, str(marker.text))
        for marker in score.markers
        if start <= marker.time < stop
    )
    return Recording(found, _main_tempo(score, start, stop), tuple(markers), partly)


def _check_chunks(data: bytes) -> None:
    """Walk the chunks of a file without looking into them."""
    if not data:
        raise UserError("it is empty: export it again from your DAW")
    if len(data) > MAX_BYTES:
        raise UserError(f"it is over {MAX_BYTES // 1_000_000} MB, which no song is: leave it out")
    if data[:4] == b"RIFF":
        raise UserError("it is a RIFF-wrapped MIDI file: open it in your DAW and export a plain .mid")
    if data[:4] != b"MThd":
        raise UserError("it is not a MIDI file, whatever its name says: it does not begin with MThd")
    if len(data) < _HEADER.size:
        raise UserError("it is cut short inside its header: copy or export it again")
    _, length, kind, count, division = _HEADER.unpack_from(data)
    if length < 6 or kind > 2:
        raise UserError("its header is damaged: export it again from your DAW")
    if kind == 2:
        raise UserError("it is a type 2 file (patterns without an order): export it as type 1")
    if division & 0x8000:
        raise UserError("it counts in SMPTE film time, not in beats: export it with ticks a quarter note")
    if division == 0:
        raise UserError("its header gives no ticks a quarter note: export it again from your DAW")
    at, seen = 8 + length, 0
    while seen < count:
        if at + _CHUNK.size > len(data):
            raise UserError(f"it is cut short: {seen} of its {count} tracks are there; copy or export it again")
        name, size = _CHUNK.unpack_from(data, at)
        at += _CHUNK.size + size
        if at > len(data):
            raise UserError(f"it is cut short inside track {seen + 1} of {count}: copy or export it again")
        seen += name == b"MTrk"


def _short(error: Exception) -> str:
    text = " ".join(str(error).split()).removeprefix("MiniMidi: ").removeprefix("Invaild midi file! ")
    return text[:80].rstrip(".! ") or type(error).__name__


def _seconds(score: symusic.Score, end: int, ticks_per_quarter: int) -> float:
    changes = [(int(tempo.time), float(tempo.qpm)) for tempo in score.tempos]
    total, at, bpm = 0.0, 0, DEFAULT_TEMPO_BPM
    for tick, new_bpm in [*sorted(changes), (end, DEFAULT_TEMPO_BPM)]:
        tick = min(max(tick, at), end)
        total += (tick - at) * 60 / (max(bpm, 1e-3) * ticks_per_quarter)
        at, bpm = tick, new_bpm
    return total


def _four_four(score: symusic.Score, end: int) -> tuple[int, int, str]:
    """The longest stretch whose bars are as long as a 4/4 bar: its first tick, the first after it, what is left out."""
    changes = {int(change.time): (change.numerator, change.denominator) for change in score.time_signatures}
    changes.setdefault(0, (4, 4))
    stretches: list[tuple[int, int]] = []
    ordered = sorted(changes.items())
    for index, (tick, (beats, unit)) in enumerate(ordered):
        stop = ordered[index + 1][0] if index + 1 < len(ordered) else max(end, tick)
        if beats != unit:
            continue
        if stretches and stretches[-1][1] == tick:
            stretches[-1] = (stretches[-1][0], stop)
        else:
            stretches.append((tick, stop))
    others = sorted({f"{beats}/{unit}" for beats, unit in changes.values() if beats != unit})
    start, stop = max(stretches, key=lambda stretch: stretch[1] - stretch[0], default=(0, 0))
    if stop <= start:
        raise UserError(f"it is in {', '.join(others)}: only 4/4 music is taken in")
    partly = f"only its longest stretch of 4/4 was taken, not the bars in {', '.join(others)}" if others else ""
    return start, stop, partly


def _raw_track(track: symusic.Track, start: int, stop: int, ticks_per_quarter: int) -> RawTrack:
    columns = track.notes.numpy()
    rows = zip(
        columns["time"].tolist(),
        columns["duration"].tolist(),
        columns["pitch"].tolist(),
        columns["velocity"].tolist(),
        strict=True,
    )
    whole = ticks_per_quarter == TICKS_PER_QUARTER
    played: list[tuple[Note, int]] = []
    for time, duration, pitch, velocity in rows:
        if not (start <= time < stop and velocity > 0):
            continue
        onset, length, offset = time - start, duration, 0
        if not whole:
            fine = rescale_ticks((time - start) * MICRO_PER_TICK, ticks_per_quarter)
            onset = rescale_ticks(onset, ticks_per_quarter)
            length = rescale_ticks(length, ticks_per_quarter)
            offset = fine - onset * MICRO_PER_TICK
        played.append((Note(onset, pitch, max(length, 1), velocity), offset))
    played.sort()
    offsets = tuple(offset for _, offset in played)
    return RawTrack(
        str(track.name).strip(),
        int(track.program),
        bool(track.is_drum),
        tuple(note for note, _ in played),
        offsets=offsets if any(offsets) else (),
        curves=_curves(track, start, stop, ticks_per_quarter),
    )


def _curves(
    track: symusic.Track, start: int, stop: int, ticks_per_quarter: int
) -> dict[int, tuple[tuple[int, int], ...]]:
    """The controllers of a track that may carry a wobble, and that move at all."""
    if track.is_drum or not len(track.controls):
        return {}
    columns = track.controls.numpy()
    found = {}
    for controller in CONTROLLERS:
        chosen = (columns["number"] == controller) & (columns["time"] < stop)
        values, times = columns["value"][chosen], columns["time"][chosen]
        if len(values) < 2 or (values == values[0]).all():
            continue
        # What was set before the stretch holds when it starts.
        first = max(int((times <= start).sum()) - 1, 0)
        ticks = [rescale_ticks(max(time - start, 0), ticks_per_quarter) for time in times[first:].tolist()]
        found[controller] = tuple(zip(ticks, values[first:].tolist(), strict=True))
    return found


def _main_tempo(score: symusic.Score, start: int, stop: int) -> float:
    """The tempo that holds for most ticks of a stretch, in BPM."""
    lasting: Counter[float] = Counter()
    at, bpm = start, DEFAULT_TEMPO_BPM
    for tempo in sorted(score.tempos, key=lambda tempo: tempo.time):
        if tempo.time > start:
            tick = min(int(tempo.time), stop)
            lasting[bpm] += tick - at
            at = tick
        bpm = round(float(tempo.qpm), 2)
    lasting[bpm] += stop - at
    return max(lasting, key=lambda value: lasting[value])
