"""Worth of each part of the network: networks that lack one, trained alike and judged on music they have not heard."""

import statistics
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec

from model.evaluation.likelihood import score_windows
from model.evaluation.results import Results, Table, Value
from model.network import NetworkConfig
from model.training.batches import ALL_SHOWN, SIDE_INFORMATION_HIDDEN, HideRates
from model.training.settings import TrainSettings
from model.training.train import train
from model.training.windows import Window
from song.errors import UserError
from song.files import check_is_file, write_atomically
from song.parts import PARTS


class Variant(msgspec.Struct, frozen=True):
    """A network to be compared, by what it changes of the whole one.

    Attributes:
        name: what the table calls it.
        network: fields of `NetworkConfig` that differ.
        hide: fields of `HideRates` that differ: a condition that is always hidden is left out.
    """

    name: str
    network: dict[str, object] = {}
    hide: dict[str, float] = {}


BETWEEN = msgspec.structs.replace(SIDE_INFORMATION_HIDDEN, own_bars=0)
"""As where bars are written anew: of the part itself, bars around them are shown."""
_NO_FORM = {"label": 1.0}
_NO_DENSITY = {"quota": 1.0}
VARIANTS = (
    Variant("whole network"),
    Variant("without context", {"context": "none"}),
    Variant("context read one way", {"context": "lstm"}),
    Variant("without look-back", {"look_back": False}),
    Variant("without copy gates", {"copy_gates": False}),
    Variant("without repeat labels", {}, _NO_FORM),
    Variant("without density", {}, _NO_DENSITY),
    Variant("plain LSTM", {"context": "none", "look_back": False, "copy_gates": False}, _NO_FORM | _NO_DENSITY),
)


class Score(msgspec.Struct, frozen=True):
    """Likelihoods of held-out music under one trained network.

    Attributes:
        variant: name of the variant.
        seed: of weights and batches.
        hidden: nats a note by "SOURCE PART" and by "PART", density, repeat labels and feel hidden.
        told: the same when told the true ones.
        between: the same as hidden, of bars between others of their own part that are shown, as bars are written anew;
            empty in studies of earlier versions.
    """

    variant: str
    seed: int
    hidden: dict[str, float]
    told: dict[str, float]
    between: dict[str, float] = {}


class Study(msgspec.Struct, frozen=True):
    """All scores so far, with what they have in common.

    Attributes:
        train_steps, events_a_batch, hidden_units: the budget of each network.
        scores: in the order in which they were made.
    """

    train_steps: int
    events_a_batch: int
    hidden_units: int
    scores: tuple[Score, ...] = ()


def run_study(
    windows: Sequence[Window],
    held_out: Sequence[Window],
    settings: TrainSettings,
    seeds: int,
    folder: Path,
    on_score: Callable[[Score], None] = lambda score: None,
    variants: Sequence[Variant] = VARIANTS,
) -> Study:
    """Train every variant from every seed; what a stopped study had done already is taken as it is.

    Args:
        windows: what to learn from.
        held_out: what to judge by.
        settings: the budget.
        seeds: runs a variant, from seed 0 on.
        folder: where the study and its checkpoints lie.
        on_score: told of each network judged.
        variants: what to compare.

    Raises:
        UserError: where the folder has a study of another budget, or one that cannot be read.
    """
    path = folder / "study.json"
    study = Study(settings.train_steps, settings.events_a_batch, settings.network.hidden)
    if path.exists():
        found = _read_study(path)
        if msgspec.structs.replace(found, scores=()) != study:
            raise UserError(f"{path} is of another budget: name another folder")
        study = found
    done = {(score.variant, score.seed) for score in study.scores if score.between}
    for seed in range(seeds):
        for variant in variants:
            if (variant.name, seed) in done:
                continue
            score = _score(variant, seed, windows, held_out, settings, folder)
            others = (one for one in study.scores if (one.variant, one.seed) != (variant.name, seed))
            study = msgspec.structs.replace(study, scores=(*others, score))
            write_atomically(path, msgspec.json.format(msgspec.json.encode(study), indent=1) + b"\n")
            on_score(score)
    return study


