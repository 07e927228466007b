"""A song as sound, block by block, each stem by itself. The one door to the synthesizer.

    patches = Patches(song)
    rendering = Rendering(song, patches, whole_song(song))       # or section_of, cell_of, bars_of
    for block in rendering.blocks():
        block.stem(Part.BASS)                                   # (N, 2) float32 at 48 kHz
        block.mix()                                             # their sum

Blocks come before the master chain: `sound.master.Master` brings them near a drop's loudness and under the ceiling as
they come, `sound.bounce` a whole file to the loudness that is asked for. What is rendered
starts on its first bar line; nothing that began before is in it. Only a block at a time is in memory. The same song,
patches and stretch give the same samples on one machine; elsewhere they may differ by the last bit of 24.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import cast

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from song.drums import KICK, canonical_drum
from song.export.tracks import placed_notes, placed_wobbles, sub_notes
from song.export.wobble_cc import cycles
from song.notes import Note
from song.parts import PARTS, Part
from song.sections import Song
from song.time import TICKS_PER_QUARTER, bars_to_ticks
from sound.clock import Clock
from sound.dsp.convolution import Convolver
from sound.dsp.echo import Echo
from sound.dsp.rooms import space_responses
from sound.patch import Patches
from sound.rates import CONTROL_FRAMES, SAMPLE_RATE
from sound.sounds import BassSound, KitSound, ToneSound
from sound.voices.bass import BassVoice, sub_events
from sound.voices.ducking import Ducking
from sound.voices.events import Event, Sends, Strip
from sound.voices.kit import OneShots, kit_events, passage_events
from sound.voices.kit import Stretch as KitStretch
from sound.voices.tones import tone_events

BLOCK_FRAMES = 54 * 4800
"""Frames of a block where nothing else is asked for, 5.4 s: whole control values and whole tenths of a second."""
TAIL_SECONDS = 2.0
"""Seconds behind the last bar line in which notes, room and echo die away."""
_FADE_FRAMES = 2400
_ECHO_TICKS = TICKS_PER_QUARTER * 3 // 4
_ECHO_STEP_FRAMES = 16384
"""Frames over which the echo keeps its delay while the tempo changes."""


class Stretch(Struct, frozen=True):
    """Some of a song's bars, and the parts that are wanted of them.

    Attributes:
        first_bar: from the song's start, from 0.
        bars: how many, 1 or more.
        parts: in the order of `PARTS`; those of them that the song has muted stay silent.
    """

    first_bar: int
    bars: int
    parts: tuple[Part, ...] = PARTS


def whole_song(song: Song) -> Stretch:
    """All of a song."""
    return Stretch(0, song.bars)


def section_of(song: Song, index: int) -> Stretch:
    """A section by its place in the song, from 0."""
    return Stretch(song.start_bars()[index], song.sections[index].bars)


def cell_of(song: Song, index: int, part: Part) -> Stretch:
    """One part of a section."""
    return Stretch(song.start_bars()[index], song.sections[index].bars, (part,))


def bars_of(first_bar: int, bars: int, parts: tuple[Part, ...] = PARTS) -> Stretch:
    """Some bars, counted from the song's first, which is 0."""
    return Stretch(first_bar, bars, parts)


class Block(Struct, frozen=True):
    """A stretch of sound.

    Attributes:
        start_frame: from the start of what is rendered.
        frames: N.
        stems_2xN: (2, N) float32 by part, those alone that are not silent.
        space_2xN: (2, N) room and echo of all parts together, where stems were not asked for; None for silence.
    """

    start_frame: int
    frames: int
    stems_2xN: Mapping[Part, NDArray[np.float32]]
    space_2xN: NDArray[np.float32] | None = None

    def stem(self, part: Part) -> NDArray[np.float32]:
        """One stem, (N, 2), its room and echo in it where stems were asked for."""
        found = self.stems_2xN.get(part)
        return np.zeros((self.frames, 2), np.float32) if found is None else found.T

    def mix(self) -> NDArray[np.float32]:
        """The sum of all there is, (N, 2)."""
        return self.mix_2xN().T

    def mix_2xN(self) -> NDArray[np.float32]:  # the name carries the shape
        """The sum of all there is, (2, N)."""
        total = np.zeros((2, self.frames), np.float32)
        for sound in (*self.stems_2xN.values(), self.space_2xN):
            if sound is not None:
                total += sound
        return total


