"""Messages between the engine and its client: one JSON object a line, over the engine's stdin and stdout.

Imports no JAX, so that the app may import it. A message's "type" names it; its other fields are those of the struct
below.
"""

from collections.abc import Collection, Iterator

import msgspec

from song.errors import UserError, readable_line
from song.limits import MAX_BARS, MAX_FILE_COUNT, MAX_FILE_SEED, MAX_SECTIONS, MAX_TAKES
from song.notes import Note, Phrase
from song.parts import PARTS, Part
from song.sections import Song, Take
from song.validation import find_phrase_problem, find_problem
from song.variation import kept_bars, varied_drops

PROTOCOL_VERSION = 1
MOST_LINE_BYTES = 1 << 26
"""Bytes of a message, inclusive, its newline left out: neither side holds more of one."""


class CellRef(msgspec.Struct, frozen=True):
    """A cell by its place: section index, counted from 0, and part."""

    section: int
    part: Part


class KeptBars(msgspec.Struct, frozen=True):
    """Bars of a cell that a fill leaves as they are while it writes the others: a refill, or a variation.

    Attributes:
        cell: the cell, one of the fill's.
        bars: bars that stay, counted from 0 within the section, in ascending order.
        source: the section from whose cell of the same part they are taken; None for the cell's own chosen take. A
            source that the same fill writes is written first.
    """

    cell: CellRef
    bars: tuple[int, ...]
    source: int | None = None


class Fill(msgspec.Struct, frozen=True, tag="fill"):
    """Write takes for cells. The song around them is what the takes have to fit.

    Attributes:
        id: chosen by the client; the answers carry it.
        song: the song as it is; its constraints, style and key hold for the takes.
        cells: which cells to write, in any order; drums are written first, then bass, chords and lead, each hearing
            what is there and the best take of what was written before it.
        takes: candidates a cell, 1-64.
        seed: 0 or more; the same song, cells, kept bars, takes and seed give the same music.
        kept: of cells that are not written as a whole, the bars that stay.
    """

    id: int
    song: Song
    cells: tuple[CellRef, ...]
    takes: int = 1
    seed: int = 0
    kept: tuple[KeptBars, ...] = ()


class Cancel(msgspec.Struct, frozen=True, tag="cancel"):
    """Stop a fill: it is answered by Failed with the reason "cancelled" unless it is over already."""

    id: int


class Warm(msgspec.Struct, frozen=True, tag="warm"):
    """Compile what fills of this many takes of such a song need, so that the first fill does not wait for it."""

    song: Song
    takes: int = 1


Request = Fill | Cancel | Warm


class Ready(msgspec.Struct, frozen=True, tag="ready"):
    """The engine's first message: it takes requests from here on.

    Attributes:
        protocol: `PROTOCOL_VERSION` of the engine.
        engine: its version.
        weights: hash of the weights in use.
        device: what it runs on, for people.
        machine: the kind of machine, in a line; takes record it. Empty of engines of earlier versions.
    """

    protocol: int
    engine: str
    weights: str
    device: str
    machine: str = ""


class Progress(msgspec.Struct, frozen=True, tag="progress"):
    """More bars of a cell are written.

    Attributes:
        id: the fill.
        cell: the cell.
        bars_done: bars finished so far in the cell's first take, 0 to the section's bars.
        notes: the first take's notes that are new since the last Progress of the cell.
    """

    id: int
    cell: CellRef
    bars_done: int
    notes: tuple[Note, ...] = ()


class SharedRun(msgspec.Struct, frozen=True):
    """The longest run of notes that a take shares with the training set, transposed or not.

    Attributes:
        notes: its length.
        bars: the time that it covers.
        source: the collection that it is from.
        name: the piece that it is from.
        bar: the bar of that piece, from 0.
    """

    notes: int
    bars: float
    source: str
    name: str
    bar: int


class CandidateTake(msgspec.Struct, frozen=True, tag="take"):
    """A finished candidate of a cell; a cell's candidates come best first.

    Attributes:
        id: the fill.
        cell: the cell.
        phrase: the music; it holds to every constraint of the section.
        seed: the seed of the fill.
        nats_per_note: how surprising the model finds it, its log loss a note.
        shared: what it shares with the training set; None where it shares nothing worth telling, or nothing is known.
        critic: how likely the critic holds it to be real music, 0-1; candidates are ranked by it. None where there is
            no critic: then they are ranked by how near they come to usual nats a note.
    """

    id: int
    cell: CellRef
    phrase: Phrase
    seed: int
    nats_per_note: float
    shared: SharedRun | None = None
    critic: float | None = None


class Done(msgspec.Struct, frozen=True, tag="done"):
    """Every take of a fill has been sent."""

    id: int
    seconds: float


class Failed(msgspec.Struct, frozen=True, tag="failed"):
    """A fill ended without all of its takes, or a line could not be read (then id is None)."""

    id: int | None
    reason: str


def song_take(candidate: CandidateTake, ready: Ready) -> Take:
    """A candidate as a song keeps it, with where it is from."""
    shared = candidate.shared
    return Take(
        candidate.phrase,
        candidate.seed,
        ready.engine,
        ready.weights,
        nats_per_note=candidate.nats_per_note,
        critic=candidate.critic,
        copied_notes=shared.notes if shared else 0,
        copied_from=f"{shared.source}: {shared.name}, bar {shared.bar + 1}" if shared else "",
        machine=ready.machine,
    )


