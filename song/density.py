"""Density, 0-1, as onsets a bar of a part, and back; `model.writing.planning` shares them out over a cell's bars."""

from song.parts import PART_SPECS, Part


def density_to_onsets(part: Part, density: float) -> float:
    """Onsets a bar that a density asks for: 0 at 0, the corpus median at 0.5, its 95th percentile at 1.

    Args:
        part: the part.
        density: 0-1, both inclusive.
    """
    spec = PART_SPECS[part]
    if density <= 0.5:
        return spec.median_onsets * density * 2
    return spec.median_onsets + (spec.high_onsets - spec.median_onsets) * (density - 0.5) * 2


def onsets_to_density(part: Part, onsets_per_bar: float) -> float:
    """The density that asks for that many onsets a bar: the inverse of `density_to_onsets`, held within 0-1."""
    spec = PART_SPECS[part]
    if onsets_per_bar <= spec.median_onsets:
        return max(0.0, onsets_per_bar / spec.median_onsets / 2)
    return min(1.0, 0.5 + (onsets_per_bar - spec.median_onsets) / (spec.high_onsets - spec.median_onsets) / 2)
