"""The drums of a song as events: hits, chokes of open hats, a riser before a drop, an impact on it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from song.drums import LANES
from song.notes import Note
from sound.clock import Clock
from sound.sounds import KitSound
from sound.voices.drum_sounds import drum_level_db, drum_name, drum_room, drum_sound, impact_sound, riser_pieces
from sound.voices.envelopes import fade
from sound.voices.events import Event, decibels, ms_to_frames, velocity_gain

_LOUDNESS = 0.74
_CHOKES = (LANES["hat"], LANES["pedal"], LANES["open"])
_CHOKE_MS = 6.0

OneShots = Mapping[str, NDArray[np.float32]]
"""The user's own sounds by the names of drums, (N,) or (2, N)."""


class Stretch(Struct, frozen=True):
    """A section as far as its drums know it.

    Attributes:
        start_tick, end_tick: from the song's start.
        silent_from_tick: where the silence before a drop begins; its end where there is none.
        before_drop: whether a drop follows.
        sound: its kit.
    """

    start_tick: int
    end_tick: int
    silent_from_tick: int
    before_drop: bool
    sound: KitSound


def kit_events(
    notes: Sequence[Note],
    clock: Clock,
    origin: int,
    sound_at: Callable[[int], KitSound],
    one_shots: OneShots,
) -> list[Event]:
    """The hits' events.

    Args:
        notes: in time order, ticks from the song's start.
        clock: the song's.
        origin: the frame of the song that is the first of what is rendered.
        sound_at: the kit that holds at a tick.
        one_shots: sounds in place of ours.
    """
    chokes = sorted({clock.frame(note.onset_tick) for note in notes if note.pitch in _CHOKES})
    events = []
    for note in notes:
        kit, name = sound_at(note.onset_tick), drum_name(note.pitch)
        start = clock.frame(note.onset_tick)
        until = None
        if name == "open":
            until = next((frame - start for frame in chokes if frame > start), None)
        own = one_shots.get(name)
        level_db = drum_level_db(name) + kit.level.get(name, 0.0) + kit.level_db
        events.append(
            Event(
                start - origin,
                partial(_hit, name, kit, own, until),
                decibels(level_db) * velocity_gain(note.velocity) * _LOUDNESS,
                drum_room(name) * kit.room,
            )
        )
    return events


def _hit(name: str, kit: KitSound, own: NDArray[np.float32] | None, until: int | None) -> Iterator[NDArray[np.float32]]:
    sound = own if own is not None else drum_sound(name, kit.tune.get(name, 0.0), kit.decay.get(name, 1.0))
    if until is not None and until < sound.shape[-1]:
        choke = min(ms_to_frames(_CHOKE_MS), until)
        sound = sound[..., :until].copy()
        sound[..., until - choke :] *= fade(choke)[::-1]
    yield sound


def passage_events(stretches: Sequence[Stretch], notes: Sequence[Note], clock: Clock, origin: int) -> list[Event]:
    """A riser at the end of each section that leads to a drop, an impact on the first kick of one, as its kit asks.

    A section without hits of its own has neither: what is silent stays so.

    Args:
        stretches: in time order.
        notes: the hits, in time order.
        clock: the song's.
        origin: the frame of the song that is the first of what is rendered.
    """
    events = []
    for stretch in stretches:
        inside = [note for note in notes if stretch.start_tick <= note.onset_tick < stretch.end_tick]
        if not inside:
            continue
        kit = stretch.sound
        if stretch.before_drop and kit.riser_bars:
            begins = max(stretch.start_tick, stretch.end_tick - kit.riser_bars * 384)
            start, end = clock.frame(begins), clock.frame(stretch.silent_from_tick)
            if end - start > ms_to_frames(100):
                gain = decibels(kit.riser_db + kit.level_db) * _LOUDNESS
                events.append(Event(start - origin, partial(riser_pieces, end - start), gain, 0.3))
        kick = next((note for note in inside if note.pitch == LANES["kick"]), None)
        if kit.impact_db > -60 and kick is not None and kick.onset_tick < stretch.start_tick + 96:
            gain = decibels(kit.impact_db + kit.level_db) * _LOUDNESS
            start = clock.frame(kick.onset_tick)
            events.append(Event(start - origin, lambda: iter((impact_sound(),)), gain, 0.3))
    return [event for event in events if event.start_frame >= 0]
