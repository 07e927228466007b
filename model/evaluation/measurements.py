"""The measurements behind the chapters that need weights: each takes what is to be judged and gives its results."""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path

import msgspec

from corpus.pieces import Piece
from corpus.starter.pieces import starter_pieces
from model.checkpoint import SHIPPED, Weights, load_weights
from model.evaluation.asking import asking_plans, asking_table, describe_takes, hear_levels
from model.evaluation.baselines import baselines_path, load_baselines
from model.evaluation.control import check_cell, control_plans, control_tables
from model.evaluation.distribution import describe_stretch, distribution_tables
from model.evaluation.drops import composed_songs, drops_table, hand_written, real_songs
from model.evaluation.fine_tuning import fine_tuning_results
from model.evaluation.generation import generate
from model.evaluation.likelihood import score_groups
from model.evaluation.originality import measure_originality, plain_song
from model.evaluation.originality_chapter import originality_results
from model.evaluation.results import Results, Table, Value
from model.evaluation.telling.chapter import compose_pairs, telling_results
from model.evaluation.telling.classifiers import check_classifiers
from model.evaluation.telling.pairs import real_drops, spread_out
from model.metrics.drops import HeardSong
from model.metrics.phrase_measures import INTERVAL_BOUNDS, MEASURES, PhraseVectors
from model.originality.copy_index import index_path, load_index
from model.originality.copy_meter import load_meter
from model.training.dataset import separate_windows
from model.training.mirrored_songs import (
    IN_SCALE_SHARE,
    SECTION_BARS,
    STRETCH_BARS,
    MirroredSong,
    choose,
    stretch_of,
    unheard,
)
from model.writing.fill import Filler
from song.arrangements import ARRANGEMENTS
from song.parts import PARTS

OnProgress = Callable[[str, int, int], None]
"""Told what is being measured, how much of it is done, and how much there is."""


class Sizes(msgspec.Struct, frozen=True):
    """Amounts that are measured."""

    control_songs: int = 28  # random songs of twenty cells
    asking_seeds: int = 24  # seeds of each plan that differs in one thing
    asking_takes: int = 2  # takes of each of its cells
    pieces_a_source: int = 40  # real pieces that are mirrored, at most
    drop_seeds: int = 40  # songs of each arrangement
    mirrored_drops: int = 200  # drops of real songs that are told from composed ones, at most
    sharing_seeds: int = 25  # seeds of one plan whose takes are held against the training set
    diversity_seeds: int = 100  # seeds of one plan whose takes are compared with each other

    @classmethod
    def small(cls, songs: int) -> "Sizes":
        """Sizes for a quick look: so many songs, seeds and pieces of each kind."""
        return cls(songs, songs, cls().asking_takes, songs, songs, songs, songs, songs)


class Subject:
    """Weights to be judged, the music to judge them by, and the seed."""

    def __init__(self, weights: Path | None, pieces: Sequence[Piece], sizes: Sizes, seed: int) -> None:
        """Set up.

        Args:
            weights: NAME.safetensors, or None for the shipped ones.
            pieces: real music of every split; what the weights have heard of it is left out.
            sizes: how much is measured.
            seed: 0 or more.

        Raises:
            UserError: where the weights or the baselines beside them cannot be read.
        """
        self.path = weights or SHIPPED
        self.weights: Weights = load_weights(self.path)
        self.pieces = unheard(pieces, frozenset(self.weights.card.trained_on))
        self.sizes, self.seed = sizes, seed

    @cached_property
    def filler(self) -> Filler:
        """The filler that writes with the weights."""
        return Filler(self.weights)


def measure_likelihood(subject: Subject, on_progress: OnProgress) -> Results:
    """Measure nats a note of every part and source, beside the baselines."""
    on_progress("likelihood", 0, 1)
    baselines = load_baselines(baselines_path(subject.path))
    windows = separate_windows(subject.pieces)
    groups = {}
    for part in PARTS:
        own = [window for window in windows if window.part is part]
        groups[f"{part.value}, all"] = own
        for source in sorted({window.source for window in own}):
            groups[f"{part.value}, {source}"] = [window for window in own if window.source == source]
    scores = score_groups(subject.weights.network, baselines, groups)
    rows: list[tuple[Value, ...]] = [
        (name, one.notes, one.unigram, one.ngram5, one.copying, one.model, one.model_told)
        for name, one in scores.items()
    ]
    on_progress("likelihood", 1, 1)
    columns = ("part, source", "notes", "unigram", "5-gram", "5-gram + copying", "network", "network, told")
    return Results(
        "",
        subject.weights.digest,
        (
            f"Negative log-likelihood of {len(subject.pieces)} pieces that the weights have not heard, nor any other "
            "version of them, save that the starter set's held-out tracks play some phrases that its other tracks play "
            "too. Bar lines, lengths and what is known of velocities and wobbles are included. The 5-gram is "
            "interpolated by Witten and Bell's rule and was counted on what the weights learned from; copying mixes it "
            "with what going on as one, two or four bars ago would give, in shares learned on a part of that music "
            "which they were not counted on. The network is not told density and repeat labels, but sees the other "
            "parts where its design has them; *told* it is given the true density and labels too, which nobody knows "
            "beforehand.",
        ),
        (Table("Nats a note, lower is better", columns, tuple(rows)),),
    )


