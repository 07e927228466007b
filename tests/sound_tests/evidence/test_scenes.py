"""Songs for measurements: as they say."""

import pytest

from song.notes import RATE_TICKS, RATES
from song.parts import PARTS
from song.sections import SectionKind
from song.validation import find_problem
from sound.evidence.scenes import F2_HZ, held_note, short_track


@pytest.mark.parametrize("rate", [None, *RATES])
def test_a_held_note_lasts_four_cycles_of_its_wobble(rate: str | None) -> None:
    song = held_note(rate)
    assert find_problem(song) is None
    phrase = song.sections[0].cells.bass.phrase
    assert phrase is not None
    assert [note.duration_ticks for note in phrase.notes] == [song.length_ticks]
    assert rate is None or song.length_ticks >= 4 * RATE_TICKS[rate]
    assert pytest.approx(87.307, abs=0.001) == F2_HZ


def test_a_short_track_has_a_break_a_build_and_a_drop_of_all_parts() -> None:
    song = short_track(style="riddim")
    assert find_problem(song) is None
    assert [section.kind for section in song.sections] == [SectionKind.BREAK, SectionKind.BUILD, SectionKind.DROP]
    drop = song.sections[2]
    assert all(drop.cell(part).phrase for part in PARTS)
    assert drop.cells.bass.phrase is not None
    assert len({wobble.rate for wobble in drop.cells.bass.phrase.wobbles}) == 4
    assert song.style == {"riddim": 1.0}
