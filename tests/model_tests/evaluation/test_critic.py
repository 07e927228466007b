"""Measurements of the critic, made of real songs and takes, and as tables that fit their headings."""

import msgspec
import pytest

from model.checkpoint import Weights
from model.critic.judge import Critic, CriticCard, CriticConfig, CriticNetwork
from model.evaluation.critic import (
    CRITIC,
    NEAREST,
    RANDOM,
    WRITTEN_BESIDE,
    WRITTEN_WHOLE,
    compare_picks,
    measure_critic,
)
from model.evaluation.critic_chapter import critic_results
from model.evaluation.results import table_markdown
from model.protocol import CellRef
from model.training.critic_corruption import CORRUPTIONS
from model.training.critic_examples import mirror_pieces
from model.writing.fill import Filler, WrittenTake
from song.notes import Note, Phrase
from song.parts import Part
from tests.model_tests.drawn_networks import drawn
from tests.model_tests.starter_set import starter_pieces

SMALL = CriticConfig(width=8, within=8, across=8)


def test_every_row_is_there_and_fits(tiny_weights: Weights, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, fewer in (("TAKES", 2), ("STRETCHES", 1), ("_FEWEST", 2)):
        monkeypatch.setattr(f"model.evaluation.critic.{name}", fewer)
    critic = Critic(drawn(CriticNetwork, SMALL), CriticCard(SMALL, weights="abc", real=3, generated=4))
    pieces = starter_pieces()[:2]
    found = measure_critic(critic, Filler(tiny_weights, critic=critic), {}, pieces, 0)
    assert found.songs == 2
    assert {one.against for one in found.told} == {WRITTEN_WHOLE, WRITTEN_BESIDE, *CORRUPTIONS}
    assert all(0 <= one.auc <= 1 and 0 <= one.own_auc <= 1 and one.real > 0 and one.others > 0 for one in found.told)
    by_part = [one.others for one in found.told if one.against == WRITTEN_WHOLE]
    assert by_part[0] == sum(by_part[1:])
    assert [one.what for one in found.named] == ["section kind", "style"]
    results = critic_results(found, critic.card, "dropsmith evaluate --critic", "abc")
    for table in results.tables:
        assert all(len(row) == len(table.columns) for row in table.rows)
        assert len(table_markdown(table)) == len(table.rows) + 5


def test_picks_that_are_real_music_lie_nearer_than_random_ones() -> None:
    # Drums alone: they are what is looked at.
    pieces = [msgspec.structs.replace(one, parts={Part.DRUMS: one.parts[Part.DRUMS]}) for one in starter_pieces()[:7]]
    mirrored = list(mirror_pieces(pieces))
    whole = []
    for one in mirrored:
        written: dict[CellRef, tuple[WrittenTake, ...]] = {}
        for cell, phrase in one.stretch.phrases.items():
            drone = Phrase(phrase.bars, (Note(12, 36, 24, 10),))
            worse = WrittenTake(drone, 9.0, critic=0.1)
            written[cell] = (worse, WrittenTake(phrase, 5.0, critic=0.9), msgspec.structs.replace(worse, critic=0.2))
        whole.append((one, written))
    picks = {(pick.part, pick.how): pick for pick in compare_picks(whole, {"drums": 9.0}, 0)}
    for how, other in ((CRITIC, RANDOM), (CRITIC, NEAREST)):
        assert picks[Part.DRUMS, how].overlap > picks[Part.DRUMS, other].overlap
        assert picks[Part.DRUMS, how].divergence < picks[Part.DRUMS, other].divergence
    assert picks[Part.DRUMS, CRITIC].overlap > 0.95
