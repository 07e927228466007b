"""Fourier transforms and banded systems by SciPy's compiled modules, without the packages around them.

To import `scipy.fft` and `scipy.linalg` takes twice as long as NumPy, most of it for statistics, special functions and
other array libraries that are of no use here: a third of the time of rendering 16 bars. So the two compiled modules are
loaded by themselves, and where that does not work or gives something else than it should, SciPy's own doors are used.
`tests/benchmarks/bench_render.py` shows what it brings.
"""

import importlib.machinery
import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

_FFT = ("fft/_pocketfft", "pypocketfft")
_BLAS = ("linalg", "_fblas")


def _load(folder: str, name: str) -> ModuleType | None:
    """A compiled module of SciPy's by its folder, or None where there is none of that name."""
    package = importlib.util.find_spec("scipy")
    for root in (package.submodule_search_locations or ()) if package is not None else ():
        spec = importlib.machinery.PathFinder.find_spec(name, [str(Path(root) / folder)])
        if spec is not None and spec.loader is not None:
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            return module
    return None


class _Fourier:
    """Transforms of the last axis, by the compiled module."""

    def __init__(self, module: Any) -> None:
        self._module = module
        if not self._works():
            raise RuntimeError("the compiled module has changed")

    def rfft(self, samples: NDArray[Any]) -> NDArray[Any]:
        return np.asarray(self._module.r2c(samples, (samples.ndim - 1,), True, 0, None, 1))

    def irfft(self, spectrum: NDArray[Any], size: int) -> NDArray[Any]:
        return np.asarray(self._module.c2r(spectrum, (spectrum.ndim - 1,), size, False, 2, None, 1))

    def fast_size(self, size: int) -> int:
        return int(self._module.good_size(size, True))

    def _works(self) -> bool:
        samples = np.arange(12, dtype=np.float32).reshape(2, 6) ** 2
        spectrum = self.rfft(samples)
        return (
            np.allclose(spectrum, np.fft.rfft(samples), atol=1e-3)
            and np.allclose(self.irfft(spectrum, 6), samples, atol=1e-3)
            and spectrum.dtype == np.complex64
            and self.fast_size(7) >= 7
        )


class _PublicFourier:
    """The same by `scipy.fft`."""

    def __init__(self) -> None:
        from scipy import fft

        self._fft = fft

    def rfft(self, samples: NDArray[Any]) -> NDArray[Any]:
        return np.asarray(self._fft.rfft(samples))

    def irfft(self, spectrum: NDArray[Any], size: int) -> NDArray[Any]:
        return np.asarray(self._fft.irfft(spectrum, size))

    def fast_size(self, size: int) -> int:
        return int(self._fft.next_fast_len(size, real=True))


def _fourier() -> "_Fourier | _PublicFourier":
    try:
        module = _load(*_FFT)
        if module is not None:
            return _Fourier(module)
    except Exception:  # whatever is wrong with it, SciPy's own door is open
        pass
    return _PublicFourier()


def _triangular_solver() -> Any:
    """BLAS's `stbsv` for single precision."""
    try:
        solve = getattr(_load(*_BLAS), "stbsv", None)
        band = np.array([[1, 1, 1], [2, 3, 0]], np.float32, order="F")
        if solve is not None and np.allclose(solve(1, band, np.ones(3, np.float32), lower=1, diag=1), (1, -1, 4)):
            return solve
    except Exception:  # as above
        pass
    from scipy.linalg import blas

    return blas.stbsv


_transforms = _fourier()
_stbsv = _triangular_solver()


def rfft(samples: NDArray[Any], size: int | None = None) -> NDArray[Any]:
    """The transform of real samples along the last axis, (..., size // 2 + 1), in their precision.

    Args:
        samples: (..., N).
        size: zeros are added up to it; None for N.
    """
    if size is not None and size != samples.shape[-1]:
        padded = np.zeros((*samples.shape[:-1], size), samples.dtype)
        padded[..., : samples.shape[-1]] = samples
        samples = padded
    return _transforms.rfft(samples)


def irfft(spectrum: NDArray[Any], size: int) -> NDArray[Any]:
    """The real samples, (..., size), of a transform along the last axis.

    Args:
        spectrum: (..., size // 2 + 1); fewer are taken for the lowest, with nothing above them.
        size: how many.
    """
    if spectrum.shape[-1] < size // 2 + 1:
        padded = np.zeros((*spectrum.shape[:-1], size // 2 + 1), spectrum.dtype)
        padded[..., : spectrum.shape[-1]] = spectrum
        spectrum = padded
    return _transforms.irfft(spectrum, size)


def frequencies(size: int, sample_rate: float) -> NDArray[np.float64]:
    """The frequencies in Hz of the bins of `rfft`, (F,), F half of the size and 1."""
    return np.asarray(np.arange(size // 2 + 1) * (sample_rate / size), np.float64)


def fast_size(size: int) -> int:
    """The smallest size from this on that is transformed fast."""
    return _transforms.fast_size(size)


def solve_unit_triangular(band_JxK: NDArray[np.float32], right_J: NDArray[np.float32]) -> NDArray[np.float32]:
    """The solution, (J,), of a lower triangular banded system with ones on its diagonal; the right side is used up.

    Args:
        band_JxK: (J, K), column by column: the diagonal, which is not looked at, and the K - 1 entries under it.
        right_J: the right side.
    """
    width = band_JxK.shape[1] - 1
    return np.asarray(_stbsv(width, band_JxK.T, right_J, lower=1, diag=1, overwrite_x=1))
