"""Every rule's check finds what breaks it, and an untrained network breaks none."""

import random
from typing import Any

import msgspec
import numpy as np
import pytest

from model.evaluation.control import RULES, CellCheck, check_cell, control_plans, control_tables
from model.evaluation.generation import generate
from model.training.plans import random_song
from model.writing.fill import Filler
from song.checks import FORM, check_phrase
from song.notes import Note, Phrase, Wobble
from song.parts import PARTS, Part
from song.passing import outside_notes
from song.scales import parse_key
from song.sections import Constraints, Density, PartForms, Section, SectionKind, Song, WobbleRange

BASS_NOTE = Note(0, 41, 96, 100)


def song(kind: SectionKind = SectionKind.DROP, bars: int = 2, **asked: Any) -> Song:
    constraints = Constraints(wobble=WobbleRange(("1/8",), 0.5, "sine"), **asked)
    return Song(key="F minor", sections=(Section(kind, bars, constraints), Section(SectionKind.DROP, 4)))


def broken(phrase: Phrase, part: Part = Part.BASS, made: Song | None = None) -> dict[str, int]:
    found = check_cell(made or song(), 0, part, phrase).broken
    assert found.keys() == RULES.keys()
    return {rule: count for rule, count in found.items() if count}


def bass(*notes: Note, wobbles: tuple[Wobble, ...] = ()) -> Phrase:
    return Phrase(2, notes, wobbles)


@pytest.mark.parametrize(
    ("phrase", "rule"),
    [
        (bass(Note(0, 42, 96, 100)), "scale"),
        (bass(Note(0, 29, 96, 100)), "range"),
        (bass(Note(0, 41, 96, 100), Note(0, 44, 96, 100)), "polyphony"),
        (bass(Note(0, 41, 96, 100), Note(48, 41, 96, 100)), "overlap"),
        (bass(Note(700, 41, 96, 100)), "bounds"),
        (bass(BASS_NOTE, wobbles=(Wobble(0, 48, "1/4", 0.5, "sine"),)), "rate"),
        (bass(BASS_NOTE, wobbles=(Wobble(0, 48, "1/8", 0.6, "sine"),)), "depth"),
        (bass(BASS_NOTE, wobbles=(Wobble(0, 48, "1/8", 0.5, "saw"),)), "shape"),
        (bass(BASS_NOTE, wobbles=(Wobble(96, 48, "1/8", 0.5, "sine"),)), "no note"),
    ],
)
def test_each_rule_is_seen_broken_once(phrase: Phrase, rule: str) -> None:
    assert broken(phrase) == {rule: 1}


PASSING = Note(24, 42, 48, 100)
"""The flat second of F, an eighth long on the second sixteenth."""


def in_style(style: str, **asked: Any) -> Song:
    made: Song = msgspec.structs.replace(song(**asked), style={style: 1.0})
    return made


@pytest.mark.parametrize("part", [Part.BASS, Part.LEAD])
def test_a_passing_note_is_short_off_the_beat_and_wanted(part: Part) -> None:
    def found(note: Note, **asked: Any) -> dict[str, int]:
        style = asked.pop("style", "jazz")
        note = msgspec.structs.replace(note, pitch=note.pitch + (24 if part is Part.LEAD else 0))
        return broken(Phrase(2, (note,)), part, in_style(style, **asked))

    assert found(PASSING) == {"scale": 1}, "jazz is not a style that passes"
    assert found(PASSING, passing=True) == {}
    assert found(PASSING, style="riddim") == found(PASSING, style="trap") == found(PASSING, style="dubstep") == {}
    assert found(PASSING, style="dubstep", passing=False) == {"scale": 1}
    assert found(PASSING, passing=True, key="F major") == {"scale": 1}, "Gb in F major"
    for pitch in (42, 47, 52):
        assert found(msgspec.structs.replace(PASSING, pitch=pitch), passing=True) == {}
    assert found(msgspec.structs.replace(PASSING, pitch=45), passing=True) == {"scale": 1}, "no major third"
    assert found(msgspec.structs.replace(PASSING, duration_ticks=49), passing=True) == {"scale": 1}
    for tick, is_off in ((0, False), (11, False), (12, True), (83, True), (84, False), (96, False), (120, True)):
        note = msgspec.structs.replace(PASSING, onset_tick=tick)
        assert (found(note, passing=True) == {}) is is_off, tick


