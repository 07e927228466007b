"""The public polyphony benchmark's data: piano-roll frames, and what each frame's past foretells of the next.

A frame is the set of keys that sound, of 88, in one time step of the data set. The reader, the targets and the
look-back over the past live here; what is learned from them lives in `model.benchmark.network` and
`model.benchmark.train`. Benchmark only: nothing here feeds the weights that are shipped.
"""

import zlib
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from song.errors import UserError

KEYS = 88
FILES = {"jsb": "JSB_Chorales.mat", "nottingham": "Nottingham.mat"}
"""File of each benchmark, as published with arXiv 1803.01271."""
SPLITS = {"train": "traindata", "validation": "validdata", "test": "testdata"}
DECAY = 0.95
"""Share of the running mean of frames that one frame leaves: half of it is forgotten after 14 frames."""

Frames = NDArray[np.uint8]
"""Piano roll of a piece, shape (T, keys), 1 where a key sounds."""


def read_benchmark(folder: Path, name: str) -> dict[str, list[Frames]]:
    """The pieces of the published splits, each (T, KEYS), by "train", "validation" and "test".

    Args:
        folder: where the MATLAB files lie.
        name: "jsb" or "nottingham".

    Raises:
        UserError: where the file is missing or laid out otherwise.
    """
    from scipy.io import loadmat
    from scipy.io.matlab import MatReadError

    path = folder / FILES[name]
    try:
        with path.open("rb") as file:
            content = loadmat(file, variable_names=list(SPLITS.values()))
        pieces = {split: [np.ascontiguousarray(piece) for piece in content[key][0]] for split, key in SPLITS.items()}
    except OSError as error:
        raise UserError(f"cannot read {path}: name the folder that holds {FILES[name]} ({error.strerror})") from error
    except (MatReadError, zlib.error, KeyError, ValueError, TypeError, IndexError) as error:
        raise UserError(f"{path} is not the benchmark's MATLAB file: fetch it again ({error})") from error
    for piece in (piece for split in pieces.values() for piece in split):
        if piece.ndim != 2 or piece.shape[1] != KEYS or len(piece) < 2 or piece.max() > 1:
            raise UserError(f"{path} holds something else than piano rolls of {KEYS} keys: fetch it again")
    return pieces


class PieceInputs(msgspec.Struct, frozen=True):
    """A piece with all that its past says of each next frame; row t foretells frame t + 1 from frames up to t.

    S sources of copying (fixed lags, then the longest match of whole frames and of top notes), N chain places.

    Attributes:
        frames: piano roll (T, keys).
        age: frames for which each sounding key has been held, up to 255 (T, keys).
        mean: running mean of the frames so far (T, keys), float32.
        tokens: the chain of frame t + 1, low to high, then `keys` as its end, then -1 (T - 1, N).
        source: row of the frame that each source foretells, or -1 (T - 1, S).
        match: how long each source has held: whole frames, top notes (T - 1, S, 2), up to 255.
        next_token: what each source says the chain goes on with (T - 1, N, S); `keys` ends it, -1 is silence.
        agrees: whether a source's frame agrees with the chain so far (T - 1, N, S).
    """

    frames: Frames
    age: NDArray[np.uint8]
    mean: NDArray[np.float32]
    tokens: NDArray[np.int8]
    source: NDArray[np.int16]
    match: NDArray[np.uint8]
    next_token: NDArray[np.int8]
    agrees: NDArray[np.bool_]


def look_back(frames: Frames, lags: tuple[int, ...], places: int) -> PieceInputs:
    """All that a piece's past says of its next frames.

    Args:
        frames: piano roll (T, keys), T at least 2.
        lags: fixed lags to copy from, in frames, each at least 1.
        places: longest chain, its end included; the rest of a longer one is left out.
    """
    T, keys = frames.shape
    whole = np.unique(frames, axis=0, return_inverse=True)[1].reshape(-1)
    top = np.where(frames.any(1), keys - 1 - frames[:, ::-1].argmax(1), -1)
    source, match = _sources(whole, top, lags)
    tokens = _chains(frames[1:], places)
    # The chain at place n has decided the keys below `reached`.
    before = np.concatenate([np.full((T - 1, 1), -1, np.int8), tokens[:, :-1]], axis=1).astype(int)
    reached = np.where(before >= keys, keys, before + 1)
    below = np.cumsum(np.pad(frames.astype(np.int16), ((0, 0), (1, 0))), axis=1)
    following = _following(frames)
    row = np.maximum(source, 0).astype(int)
    next_token = following[row[:, None, :], reached[:, :, None]]
    shared = np.stack(
        [np.cumsum(np.pad(frames[1:] & frames[row[:, n]], ((0, 0), (1, 0))), axis=1) for n in range(source.shape[1])],
        axis=2,
    )
    at = np.arange(T - 1)[:, None]
    same = shared[at, reached]
    agrees = (same == below[1:][at, reached][..., None]) & (same == below[row[:, None, :], reached[:, :, None]])
    there = (source >= 0)[:, None, :]
    age = np.zeros(frames.shape, np.uint8)
    mean = np.zeros(frames.shape, np.float32)
    for t in range(T):
        age[t] = frames[t] * np.minimum(255, (age[t - 1].astype(int) if t else 0) + frames[t])
        mean[t] = DECAY * (mean[t - 1] if t else 0) + (1 - DECAY) * frames[t]
    return PieceInputs(
        frames, age, mean, tokens, source.astype(np.int16), match,
        np.where(there, next_token, -1).astype(np.int8), agrees & there,
    )  # fmt: skip


def _chains(frames: Frames, places: int) -> NDArray[np.int8]:
    keys = frames.shape[1]
    chains = np.full((len(frames), places), -1, np.int8)
    for t, frame in enumerate(frames):
        chain = [*np.flatnonzero(frame), keys][:places]
        chains[t, : len(chain)] = chain
    return chains


def _following(frames: Frames) -> NDArray[np.int8]:
    """The lowest sounding key from each key on, or the number of keys: (T, keys + 1)."""
    T, keys = frames.shape
    following = np.full((T, keys + 1), keys, np.int8)
    for key in range(keys - 1, -1, -1):
        following[:, key] = np.where(frames[:, key], key, following[:, key + 1])
    return following


def _sources(
    whole: NDArray[np.integer], top: NDArray[np.integer], lags: tuple[int, ...]
) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Row that each source foretells from and how long it has held, as in `PieceInputs`."""
    T = len(whole)
    source = np.full((T - 1, len(lags) + 2), -1)
    match = np.zeros((T - 1, len(lags) + 2, 2), np.uint8)
    run = np.zeros((2, T), int)  # run[., s]: how long the past up to row s equals the past up to row t
    for t in range(T - 1):
        for n, what in enumerate((whole, top)):
            run[n, 1:] = run[n, :-1]
            run[n, 0] = 0
            run[n] = np.where(what == what[t], run[n] + 1, 0)
        for n, lag in enumerate(lags):
            if lag <= t + 1:
                source[t, n] = t + 1 - lag
                match[t, n] = np.minimum(run[:, t - lag], 255) if lag <= t else 0
        for n in range(2):
            if t == 0 or not run[n, :t].any():
                continue
            # Of equally long matches the latest, so counted from the end.
            at = t - 1 - int(run[n, :t][::-1].argmax())
            source[t, len(lags) + n] = at + 1
            match[t, len(lags) + n] = np.minimum(run[:, at], 255)
    return source, match