class Rendering:
    """A stretch of a song, ready to be rendered once."""

    def __init__(
        self,
        song: Song,
        patches: Patches,
        stretch: Stretch,
        *,
        tail: bool = True,
        stems: bool = True,
        one_shots: OneShots | None = None,
    ) -> None:
        """Lay out what sounds; nothing is computed yet.

        Args:
            song: whose chosen takes are heard.
            patches: the sounds.
            stretch: what is wanted of it.
            tail: whether what rings past the last bar line is heard too; a loop has none.
            stems: whether each stem has a room and an echo of its own; where the mix alone is wanted one for all does,
                and the mix is the same but for rounding.
            one_shots: the user's sounds in place of drums.

        Raises:
            ValueError: where a note or a wobble that would sound is out of range.
        """
        self._song, self._patches = song, patches
        self._clock = Clock(song)
        self._first_tick = bars_to_ticks(stretch.first_bar)
        self._end_tick = bars_to_ticks(stretch.first_bar + stretch.bars)
        self._origin = self._clock.frame(self._first_tick)
        self.bar_frames = self._clock.frame(self._end_tick) - self._origin
        """Frames up to the last bar line."""
        self.frames = self.bar_frames + (round(TAIL_SECONDS * SAMPLE_RATE) if tail else 0)
        """Frames in all."""
        self.parts = tuple(part for part in PARTS if part in stretch.parts and part in song.heard_parts())
        """The parts that may be heard."""
        self._section_ticks = [bars_to_ticks(bar) for bar in song.start_bars()]
        self._one_shots = dict(one_shots or {})
        # A bass alone is pushed down by the kick that would be heard with it.
        hits = self._notes(Part.DRUMS) if Part.DRUMS in song.heard_parts() else ()
        self._kicks = [note.onset_tick for note in hits if canonical_drum(note.pitch) == KICK]
        self._stems = {part: self._stem(part) for part in self.parts}
        self._spaces = {part: _Space() for part in self.parts} if stems else {}
        self._shared = _Space()

    def section_frames(self, index: int) -> tuple[int, int]:
        """The first frame of a section and the first behind it, from the start of what is rendered."""
        start = self._section_ticks[index]
        end = start + self._song.sections[index].length_ticks
        return self._clock.frame(start) - self._origin, self._clock.frame(end) - self._origin

    def blocks(self, block_frames: int = BLOCK_FRAMES) -> Iterator[Block]:
        """The sound from its first frame to its last; may be asked for once.

        Args:
            block_frames: of each block but the last, a multiple of 16; the samples depend on it by a rounding error.
        """
        for start in range(0, self.frames, block_frames):
            count = min(block_frames, self.frames - start)
            # Whole control values; what is too much is cut.
            whole = -(-count // CONTROL_FRAMES) * CONTROL_FRAMES
            delays = self._echo_delays(start, whole)
            heard, shared = {}, Sends(whole)
            for part, stem in self._stems.items():
                sends = Sends(whole) if self._spaces else shared
                sound = stem.run(start, whole, sends)
                if self._spaces:
                    sound = _sum(sound, self._spaces[part].run(sends, delays))
                if sound is not None:
                    heard[part] = self._faded(sound[:, :count], start)
            space = self._shared.run(shared, delays)
            yield Block(start, count, heard, None if space is None else self._faded(space[:, :count], start))

    def _faded(self, sound_2xN: NDArray[np.float32], start: int) -> NDArray[np.float32]:
        """The sound, faded out at the end of the last frames."""
        over = start + sound_2xN.shape[1] - (self.frames - _FADE_FRAMES)
        if over > 0 and self.frames > self.bar_frames:
            fade_N = np.linspace(1, 0, _FADE_FRAMES, dtype=np.float32)
            some = min(over, sound_2xN.shape[1])
            sound_2xN[:, -some:] *= fade_N[over - some : over]
        return sound_2xN

    def _echo_delays(self, start: int, frames: int) -> list[tuple[int, int]]:
        """Stretches of a block as their frames and the echo's delay in them: one where the tempo is one."""
        delays: list[tuple[int, int]] = []
        for at in range(start, start + frames, _ECHO_STEP_FRAMES):
            tick = float(self._clock.ticks_at(np.array([float(at + self._origin)]))[0])
            delay = round((self._clock.seconds(tick + _ECHO_TICKS) - self._clock.seconds(tick)) * SAMPLE_RATE)
            some = min(_ECHO_STEP_FRAMES, start + frames - at)
            if delays and delays[-1][1] == delay:
                some += delays.pop()[0]
            delays.append((some, delay))
        return delays

    def _section_index(self, tick: int) -> int:
        return max(0, int(np.searchsorted(self._section_ticks, tick, side="right")) - 1)

    def _notes(self, part: Part) -> tuple[Note, ...]:
        """The notes of a part that begin within the stretch, none sounding past its end."""
        return tuple(
            Note(note.onset_tick, note.pitch, min(note.end_tick, self._end_tick) - note.onset_tick, note.velocity)
            for note in placed_notes(self._song, part)
            if self._first_tick <= note.onset_tick < self._end_tick
        )

    def _sound_at(self, part: Part) -> Callable[[int], object]:
        sections = self._song.sections
        return lambda tick: self._patches.sound(part, sections[self._section_index(tick)].kind)

    def _ducking(self, duck_at: Callable[[int], float]) -> Ducking:
        return Ducking([(self._clock.frame(tick) - self._origin, duck_at(tick)) for tick in self._kicks])

    def _stem(self, part: Part) -> "_Stem":
        notes, clock, origin = self._notes(part), self._clock, self._origin
        if part is Part.DRUMS:
            kit_at = cast(Callable[[int], KitSound], self._sound_at(part))
            hits = kit_events(notes, clock, origin, kit_at, self._one_shots)
            return _Stem((*hits, *passage_events(self._kit_stretches(), notes, clock, origin)), (), Ducking(()))
        if part is Part.BASS:
            bass_at = cast(Callable[[int], BassSound], self._sound_at(part))
            lanes = [one for one in cycles(placed_wobbles(self._song), notes) if one[1] > self._first_tick]
            events = BassVoice(clock).events(notes, lanes, origin, bass_at)
            subs = sub_notes(notes, self._end_tick) if self._song.sub else ()
            return _Stem(
                (), (*events, *sub_events(subs, clock, origin, bass_at)), self._ducking(lambda tick: bass_at(tick).duck)
            )
        tone_at = cast(Callable[[int], ToneSound], self._sound_at(part))
        events = tone_events(notes, clock, origin, tone_at, self._place_at)
        return _Stem(events, (), self._ducking(lambda tick: tone_at(tick).duck))

    def _place_at(self, tick: int) -> float:
        index = self._section_index(tick)
        return (tick - self._section_ticks[index]) / self._song.sections[index].length_ticks

    def _kit_stretches(self) -> list[KitStretch]:
        found = []
        for index, (start, section) in enumerate(zip(self._section_ticks, self._song.sections, strict=True)):
            end = start + section.length_ticks
            gap = self._song.gap_after(index) * TICKS_PER_QUARTER
            following = self._song.sections[index + 1 : index + 2]
            before_drop = bool(following) and following[0].kind == "drop" and section.kind != "drop"
            sound = cast(KitSound, self._patches.sound(Part.DRUMS, section.kind))
            found.append(KitStretch(start, end, end - gap, before_drop, sound))
        return found


class _Stem:
    """The events of one part, pushed down by the kick."""

    def __init__(self, stereo: Sequence[Event], mono: Sequence[Event], ducking: Ducking) -> None:
        self._stereo, self._mono, self._ducking = Strip(stereo), Strip(mono), ducking

    def run(self, start: int, frames: int, sends: Sends) -> NDArray[np.float32] | None:
        """A block, (2, N), or None where all is silent."""
        depth_N = self._ducking.depth(start, frames)
        own = sends if depth_N is None else Sends(frames)
        block_2xN = self._stereo.fill(start, frames, 2, own)
        mono_1xN = self._mono.fill(start, frames, 1, own)
        if mono_1xN is not None:
            block_2xN = np.repeat(mono_1xN, 2, axis=0) if block_2xN is None else block_2xN + mono_1xN
        if depth_N is not None and block_2xN is not None:
            kept_N = np.float32(1) - depth_N
            block_2xN *= kept_N
            for name, sent in own.heard.items():
                sent *= kept_N
                sends.add(name, 0, sent, 1.0)
        return block_2xN


class _Space:
    """A room, a widening and an echo."""

    def __init__(self) -> None:
        self._room = Convolver(space_responses())
        self._echo = Echo()

    def run(self, sends: Sends, delays: Sequence[tuple[int, int]]) -> NDArray[np.float32] | None:
        """The sound that they give back in a block, (2, N), or None for silence."""
        frames = sum(some for some, _ in delays)
        echo = self._echoes(sends.heard.get("echo"), delays)
        room = self._room.run((sends.heard.get("room"), sends.heard.get("width")), frames)
        return _sum(room, echo)

    def _echoes(
        self, sent_N: NDArray[np.float32] | None, delays: Sequence[tuple[int, int]]
    ) -> NDArray[np.float32] | None:
        pieces, at = [], 0
        for some, delay in delays:
            pieces.append(self._echo.run(None if sent_N is None else sent_N[at : at + some], some, delay))
            at += some
        if len(pieces) == 1 or all(piece is None for piece in pieces):
            return pieces[0]
        silent = (np.zeros((2, some), np.float32) for some, _ in delays)
        return np.concatenate([zero if piece is None else piece for piece, zero in zip(pieces, silent, strict=True)], 1)


def _sum(one: NDArray[np.float32] | None, other: NDArray[np.float32] | None) -> NDArray[np.float32] | None:
    return one if other is None else other if one is None else one + other