def _read_study(path: Path) -> Study:
    check_is_file(path)
    try:
        return msgspec.json.decode(path.read_bytes(), type=Study)
    except OSError as error:
        raise UserError(f"cannot read {path}: {error.strerror}; name another folder") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UserError(f"cannot read {path}: it is no study: {error}; name another folder, or delete it") from error


def _score(
    variant: Variant,
    seed: int,
    windows: Sequence[Window],
    held_out: Sequence[Window],
    settings: TrainSettings,
    folder: Path,
) -> Score:
    network: NetworkConfig = msgspec.structs.replace(settings.network, **variant.network)
    hide: HideRates = msgspec.structs.replace(settings.hide, **variant.hide)
    own = msgspec.structs.replace(settings, network=network, hide=hide, seed=seed)
    trained = train(windows, [], own, folder / f"{variant.name} {seed}".replace(" ", "-")).network
    trained.eval()
    return Score(
        variant.name,
        seed,
        *(
            _by_group(held_out, score_windows(trained, held_out, shown))
            for shown in (SIDE_INFORMATION_HIDDEN, ALL_SHOWN, BETWEEN)
        ),
    )


def _by_group(windows: Sequence[Window], scores: Mapping[int, tuple[float, int]]) -> dict[str, float]:
    sums: dict[str, list[float]] = {}
    for window in windows:
        for name in (window.part.value, f"{window.source} {window.part.value}"):
            group = sums.setdefault(name, [0.0, 0.0])
            nats, notes = scores[id(window)]
            group[0] += nats
            group[1] += notes
    return {name: cost / notes for name, (cost, notes) in sorted(sums.items()) if notes}


def study_results(study: Study, command: str) -> Results:
    """The chapter: each variant's mean over seeds, how far seeds lie apart, and what leaving a part out costs."""
    parts = [part.value for part in PARTS]
    sources = sorted({name for score in study.scores for name in score.hidden if " " in name})
    text = (
        f"Every network was trained alike: {study.train_steps:,} steps of {study.events_a_batch:,} events, two layers "
        f"of {study.hidden_units} units; much less than the shipped weights, so the figures compare networks and "
        "are not the best there is. Hidden: nobody tells the network density, repeat labels or feel. "
        "Told: it is given the true ones, which nobody knows beforehand. Between bars that stay: hidden again, but "
        "shown some of the part's own bars, from none to all but two, around those that are judged. "
        "Behind ± is the standard deviation over seeds: a difference smaller than that means nothing, and one of a "
        "single seed little unless it is large. Where seeds are few, the others were left out by `--only`.",
    )
    return Results(
        command,
        "",
        text,
        (
            _table("Held-out nats a note, density and labels hidden", study, parts, "hidden"),
            _table("Held-out nats a note, told density and labels", study, parts, "told"),
            _table("Held-out nats a note of bars between bars that stay", study, parts, "between"),
            _table("By source, density and labels hidden", study, sources, "hidden"),
        ),
    )


def _table(title: str, study: Study, groups: Sequence[str], which: str) -> Table:
    rows: list[tuple[Value, ...]] = []
    for name in dict.fromkeys(score.variant for score in study.scores):
        values = [getattr(score, which) for score in study.scores if score.variant == name]
        cells: list[Value] = [name, len(values)]
        for group in groups:
            found = [value[group] for value in values if group in value]
            spread = f" ± {statistics.stdev(found):.3f}" if len(found) > 1 else ""
            cells.append(f"{statistics.fmean(found):.3f}{spread}" if found else None)
        rows.append(tuple(cells))
    return Table(title, ("network", "seeds", *groups), tuple(rows))
