"""Holding a phrase against what its section asks."""

import msgspec

from song.checks import check_phrase, density_met, form_of
from song.notes import Note, Phrase, Wobble
from song.parts import Part
from song.sections import Constraints, Density, PartForms, PitchRanges, Section, SectionKind, WobbleRange
from song.time import TICKS_PER_BAR


def section(bars: int = 4, **constraints: object) -> Section:
    asked = msgspec.structs.replace(Constraints(density=Density(0.5, 0.1, 0.2, 0.2)), **constraints)
    return Section(SectionKind.DROP, bars, asked)


def notes(*pitches: int) -> tuple[Note, ...]:
    """One note at the start of each bar."""
    return tuple(Note(bar * TICKS_PER_BAR, pitch, 96, 100) for bar, pitch in enumerate(pitches))


def found(asked: Section, part: Part, phrase: Phrase, key: str = "F minor") -> dict[str, tuple[str, str, int]]:
    return {one.name: (one.asked, one.got, one.off) for one in check_phrase(asked, part, phrase, key)}


def test_drums_have_a_density_and_no_pitches() -> None:
    assert found(section(), Part.DRUMS, Phrase(4, notes(36, 36, 36, 36))) == {
        "density": ("9.5 a bar", "1.0", 1),
        "form": ("free", "AA", 0),
    }


def test_notes_outside_the_key_and_the_range_are_counted() -> None:
    asked = section(ranges=PitchRanges(lead=(60, 72)))
    all_found = found(asked, Part.LEAD, Phrase(4, notes(65, 66, 66, 77)))
    assert all_found["key"] == ("F minor", "2 outside", 2)
    assert all_found["range"] == ("C4 to C5", "F4 to F5", 1)
    assert all_found["density"] == ("2.2 a bar", "1.0", 1)
    assert found(asked, Part.LEAD, Phrase(4))["range"][1:] == ("no note", 0)


def test_a_chromatic_key_allows_every_pitch() -> None:
    assert found(section(), Part.LEAD, Phrase(4, notes(60, 61, 62, 63)), "C chromatic")["key"][1:] == ("all within", 0)


def test_chords_are_held_to_a_progression_and_lines_to_scale_chord_and_passing_notes() -> None:
    asked = section(chords="i VI V i")
    chords = Phrase(4, notes(65, 61, 64, 64))
    assert found(asked, Part.CHORDS, chords)["chords"] == ("i VI V i", "1 outside", 1)
    assert "key" not in found(asked, Part.CHORDS, chords)
    assert found(section(), Part.CHORDS, chords)["key"] == ("F minor", "2 outside", 2)
    assert found(asked, Part.LEAD, chords)["key"] == ("F minor", "1 outside", 1), "the third of V may be sung over it"
    passing = Phrase(4, (Note(24, 66, 24, 100), Note(96, 66, 24, 100)))
    outside = {
        style: next(
            one.off
            for one in check_phrase(section(), Part.LEAD, passing, "F minor", 0, {style: 1.0})
            if one.name == "key"
        )
        for style in ("dubstep", "house")
    }
    assert outside == {"dubstep": 1, "house": 2}


def test_a_bass_is_held_to_rates_depth_and_shape() -> None:
    asked = section(wobble=WobbleRange(("1/8", "1/4"), 0.5, "saw"))
    wobbles = (Wobble(0, 96, "1/8", 0.5, "saw"), Wobble(96, 96, "1/16", 0.8, "sine"))
    all_found = found(asked, Part.BASS, Phrase(4, notes(41), wobbles))
    assert all_found["rates"] == ("1/4 1/8", "1/8 1/16", 1)
    assert all_found["depth"] == ("0.50", "0.80", 1)
    assert all_found["shape"] == ("saw", "saw sine", 1)
    without = found(asked, Part.BASS, Phrase(4, notes(41)))
    assert without["rates"] == ("1/4 1/8", "none", 0)
    assert "depth" not in without
    assert "shape" not in without


def test_bars_that_differ_from_their_letter_break_the_form() -> None:
    asked = section(form="AABA", form_bars=1)
    assert found(asked, Part.LEAD, Phrase(4, notes(60, 60, 65, 60)))["form"] == ("AABA", "AABA", 0)
    assert found(asked, Part.LEAD, Phrase(4, notes(60, 63, 65, 60)))["form"] == ("AABA", "ABCA", 1)
    assert found(section(), Part.LEAD, Phrase(4, notes(60, 60, 65, 60)))["form"] == ("free", "AB", 0)


def test_a_turn_that_differs_breaks_no_form_and_is_no_letter_of_its_own() -> None:
    asked = section(9, form="AB", form_bars=1)
    played = [60, 61, 60, 61, 60, 61, 60, 61, 60]
    turned = Phrase(9, notes(*played[:7], 70, 71))
    assert found(asked, Part.LEAD, turned)["form"] == ("AB", "ABABABABA", 0)
    for bar in range(9):
        changed = Phrase(9, notes(*(72 if at == bar else pitch for at, pitch in enumerate(played))))
        off = found(asked, Part.LEAD, changed)["form"][2]
        assert (off == 0) == (bar in (7, 8))
        assert off == {0: 3, 1: 2}.get(bar, int(bar < 7)), "the first of a letter differs from each of the others"


def test_a_part_is_held_to_its_own_form() -> None:
    asked = section(form="A", form_bars=1, forms=PartForms(bass="AB", lead=""))
    played = Phrase(4, notes(41, 43, 41, 41))
    assert found(asked, Part.CHORDS, played)["form"] == ("A", "ABAA", 1)
    assert found(asked, Part.BASS, played)["form"] == ("AB", "ABAB", 0)
    assert found(asked, Part.LEAD, played)["form"] == ("free", "ABAA", 0)


def test_a_form_has_a_letter_for_so_many_bars_the_last_ones_too() -> None:
    assert form_of(Phrase(5, notes(60, 61, 60, 61, 60)), 2) == "AAB"
    assert form_of(Phrase(3), 1) == "AAA"
    short = (Note(0, 60, 96, 100), Note(TICKS_PER_BAR, 60, 24, 100))
    assert form_of(Phrase(2, short), 1) == "AA"
    assert form_of(Phrase(60, notes(*range(30, 90))), 1)[-9:] == "zzzzzzzzz"


def test_near_enough_is_15_percent_or_one_onset_a_bar() -> None:
    assert density_met(10, 11.5)
    assert not density_met(10, 11.6)
    assert density_met(2, 3)
    assert not density_met(2, 3.1)
    assert not density_met(0, 1.1)


def test_what_sounds_in_the_silence_before_a_drop_is_counted_and_its_form_is_not_broken_by_it() -> None:
    asked = section(form="A", form_bars=1)
    played = Phrase(4, tuple(Note(bar * TICKS_PER_BAR + beat * 96, 36, 96, 100) for bar in range(4) for beat in (0, 3)))
    assert {one.name: one.off for one in check_phrase(asked, Part.DRUMS, played, "F minor", 1)}["gap"] == 1
    stopped = Phrase(4, played.notes[:-1])
    findings = {one.name: one for one in check_phrase(asked, Part.DRUMS, stopped, "F minor", 1)}
    assert (findings["gap"].asked, findings["gap"].got) == ("beat of silence", "silent")
    assert findings["form"].met
