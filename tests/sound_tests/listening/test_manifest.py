"""A song and its sections as the page is told of them."""

import msgspec
import numpy as np

from song.parts import PARTS, Part
from sound.listening.manifest import PEAK_FRAMES, manifest, section_facts
from sound.patch import Patches
from sound.rates import SAMPLE_RATE
from sound.staging.section_sound import render_section
from sound.staging.stage import Standing
from sound.staging.timeline import timeline_of
from tests.sound_tests.played_songs import BUILD, DROP, played_song


def test_the_sections_lie_where_they_are_heard() -> None:
    song = msgspec.structs.replace(played_song(), title="Night \x1b[31m", muted=(Part.LEAD,))
    timeline = timeline_of(song)
    told = manifest(Standing(song, timeline, ("a", "b")), {"a": True})
    msgspec.json.encode(told)
    assert "\x1b" not in told["title"]
    assert told["heard"] == ["drums", "bass", "chords"]
    assert [(one["start"], one["frames"], one["key"], one["ready"]) for one in told["sections"]] == [
        (0, timeline.places[BUILD].frames, "a", True),
        (timeline.places[DROP].start_frame, timeline.places[DROP].frames, "b", False),
    ]
    assert manifest(Standing(song, timeline), {})["sections"][0]["key"] == ""


def test_a_section_is_told_as_notes_peaks_and_the_lane_of_its_wobble() -> None:
    song = played_song()
    sound = render_section(song, DROP, Patches(song), "k", 0.0)
    facts = section_facts(song, DROP, sound)
    msgspec.json.encode(facts)
    assert set(facts["notes"]) == {part.value for part in PARTS}
    beat = 60 / 140 * SAMPLE_RATE
    kicks = facts["notes"]["drums"]
    assert [round(start / beat) for start, *_ in kicks] == list(range(8))
    assert all(abs(start - round(start / beat) * beat) <= 1 and frames > 0 for start, frames, *_ in kicks)
    assert all((pitch, velocity) == (36, 110) for *_, pitch, velocity in kicks)
    peaks = facts["peaks"]["drums"]
    assert len(peaks) == -(-sound.frames // PEAK_FRAMES)
    assert max(peaks) == min(255, int(np.abs(sound.stems[Part.DRUMS].astype(int)).max()) // 128)
    # An eighth opens and closes the filter 16 times in two bars.
    lane = np.array(facts["wobble"])
    assert lane.max() > 95
    assert lane.min() <= 25
    assert np.count_nonzero((lane[:-1] < 60) & (lane[1:] >= 60)) == 16
    assert section_facts(song, BUILD, render_section(song, BUILD, Patches(song), "k", 0.0))["wobble"] == []
