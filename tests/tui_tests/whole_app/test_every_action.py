"""Every action of the tables by every key that it has: where it is allowed it changes something, else it says why not.

The exact effect of each is tested with its module, most in the folder of the screens. Here none can be forgotten: the
tables say what there is, and one that is new fails until the app it stands in gives it something to do.
"""

from pathlib import Path

import pytest

from song.edits.takes import add_takes, set_bars
from song.notes import Note, Phrase, Wobble
from song.parts import Part
from song.sections import Song, Take
from song.time import TICKS_PER_BAR
from tests.tui_tests.driving import Driver, running, short_song
from tui.actions import APP_ACTIONS, MAIN_ACTIONS, NOTE_ACTIONS

DROP, BAR = 1, 1
ELSEWHERE = {"app.quit"}
"""Ends the app: tested with the app itself."""

BEFORE = {
    "fill.cancel": ("f",),
    "song.undo": ("m",),
    "song.redo": ("m", "u"),
    "cell.paste": ("c",),
    "notes.leave": ("b",),
    "notes.left": ("right",),
    "notes.quantize": ("z",),
}
"""Keys pressed first, so that an action has something to do."""


def written_song() -> Song:
    """Three sections of two bars or more with two takes in each cell: notes on every quarter, off the edges of all."""
    song = set_bars(short_song(), DROP, 4)
    for index, part in list(song.cell_refs()):
        bars = song.sections[index].bars
        for seed, pitch in enumerate((64, 67)):
            notes = tuple(
                Note(tick, {Part.DRUMS: 38, Part.BASS: 45}.get(part, pitch), 48, 90 - seed)
                for tick in range(0, bars * TICKS_PER_BAR, 96)
            )
            wobbles = (Wobble(0, bars * TICKS_PER_BAR, "1/8", 0.8),) if part is Part.BASS else ()
            song = add_takes(song, index, part, (Take(Phrase(bars, notes, wobbles), seed=seed + 1),))
    return song


def state(app: Driver) -> tuple[object, ...]:
    """All that an action may change."""
    main, work = app.main, app.work
    return (
        work.song, work.saved, work.path, work.section, work.part, work.bar, work.field_id, work.looked_at,
        main.note, main.editing, main.editor.cursor, main.ghost, main.classes, main.session.last_fill_id,
        main.session.writing().busy, main.session.pid, app.app.theme, type(app.app.screen),
    )  # fmt: skip


async def go_to_the_middle(app: Driver, song: Song, part: Part) -> None:
    """Leave every screen; the song as it was, its second section, its second bar, a part with others on both sides."""
    main = app.main
    while app.app.screen is not main or main.editing:
        await app.press("escape")
    main.session.cancel()
    await app.until_written()
    app.work.edit(lambda _: song)
    main.set_class(False, "-takes")
    app.work.select_field("tempo")
    app.work.select(DROP, part, BAR)
    main.say("")
    await app.settled()


@pytest.mark.parametrize("table", ["main", "notes"])
async def test_every_key_of_every_action_does_something(table: str, tmp_path: Path) -> None:
    actions = (*MAIN_ACTIONS, *APP_ACTIONS) if table == "main" else NOTE_ACTIONS
    idle = []
    async with running(song=written_song(), path=tmp_path / "every.drop") as app:
        await app.until_ready()
        song = app.song
        for action in actions:
            if action.id in ELSEWHERE:
                continue
            for key in action.keys.split(","):
                await go_to_the_middle(app, song, Part.BASS)
                if table == "notes":
                    await app.press("enter")
                await app.press(*BEFORE.get(action.id, ()))
                before = state(app)
                await app.press(key)
                if action.id == "engine.restart":
                    await app.until(lambda pid=app.main.session.pid: app.main.session.pid not in (pid, None))
                if action.id == "song.export":
                    await app.until(lambda: app.main.note.startswith("exported"))
                if state(app) == before:
                    idle.append(f"{action.id} by {key}")
    assert not idle


REFUSED = [
    ("cell.fill", ("l", "f"), "locked: l frees this cell"),
    ("section.fill", (*("up", "up", "up"), *("l", "down") * 4, "F"), "every cell there is locked"),
    ("notes.edit", ("l", "enter"), "locked: l frees this cell"),
    ("fill.cancel", ("escape",), "nothing to cancel"),
    ("take.next", ("x", "n"), "no other take"),
    ("take.previous", ("x", "p"), "no other take"),
    ("cell.clear", ("l", "x"), "locked"),
    ("cell.copy", ("x", "c"), "empty"),
    ("cell.paste", ("c", "l", "v"), "locked"),
    ("section.vary", ("V",), "no other drop with music"),
    ("section.delete", ("delete", "delete", "delete"), "keeps one section"),
    ("section.earlier", ("home", "less_than_sign"), "first section already"),
    ("section.later", ("end", "greater_than_sign"), "last section already"),
    ("section.shorter", ("left_parenthesis",) * 4, "1"),
    ("value.up", ("h", *("right_curly_bracket",) * 11, "plus"), "goes no further"),
    ("value.down", ("h", *("left_curly_bracket",) * 10, "minus"), "goes no further"),
    ("song.export", ("m", "M", "e"), "every part is muted"),
    ("notes.refill", ("enter", "l", "f"), "kept: l frees these bars"),
    ("notes.louder", ("enter", *("plus",) * 6), "goes no further"),
    ("notes.remove", ("enter", "up", "x"), "no note here"),
    ("notes.longer", ("enter", "up", "greater_than_sign"), "no note here"),
    ("notes.later", ("enter", "up", "L"), "no note here"),
    ("notes.higher", ("up", "enter", "K"), "drums have no pitch"),
    ("notes.octave_lower", ("enter", "left_curly_bracket", "left_curly_bracket"), "bass plays pitches"),
    ("notes.quantize", ("enter", "q"), "on the grid already"),
    ("notes.rate_1", ("up", "enter", "1"), "the wobble is the bass's"),
]
"""Actions where they are not allowed: what is pressed, and what the app says then."""


async def test_an_action_that_is_not_allowed_says_why(tmp_path: Path) -> None:
    silent = []
    async with running(song=written_song(), path=tmp_path / "refused.drop") as app:
        await app.until_ready()
        song = app.song
        for action, keys, words in REFUSED:
            await go_to_the_middle(app, song, Part.BASS)
            await app.press(*keys[:-1])
            before = app.song
            await app.press(keys[-1])
            if words not in app.view.note or app.song != before:
                silent.append((action, app.view.note))
    assert not silent


async def test_undo_redo_paste_and_export_say_that_there_is_nothing() -> None:
    async with running("--silent", song=short_song()) as app:
        for key, words in (("u", "nothing to undo"), ("U", "nothing to redo"), ("v", "nothing is copied")):
            await app.press(key)
            assert words in app.view.note
        await app.press("e")
        assert "nothing to export yet" in app.view.note
