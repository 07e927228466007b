"""Problems with a song's values, in words: the ranges that types alone cannot hold.

For `song.store`, which asks for every file it reads. Plans, which people write, are checked by `song.plan`.
"""

from collections.abc import Iterator
from itertools import pairwise

from song.errors import UserError
from song.harmony import CHORD_BEATS, parse_progression
from song.limits import (
    MAX_BARS,
    MAX_FILE_COUNT,
    MAX_FILE_SEED,
    MAX_FILE_TAKES,
    MAX_FORM_BARS,
    MAX_SECTIONS,
    MAX_TEMPERATURE,
    MAX_TEMPO_BPM,
    MIN_TEMPERATURE,
    MIN_TEMPO_BPM,
)
from song.notes import RATES, SHAPES, Note, Phrase, Wobble
from song.parts import PART_SPECS, PARTS, Part
from song.patch_names import check_patch_name
from song.scales import Key, parse_key
from song.sections import GAPS, Cell, Constraints, Section, Song
from song.styles import check_style
from song.theme import NO_THEME, QUOTES
from song.time import bars_to_ticks

_LONGEST_TICKS = bars_to_ticks(MAX_SECTIONS * MAX_BARS)


def find_problem(song: Song) -> str | None:
    """The first value of a song that is out of range, saying where and what is allowed, or None."""
    return next(_song_problems(song), None)


def find_phrase_problem(phrase: Phrase, most_bars: int = MAX_BARS) -> str | None:
    """The first value of a phrase that is out of range, saying which and what is allowed, or None.

    Args:
        phrase: the music.
        most_bars: the most that it may have, 1 or more.
    """
    return next(_phrase_problems(phrase, most_bars), None)


def _song_problems(song: Song) -> Iterator[str]:
    if not 0 <= song.seed <= MAX_FILE_SEED:
        yield f"seed: {song.seed} is outside 0-{MAX_FILE_SEED}"
    try:
        parse_key(song.key)
        check_style(song.style)
    except UserError as error:
        yield str(error)
    if not NO_THEME <= song.theme <= MAX_FILE_COUNT:
        yield f"theme: {song.theme} is outside {NO_THEME}-{MAX_FILE_COUNT}"
    for part in PARTS:
        try:
            if song.patches.of(part):
                check_patch_name(song.patches.of(part))
        except UserError as error:
            yield f"patches: {part}: {error}"
    if len(song.sections) > MAX_SECTIONS:
        yield f"sections: {len(song.sections)} are more than {MAX_SECTIONS}"
        return
    takes = sum(len(song.sections[index].cell(part).takes) for index, part in song.cell_refs())
    if takes > MAX_FILE_TAKES:
        yield f"takes: {takes} are more than {MAX_FILE_TAKES}"
        return
    for number, section in enumerate(song.sections, 1):
        for problem in _section_problems(section):
            yield f"section {number}: {problem}"


def _section_problems(section: Section) -> Iterator[str]:
    if not 1 <= section.bars <= MAX_BARS:
        yield f"bars: {section.bars} is outside 1-{MAX_BARS}"
    if section.id > MAX_FILE_COUNT:
        yield f"id: {section.id} is above {MAX_FILE_COUNT}"
    yield from _constraint_problems(section.constraints)
    for part in PARTS:
        for problem in _cell_problems(section.cell(part), section.bars):
            yield f"{part}: {problem}"


