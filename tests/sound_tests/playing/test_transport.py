"""The sound of each moment, frame by frame: sections in a row, loops, tails, mutes, another take."""

from collections.abc import Mapping

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from song.parts import PARTS, Part
from song.sections import Song
from sound.playing.transport import Transport
from sound.staging.section_sound import SectionSound
from sound.staging.stage import Standing
from sound.staging.timeline import Played, Timeline, timeline_of
from tests.sound_tests.played_songs import BUILD, DROP, played_song

TAIL = 1000
LEVELS = {Part.DRUMS: 1000, Part.BASS: 100}


def steady(key: str, bar_frames: int, levels: Mapping[Part, int], tail: int = TAIL) -> SectionSound:
    """A section whose stems are a number each, and half of it in the tail."""
    stems = {}
    for part, level in levels.items():
        stem = np.full((bar_frames + tail, 2), level, np.int16)
        stem[bar_frames:] = level // 2
        stems[part] = stem
    return SectionSound(key, bar_frames, bar_frames + tail, stems)


class Scene:
    """A transport on the song, its build and its drop being steady."""

    def __init__(self) -> None:
        self.song = played_song()
        self.timeline = timeline_of(self.song)
        build, drop = self.timeline.places
        self.sounds = {
            "build": steady("build", build.frames, {Part.DRUMS: 10}),
            "drop": steady("drop", drop.frames, LEVELS),
        }
        self.transport = Transport(self.sounds.get)

    def standing(self, song: Song | None = None, keys: tuple[str, ...] = ("build", "drop")) -> Standing:
        song = song or self.song
        return Standing(song, timeline_of(song), keys)

    def play(
        self, first: int, last: int, *, start: int | None = None, loop: bool = False, parts: tuple[Part, ...] = PARTS
    ) -> None:
        at = self.timeline.places[first].start_frame if start is None else start
        self.transport.play(self.standing(), Played(first, last, at, loop, parts))

    def heard(self, frames: int) -> NDArray[np.int16]:
        return self.transport.fill(frames)[:, 0]


def test_sections_follow_and_the_tail_of_one_lies_under_the_next() -> None:
    scene = Scene()
    build, drop = scene.timeline.places
    scene.play(BUILD, DROP)
    # In pieces of any size, as cards ask for them.
    heard = np.concatenate([scene.heard(size) for size in (1, 999, build.frames - 1500, 4000, drop.frames, 5000)])
    assert (heard[: build.frames] == 10).all()
    assert (heard[build.frames : build.frames + TAIL] == 1105).all()
    assert (heard[build.frames + TAIL : build.frames + drop.frames] == 1100).all()
    end = build.frames + drop.frames
    assert (heard[end : end + TAIL] == 550).all()
    assert not heard[end + TAIL :].any()
    assert not scene.transport.playing


def test_a_loop_begins_again_under_its_own_tail_until_it_is_none_any_more() -> None:
    scene = Scene()
    frames = scene.timeline.places[DROP].frames
    scene.play(DROP, DROP, loop=True)
    assert (scene.heard(frames) == 1100).all()
    assert (scene.heard(TAIL) == 1650).all()
    assert (scene.heard(frames - TAIL) == 1100).all()
    scene.transport.loop(False)
    scene.heard(frames)
    assert scene.transport.at() is None
    assert (scene.heard(TAIL) == 550).all()
    assert not scene.transport.playing


def test_time_stands_still_until_a_section_is_ready() -> None:
    scene = Scene()
    drop = scene.sounds.pop("drop")
    scene.play(DROP, DROP)
    assert not scene.heard(500).any()
    at = scene.transport.at()
    assert at is not None
    assert (at.tick, at.waiting) == (0, True)
    assert scene.transport.wanted() == (DROP,)
    scene.sounds["drop"] = drop
    assert (scene.heard(500) == 1100).all()
    assert not scene.transport.at().waiting  # type: ignore[union-attr]


