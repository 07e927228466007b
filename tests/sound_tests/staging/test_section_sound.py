"""A section as it is played: what its key tells, that its stems are the song's, and a disk that is full."""

import errno
import os
from pathlib import Path

import msgspec
import numpy as np
import pytest

from song.edits.takes import add_takes, choose_take
from song.errors import UserError
from song.parts import Part
from song.sections import Take
from sound.master import CEILING_DBTP
from sound.patch import Patches
from sound.rates import SAMPLE_RATE
from sound.render import Rendering, section_of
from sound.staging import section_sound
from sound.staging.section_sound import StoppedError, render_section, section_key
from tests.sound_tests.played_songs import BUILD, DROP, kicks, played_song


def test_a_key_tells_what_is_heard_and_nothing_else() -> None:
    song = played_song()
    key = section_key(song, DROP, "p", 3.0)
    renamed = msgspec.structs.replace(song, title="Night", seed=9, muted=(Part.BASS,))
    other_take = choose_take(add_takes(song, DROP, Part.DRUMS, (Take(kicks(2, 38)),)), DROP, Part.DRUMS, 1)
    elsewhere = add_takes(song, BUILD, Part.DRUMS, (Take(kicks(1, 38)),))
    assert section_key(renamed, DROP, "p", 3.0) == key
    assert section_key(elsewhere, DROP, "p", 3.0) == key
    assert section_key(other_take, DROP, "p", 3.0) != key
    assert section_key(song, DROP, "q", 3.0) != key
    assert section_key(song, DROP, "p", 3.5) != key
    assert section_key(msgspec.structs.replace(song, sub=not song.sub), DROP, "p", 3.0) != key


def test_the_stems_are_those_of_the_rendering_under_one_gain() -> None:
    song = played_song()
    patches = Patches(song)
    sound = render_section(song, DROP, patches, "k", -20.0)
    rendering = Rendering(song, patches, section_of(song, DROP))
    assert (sound.bar_frames, sound.frames) == (rendering.bar_frames, rendering.frames)
    assert set(sound.stems) == {Part.DRUMS, Part.BASS}
    for part in sound.stems:
        rendering = Rendering(song, patches, section_of(song, DROP))
        dry = np.concatenate([block.stem(part) for block in rendering.blocks()])
        # So far down nothing is limited: the gain alone is left.
        assert np.abs(sound.stems[part] / 32767 - dry * 10 ** (-20 / 20)).max() < 1e-4


def test_a_loud_section_stays_under_the_ceiling_and_is_the_same_twice() -> None:
    song = played_song()
    loud, again = (render_section(song, DROP, Patches(song), "k", 24.0) for _ in range(2))
    mix = sum(stem.astype(np.float64) for stem in loud.stems.values()) / 32767
    peak_db = 20 * np.log10(np.abs(mix).max())
    assert CEILING_DBTP - 3 < peak_db < CEILING_DBTP + 0.05
    assert all((loud.stems[part] == again.stems[part]).all() for part in loud.stems)


def test_nothing_more_is_done_once_it_is_not_wanted() -> None:
    asked = []

    def stopped() -> bool:
        asked.append(True)
        return len(asked) > 1

    with pytest.raises(StoppedError):
        render_section(played_song(), DROP, Patches(played_song()), "k", 0.0, stopped=stopped)
    assert len(asked) == 2


def test_a_full_disk_is_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    class Full:
        def __enter__(self) -> "Full":
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def seek(self, at: int) -> None:
            pass

        def write(self, data: bytes) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(section_sound.tempfile, "TemporaryFile", lambda dir: Full())
    with pytest.raises(UserError, match="No space left on device; free some space"):
        render_section(played_song(), DROP, Patches(played_song()), "k", 0.0, tmp_path)


def test_a_silent_section_takes_no_room() -> None:
    song = played_song()
    sections = tuple(msgspec.structs.replace(one, cells=type(one.cells)()) for one in song.sections)
    sound = render_section(msgspec.structs.replace(song, sections=sections), BUILD, Patches(song), "k", 0.0)
    assert sound.bar_frames > SAMPLE_RATE
    assert all(not stem.any() for part, stem in sound.stems.items() if part is not Part.DRUMS)
