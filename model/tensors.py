"""Arrays on the disk: the one place that writes and reads safetensors files, and trusts neither the library nor a file.

What the arrays mean is their owners' business: weights, critics, baselines, copy indexes. Imports NumPy but no JAX.
"""

import hashlib
import math
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, TypeVar

import msgspec
import numpy as np
from safetensors.numpy import save

from song.errors import UserError
from song.files import check_is_file, remove_leftovers, write_atomically

Made = TypeVar("Made")

MOST_BYTES = 1 << 29
"""Bytes of a file, inclusive."""
MOST_HEAD_BYTES = 1 << 25
"""Bytes of its head, inclusive: the titles of a copy index lie there."""
MOST_ARRAYS = 4096
"""Arrays of a file, inclusive."""
_DTYPES = {"F16": "<f2", "F32": "<f4", "F64": "<f8", "U8": "u1", "U16": "<u2", "U32": "<u4", "I32": "<i4", "I64": "<i8"}
_METADATA = "__metadata__"

_Size = Annotated[int, msgspec.Meta(ge=0, le=MOST_BYTES)]


class TensorFile(msgspec.Struct, frozen=True):
    """The contents of a file, checked: sizes fit, and every float is a number.

    Attributes:
        arrays: by name; they cannot be written to.
        metadata: texts by name.
        digest: first 16 hex digits of the SHA-256 of the file.
    """

    arrays: dict[str, np.ndarray]
    metadata: dict[str, str]
    digest: str

    def take(self, name: str, dtype: Any, shape: tuple[int | None, ...]) -> np.ndarray:
        """One array of a shape, such as (N,) or (rows, columns).

        Args:
            name: its name.
            dtype: what it has to be of.
            shape: what it has to have; None for any length.

        Raises:
            ValueError: where it is missing or something else.
        """
        found = self.arrays.get(name)
        if found is None:
            raise ValueError(f"it has no {name}")
        fits = len(found.shape) == len(shape) and all(
            wanted in (None, length) for wanted, length in zip(shape, found.shape, strict=True)
        )
        if found.dtype != dtype or not fits:
            raise ValueError(f"its {name} is {found.dtype} {found.shape}, which does not fit")
        return found


class _Head(msgspec.Struct, frozen=True):
    dtype: str
    shape: Annotated[tuple[_Size, ...], msgspec.Meta(max_length=8)]
    data_offsets: tuple[_Size, _Size]


def save_tensors(
    path: Path,
    arrays: Mapping[str, np.ndarray],
    metadata: Mapping[str, str] | None = None,
    *,
    infinite: str | None = None,
) -> None:
    """Write arrays of any layout in memory, read back first what is written, and sweep what a kill has left there.

    Args:
        path: the file.
        arrays: by name, of any shape, () or (N, ...); floats are finite.
        metadata: texts by name.
        infinite: ending of the names of arrays that may hold infinity.

    Raises:
        UserError: where the file cannot be written, or would not say what it has to; what was there stays.
    """
    # safetensors 0.8.0 writes the memory of an array as it lies, whatever order its axes have there.
    plain = {name: np.ascontiguousarray(array).reshape(array.shape) for name, array in arrays.items()}
    texts = dict(metadata or {})
    data = save(plain, texts or None)
    try:
        again = parse_tensors(data, infinite=infinite)
        if again.arrays.keys() != plain.keys() or again.metadata != texts:
            raise ValueError("names are missing")
        for name, array in plain.items():
            if not np.array_equal(again.take(name, array.dtype, array.shape), array):
                raise ValueError(f"{name} comes back changed")
    except ValueError as error:
        raise UserError(
            f"cannot write {path}: what would be written is wrong ({error}); what was there is as it was; report this"
        ) from error
    remove_leftovers(path)
    write_atomically(path, data)


def load_tensors(
    path: Path, what: str, remedy: str, make: Callable[[TensorFile], Made], *, infinite: str | None = None
) -> Made:
    """Make something of a file that nobody has to trust.

    Args:
        path: the file.
        what: what to call it in an error, as in "the critic".
        remedy: what the user can do about an error.
        make: makes it of the contents; what it raises of a damaged file's kind is told as damage.
        infinite: ending of the names of arrays that may hold infinity.

    Raises:
        UserError: where the file is missing, is none, or is damaged.
    """
    check_is_file(path)
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise UserError(f"cannot read {what} {path}: {error.strerror or error}; {remedy}") from error
    try:
        return make(parse_tensors(data, infinite=infinite))
    # Brackets nested deeply in a text are a RecursionError.
    except (msgspec.DecodeError, ValueError, LookupError, TypeError, zlib.error, RecursionError) as error:
        raise UserError(f"cannot read {what} {path}: it is damaged: {error}; {remedy}") from error


def parse_tensors(data: bytes, *, infinite: str | None = None) -> TensorFile:
    """The contents of a file's bytes. Nothing is made of it before its head has been held against its length.

    Args:
        data: the bytes.
        infinite: ending of the names of arrays that may hold infinity.

    Raises:
        ValueError: where it is no file of arrays, or has a float that is not finite.
    """
    if len(data) > MOST_BYTES:
        raise ValueError(f"it has more than {MOST_BYTES} bytes")
    length = int.from_bytes(data[:8], "little")
    if len(data) < 8 or length > min(len(data) - 8, MOST_HEAD_BYTES):
        raise ValueError("its head is longer than it may be")
    try:
        raw = msgspec.json.decode(data[8 : 8 + length], type=dict[str, msgspec.Raw])
        metadata = msgspec.json.decode(raw.pop(_METADATA, msgspec.Raw(b"{}")), type=dict[str, str])
        if len(raw) > MOST_ARRAYS:
            raise ValueError(f"it has more than {MOST_ARRAYS} arrays")
        heads = {name: msgspec.json.decode(head, type=_Head) for name, head in raw.items()}
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(f"its head cannot be read: {error}") from error
    body, at = 8 + length, 0
    arrays = {}
    for name, head in sorted(heads.items(), key=lambda item: item[1].data_offsets):
        first, end = head.data_offsets
        if head.dtype not in _DTYPES:
            raise ValueError(f"its {name} is of {head.dtype}, which is not known")
        dtype = np.dtype(_DTYPES[head.dtype])
        # Lengths multiply without bound in Python alone.
        if first != at or end - first != math.prod(head.shape) * dtype.itemsize or body + end > len(data):
            raise ValueError(f"the size of its {name} does not fit")
        array = np.frombuffer(data, dtype, math.prod(head.shape), body + first).reshape(head.shape)
        endless = infinite is not None and name.endswith(infinite)
        if dtype.kind == "f" and (np.isnan(array).any() if endless else not np.isfinite(array).all()):
            raise ValueError(f"its {name} has a value that is no number")
        arrays[name], at = array, end
    if body + at != len(data):
        raise ValueError("it has bytes that belong to nothing")
    return TensorFile(arrays, metadata, hashlib.sha256(data).hexdigest()[:16])
