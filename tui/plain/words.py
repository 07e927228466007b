"""The screen in words: a place, a cell, a take, a bar, a note. Without a screen these are all that is told.

Plain sentences for a voice or a braille line: no glyphs, no columns, nothing that has to be seen beside something else.
"""

from collections.abc import Sequence

from song.arrangements import seconds_to
from song.checks import DENSITY, check_phrase
from song.drums import DRUM_ROWS
from song.notes import Note
from song.parts import PARTS, Part
from song.scales import parse_key, pitch_name
from song.sections import Song, Take
from song.theme import theme_section
from song.time import TICKS_PER_BAR, TICKS_PER_QUARTER, TICKS_PER_STEP, bars_to_ticks, ticks_to_bar
from tui.fields import FIELDS, field, shown_text
from tui.view import EngineStatus, View, Writing
from tui.widgets.chord_names import bar_names, harmony_of


def cell_name(song: Song, index: int, part: Part) -> str:
    """The name of a cell: its section's and its part's."""
    return f"{song.section_names()[index]} {part}"


def in_minutes(seconds: float) -> str:
    """A length of time as minutes and seconds."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"


def song_words(view: View) -> list[str]:
    """The whole song: what it is, its sections, how much of it is written."""
    song = view.song
    style = " and ".join(f"{share:.0%} {name}" if share < 1 else name for name, share in song.style.items())
    sections = (
        f"{name} {section.bars} bars" for name, section in zip(song.section_names(), song.sections, strict=True)
    )
    cells = [song.sections[index].cell(part) for index, part in song.cell_refs()]
    written = sum(cell.take is not None for cell in cells)
    length = in_minutes(seconds_to(song, len(song.sections)))
    return [
        f"{song.title}: {song.key}, {style}, {song.bars} bars, {length}, seed {song.seed}; {file_words(view)}",
        f"sections: {', '.join(sections)}",
        f"{written} of {len(cells)} cells written",
    ]


def file_words(view: View) -> str:
    """The file, and whether it has everything."""
    return f"{view.file_name}, {'saved' if view.saved else 'unsaved changes'}"


def engine_words(engine: EngineStatus) -> str:
    """The engine's state, and its device once that is known."""
    device = f" on {engine.device}" if engine.device else ""
    return f"engine {engine.state.value}{device}{', silent' if engine.silent else ''}"


def writing_words(writing: Writing, song: Song) -> str:
    """The writing and how far it has come, in cells, bars and seconds left; empty where nothing is being written."""
    if not writing.busy:
        return ""
    words = [f"writing: {writing.done} of {writing.total} cells done"]
    draft = writing.drafts.get(writing.current) if writing.current is not None else None
    if writing.current is not None and draft is not None:
        bars = song.sections[writing.current.section].bars
        name = cell_name(song, writing.current.section, writing.current.part)
        words.append(f"{name} at bar {draft.bars_done} of {bars}")
    if writing.seconds_left is not None:
        words.append(f"{max(1, round(writing.seconds_left))} seconds left")
    return ", ".join(words)


def place_words(view: View) -> str:
    """The place where one stands: the cell, its section and bars, and its contents."""
    section = view.selected_section
    start = view.song.start_bars()[view.section] + 1
    state = cell_words(view.song, view.section, view.part)
    return (
        f"{cell_name(view.song, view.section, view.part)}: "
        f"section {view.section + 1} of {len(view.song.sections)}, bars {start} to {start + section.bars - 1}; {state}"
    )


def cell_words(song: Song, index: int, part: Part) -> str:
    """The contents of a cell, and whether they are as asked."""
    cell = song.sections[index].cell(part)
    locked = "locked, " if cell.locked else ""
    if cell.take is None or cell.chosen is None:
        return f"{locked}empty"
    return f"{locked}take {cell.chosen + 1} of {len(cell.takes)}: {take_words(song, index, part, cell.take)}"


def take_words(song: Song, index: int, part: Part, take: Take) -> str:
    """A take: its density, what is not as asked, its score, what it copied."""
    section = song.sections[index]
    findings = check_phrase(section, part, take.phrase, song.key_of(index), song.gap_after(index), song.style_of(index))
    words = []
    for finding in findings:
        if finding.name == DENSITY:
            words.append(f"{finding.got} onsets a bar, asked {finding.asked.removesuffix(' a bar')}")
        elif not finding.met:
            words.append(f"{finding.name} not met: asked {finding.asked}, got {finding.got}")
    words.append("all as asked" if all(finding.met for finding in findings) else "not all as asked")
    if take.nats_per_note is not None:
        words.append(f"score {take.nats_per_note:.2f} nats a note")
    if take.critic is not None:
        words.append(f"critic {take.critic:.2f}")
    if take.copied_notes:
        words.append(f"{take.copied_notes} notes as in {take.copied_from}")
    if take.edited:
        words.append(f"edited by hand: {bars_words(take.edited)}")
    return ", ".join(words)