def _constraint_problems(constraints: Constraints) -> Iterator[str]:
    wobble = constraints.wobble
    if not all(MIN_TEMPO_BPM <= bpm <= MAX_TEMPO_BPM for bpm in constraints.tempo_bpm):
        yield f"tempo_bpm: {list(constraints.tempo_bpm)} is outside {MIN_TEMPO_BPM:g}-{MAX_TEMPO_BPM:g}"
    for part in PARTS:
        if not 0 <= constraints.density.of(part) <= 1:
            yield f"density: {part} {constraints.density.of(part):g} is outside 0-1"
    yield from _wobble_problems(wobble.rates, wobble.shape, wobble.depth)
    if constraints.key is not None:
        try:
            parse_key(constraints.key)
        except UserError as error:
            yield str(error)
    # An empty form of a part's own is none at all.
    forms = [("form", constraints.form), *((f"forms: {part}", constraints.forms.of(part) or None) for part in PARTS)]
    for name, form in forms:
        if form is not None and not (form.isascii() and form.isalpha() and form.isupper()):
            yield f'{name}: "{form}" is not one or more of the letters A-Z'
    if constraints.gap not in (None, *GAPS.values()):
        yield f"gap: {constraints.gap} is none of {', '.join(map(str, GAPS.values()))}"
    if constraints.chords is not None:
        try:
            parse_progression(constraints.chords, Key("C", "minor"))
        except UserError as error:
            yield f"chords: {error}"
    if constraints.chord_beats not in CHORD_BEATS:
        yield f"chord_beats: {constraints.chord_beats} is none of {', '.join(map(str, CHORD_BEATS))}"
    if constraints.theme not in (None, *QUOTES):
        yield f'theme: "{constraints.theme}" is none of {", ".join(QUOTES)}'
    if not 1 <= constraints.form_bars <= MAX_FORM_BARS:
        yield f"form_bars: {constraints.form_bars} is outside 1-{MAX_FORM_BARS}"
    if not MIN_TEMPERATURE <= constraints.temperature <= MAX_TEMPERATURE:
        yield f"temperature: {constraints.temperature:g} is outside {MIN_TEMPERATURE:g}-{MAX_TEMPERATURE:g}"
    if constraints.style is not None:
        try:
            check_style(constraints.style)
        except UserError as error:
            yield str(error)
    for part in (Part.BASS, Part.CHORDS, Part.LEAD):
        (low, high), spec = constraints.pitch_range(part), PART_SPECS[part]
        if not spec.low <= low <= high <= spec.high:
            yield f"ranges: {part} {low}-{high} is not within {spec.low}-{spec.high}, the lower pitch first"


def _wobble_problems(rates: tuple[str, ...], shape: str, depth: float) -> Iterator[str]:
    for rate in rates:
        if rate not in RATES:
            yield f'wobble: rate "{rate}" is not one of {", ".join(RATES)}'
    if shape not in SHAPES:
        yield f'wobble: shape "{shape}" is not one of {", ".join(SHAPES)}'
    if not 0 <= depth <= 1:
        yield f"wobble: depth {depth:g} is outside 0-1"


def _cell_problems(cell: Cell, bars: int) -> Iterator[str]:
    if cell.chosen is not None and not 0 <= cell.chosen < len(cell.takes):
        yield f"there is no take {cell.chosen}"
    for take in cell.takes:
        if not 0 <= take.seed <= MAX_FILE_SEED:
            yield f"a take's seed {take.seed} is outside 0-{MAX_FILE_SEED}"
        if not 0 <= take.copied_notes <= MAX_FILE_COUNT:
            yield f"a take has {take.copied_notes} copied notes, outside 0-{MAX_FILE_COUNT}"
        if not all(0 <= bar < bars for bar in (*take.edited, *take.kept)):
            yield f"a take has edited or kept bars outside 0-{bars - 1}"
        yield from _phrase_problems(take.phrase, bars)


def _phrase_problems(phrase: Phrase, bars: int) -> Iterator[str]:
    if not 1 <= phrase.bars <= bars:
        yield f"a take has {phrase.bars} bars, outside 1-{bars}"
    stretches: tuple[Note | Wobble, ...] = (*phrase.notes, *phrase.wobbles)
    for stretch in stretches:
        if not (0 <= stretch.onset_tick < phrase.length_ticks and 1 <= stretch.duration_ticks <= _LONGEST_TICKS):
            kind = type(stretch).__name__.lower()
            yield (
                f"a {kind} at tick {stretch.onset_tick} lies outside its {phrase.bars} bars, or lasts under a tick or "
                "longer than a song"
            )
    for note in phrase.notes:
        if not (0 <= note.pitch <= 127 and 1 <= note.velocity <= 127):
            yield f"a note has pitch {note.pitch} and velocity {note.velocity}, outside 0-127 and 1-127"
    for wobble in phrase.wobbles:
        yield from _wobble_problems((wobble.rate,), wobble.shape, wobble.depth)
    if any(later < earlier for earlier, later in pairwise(phrase.notes)):
        yield "the notes are not in the order of their ticks and pitches"
    if any(later.onset_tick < earlier.end_tick for earlier, later in pairwise(phrase.wobbles)):
        yield "two wobbles overlap"
