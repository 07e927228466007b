"""Results of a measurement that was never made."""

from model.evaluation.results import Results, Table

RESULTS = Results(
    command="dropsmith evaluate --seed 3",
    weights="0123456789abcdef",
    text=("One paragraph.", "Another."),
    tables=(
        Table("Cells", ("part", "cells", "error"), (("drums", 1200, 0.03456), ("bass", 5, None)), note="A note."),
        Table("Shares", ("part", "share"), (("lead", 0.5),), digits=1),
    ),
)