Answer = Ready | Progress | CandidateTake | Done | Failed

_request_decoder = msgspec.json.Decoder(Request)
_answer_decoder = msgspec.json.Decoder(Answer)


def encode(message: Request | Answer) -> bytes:
    """A message as one line, its newline included."""
    return msgspec.json.encode(message) + b"\n"


def request_problem(request: Fill | Warm) -> str | None:
    """The first value of a request that is out of range, saying where and what is allowed, or None."""
    problem = next(_request_problems(request), None)
    return None if problem is None else readable_line(problem)


def _request_problems(request: Fill | Warm) -> Iterator[str]:
    if not 1 <= request.takes <= MAX_TAKES:
        yield f"takes is {request.takes}, not 1-{MAX_TAKES}"
    problem = find_problem(request.song)
    if problem:
        yield f"the song cannot be: {problem}"
    if isinstance(request, Fill):
        yield from _fill_problems(request)


def _fill_problems(fill: Fill) -> Iterator[str]:
    sections = fill.song.sections
    if not 0 <= fill.seed <= MAX_FILE_SEED:
        yield f"the seed {fill.seed} is outside 0-{MAX_FILE_SEED}"
    if not 1 <= len(fill.cells) <= MAX_SECTIONS * len(PARTS):
        yield f"{len(fill.cells) or 'no'} cells are named, not 1-{MAX_SECTIONS * len(PARTS)}"
    for cell in fill.cells:
        if not 0 <= cell.section < len(sections):
            yield f"the song has no section {cell.section}"
    cells = set(fill.cells)
    if len(cells) < len(fill.cells):
        yield "a cell is named twice"
    if len({kept.cell for kept in fill.kept}) < len(fill.kept):
        yield "bars of a cell are kept twice"
    for kept in fill.kept:
        name = f"section {kept.cell.section} {kept.cell.part}"
        if kept.cell not in cells:
            yield f"bars are kept of {name}, which is not to be written"
            continue
        if kept.source is not None and not 0 <= kept.source < len(sections):
            yield f"the song has no section {kept.source}"
        bars = sections[kept.cell.section].bars
        if not all(0 <= bar < bars for bar in kept.bars) or list(kept.bars) != sorted(set(kept.bars)):
            yield f"bars {list(kept.bars)[:8]} are kept of {name}, not some of 0-{bars - 1} in order"


def decode_request(line: bytes) -> Request:
    """The request on a line.

    Raises:
        UserError: where the line is not a request.
    """
    try:
        return _request_decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UserError(f"not a request: {error}") from error


def varied_cells(song: Song, cells: Collection[CellRef], keep: float) -> tuple[KeptBars, ...]:
    """Bars that later drops keep of the first one, for those cells that are written; none where `keep` is 0.

    Drums go on as they were while what is played over them changes.

    Args:
        song: its drops are compared.
        cells: what is written.
        keep: how much of the first drop's drums a later one keeps, 0-1; of its other parts half as much.
    """
    if keep == 0:
        return ()
    return tuple(
        KeptBars(CellRef(later, part), kept_bars(song.sections[later].bars, _kept_share(part, keep)), source)
        for later, source in varied_drops(song).items()
        for part in PARTS
        if CellRef(later, part) in cells
    )


def _kept_share(part: Part, keep: float) -> float:
    return keep if part is Part.DRUMS or keep == 1 else keep / 2


_MOST_SHOWN = 80
"""Bytes of a line that is no answer that are told."""


def decode_answer(line: bytes) -> Answer:
    """The answer on a line.

    Raises:
        UserError: where the line is not an answer, or has a value out of range.
    """
    try:
        answer = _answer_decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        said = readable_line(line[:_MOST_SHOWN].decode(errors="replace"))
        raise UserError(f'not an answer of the engine, but "{said}": its command must print nothing else') from error
    problem = _answer_problem(answer)
    if problem:
        raise UserError(f"not an answer of the engine: {problem}")
    if isinstance(answer, Failed):
        return msgspec.structs.replace(answer, reason=readable_line(answer.reason))
    return answer


def _answer_problem(answer: Answer) -> str | None:
    """The first value of an answer that no song may have, or None."""
    if isinstance(answer, Progress):
        if not 0 <= answer.bars_done <= MAX_BARS:
            return f"{answer.bars_done} bars are done, not 0-{MAX_BARS}"
        return find_phrase_problem(Phrase(MAX_BARS, answer.notes))
    if isinstance(answer, CandidateTake):
        shared = answer.shared
        if not 0 <= answer.seed <= MAX_FILE_SEED:
            return f"the seed {answer.seed} is outside 0-{MAX_FILE_SEED}"
        if shared is not None and not (0 <= shared.notes <= MAX_FILE_COUNT and 0 <= shared.bar <= MAX_FILE_COUNT):
            return f"{shared.notes} shared notes, or the bar {shared.bar}, are outside 0-{MAX_FILE_COUNT}"
        return find_phrase_problem(answer.phrase)
    return None