def test_chords_have_the_tones_of_the_chord_that_sounds_and_lines_may_have_them() -> None:
    made = song(bars=2, chords="i V", chord_beats=4)
    leading, root, seventh = Note(384, 64, 96, 100), Note(0, 65, 96, 100), Note(96, 63, 96, 100)
    assert broken(Phrase(2, (root, leading)), Part.CHORDS, made) == {}
    assert broken(Phrase(2, (root, seventh)), Part.CHORDS, made) == {"chord": 1}
    assert broken(Phrase(2, (Note(0, 64, 96, 100),)), Part.CHORDS, made) == {"chord": 1}
    assert broken(Phrase(2, (Note(0, 64, 96, 100), leading)), Part.LEAD, made) == {"scale": 1}
    assert broken(Phrase(2, (seventh, leading)), Part.LEAD, made) == {}
    free = song(bars=2)
    assert broken(Phrase(2, (root, seventh)), Part.CHORDS, free) == {}
    assert broken(Phrase(2, (leading,)), Part.CHORDS, free) == {"scale": 1}
    assert broken(Phrase(2, (PASSING,)), Part.CHORDS, song(passing=True))["scale"] == 1, "chords do not pass"


@pytest.mark.parametrize(
    ("asked", "tones"),
    [
        ({"chords": "i VI III", "chord_beats": 2}, ["i", "VI", "III", "i", "VI", "III", "i", "VI"]),
        ({"chords": "i VI III", "chord_beats": 8}, ["i"] * 4 + ["VI"] * 4),
        ({"chords": "i VI III", "form": "AAB", "form_bars": 1}, ["i"] * 4 + ["III"] * 2 + ["i"] * 2),
        ({"chords": "i VI III VII", "form": "AB", "form_bars": 1}, ["i", "i", "VI", "VI", "i", "i", "VII", "VII"]),
    ],
)
def test_the_chord_that_sounds_is_told_in_every_half_bar(asked: dict[str, Any], tones: list[str]) -> None:
    classes = {"i": 65, "VI": 61, "III": 56, "VII": 63}
    roots = {"i": {5, 8, 0}, "VI": {1, 5, 8}, "III": {8, 0, 3}, "VII": {3, 7, 10}}
    for half, numeral in enumerate(tones):
        for other, pitch in classes.items():
            phrase = Phrase(4, (Note(half * 192 + 191, pitch, 1, 100),))
            found = check_cell(song(bars=4, **asked), 0, Part.CHORDS, phrase).broken["chord"]
            assert found == (pitch % 12 not in roots[numeral]), (half, numeral, other)


def test_the_rules_of_harmony_and_those_of_the_app_find_the_same() -> None:
    dice = random.Random(5)
    for number in range(60):
        plan = random_song(number)
        for index, section in enumerate(plan.sections):
            for part in (Part.BASS, Part.CHORDS, Part.LEAD):
                ticks = [dice.randrange(section.bars * 384) for _ in range(12)]
                notes = [Note(tick, dice.randrange(48, 61), dice.choice((24, 48, 49)), 90) for tick in sorted(ticks)]
                phrase = Phrase(section.bars, tuple(sorted(notes)))
                found = check_cell(plan, index, part, phrase).broken
                key = parse_key(plan.key_of(index))
                outside = outside_notes(section, part, phrase, key, plan.style_of(index))
                assert found["scale"] + found["chord"] == len(outside), (number, index, part)


def test_music_that_keeps_the_rules_breaks_none() -> None:
    assert broken(bass(BASS_NOTE, Note(96, 41, 96, 100), wobbles=(Wobble(0, 48, "1/8", 0.5, "sine"),))) == {}


