"""Weights on disk: shipped ones as safetensors with a JSON card beside them.

The card holds the network's sizes, the music that the weights were trained on, and their licence. Training state is
kept by `model.training.checkpoints`.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import jax
import msgspec
import numpy as np
from flax import nnx

from model.network import Network, NetworkConfig
from model.nn.draws import shapes_of
from model.tensors import TensorFile, load_tensors, save_tensors
from song.errors import UserError
from song.files import check_is_file, remove_leftovers, write_atomically

SHIPPED = Path(__file__).parent / "weights" / "shipped.safetensors"
"""The weights that come with the program."""
_MOST_CARD_BYTES = 1 << 24
_ANEW = "install Dropsmith again or train some with `dropsmith train`"
_Count = Annotated[float, msgspec.Meta(ge=0)]
_BarRow = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,128}( [0-9]{1,3}(,[0-9]{1,3})*)?$")]
_PriorLine = Annotated[str, msgspec.Meta(pattern=r"^-?[0-9]{1,4}( -?[0-9]{1,4})*$")]


class Card(msgspec.Struct, frozen=True):
    """Facts about weights, beside the numbers.

    Attributes:
        network: sizes of the network.
        train_steps: optimizer steps taken.
        sources: notes learned from, by source.
        held_out_nats: mean nats an event on the validation split, side information hidden, when they were saved; None
            where nothing was held out.
        typical_nats: nats a note of real music under these weights, by part; takes are ranked by how near they come.
        trained_on: first 16 hex digits of the SHA-256 of every file in the training split.
        forms: rows of bars as they run in the training set, by part and section kind: repeat labels and onsets, as
            `planning.collect_forms` writes them.
        feels: bars of drums of each feel, as `drum_feel.collect_feels` counts them.
        kicks: bars of drums with a kick on each beat, as `drum_feel.collect_kicks` counts them.
        drum_prior: where drums fall in each style, as `drum_prior.collect_drum_prior` gives it.
        licence: what the weights may be used under.
        machine: the kind of machine that trained them, in a line: on another the same run ends with other floats.
    """

    network: NetworkConfig
    train_steps: int = 0
    sources: dict[str, int] = msgspec.field(default_factory=dict)
    held_out_nats: float | None = None
    typical_nats: dict[str, float] = msgspec.field(default_factory=dict)
    trained_on: tuple[str, ...] = ()
    forms: dict[str, tuple[_BarRow, ...]] = msgspec.field(default_factory=dict)
    feels: dict[str, Annotated[tuple[_Count, ...], msgspec.Meta(min_length=3, max_length=3)]] = msgspec.field(
        default_factory=dict
    )
    kicks: dict[str, Annotated[tuple[_Count, ...], msgspec.Meta(min_length=6, max_length=6)]] = msgspec.field(
        default_factory=dict
    )
    # The card on the disk has said "grooves" from the first weights on.
    drum_prior: dict[str, tuple[_PriorLine, ...]] = msgspec.field(default_factory=dict, name="grooves")
    licence: str = "CC BY-SA 4.0; see ATTRIBUTION.md"
    machine: str = ""


class Weights(msgspec.Struct, frozen=True):
    """A network with its card.

    Attributes:
        digest: first 16 hex digits of the SHA-256 of the file; takes record it.
    """

    network: Network
    card: Card
    digest: str


def save_weights(path: Path, network: Network, card: Card) -> None:
    """Write NAME.safetensors, in half precision, and NAME.json beside it.

    Raises:
        UserError: where they cannot be written.
    """
    save_tensors(path, {name: np.asarray(value, np.float16) for name, value in named_parameters(network).items()})
    remove_leftovers(path.with_suffix(".json"))
    write_atomically(path.with_suffix(".json"), msgspec.json.format(msgspec.json.encode(card), indent=1) + b"\n")


def load_weights(path: Path = SHIPPED) -> Weights:
    """Read weights and make the network that they belong to, in single precision and in inference mode.

    Raises:
        UserError: where a file is missing or damaged, or the two do not fit together.
    """
    file = load_tensors(path, "the weights", _ANEW, lambda file: file)
    card = _read_card(path.with_suffix(".json"))
    network = shapes_of(lambda rngs: Network(card.network, rngs=rngs))
    if not fits(file, parameter_shapes(network)):
        raise UserError(f"the weights {path} are of another version of the network; train anew or install them again")
    put_parameters(network, file.arrays)
    network.eval()
    return Weights(network, card, file.digest)


def _read_card(path: Path) -> Card:
    """The card, with sizes within the bounds of `NetworkConfig`, before a network of that size is made.

    Raises:
        UserError: where it is missing or damaged.
    """
    check_is_file(path)
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_CARD_BYTES)
        return msgspec.json.decode(data, type=Card)
    except OSError as error:
        raise UserError(f"cannot read the card of the weights {path}: {error.strerror}; {_ANEW}") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UserError(f"cannot read the card of the weights {path}: it is damaged: {error}; {_ANEW}") from error


def fits(file: TensorFile, shapes: Mapping[str, tuple[int, ...]]) -> bool:
    """True where a file has floats of these shapes, and nothing else."""
    return {name: array.shape for name, array in file.arrays.items()} == shapes and all(
        array.dtype.kind == "f" for array in file.arrays.values()
    )


def put_parameters(network: nnx.Module, flat: Mapping[str, np.ndarray]) -> None:
    """Give a network parameters by name, as `named_parameters` names them.

    Args:
        network: changed in place.
        flat: float of any precision, by name: weights (inputs, units), tables (rows, columns), biases (units,). The
            network has them in single precision.
    """
    state = nnx.state(network, nnx.Param)
    paths = dict(nnx.to_flat_state(state))
    # One plain transfer: converting on the device would compile a program for each shape.
    values = jax.device_put({name: value.astype(np.float32) for name, value in flat.items()})
    for path, variable in paths.items():
        paths[path] = variable.replace(values[_name(path)])
    nnx.update(network, nnx.from_flat_state(paths))


def named_parameters(network: nnx.Module) -> dict[str, np.ndarray]:
    """A network's parameters by name: weights (inputs, units), tables (rows, columns), biases (units,)."""
    state = nnx.state(network, nnx.Param)
    return {_name(path): np.asarray(variable[...]) for path, variable in nnx.to_flat_state(state)}


def parameter_shapes(network: nnx.Module) -> dict[str, tuple[int, ...]]:
    """The shapes of a network's parameters by name; of one that has shapes alone, too."""
    return {_name(path): variable.shape for path, variable in nnx.to_flat_state(nnx.state(network, nnx.Param))}


def _name(path: tuple[Any, ...]) -> str:
    return ".".join(str(step) for step in path)
