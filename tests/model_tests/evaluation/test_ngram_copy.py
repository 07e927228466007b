"""Copying the bar one, two and four back: certain where music repeats, a proper distribution, blind to what comes."""

import numpy as np
import pytest

from model.evaluation.ngram import CHOICES, NGram, tokens_of
from model.evaluation.ngram_copy import COPIED_LAGS, LEVELS, CopyNGram, foretell
from tests.model_tests.loops import loops, windows


@pytest.mark.parametrize("lag", COPIED_LAGS)
def test_a_loop_is_foretold_by_the_copy_of_its_length_alone(lag: int) -> None:
    [window] = windows(
        [[72, 74, 76, 77], [79, 81, 83, 84], [60, 62, 64, 65], [67, 69, 71, 72]][:lag] * (16 // lag), "a"
    )
    foretold = foretell(window)
    column = COPIED_LAGS.index(lag)
    bar_of_token = len(foretold.tokens) * lag // 16
    assert foretold.right[bar_of_token:, column].all()
    assert (foretold.tokens[:bar_of_token, column] == -1).all()
    assert (foretold.tokens[bar_of_token:, column] == tokens_of(window)[bar_of_token:]).all()


def test_what_is_foretold_does_not_depend_on_what_comes() -> None:
    line = [[72, 74, 76, 77], [72, 74, 76, 77], [72, 79, 76, 77], [72, 74, 81, 77]]
    [whole], [changed] = windows(line, "a"), windows([*line[:3], [72, 74, 60, 61]], "a")
    same = int((tokens_of(whole) != tokens_of(changed)).argmax())
    one, other = foretell(whole), foretell(changed)
    assert same > 40
    assert (one.tokens[: same + 1] == other.tokens[: same + 1]).all()
    assert (one.bucket[: same + 1] == other.bucket[: same + 1]).all()


def test_a_copy_with_nothing_to_say_has_no_share_and_the_shares_add_up_to_one() -> None:
    shares = CopyNGram.fit(loops(40, 2, seed=1)).shares
    assert shares.shape == (CHOICES * LEVELS ** len(COPIED_LAGS), 1 + len(COPIED_LAGS))
    assert shares.sum(1) == pytest.approx(1)
    levels = np.stack(np.unravel_index(np.arange(len(shares)), (CHOICES, *[LEVELS] * len(COPIED_LAGS))), axis=1)[:, 1:]
    assert (shares[:, 1:][levels == 0] == 0).all()
    assert (shares[:, 1:][levels > 0] > 0).all()


def test_copying_learns_to_trust_the_lag_that_repeats() -> None:
    learned, heldout = loops(40, 2, seed=1), loops(10, 2, seed=2)
    model = CopyNGram.fit(learned)
    assert model.nats(heldout) < 0.4 * NGram.fit(learned).nats(heldout, 5)


def test_copying_costs_next_to_nothing_where_nothing_repeats() -> None:
    learned, heldout = loops(200, 16, seed=1), loops(10, 16, seed=2)
    model = CopyNGram.fit(learned)
    assert model.nats(heldout) < 1.03 * NGram.fit(learned).nats(heldout, 5)
