"""Files of arrays: every layout in memory comes back as it was, and what does not fit together is told in one line."""

import contextlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from model import tensors
from model.tensors import TensorFile, load_tensors, parse_tensors, save_tensors
from song.errors import UserError

TABLE = np.arange(12, dtype=np.float32).reshape(3, 4)


def load(path: Path) -> TensorFile:
    return load_tensors(path, "the things", "make them anew", lambda file: file)


def file_of(head: dict[str, Any] | bytes, body: bytes = b"\0" * 8) -> bytes:
    """The bytes of a file with a head, whatever it says."""
    data = head if isinstance(head, bytes) else json.dumps(head).encode()
    return len(data).to_bytes(8, "little") + data + body


def entry(dtype: str = "F32", shape: Any = (2,), offsets: Any = (0, 8)) -> dict[str, Any]:
    return {"dtype": dtype, "shape": shape, "data_offsets": offsets}


@settings(deadline=None, max_examples=60)
@given(
    hnp.arrays(
        st.sampled_from([np.float16, np.float32, np.float64, np.uint8, np.uint16, np.uint32, np.int32, np.int64]),
        hnp.array_shapes(min_dims=0, min_side=0, max_side=4),
        elements={"allow_nan": False, "allow_infinity": False},
    ),
    st.sampled_from([np.asarray, np.transpose, np.asfortranarray, lambda array: array[::-1] if array.ndim else array]),
)
def test_any_layout_in_memory_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, array: np.ndarray, layout: Callable[[np.ndarray], np.ndarray]
) -> None:
    path, laid = tmp_path_factory.mktemp("any") / "a.safetensors", layout(array)
    save_tensors(path, {"one": laid, "two": TABLE.T}, {"text": "said"})
    again = load(path)
    np.testing.assert_array_equal(again.take("one", array.dtype, laid.shape), laid)
    np.testing.assert_array_equal(again.take("two", np.float32, (4, None)), TABLE.T)
    assert again.metadata == {"text": "said"}


def test_a_library_that_writes_something_else_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.safetensors"
    save_tensors(path, {"one": TABLE})
    before, honest = path.read_bytes(), tensors.save
    monkeypatch.setattr(tensors, "save", lambda arrays, texts: honest({name: one + 1 for name, one in arrays.items()}))
    with pytest.raises(UserError, match="one comes back changed"):
        save_tensors(path, {"one": TABLE})
    assert path.read_bytes() == before


def test_what_is_no_number_is_neither_written_nor_read(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    for wrong in (np.nan, np.inf):
        with pytest.raises(UserError, match="no number"):
            save_tensors(path, {"one": np.array([1.0, wrong])})
        path.write_bytes(tensors.save({"one": np.array([1.0, wrong])}))
        with pytest.raises(UserError, match=r"cannot read the things .* no number; make them anew"):
            load(path)
    endless = {"one/scale": np.array([1.0, np.inf])}
    save_tensors(path, endless, infinite="/scale")
    assert parse_tensors(path.read_bytes(), infinite="/scale").arrays["one/scale"][1] == np.inf
    with pytest.raises(UserError, match="no number"):
        save_tensors(path, {"one/scale": np.array([np.nan])}, infinite="/scale")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "head is longer"),
        (b"abc", "head is longer"),
        (file_of(b"no head"), "head cannot be read"),
        (file_of(b"[]"), "head cannot be read"),
        (file_of({"one": 3}), "head cannot be read"),
        (file_of({"one": entry()})[:-1], "size of its one"),
        (file_of({"one": entry()}) + b"\0", "belong to nothing"),
        (file_of({"one": entry(dtype="Q7")}), "is of Q7"),
        (file_of({"one": entry(shape=(3,))}), "size of its one"),
        (file_of({"one": entry(shape=(-2,))}), "head cannot be read"),
        (file_of({"one": entry(shape=(2**29, 2**29, 2**29))}), "size of its one"),
        (file_of({"one": entry(shape=(2**70,))}), "head cannot be read"),
        (file_of({"one": entry(shape=[1] * 9)}), "head cannot be read"),
        (file_of({"one": entry(offsets=(8, 0))}), "size of its one"),
        (file_of({"one": entry(offsets=(4, 12))}), "size of its one"),
        (file_of({"one": entry(), "two": entry()}), "size of its two"),
        (file_of({str(n): entry(shape=(0,), offsets=(0, 0)) for n in range(tensors.MOST_ARRAYS + 1)}), "more than"),
        (file_of({"__metadata__": {"text": 3}}), "head cannot be read"),
    ],
)
def test_a_head_that_does_not_fit_is_told_in_one_line(tmp_path: Path, data: bytes, words: str) -> None:
    path = tmp_path / "a.safetensors"
    path.write_bytes(data)
    with pytest.raises(UserError, match=words) as told:
        load(path)
    assert "\n" not in str(told.value)


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_any_change_of_a_byte_is_read_or_told(data: st.DataObject) -> None:
    whole = bytearray(tensors.save({"one": TABLE, "two": np.arange(3)}, {"text": "said"}))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(ValueError):
        parse_tensors(bytes(whole))


def test_an_array_is_taken_as_what_it_has_to_be(tmp_path: Path) -> None:
    file = parse_tensors(tensors.save({"one": TABLE}))
    for name, dtype, shape in (
        ("two", np.float32, (3, 4)),
        ("one", np.float64, (3, 4)),
        ("one", np.float32, (12,)),
        ("one", np.float32, (4, None)),
    ):
        with pytest.raises(ValueError, match=r"it has no two|does not fit"):
            file.take(name, dtype, shape)


def test_what_is_missing_or_no_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"cannot read the things .*: No such file or directory; make them anew"):
        load(tmp_path / "none")
    with pytest.raises(UserError, match="a folder"):
        load(tmp_path)


def test_leftovers_of_a_kill_are_swept(tmp_path: Path) -> None:
    left = tmp_path / ".a.safetensors.x.tmp"
    left.write_text("half")
    os.utime(left, (0, 0))
    save_tensors(tmp_path / "a.safetensors", {"one": TABLE})
    assert [path.name for path in tmp_path.iterdir()] == ["a.safetensors"]
