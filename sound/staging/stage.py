"""A song made ready to be heard: its timeline, its level, and the sound of each section as it gets ready.

Knows neither cards nor pages; both read what is here. Sections that are waited for are rendered first, then the rest of
the song, then takes that may be stepped to.
"""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from song.edits.takes import chosen_alone, replace_cell
from song.errors import UserError, in_one_line
from song.notes import Phrase
from song.parts import Part
from song.sections import Cell, Song, Take
from sound.patch import Patches, patch_names
from sound.staging.level import KEPT_DB, song_gain, telling_section
from sound.staging.section_sound import SectionSound, StoppedError, render_section, section_key
from sound.staging.timeline import Timeline, timeline_of
from sound.staging.work import Job, Work

MOST_BYTES = 1_500_000_000
"""Bytes that are kept on the disk of rendered sections, those of the song as it is apart."""
MOST_KEPT = 160
"""Sections that are kept, those of the song as it is among them."""
_LEVEL = "level"


class Standing(msgspec.Struct, frozen=True):
    """A song as it is to be heard: everything of it that was current at one time.

    Attributes:
        song: with its chosen takes alone.
        timeline: its sections in frames.
        keys: a key for each section; empty while the level is not known.
    """

    song: Song = Song()
    timeline: Timeline = Timeline()
    keys: tuple[str, ...] = ()


