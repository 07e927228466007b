"""Rendered songs for tests: the stems or the mix of a song as one array."""

import numpy as np
from numpy.typing import NDArray

from song.parts import Part
from song.sections import Song
from sound.patch import Patches
from sound.render import Rendering, Stretch, whole_song


def rendered(
    song: Song, part: Part | None = None, stretch: Stretch | None = None, **options: object
) -> NDArray[np.float32]:
    """The mix of a song before the master chain, or one of its stems, (N, 2)."""
    rendering = Rendering(song, Patches(song), stretch or whole_song(song), **options)  # type: ignore[arg-type]
    blocks = list(rendering.blocks())
    return np.concatenate([block.mix() if part is None else block.stem(part) for block in blocks])
