"""Hits on their frames, chokes, risers and impacts."""

from functools import partial

import numpy as np
import pytest

from song.drums import LANES
from song.notes import Note
from song.sections import Section, SectionKind, Song
from sound.clock import Clock
from sound.rates import SAMPLE_RATE
from sound.sounds import KitSound
from sound.voices.events import Event
from sound.voices.kit import Stretch, kit_events, passage_events

SONG = Song(sections=(Section(SectionKind.BUILD, 4), Section(SectionKind.DROP, 4)))
CLOCK = Clock(SONG)
KIT = KitSound(riser_bars=2, impact_db=-3.0)


def hit(tick: int, name: str, velocity: int = 100) -> Note:
    return Note(tick, LANES[name], 24, velocity)


def events(*notes: Note, kit: KitSound = KIT, own: dict[str, np.ndarray] | None = None) -> list[Event]:
    return kit_events(notes, CLOCK, 0, lambda tick: kit, own or {})


def length(event: Event) -> int:
    return sum(piece.shape[-1] for piece in event.pieces())


def test_hits_stand_on_their_frames_and_are_as_loud_as_their_velocity() -> None:
    soft, loud = events(hit(0, "kick", 40), hit(96, "kick", 127))
    assert (soft.start_frame, loud.start_frame) == (0, round(60 / 140 * SAMPLE_RATE))
    assert soft.gain < loud.gain / 4


def test_an_open_hat_is_closed_by_the_next() -> None:
    free, choked = events(hit(0, "open"))[0], events(hit(0, "open"), hit(24, "hat"))[0]
    assert length(choked) == CLOCK.frame(24) < length(free)
    piece = next(choked.pieces())
    assert np.abs(piece[..., -1]).max() < 1e-3


def test_levels_of_single_drums_count_and_own_drums_take_their_place() -> None:
    plain, louder = events(hit(0, "snare"))[0], events(hit(0, "snare"), kit=KitSound(level={"snare": 6.0}))[0]
    assert louder.gain == pytest.approx(plain.gain * 10 ** (6 / 20))
    own = np.ones((2, 77), np.float32)
    assert next(events(hit(0, "snare"), own={"snare": own})[0].pieces()) is own


STRETCHES = (
    Stretch(0, 1536, 1440, True, KIT),
    Stretch(1536, 3072, 3072, False, KIT),
)
passages = partial(passage_events, STRETCHES, clock=CLOCK, origin=0)


def test_a_riser_ends_where_the_silence_before_the_drop_begins_and_an_impact_lands_on_the_kick() -> None:
    riser, impact = passages(notes=(hit(0, "snare"), hit(1536, "kick")))
    assert riser.start_frame == CLOCK.frame(1536 - 2 * 384)
    assert riser.start_frame + length(riser) == CLOCK.frame(1440)
    assert impact.start_frame == CLOCK.frame(1536)


def test_sections_without_hits_stay_silent() -> None:
    assert passages(notes=()) == []
    (riser,) = passages(notes=(hit(0, "snare"),))
    assert riser.start_frame < CLOCK.frame(1536)
    # A kick that comes late is no impact.
    assert passages(notes=(hit(1536 + 192, "kick"),)) == []
