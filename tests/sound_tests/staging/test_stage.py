"""A song made ready: what is waited for before the rest, takes ahead, and an edit that renders one section."""

import threading
from collections.abc import Callable

import msgspec
import pytest

from song.edits.takes import add_takes, choose_take
from song.parts import Part
from song.sections import Take
from sound.staging import stage as stage_module
from sound.staging.stage import Stage
from tests.sound_tests.played_songs import BUILD, DROP, growl, kicks, played_song

_PATIENCE_SECONDS = 60


class Watched:
    """A stage, waited on."""

    def __init__(self, **named: bool) -> None:
        self.lines: list[str] = []
        self.changed = threading.Condition()
        self.stage = Stage(self.lines.append, self.notify, **named)

    def notify(self) -> None:
        with self.changed:
            self.changed.notify_all()

    def until(self, condition: Callable[[], object]) -> None:
        with self.changed:
            assert self.changed.wait_for(condition, _PATIENCE_SECONDS), self.lines

    def ready(self) -> list[bool]:
        return [self.stage.sound(key) is not None for key in self.stage.standing.keys]


def test_what_is_waited_for_is_rendered_and_nothing_else() -> None:
    seen = Watched()
    seen.stage.set_song(played_song())
    seen.stage.wait_for((DROP,))
    seen.until(lambda: seen.ready() == [False, True])
    assert seen.stage.ready_share() == 1
    assert not seen.stage.busy
    seen.stage.show_whole(True)
    assert seen.stage.ready_share() == 0.5
    seen.until(lambda: seen.ready() == [True, True])
    assert not seen.lines


def test_an_edit_renders_its_own_section_anew() -> None:
    seen = Watched(whole=True)
    song = played_song()
    seen.stage.set_song(song)
    seen.until(lambda: seen.ready() == [True, True])
    before = seen.stage.standing.keys
    # A build tells nothing of the level.
    seen.stage.set_song(choose_take(add_takes(song, BUILD, Part.DRUMS, (Take(kicks(1, 38)),)), BUILD, Part.DRUMS, 1))
    assert seen.stage.standing.keys[DROP] == before[DROP]
    assert seen.stage.standing.keys[BUILD] != before[BUILD]
    assert seen.ready() == [False, True]
    seen.until(lambda: seen.ready() == [True, True])
    # Back again: it is still there.
    seen.stage.set_song(song)
    assert seen.stage.standing.keys == before
    assert seen.ready() == [True, True]


def test_a_mute_or_a_name_renders_nothing() -> None:
    seen = Watched(whole=True)
    song = played_song()
    seen.stage.set_song(song)
    seen.until(lambda: seen.ready() == [True, True])
    seen.stage.set_song(msgspec.structs.replace(song, title="Night", muted=(Part.BASS,)))
    assert seen.ready() == [True, True]
    assert seen.stage.standing.song.muted == (Part.BASS,)


def test_takes_are_there_before_they_are_asked_for() -> None:
    seen = Watched()
    song = add_takes(played_song(), DROP, Part.BASS, (Take(growl(2, 43)), Take(growl(2, 44))))
    seen.stage.set_song(song)
    seen.stage.wait_for((DROP,))
    seen.until(lambda: seen.ready()[DROP:] == [True])
    cell = song.sections[DROP].cells.bass
    others = [index for index in range(3) if index != cell.chosen]
    seen.stage.render_ahead(DROP, Part.BASS, [cell.takes[index].phrase for index in others])
    seen.until(lambda: not seen.stage.busy and len(seen.stage._sounds) == 3)
    for chosen in others:
        seen.stage.set_song(choose_take(song, DROP, Part.BASS, chosen))
        assert seen.ready()[DROP]


def test_what_is_not_heard_any_more_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage_module, "MOST_BYTES", 0)
    seen = Watched()
    song = played_song()
    for pitch in (36, 38, 42):
        seen.stage.set_song(add_takes(song, BUILD, Part.DRUMS, (Take(kicks(1, pitch)),)))
        seen.stage.set_song(
            choose_take(add_takes(song, BUILD, Part.DRUMS, (Take(kicks(1, pitch)),)), BUILD, Part.DRUMS, 1)
        )
        seen.stage.wait_for((BUILD,))
        seen.until(lambda: seen.ready()[:1] == [True])
    assert len(seen.stage._sounds) == 1


def test_a_section_that_cannot_be_rendered_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError("no room")

    monkeypatch.setattr(stage_module, "render_section", full)
    seen = Watched(whole=True)
    seen.stage.set_song(played_song())
    seen.until(lambda: len(seen.lines) == 2)
    seen.stage.wait_for((DROP,))
    seen.until(lambda: not seen.stage.busy)
    assert seen.lines == ["cannot render: OSError: no room"] * 2
