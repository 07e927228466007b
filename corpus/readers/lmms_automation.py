"""Automation of an LMMS project's tempo and meter: what it sets, and when.

What is muted rules nothing: a clip, or the track that it lies in. Times are LMMS ticks, 48 a quarter.

Source: LMMS's own project files; `AutomationClip` (progression 0 holds a value, 1 and 2 go on to the next).
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from itertools import pairwise

from corpus.readers.lmms_xml import setting, whole

_QUARTER_TICKS = 48
_CLIPS = ("automationclip", "automationpattern")
_MOST_STEPS = 20_000
"""Quarters of a tempo that goes from one value to the next; of more only the values themselves are taken."""


def automated_values(root: ET.Element, head: ET.Element, name: str) -> list[tuple[int, float]]:
    """The values that automation gives a setting of the head, as (tick, value), in order; none where it is not.

    Args:
        root: the project.
        head: its head.
        name: of the setting, such as "bpm".

    Raises:
        UserError: where a value is no number.
    """
    element = head.find(name)
    number = element.get("id") if element is not None else None
    if not number:
        return []
    found: list[tuple[int, float]] = []
    for clip in _clips(root):
        if any(target.get("id") == number for target in clip.findall("object")):
            start, fallback = whole(clip, "pos", 0), setting(head, name, 0)
            points = sorted((whole(time, "pos", 0), setting(time, "value", fallback)) for time in clip.findall("time"))
            if whole(clip, "prog", 0):
                points = list(_stepped(points))
            found.extend((start + at, value) for at, value in points)
    return sorted(found, key=lambda point: point[0])


def _clips(root: ET.Element) -> Iterator[ET.Element]:
    """The automation clips that rule anything."""
    for track in root.iter("track"):
        if track.get("muted") == "1":
            continue
        for kind in _CLIPS:
            yield from (clip for clip in track.findall(kind) if not _is_muted(clip))


def _is_muted(clip: ET.Element) -> bool:
    return "1" in (clip.get("mute"), clip.get("muted"))


def _stepped(points: list[tuple[int, float]]) -> Iterator[tuple[int, float]]:
    """Values that go on to the next, a step a quarter."""
    for (at, value), (after, target) in pairwise(points):
        steps = (after - at) // _QUARTER_TICKS
        yield at, value
        if value != target and 1 < steps <= _MOST_STEPS:
            for step in range(1, steps):
                yield at + step * _QUARTER_TICKS, value + (target - value) * step / steps
    yield from points[-1:]
