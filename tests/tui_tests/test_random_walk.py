"""Thousands of random keys, with a fake engine that writes meanwhile: the song stays valid, and undo leads back."""

import random

import pytest
from textual.screen import Screen

from song.problems import find_problem
from song.sections import Song
from song.store import decode_song, encode_song
from tests.tui_tests.driving import Driver, running, short_song
from tui.actions import MAIN_ACTIONS, NOTE_ACTIONS, OPEN_ACTIONS, PROMPT_ACTIONS, START_ACTIONS

KEYS_A_WALK = 700
LEFT_OUT = {"song.export", "engine.restart", "song.save_as", "song.save", "song.open"}
"""Exports and files are tested elsewhere, and would only slow the walk."""

SCREEN_ACTIONS = START_ACTIONS + OPEN_ACTIONS + PROMPT_ACTIONS
MAIN_KEYS = sorted({key for one in MAIN_ACTIONS if one.id not in LEFT_OUT for key in one.keys.split(",")})
NOTE_KEYS = sorted({key for one in NOTE_ACTIONS for key in one.keys.split(",")})
OTHER_KEYS = sorted({key for one in SCREEN_ACTIONS for key in one.keys.split(",")} | set("abAB12/-. ") | {"enter"})


def keys_for(app: Driver, screen: Screen[object]) -> list[str]:
    if screen is not app.main:
        return OTHER_KEYS
    return NOTE_KEYS if app.main.editing else MAIN_KEYS


def check(app: Driver, pressed: list[str]) -> None:
    """What holds of the song and of what is selected after every key."""
    song, work = app.song, app.work
    trace = " ".join(pressed[-12:])
    assert find_problem(song) is None, trace
    assert song.sections, trace
    assert len({section.id for section in song.sections}) == len(song.sections), trace
    assert 0 <= work.section < len(song.sections), trace
    assert 0 <= app.main.editor.tick < work.selected_section.length_ticks, trace
    for index, part in song.cell_refs():
        cell = song.sections[index].cell(part)
        assert (cell.chosen is None) == (not cell.takes), trace
        assert all(take.phrase.bars <= song.sections[index].bars for take in cell.takes), trace


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
async def test_no_row_of_keys_harms_the_song(seed: int) -> None:
    dice = random.Random(seed)
    pressed: list[str] = []
    async with running(song=short_song()) as app:
        await app.until_ready()
        for _ in range(KEYS_A_WALK):
            key = dice.choice(keys_for(app, app.app.screen))
            pressed.append(key)
            await app.press(key)
            assert app.app.is_running, " ".join(pressed[-12:])
            check(app, pressed)
        while app.app.screen is not app.main:
            await app.press("escape")
        app.main.session.cancel()
        await app.until_written()
        assert decode_song(encode_song(app.song), "walk.drop") == app.song
        last = app.song
        undone = undo_all(app)
        assert app.song == short_song()
        redo_all(app, undone)
        assert app.song == last


def undo_all(app: Driver) -> int:
    count = 0
    while app.work.undo():
        count += 1
    return count


def redo_all(app: Driver, undone: int) -> Song:
    for _ in range(undone):
        assert app.work.redo()
    return app.song