def test_a_part_is_muted_at_once_and_without_a_click() -> None:
    scene = Scene()
    scene.play(DROP, DROP)
    scene.heard(1000)
    muted = msgspec.structs.replace(scene.song, muted=(Part.DRUMS,))
    scene.transport.follow(scene.standing(muted))
    heard = scene.heard(2000).astype(int)
    assert heard[0] == 1100
    assert np.abs(np.diff(heard)).max() < 10
    assert (heard[480:] == 100).all()
    scene.transport.follow(scene.standing(msgspec.structs.replace(scene.song, solo=(Part.DRUMS,))))
    assert (scene.heard(2000)[480:] == 1000).all()


def test_a_cell_is_its_part_alone() -> None:
    scene = Scene()
    scene.play(DROP, DROP, parts=(Part.BASS,))
    assert (scene.heard(2000)[480:] == 100).all()


def test_another_take_is_heard_in_its_place_as_soon_as_it_is_there() -> None:
    scene = Scene()
    scene.play(DROP, DROP)
    scene.heard(5000)
    scene.transport.follow(scene.standing(keys=("build", "new")))
    # Until it is rendered, what was there goes on.
    assert (scene.heard(3000) == 1100).all()
    place = scene.timeline.places[DROP]
    ramp = np.zeros((place.frames + TAIL, 2), np.int16)
    ramp[:, :] = (np.arange(place.frames + TAIL) // 10)[:, None]
    scene.sounds["new"] = SectionSound("new", place.frames, place.frames + TAIL, {Part.LEAD: ramp})
    heard = scene.heard(2000).astype(int)
    assert heard[0] == 1100
    assert (heard[480:] == np.arange(8480, 10000) // 10).all()
    assert np.abs(np.diff(heard)).max() < 10


def test_what_plays_goes_on_where_its_section_is_moved_and_stops_where_it_is_gone() -> None:
    scene = Scene()
    scene.play(DROP, DROP)
    scene.heard(5000)
    turned = msgspec.structs.replace(scene.song, sections=scene.song.sections[::-1])
    scene.transport.follow(scene.standing(turned, ("drop", "build")))
    assert (scene.heard(1000) == 1100).all()
    assert scene.transport.at().section_id == scene.song.sections[DROP].id  # type: ignore[union-attr]
    gone = msgspec.structs.replace(scene.song, sections=scene.song.sections[:1])
    scene.transport.follow(scene.standing(gone, ("build",)))
    heard = scene.heard(1000).astype(int)
    assert np.abs(np.diff(heard)).max() < 10
    assert not heard[500:].any()
    assert not scene.transport.playing


def test_a_section_that_is_stretched_goes_on_at_the_same_share_of_it() -> None:
    scene = Scene()
    scene.play(DROP, DROP)
    scene.heard(scene.timeline.places[DROP].frames // 2)
    place = scene.timeline.places[DROP]
    slow = msgspec.structs.replace(place, frames=place.frames * 2, bar_starts=(0, place.frames))
    scene.transport.follow(Standing(scene.song, Timeline((scene.timeline.places[0], slow)), ("build", "slow")))
    assert scene.transport.at().tick == pytest.approx(384, abs=2)  # type: ignore[union-attr]
    assert not scene.heard(100)[50:].any()


def test_stop_is_silence_and_play_from_the_middle_begins_there() -> None:
    scene = Scene()
    build, drop = scene.timeline.places
    scene.play(BUILD, DROP, start=drop.start_frame + drop.bar_starts[1])
    at = scene.transport.at()
    assert at is not None
    assert (at.section_id, at.tick) == (drop.id, 384)
    assert scene.transport.wanted() == (DROP,)
    assert (scene.heard(1000) == 1100).all()
    scene.transport.stop()
    heard = scene.heard(1000).astype(int)
    assert np.abs(np.diff(heard)).max() < 10
    assert not heard[480:].any()
    scene.play(BUILD, DROP, loop=True)
    assert scene.transport.wanted() == (BUILD, DROP)
    assert build.frames > 0


def test_what_is_too_loud_is_cut_and_does_not_turn_over() -> None:
    scene = Scene()
    frames = scene.timeline.places[DROP].frames
    scene.sounds["drop"] = steady("drop", frames, dict.fromkeys(PARTS, 30000))
    scene.play(DROP, DROP)
    assert (scene.heard(1000)[480:] == 32767).all()
