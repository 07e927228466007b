"""Drive: the same whatever the stretches, soft where it is quiet, and without lines that it should not make."""

import numpy as np
import pytest

from sound.dsp.drive import LOOK_AHEAD, Drive
from sound.evidence.measures import stray_line_db
from sound.rates import SAMPLE_RATE


def test_stretches_are_put_together_without_a_seam_or_a_delay() -> None:
    samples = np.random.default_rng(3).standard_normal(3000).astype(np.float32)
    whole = Drive(2.0).run(samples, last=True)
    assert len(whole) == 3000 - LOOK_AHEAD + LOOK_AHEAD
    drive = Drive(2.0)
    pieces = [drive.run(samples[at : at + 500], last=at == 2500) for at in range(0, 3000, 500)]
    assert [len(piece) for piece in pieces] == [500 - LOOK_AHEAD, 500, 500, 500, 500, 500 + LOOK_AHEAD]
    assert np.concatenate(pieces) == pytest.approx(whole, abs=1e-6)


def test_quiet_sound_passes_and_loud_sound_is_held() -> None:
    sine = np.sin(2 * np.pi * 200 * np.arange(9600) / SAMPLE_RATE).astype(np.float32)
    quiet = Drive(1.0).run(sine * np.float32(0.01), last=True)
    assert quiet == pytest.approx(sine * np.tanh(0.01), abs=2e-5)
    assert np.abs(Drive(50.0).run(sine, last=True)).max() < 1.3


def test_twice_the_rate_folds_less_than_the_plain_rate() -> None:
    hertz = 4501.0
    sine = np.sin(2 * np.pi * hertz * np.arange(2 * SAMPLE_RATE) / SAMPLE_RATE).astype(np.float32)
    driven = Drive(4.0).run(sine, last=True)[4800:-4800]
    plain = np.tanh(4 * sine)[4800:-4800]
    assert stray_line_db(driven, hertz) < stray_line_db(plain, hertz) - 15