def measure_control(subject: Subject, on_progress: OnProgress) -> Results:
    """Measure how closely random plans are followed."""
    checks = []
    for number, song in enumerate(control_plans(subject.sizes.control_songs, subject.seed)):
        on_progress("control", number, subject.sizes.control_songs)
        written = generate(subject.filler, song, 1, song.seed)
        checks += [check_cell(song, cell.section, cell.part, takes[0]) for cell, takes in written.items()]
    return Results(
        "",
        subject.weights.digest,
        (
            f"{len(checks)} cells of {subject.sizes.control_songs} songs, one take each, whose sections' kinds, "
            "lengths (1 to 16 bars), densities, tempi, keys, wobbles, forms, pitch ranges, styles and temperatures are "
            "drawn at random. Each rule is checked on the notes, by code that the sampler does not use.",
        ),
        control_tables(checks),
    )


def measure_asking(subject: Subject, on_progress: OnProgress) -> Results:
    """Measure how well a classifier hears what was asked."""
    described: dict[tuple[str, str], list[PhraseVectors]] = {}
    for seed in range(subject.sizes.asking_seeds):
        on_progress("asking", seed, subject.sizes.asking_seeds)
        for asked, level, song in asking_plans():
            written = generate(subject.filler, song, subject.sizes.asking_takes, subject.seed * 10_000 + seed)
            takes = {cell.part: phrases for cell, phrases in written.items()}
            described.setdefault((asked, level), []).extend(describe_takes(song, takes, str(seed)))
    return Results(
        "",
        subject.weights.digest,
        (
            "A section of eight bars is written with one thing varied and all else equal, the seed included: "
            f"{subject.sizes.asking_seeds} seeds, {subject.sizes.asking_takes} takes each. A multinomial logistic "
            "regression on the feature vector below is trained on some seeds and judged on the others (five folds). "
            "For density the onsets a bar are kept from it: it hears rhythm, length and pitch alone.",
        ),
        (asking_table(hear_levels(described, subject.seed)), _measures_table()),
    )


def measure_drops(subject: Subject, on_progress: OnProgress) -> Results:
    """Measure the drops of composed songs beside hand-written and real ones."""
    columns: dict[str, Sequence[HeardSong]] = {}
    for number, name in enumerate(ARRANGEMENTS):
        on_progress("drops", number, len(ARRANGEMENTS))
        columns[name] = composed_songs(subject.filler, name, range(subject.sizes.drop_seeds))
    columns["starter set, held out"] = hand_written(subject.pieces, held_out=True)
    columns["starter set"] = hand_written(starter_pieces(), held_out=False)
    columns["real, held out"] = real_songs(subject.pieces)
    return Results(
        "",
        subject.weights.digest,
        (
            f"{subject.sizes.drop_seeds} songs of each arrangement, laid out and written by seeds 0 to "
            f"{subject.sizes.drop_seeds - 1}, one take a cell, beside tracks of the starter set (all of them, and the "
            "few that nothing was learned from) and real songs that the weights have not heard, whose drops are "
            "mostly guessed. Everything is counted on the notes, the same way for all.",
        ),
        (drops_table(columns),),
    )


def measure_mirrored(subject: Subject, on_progress: OnProgress) -> Results:
    """Measure how well real drops are told from those composed to them.

    Raises:
        UserError: where what classifiers need is not installed, or there are too few songs.
    """
    check_classifiers()
    drops = spread_out(real_drops(subject.pieces), subject.sizes.mirrored_drops)

    def composing(done: int, total: int) -> None:
        on_progress("mirrored, composed", done, total)

    def telling(done: int, total: int) -> None:
        on_progress("mirrored, told", done, total)

    pairs = compose_pairs(subject.filler, drops, subject.seed, composing)
    return telling_results(drops, pairs, subject.weights.digest, subject.seed, telling)


