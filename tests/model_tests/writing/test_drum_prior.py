"""The places where drums fall in a style: counted in music, leant on while sampling."""

import numpy as np
import pytest

from model.language.events import FIRST_DRUM, POSITIONS, SAME_ONSET, encode_phrase
from model.protocol import CellRef
from model.writing.drum_prior import ALL_MUSIC, DRUMS, SIXTEENTHS, collect_drum_prior, drum_prior_logits, sixteenth
from model.writing.fill import CellTakes, Filler
from song.notes import Note, Phrase
from song.parts import Part
from song.sections import Constraints, Density, Section, SectionKind, Song

KICK, SNARE, HAT = 36, 38, 42
KICK_TOKEN = FIRST_DRUM


def bars(count: int, *hits: tuple[int, int]) -> tuple[int, np.ndarray]:
    """Bars of the same hits, as (sixteenth, drum): how many, and their events."""
    notes = sorted(Note(bar * 384 + at * 24, drum, 24, 100) for bar in range(count) for at, drum in hits)
    return count, encode_phrase(Part.DRUMS, Phrase(count, tuple(notes)), 0)


FOUR = bars(64, (0, KICK), (4, KICK), (8, KICK), (12, KICK), (4, SNARE), (12, SNARE))
HALF = bars(64, (0, KICK), (8, SNARE), (4, HAT))


def test_what_a_style_has_oftener_counts_for_it_and_what_it_lacks_against_it() -> None:
    prior = collect_drum_prior([({"house": 1.0}, 1.0, *FOUR), ({"dubstep": 1.0}, 1.0, *HALF)])
    assert prior.keys() == {ALL_MUSIC, "house", "dubstep"}
    position, pitch = drum_prior_logits(prior, {"house": 1.0})
    assert pitch[4, KICK_TOKEN] > 0 > pitch[8, FIRST_DRUM + 2]
    assert position[12 * 6] > 0
    assert position[0] == pytest.approx(0, abs=0.02)
    assert pitch.shape[0] == SIXTEENTHS
    half, _ = drum_prior_logits(prior, {"dubstep": 1.0})
    assert half[12 * 6] < 0


def test_styles_mix_and_unknown_ones_and_other_tokens_are_left_alone() -> None:
    prior = collect_drum_prior([({"house": 1.0}, 1.0, *FOUR), ({"dubstep": 1.0}, 1.0, *HALF)])
    one, two, mixed = (
        drum_prior_logits(prior, style) for style in ({"house": 1.0}, {"dubstep": 1.0}, {"house": 0.5, "dubstep": 0.5})
    )
    np.testing.assert_allclose((one[1] + two[1]) / 2, mixed[1], atol=1e-5)
    for style in ({"jazz": 1.0}, {}):
        position, pitch = drum_prior_logits(prior, style)
        assert not position.any()
        assert not pitch.any()
    assert not one[0][SAME_ONSET:].any()
    assert not one[1][:, FIRST_DRUM + DRUMS :].any()
    assert not one[1][:, :FIRST_DRUM].any()


def test_a_style_hardly_known_leans_on_little() -> None:
    much, little = (
        collect_drum_prior([({"house": 1.0}, weight, *FOUR), ({"dubstep": 1.0}, 100.0, *HALF)])
        for weight in (1.0, 0.02)
    )
    strength = [np.abs(drum_prior_logits(prior, {"house": 1.0})[0]).max() for prior in (much, little)]
    assert strength[1] < strength[0] / 2


def test_a_folder_of_one_style_is_held_against_what_was_learned_before() -> None:
    """By itself it has nothing to stand out from; what is known of other styles stays."""
    before = collect_drum_prior([({"house": 1.0}, 1.0, *FOUR), ({"dubstep": 1.0}, 1.0, *HALF)])
    alone = collect_drum_prior([({"house": 1.0}, 1.0, *FOUR)])
    assert not drum_prior_logits(alone, {"house": 1.0})[0].any()
    went_on = collect_drum_prior([({"house": 1.0}, 1.0, *FOUR)], before)
    first, then = (drum_prior_logits(one, {"house": 1.0})[1] for one in (before, went_on))
    assert (then * first > 0).sum() == (first != 0).sum()
    assert (np.abs(then) >= np.abs(first)).all(), "twice as much of it is known"
    assert went_on["dubstep"] == before["dubstep"]
    assert went_on[ALL_MUSIC] == before[ALL_MUSIC]


def test_a_style_that_was_known_moves_towards_the_new_music_of_it() -> None:
    before = collect_drum_prior([({"house": 1.0}, 1.0, *FOUR), ({"dubstep": 1.0}, 1.0, *HALF)])
    few, many = (collect_drum_prior([({"house": 1.0}, weight, *HALF)], before) for weight in (0.05, 50.0))
    first, little, much = (drum_prior_logits(one, {"house": 1.0})[1][4, KICK_TOKEN] for one in (before, few, many))
    assert first > little > much
    assert much < 0


def test_music_without_drums_says_nothing() -> None:
    assert collect_drum_prior([]) == {}


def test_places_go_to_the_nearest_sixteenth_around_the_bar() -> None:
    assert sixteenth(np.array([0, 2, 3, 6, 92, 93, POSITIONS - 1])).tolist() == [0, 0, 1, 1, 15, 0, 0]


def test_house_gets_its_four_kicks_and_dubstep_does_not(tiny_filler: Filler) -> None:
    """A network that has learned nothing puts them anywhere: what is heard is what was counted in the starter set."""
    on_beat = {}
    for style in ("house", "dubstep"):
        section = Section(SectionKind.BREAK, 16, Constraints(density=Density(drums=0.7)))
        song, cell = Song(sections=(section,), style={style: 1.0}), CellRef(0, Part.DRUMS)
        steps = tiny_filler.fill(song, [cell], 4, 1)
        done = next(step for step in steps if isinstance(step, CellTakes))
        kicks = [note.onset_tick % 384 for take in done.takes for note in take.phrase.notes if note.pitch == KICK]
        on_beat[style] = sum(tick in (96, 192, 288) for tick in kicks)
    assert on_beat["house"] > 2 * on_beat["dubstep"]