class Stage:
    """The song that is on, and what is rendered of it. Its methods may be called from any thread."""

    def __init__(
        self,
        tell: Callable[[str], object],
        changed: Callable[[], object],
        folder: Path | None = None,
        patch_folder: Path | None = None,
        *,
        whole: bool = False,
    ) -> None:
        """Start with no song.

        Args:
            tell: takes a line where something cannot be rendered.
            changed: told that the standing is another, or that a section is ready; both are called in other threads.
            folder: where sections are kept; None for the system's folder for such.
            patch_folder: the user's own patches.
            whole: whether the whole song is rendered ahead, for those who look at all of it.
        """
        self._tell, self._changed = tell, changed
        self._folder, self._patch_folder = folder, patch_folder
        self._lock = threading.RLock()
        self._sounds: OrderedDict[str, SectionSound] = OrderedDict()
        self._failed: set[Hashable] = set()
        self._gain_db: float | None = None
        self._levelled: object = None
        self._patches: tuple[object, Patches, str] | None = None
        self._first: tuple[int, ...] = ()
        self._ahead: tuple[tuple[int, Part], tuple[Phrase, ...]] | None = None
        self._takes: tuple[str, ...] = ()
        self._closed = False
        self.whole = whole
        self.standing = Standing()
        self._work = Work(self._on_done)

    @property
    def busy(self) -> bool:
        """True while something is rendered or waits to be."""
        return self._work.busy

    def ready_share(self) -> float:
        """The share of the sections that are waited for which is ready, 0-1; of the whole song where that is wanted."""
        keys = self.standing.keys
        if not self.whole:
            keys = tuple(keys[index] for index in self._first if index < len(keys))
        return sum(key in self._sounds for key in keys) / len(keys) if keys else 0.0

    def sound(self, key: str) -> SectionSound | None:
        """The sound of a section by its key, None where there is none as yet."""
        # Without the lock: the card must not wait for what an edit takes.
        return self._sounds.get(key)

    def set_song(self, song: Song) -> None:
        """Go on with a song, or with the song as it is now."""
        with self._lock:
            self._ahead, self._takes = None, ()
            self._stand(chosen_alone(song))
        self._changed()

    def close(self) -> None:
        """Render nothing more, and tell nothing more."""
        with self._lock:
            self._closed = True
        self._work.close()

    def wait_for(self, sections: Iterable[int]) -> None:
        """Render these sections before all else, by their indices."""
        with self._lock:
            first = tuple(sections)
            if first != self._first:
                self._first = first
                self._ask()

    def show_whole(self, whole: bool) -> None:
        """Render the whole song ahead, or what is played of it alone."""
        with self._lock:
            if whole != self.whole:
                self.whole = whole
                self._ask()

    def render_ahead(self, section: int, part: Part, phrases: Sequence[Phrase]) -> None:
        """Render a section with each of some phrases in a part, while nothing else is to be done."""
        with self._lock:
            self._ahead = ((section, part), tuple(phrases))
            self._ask()

    def _stand(self, song: Song) -> None:
        patches = self._patches_of(song)
        keys: tuple[str, ...] = ()
        if self._gain_db is not None and patches is not None:
            keys = tuple(section_key(song, index, patches[1], self._gain_db) for index in range(len(song.sections)))
        self.standing = Standing(song, timeline_of(song), keys)
        for key in keys:
            if key in self._sounds:
                self._sounds.move_to_end(key)
        self._ask()

    def _patches_of(self, song: Song) -> tuple[Patches, str] | None:
        """The patches of a song and what tells them from others; None where they cannot be read, which is told."""
        rest = msgspec.structs.replace(song, title="", seed=0, sections=(), muted=(), solo=(), template="", theme=0)
        try:
            state = (rest, _files_state(self._patch_folder))
            if self._patches is None or self._patches[0] != state:
                digest = hashlib.blake2b(repr(state).encode(), digest_size=8).hexdigest()
                self._patches = (state, Patches(song, self._patch_folder), digest)
        except UserError as error:
            self._tell(str(error))
            return None
        return self._patches[1], self._patches[2]

    def _ask(self) -> None:
        """Have done what is to be done now."""
        song, keys = self.standing.song, self.standing.keys
        patches = self._patches_of(song)
        if patches is None or not song.sections or self._closed:
            self._work.want(())
            return
        jobs: list[Job] = []
        levelled = self._level_state(song, patches[1])
        level = Job((_LEVEL, levelled), lambda stopped: song_gain(song, patches[0]), ahead=self._gain_db is not None)
        if self._gain_db is None:
            jobs.append(level)
        first = [index for index in self._first if index < len(keys)]
        jobs += [self._job(song, index, patches[0], keys[index], ahead=False) for index in first]
        jobs += self._take_jobs(song, patches)
        if self.whole:
            rest = (index for index in range(len(keys)) if index not in first)
            jobs += [self._job(song, index, patches[0], keys[index], ahead=True) for index in rest]
        if self._gain_db is not None and levelled != self._levelled:
            jobs.append(level)
        wanted: dict[Hashable, Job] = {}
        for job in jobs:
            if job.key not in self._sounds and job.key not in self._failed:
                wanted.setdefault(job.key, job)
        self._work.want(list(wanted.values()))

    def _level_state(self, song: Song, patches: str) -> str:
        index = telling_section(song)
        return "" if index is None else section_key(song, index, patches, 0.0)

    def _take_jobs(self, song: Song, patches: tuple[Patches, str]) -> list[Job]:
        if self._ahead is None or self._gain_db is None:
            return []
        (section, part), phrases = self._ahead
        if section >= len(song.sections):
            return []
        jobs = []
        for phrase in phrases:
            other = replace_cell(song, section, part, Cell((Take(phrase),), 0))
            key = section_key(other, section, patches[1], self._gain_db)
            jobs.append(self._job(other, section, patches[0], key, ahead=True))
        self._takes = tuple(str(job.key) for job in jobs)
        return jobs

    def _job(self, song: Song, index: int, patches: Patches, key: str, *, ahead: bool) -> Job:
        gain_db = self._gain_db or 0.0
        return Job(
            key,
            lambda stopped: render_section(song, index, patches, key, gain_db, self._folder, stopped),
            ahead,
        )

    def _on_done(self, key: Hashable, result: Any, error: BaseException | None) -> None:
        if isinstance(error, StoppedError) or self._closed:
            return
        with self._lock:
            if error is not None:
                # Not again and again: the next edit makes another key of it.
                self._failed.add(key)
                if isinstance(key, tuple) and self._gain_db is None:
                    self._gain_db = 0.0
                    self._stand(self.standing.song)
            elif isinstance(key, tuple):
                self._levelled = key[1]
                if self._gain_db is None or abs(self._gain_db - result) >= KEPT_DB:
                    self._gain_db = result
                    self._stand(self.standing.song)
            else:
                self._sounds[str(key)] = result
                self._forget()
        if error is not None:
            self._tell(str(error) if isinstance(error, UserError) else f"cannot render: {in_one_line(error)}")
        self._changed()

    def _forget(self) -> None:
        """Let go of what was heard longest ago, as far as there is too much."""
        kept = {*self.standing.keys, *self._takes}
        others = [key for key in self._sounds if key not in kept]
        size = sum(self._sounds[key].size for key in others)
        for key in others:
            if size <= MOST_BYTES and len(self._sounds) <= MOST_KEPT:
                return
            size -= self._sounds.pop(key).size


def _files_state(folder: Path | None) -> tuple[tuple[str, int, int], ...]:
    """The user's patches by name, time and size, so that one that was changed is read anew."""
    if folder is None:
        return ()
    try:
        states = [(path, path.stat()) for path in patch_names(folder).values()]
    except OSError:
        return ()
    return tuple((str(path), state.st_mtime_ns, state.st_size) for path, state in states)
