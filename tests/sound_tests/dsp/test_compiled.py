"""Transforms and systems by SciPy's compiled modules: the same as by SciPy's own doors, which stay open."""

import subprocess
import sys

import numpy as np
import pytest
from scipy import fft
from scipy.linalg import solve_banded

from sound.dsp import compiled


@pytest.mark.parametrize("size", [6, 27, 1000, 4096])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_transforms_are_those_of_scipy(size: int, dtype: type) -> None:
    samples = np.random.default_rng(1).standard_normal((2, 6)).astype(dtype)
    spectrum = compiled.rfft(samples, size)
    assert spectrum == pytest.approx(fft.rfft(samples, size), abs=1e-5)
    assert compiled.irfft(spectrum, size)[:, :6] == pytest.approx(samples, abs=1e-5)
    assert compiled.fast_size(size) == fft.next_fast_len(size, real=True)
    assert compiled.frequencies(size, 48000.0) == pytest.approx(fft.rfftfreq(size, 1 / 48000))


def test_fewer_bins_than_a_size_has_are_the_lowest() -> None:
    samples = np.cos(2 * np.pi * np.arange(16) / 16)
    fine = compiled.irfft(compiled.rfft(samples), 64) * 4
    assert fine[::4] == pytest.approx(samples)


@pytest.mark.parametrize("width", [1, 3])
def test_a_triangular_system_is_solved(width: int) -> None:
    chance = np.random.default_rng(2)
    band = (chance.standard_normal((50, width + 1)) * 0.3).astype(np.float32)
    right = chance.standard_normal(50).astype(np.float32)
    whole = band.T.copy()
    whole[0] = 1
    expected = solve_banded((width, 0), whole, right)
    assert compiled.solve_unit_triangular(band, right.copy()) == pytest.approx(expected, abs=1e-4)


def test_scipys_packages_are_not_imported_where_its_modules_load() -> None:
    script = "import sys, sound.commands; print([name for name in sys.modules if name.startswith('scipy.')])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("broken", ["gone", "changed"])
def test_scipys_own_doors_are_used_where_the_modules_are_gone_or_changed(
    monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    module = None if broken == "gone" else object()
    monkeypatch.setattr(compiled, "_load", lambda *names: module)
    transforms, solve = compiled._fourier(), compiled._triangular_solver()
    samples = np.arange(12, dtype=np.float32)
    assert transforms.irfft(transforms.rfft(samples), 12) == pytest.approx(samples, abs=1e-4)
    assert transforms.fast_size(7) == fft.next_fast_len(7, real=True)
    band = np.array([[1, 1, 1], [2, 3, 0]], np.float32, order="F")
    assert solve(1, band, np.ones(3, np.float32), lower=1, diag=1) == pytest.approx([1, -1, 4])