def test_a_form_is_broken_by_each_bar_that_differs_from_its_letter() -> None:
    made = song(bars=10, form="AB", form_bars=1)
    kept = Phrase(10, tuple(Note(bar * 384, 41 + 3 * (bar % 2), 48, 100) for bar in range(10)))
    assert broken(kept, made=made) == {}
    for bar in range(10):
        other = Note(bar * 384, 46, 48, 100)
        changed = msgspec.structs.replace(kept, notes=(*kept.notes[:bar], other, *kept.notes[bar + 1 :]))
        # The first of a letter differs from its others: four more of A, two of B, which has two turns.
        breaks = {0: 4, 1: 2, 7: 0, 9: 0}.get(bar, 1)
        assert broken(changed, made=made) == ({"form": breaks} if breaks else {})


def test_each_part_is_held_to_the_form_that_is_asked_of_it() -> None:
    forms = PartForms(bass="AB", chords="")
    made = song(bars=4, form="A", form_bars=1, forms=forms)
    played = Phrase(4, tuple(Note(bar * 384, 56 + 2 * (bar % 2), 48, 100) for bar in range(4)))
    assert broken(played, Part.BASS, made) == broken(played, Part.CHORDS, made) == {}
    assert broken(played, Part.DRUMS, made) == broken(played, Part.LEAD, made) | {"form": 1}


def test_the_rule_of_forms_and_the_apps_own_check_find_the_same_breaks() -> None:
    rng = np.random.default_rng(0)
    for _ in range(200):
        bars, unit = int(rng.integers(1, 20)), int(rng.integers(1, 9))
        form = "".join(rng.choice(list("ABC"), int(rng.integers(1, 5))))
        made = song(bars=bars, form=form, form_bars=unit)
        phrase = Phrase(bars, tuple(Note(bar * 384, 41 + 3 * int(rng.integers(2)), 48, 100) for bar in range(bars)))
        (finding,) = (one for one in check_phrase(made.sections[0], Part.BASS, phrase, made.key) if one.name == FORM)
        assert broken(phrase, made=made).get("form", 0) == finding.off


def test_a_build_stops_short_of_a_drop() -> None:
    late = Phrase(2, (Note(384 + 264, 36, 24, 100), Note(384 + 288, 36, 24, 100)))
    for kind in (SectionKind.BUILD, SectionKind.BREAK):
        assert broken(late, Part.DRUMS, song(kind)) == {"gap": 1}
    assert broken(late, Part.DRUMS, song(SectionKind.DROP)) == {}


@pytest.mark.parametrize(("onsets", "misses"), [(10, False), (12, False), (13, True), (0, True)])
def test_a_cell_misses_its_density_by_a_share_and_a_whole_onset(onsets: int, misses: bool) -> None:
    made = song(density=Density(bass=0.5))  # five onsets a bar
    phrase = bass(*(Note(24 * n, 41, 12, 100) for n in range(onsets)))
    assert check_cell(made, 0, Part.BASS, phrase).misses is misses


def test_an_untrained_network_keeps_every_rule(tiny_filler: Filler) -> None:
    checks = []
    for plan in control_plans(2, seed=1):
        written = generate(tiny_filler, plan, 1, plan.seed)
        assert len(written) == len(plan.sections) * len(PARTS)
        checks += [check_cell(plan, cell.section, cell.part, takes[0]) for cell, takes in written.items()]
    assert sum(sum(check.broken.values()) for check in checks) == 0
    assert not any(check.misses for check in checks)
    density, rules, _ = control_tables(checks)
    assert density.rows[-1][:2] == ("all", 40)
    assert all(row[-1] == 0 for row in rules.rows)


def test_the_tables_hold_the_worst_cell() -> None:
    check = CellCheck(Part.BASS, SectionKind.DROP, 4, 4.0, 6.0, 1, 0.5, 0.25, True, dict.fromkeys(RULES, 1))
    density, rules, depth = control_tables([check, msgspec.structs.replace(check, given=4.0)])
    assert density.rows[-1] == ("all", 2, 25.0, 47.5, 2.0, 1, 1)
    assert {row[-1] for row in rules.rows} == {2}
    assert depth.rows == (("depth over 0.25 to 0.5", 2, 2, 0.5, 0.5),)
