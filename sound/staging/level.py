"""The loudness that a song is played at: found from one section, so that playing begins before the song is rendered."""

import numpy as np

from song.parts import PARTS
from song.sections import SectionKind, Song
from sound.bounce import DROP_LUFS
from sound.loudness import Meter
from sound.master import PeakMeter, solve_gain
from sound.patch import Patches
from sound.render import Rendering, section_of
from sound.staging.section_sound import all_heard

KEPT_DB = 3.0
"""A song goes on at the gain that it has until another would be as far from it: every section is rendered anew then."""


def telling_section(song: Song) -> int | None:
    """The section whose loudness is the song's: the fullest drop, or the fullest of all where none has a note; or None.

    Args:
        song: its chosen takes count.
    """
    notes = [
        sum(len(phrase.notes) for part in PARTS if (phrase := section.cell(part).phrase) is not None)
        for section in song.sections
    ]
    heard = [index for index, count in enumerate(notes) if count]
    drops = [index for index in heard if song.sections[index].kind is SectionKind.DROP]
    return max(drops or heard, key=lambda index: notes[index] / song.sections[index].bars, default=None)


def song_gain(song: Song, patches: Patches, lufs: float = DROP_LUFS) -> float:
    """The gain in dB that brings its telling section to a loudness; 0 for silence.

    Args:
        song: all parts count, muted or not.
        patches: the sounds.
        lufs: what is asked for.

    Raises:
        ValueError: where a note or a wobble that would sound is out of range.
    """
    index = telling_section(song)
    if index is None:
        return 0.0
    rendering = Rendering(all_heard(song), patches, section_of(song, index), tail=False, stems=False)
    meter, peak_meter, peaks = Meter(), PeakMeter(), []
    for block in rendering.blocks():
        mix = block.mix_2xN()
        meter.add(mix)
        peaks.append(peak_meter.run(mix))
    energies = meter.energies()
    return solve_gain(energies, np.concatenate(peaks), (0, len(energies)), lufs) if len(energies) else 0.0