def takes_words(view: View) -> list[str]:
    """The takes of the cell, one a line."""
    cell = view.selected_section.cell(view.part)
    sounding = cell.chosen if view.sounding is None else view.sounding
    return [
        f"take {number + 1} of {len(cell.takes)}{', sounds' if number == sounding else ''}: "
        f"{take_words(view.song, view.section, view.part, take)}, seed {take.seed}"
        for number, take in enumerate(cell.takes)
    ] or ["no takes yet"]


def field_words(song: Song, index: int, field_id: str) -> str:
    """A constraint of a section: what is asked, and what its part's take does where it is a density."""
    one, section = field(field_id), song.sections[index]
    text = shown_text(song, index, one) or (f"{one.inherited(song)}, the song's" if one.inherited else "none")
    if one.id == "progression" and (names := [chord.name for chord in harmony_of(song, index)[0]]):
        text = f"{text}, {' '.join(names)}"
    if one.part is None:
        return f"{one.label} {text}"
    phrase = section.cell(one.part).phrase
    got = f", got {phrase.onsets_per_bar():.1f}" if phrase is not None else ""
    return f"{one.label} density {text}, asked {section.constraints.requested_onsets(one.part):.1f} onsets a bar{got}"


def constraints_words(view: View) -> str:
    """All that is asked of the section, in one line."""
    return "; ".join(field_words(view.song, view.section, one.id) for one in FIELDS)


def bar_words(view: View) -> str:
    """The notes of the bar where one stands, each with its beat."""
    phrase = view.phrase_of(view.cell_ref)
    start = bars_to_ticks(view.bar)
    inside = () if phrase is None else (n for n in phrase.notes if start <= n.onset_tick < start + TICKS_PER_BAR)
    played = ", ".join(f"{pitch_words(view, note.pitch)} {beat_words(note.onset_tick)}" for note in inside)
    over = " ".join(bar_names(harmony_of(view.song, view.section), view.bar))
    return f"bar {view.bar + 1} of {view.selected_section.bars}{over and f' over {over}'}: {played or 'nothing'}"


def pitch_words(view: View, pitch: int) -> str:
    """A pitch by its name in the section's key, or a drum by its own."""
    if view.part is Part.DRUMS:
        return next((row.glyph for row in DRUM_ROWS if pitch in row.pitches), f"drum {pitch}")
    return pitch_name(pitch, parse_key(view.song.key_of(view.section)))


def beat_words(tick: int) -> str:
    """A place within its bar, in beats from 1."""
    return f"{tick % TICKS_PER_BAR / TICKS_PER_QUARTER + 1:.3f}".rstrip("0").rstrip(".")


def note_words(view: View, note: Note) -> str:
    """A note: what, where, how long in sixteenths, how loud."""
    steps = note.duration_ticks / TICKS_PER_STEP
    length = "1 step" if steps == 1 else f"{steps:.2f}".rstrip("0").rstrip(".") + " steps"
    return (
        f"{pitch_words(view, note.pitch)} at bar {ticks_to_bar(note.onset_tick) + 1} beat {beat_words(note.onset_tick)}"
        f", {length} long, velocity {note.velocity}"
    )


def cursor_words(view: View) -> str:
    """The cursor's place in the notes, and what is there; empty where there is no cursor."""
    cursor = view.cursor
    if cursor is None:
        return ""
    marked = "" if cursor.marked is None else f", bars {cursor.marked[0] + 1} to {cursor.marked[1] + 1} marked"
    if cursor.note is not None:
        return note_words(view, cursor.note) + marked
    place = f"bar {ticks_to_bar(cursor.tick) + 1} beat {beat_words(cursor.tick)}"
    return f"{place}, {pitch_words(view, cursor.pitch)}: no note{marked}"


def bars_words(bars: Sequence[int]) -> str:
    """Bars from 0 as people count them."""
    numbers = ", ".join(str(bar + 1) for bar in bars)
    return f"{'bar' if len(bars) == 1 else 'bars'} {numbers}" if bars else "no bars"


def theme_words(song: Song) -> str:
    """The section whose hook the others quote."""
    home = theme_section(song)
    return "no section is quoted" if home is None else f"the theme: {song.section_names()[home]}"


def heard_words(song: Song) -> str:
    """The parts that sound."""
    heard = song.heard_parts()
    return f"heard: {'all parts' if heard == PARTS else ', '.join(heard) or 'nothing'}"
