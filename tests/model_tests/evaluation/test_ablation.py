"""A study of the worth of the network's parts: every variant is trained and judged, and a stopped one goes on."""

from pathlib import Path

import msgspec
import pytest

from model.evaluation.ablation import VARIANTS, Score, run_study, study_results
from model.network import Network, NetworkConfig
from model.training.batches import padded_length
from model.training.dataset import separate_windows
from model.training.settings import TrainSettings
from model.training.windows import cut_windows
from song.errors import UserError
from tests.model_tests.drawn_networks import drawn
from tests.model_tests.small_batches import judge_by
from tests.model_tests.starter_set import starter_pieces

NETWORK = NetworkConfig(hidden=8, layers=1, head=8, context_hidden=4)
BUDGET = TrainSettings(network=NETWORK, train_steps=2, events_a_batch=96, warmup_steps=1)
LENGTH = 48


def test_a_stopped_study_goes_on_and_every_variant_is_judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    judge_by(monkeypatch, "model.evaluation.likelihood", 8, LENGTH)
    # Weights that cost no compiling.
    monkeypatch.setattr("model.training.train.Network", lambda config, rngs: drawn(Network, config, scale=0.1))
    pieces = starter_pieces()
    # Windows of one length each, so that little is compiled.
    windows = [window for window in cut_windows(pieces[:1]) if padded_length(len(window.events)) == LENGTH]
    held_out = [window for window in separate_windows(pieces[1:7]) if padded_length(len(window.events)) == LENGTH]
    some = [variant for variant in VARIANTS if variant.name in ("whole network", "plain LSTM")]
    first: list[Score] = []
    run_study(windows, held_out, BUDGET, 1, tmp_path, first.append, some[:1])
    second: list[Score] = []
    study = run_study(windows, held_out, BUDGET, 1, tmp_path, second.append, some)
    assert [score.variant for score in first] == ["whole network"]
    assert [score.variant for score in second] == ["plain LSTM"]
    assert study.scores == (*first, *second)
    for score in study.scores:
        assert score.hidden.keys() == score.told.keys()
        assert 0 < len(score.between) <= len(score.hidden)
        assert {f"starter {window.part}" for window in held_out} <= score.hidden.keys()
        assert all(0 < nats < 40 for nats in score.hidden.values())
    chapter = study_results(study, "dropsmith ablate")
    assert [row[0] for row in chapter.tables[0].rows] == ["whole network", "plain LSTM"]
    older = msgspec.structs.replace(study, scores=[msgspec.structs.replace(first[0], between={}), second[0]])
    (tmp_path / "study.json").write_bytes(msgspec.json.encode(older))
    assert run_study(windows, held_out, BUDGET, 1, tmp_path, variants=some).scores == (*second, *first)
    other = msgspec.structs.replace(BUDGET, train_steps=3)
    with pytest.raises(UserError, match="another budget"):
        run_study(windows, held_out, other, 1, tmp_path)


def test_variants_change_one_thing_each() -> None:
    assert len({variant.name for variant in VARIANTS}) == len(VARIANTS)
    whole, *parts, plain = VARIANTS
    assert not whole.network
    assert not whole.hide
    for variant in parts:
        changed = msgspec.structs.replace(BUDGET.network, **variant.network)
        hidden = msgspec.structs.replace(BUDGET.hide, **variant.hide)
        assert len(variant.network) + len(variant.hide) == 1
        assert (changed != BUDGET.network) + (hidden != BUDGET.hide) == 1
    assert len(plain.network) + len(plain.hide) == 5


@pytest.mark.parametrize("data", [b"", b"{", b"\xff", b'{"scores": 3}'])
def test_a_study_that_cannot_be_read_is_told_in_one_line(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "study.json").write_bytes(data)
    with pytest.raises(UserError, match="it is no study") as told:
        run_study([], [], BUDGET, 1, tmp_path)
    assert "\n" not in str(told.value)
