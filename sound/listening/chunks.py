"""Stems in short FLAC files of four seconds, which join without a seam when they are played one behind the other."""

import threading
from collections import OrderedDict

from song.parts import Part
from sound.audio_files import flac_bytes
from sound.rates import SAMPLE_RATE
from sound.staging.section_sound import SectionSound

CHUNK_FRAMES = 4 * SAMPLE_RATE
"""Frames of each chunk but a section's last."""
MOST_KEPT_BYTES = 64_000_000


def chunk_count(sound: SectionSound) -> int:
    """The number of chunks of each stem."""
    return -(-sound.frames // CHUNK_FRAMES)


class Chunks:
    """Encoded chunks; those that were asked for last are kept."""

    def __init__(self) -> None:
        """Start with none."""
        self._kept: OrderedDict[tuple[str, Part, int], bytes] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def chunk(self, sound: SectionSound, part: Part, number: int) -> bytes | None:
        """A chunk as a FLAC file of 16 bits, None where the section has no such one.

        Args:
            sound: the section.
            part: one that sounds in it.
            number: from 0.
        """
        if part not in sound.stems or not 0 <= number < chunk_count(sound):
            return None
        key = (sound.key, part, number)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        encoded = flac_bytes(sound.stems[part][number * CHUNK_FRAMES : (number + 1) * CHUNK_FRAMES])
        with self._lock:
            if key not in self._kept:
                self._kept[key] = encoded
                self._size += len(encoded)
            while self._size > MOST_KEPT_BYTES:
                self._size -= len(self._kept.popitem(last=False)[1])
        return encoded