def measure_distribution(subject: Subject, on_progress: OnProgress) -> Results:
    """Measure how near generated music comes to real music."""
    stretches = [
        stretch
        for piece in choose(subject.pieces, subject.sizes.pieces_a_source, subject.seed)
        if (stretch := stretch_of(piece)) is not None
    ]
    real: list[PhraseVectors] = []
    generated: list[PhraseVectors] = []
    for number, stretch in enumerate(stretches):
        on_progress("distribution", number, len(stretches))
        written = generate(
            subject.filler, stretch.song, 1, subject.seed * 10_000 + number, list(stretch.phrases), stretch.hints
        )
        real += describe_stretch(stretch, stretch.phrases)
        generated += describe_stretch(stretch, {cell: takes[0] for cell, takes in written.items()})
    counts = ", ".join(f"{count} of {source}" for source, count in _by_source(stretches))
    return Results(
        "",
        subject.weights.digest,
        (
            f"The middle {STRETCH_BARS} bars of pieces that the weights have not heard ({counts}), cut where sections "
            f"begin and every {SECTION_BARS} bars, and for each an empty song that asks for its like: the same parts, "
            "lengths, section kinds, style, tempo, key, densities and wobble rates. Every cell of it is written once, "
            "at the default temperature. Where nobody knows what a section does the writer is told none of the kinds "
            "that a plan may ask for, and draws on forms of them all; a key is chromatic, and its mode told, where "
            f"less than {IN_SCALE_SHARE:.0%} of a piece's notes are in its scale; a density above 1 is asked for as 1. "
            "The real phrases are brought to the network's octave, note lengths and eight velocities first, so that "
            "resolution alone gives nothing away. Velocities and wobbles are compared where the source knows them.",
            "A logistic regression on the feature vector of a phrase (the measures of the chapter before) is trained "
            "to tell generated from real on four fifths of the songs and judged on the rest, in turn. A song and what "
            "was generated in its likeness are on one side.",
            "For each measure, let D(A, B) be the Euclidean distances between the phrases of A and those of B, p the "
            "density of D(real, real) and q that of D(real, generated), both by a Gaussian kernel with Scott's "
            "bandwidth on one grid. *Overlapped area* is the integral of min(p, q): 1 where the sets cannot be told "
            "apart. *Divergence* is the Kullback-Leibler divergence, the integral of p ln(p/q), in nats. After Yang "
            'and Lerch, "On the evaluation of generative models in music" (Neural Computing and Applications 32, '
            "2020). *Real halves* is the same between two halves of the real songs, the mean of eight halvings: what "
            "can be reached. Since a generated song mirrors a real one, it can come nearer to the real ones than they "
            "are to each other.",
        ),
        distribution_tables(real, generated, subject.seed),
    )


def measure_copying(subject: Subject, on_progress: OnProgress) -> Results:
    """Measure what takes share with the training set, and how far they differ from seed to seed."""
    on_progress("originality", 0, 1)
    index = load_index(index_path(subject.path))
    seeds, plan = range(subject.sizes.sharing_seeds), plain_song()
    plan_seeds = range(subject.sizes.diversity_seeds)
    rejecting = Filler(subject.weights, load_meter(subject.path))
    found = measure_originality(index, subject.pieces, subject.filler, rejecting, [plan], seeds, plan, plan_seeds)
    on_progress("originality", 1, 1)
    return originality_results(found, "", subject.weights.digest)


def measure_fine_tuning(subject: Subject, on_progress: OnProgress) -> Results:
    """Measure what thirty files teach, and what is forgotten meanwhile."""
    on_progress("fine-tuning", 0, 1)
    results = fine_tuning_results(subject.path, subject.weights.digest, subject.pieces)
    on_progress("fine-tuning", 1, 1)
    return results


MEASUREMENTS: dict[str, Callable[[Subject, OnProgress], Results]] = {
    "likelihood": measure_likelihood,
    "control": measure_control,
    "asking": measure_asking,
    "drops": measure_drops,
    "mirrored": measure_mirrored,
    "distribution": measure_distribution,
    "originality": measure_copying,
    "fine_tuning": measure_fine_tuning,
}
"""The measurements of `dropsmith evaluate --report`, by the chapter that each fills."""


def _measures_table() -> Table:
    bounds = ", ".join(str(bound) for bound in INTERVAL_BOUNDS)
    note = f"INTERVAL_BOUNDS: {bounds} ticks, 96 a quarter. Each part has the measures that mean something for it."
    return Table("The feature vector of a phrase", ("measure", "its numbers"), tuple(MEASURES.items()), note)


def _by_source(stretches: Sequence[MirroredSong]) -> Iterator[tuple[str, int]]:
    for source in sorted({stretch.source for stretch in stretches}):
        yield source, sum(stretch.source == source for stretch in stretches)
