"""Harmony as the sampler has it: what each chord allows and leans on, and that what is sampled follows it."""

from collections import Counter

import numpy as np
import pytest

from model.language.events import FIRST_DRUM, HOLD
from model.protocol import CellRef
from model.writing.drum_prior import SIXTEENTHS
from model.writing.fill import Filler
from model.writing.harmony import CHORD_SLOTS, CellHarmony, cell_harmony
from model.writing.masks import pitch_table
from song.harmony import parse_progression, section_harmony
from song.parts import PARTS, Part
from song.scales import SCALES, Key, parse_key, tonic_shift
from song.sections import Constraints, Density, PitchRanges, Section, SectionKind, Song
from tests.model_tests.filling import fill

LINES = (Part.BASS, Part.LEAD)
DUBSTEP = {"dubstep": 1.0}
KEYS = ("C minor", "F minor", "F# phrygian", "Bb major", "B dorian")


def harmony(part: Part, key: str = "F minor", style: dict[str, float] = DUBSTEP, **asked: object) -> CellHarmony:
    section = Section(SectionKind.DROP, 8, Constraints(**asked))
    return cell_harmony(section, part, parse_key(key), style)


def pitches(table: np.ndarray, part: Part, key: str) -> list[int]:
    """The pitches that sound where those tokens are chosen."""
    return (np.flatnonzero(table[:FIRST_DRUM]) + tonic_shift(part, parse_key(key).tonic_class)).tolist()


@pytest.mark.parametrize("key", KEYS)
def test_under_each_chord_chords_may_have_its_tones_alone(key: str) -> None:
    text = "i VI bII7 v°"
    found = harmony(Part.CHORDS, key, chords=text, ranges=PitchRanges(chords=(50, 75)))
    for slot, symbol in enumerate(parse_progression(text, parse_key(key))):
        sounding = pitches(found.pitches[slot], Part.CHORDS, key)
        assert sounding == [pitch for pitch in range(50, 76) if pitch % 12 in symbol.tones]
    assert not found.passing.any()
    assert not found.lean.any()


@pytest.mark.parametrize("part", LINES)
@pytest.mark.parametrize("key", KEYS)
def test_lines_may_have_their_scale_and_the_chord_and_pass_off_the_beat(part: Part, key: str) -> None:
    found = harmony(part, key, chords="i bII V", passing=True)
    scale, low_high = parse_key(key).pitch_classes(), Constraints().pitch_range(part)
    for slot, symbol in enumerate(parse_progression("i bII V", parse_key(key))):
        sounding = pitches(found.pitches[slot], part, key)
        assert sounding == [p for p in range(low_high[0], low_high[1] + 1) if p % 12 in {*scale, *symbol.tones}]
    passing = {pitch % 12 for pitch in pitches(found.passing, part, key)}
    assert bool(passing) is parse_key(key).is_minor
    assert not passing & scale


@pytest.mark.parametrize("part", PARTS)
def test_without_a_progression_there_is_the_scale_and_nothing_to_lean_on(part: Part) -> None:
    for key in KEYS:
        found = harmony(part, key)
        section_range = Constraints().pitch_range(part)
        assert (found.pitches[0] == pitch_table(part, parse_key(key), section_range)).all()
        assert not found.lean.any()
        assert (found.apart == 1).all()
        assert found.by_bar(8).tolist() == [[0, 0]] * 8
        assert (found.chords, found.sounding) == ((), ())


def test_drums_have_no_harmony() -> None:
    found = harmony(Part.DRUMS, chords="i VI", passing=True)
    assert pitches(found.pitches[0], Part.DRUMS, "F minor") == []
    assert found.pitches[:, FIRST_DRUM:HOLD].all()
    assert not found.lean.any()
    assert not found.passing.any()
    assert not found.motion.any()


@pytest.mark.parametrize("part", LINES)
def test_lines_lean_on_the_root_then_on_other_tones_and_on_nothing_else(part: Part) -> None:
    found = harmony(part, chords="i VI")
    for slot, symbol in enumerate(parse_progression("i VI", parse_key("F minor"))):
        by_class = {(token + tonic_shift(part, 5)) % 12: found.lean[slot, token] for token in range(FIRST_DRUM)}
        root, third, fifth = (by_class[tone] for tone in symbol.tones)
        assert root >= max(third, fifth) >= min(third, fifth) > 0
        assert all(nats == 0 for tone, nats in by_class.items() if tone not in symbol.tones)
    assert not found.lean[2:].any()


def test_a_fifth_that_the_chord_lacks_is_not_leant_on() -> None:
    found = harmony(Part.BASS, "C minor", chords="i°")
    assert found.lean[0, 36 + 7] == 0
    assert found.lean[0, 36 + 6] > 0


def test_leaning_is_strongest_on_the_first_beat_and_weakest_off_the_beats() -> None:
    beats = harmony(Part.BASS, chords="i").beats
    assert beats.shape == (SIXTEENTHS,)
    assert beats[0] == 1 > beats[8] >= max(beats[4], beats[12]) > 0
    off = [beats[at] for at in range(SIXTEENTHS) if at % 4]
    assert all(0 <= share <= min(beats[4], beats[12]) for share in off)


@pytest.mark.parametrize(
    ("numeral", "has_seconds"),
    [("i", False), ("VI", False), ("v°", False), ("i5", False), ("isus4", True), ("isus2", True), ("V7", True),
     ("iadd9", True), ("imaj7", True), ("III+", False), ("iv6", True)],
)  # fmt: skip
def test_notes_of_a_stack_are_spread_unless_the_symbol_has_seconds(numeral: str, has_seconds: bool) -> None:
    assert bool(harmony(Part.CHORDS, chords=numeral).apart[0] == 1) is has_seconds
    assert harmony(Part.LEAD, chords=numeral).apart[0] > 2, "two notes of a lead are no cluster"


def test_the_chord_of_each_half_bar_follows_the_section() -> None:
    found = harmony(Part.LEAD, chords="i VI III", chord_beats=2, form="AB", form_bars=1)
    section = Section(SectionKind.DROP, 8, Constraints(chords="i VI III", chord_beats=2, form="AB", form_bars=1))
    assert found.by_bar(8).reshape(-1).tolist() == list(section_harmony(section, parse_key("F minor"), Part.LEAD)[1])
    assert found.by_bar(3).tolist() == found.by_bar(8)[:3].tolist()
    assert found.by_bar(8).max() < CHORD_SLOTS


def test_a_line_moves_less_in_styles_whose_lines_stay() -> None:
    again, step = harmony(Part.BASS, style={"dubstep": 1.0}).motion
    assert again <= 0 <= step, "away from the note before, towards its neighbours"
    stays = harmony(Part.BASS, style={"riddim": 1.0}).motion
    assert again <= stays[0] <= 0
    assert not harmony(Part.CHORDS).motion.any()


@pytest.mark.parametrize("scale", SCALES)
def test_no_table_is_empty_in_a_narrow_range(scale: str) -> None:
    for part in (Part.BASS, Part.CHORDS, Part.LEAD):
        low = Constraints().pitch_range(part)[0]
        section = Section(
            SectionKind.DROP, 4, Constraints(chords="i5 bII", ranges=PitchRanges(**{part.value: (low, low + 2)}))
        )
        found = cell_harmony(section, part, Key("C#", scale), DUBSTEP)
        assert found.pitches[:2].any(axis=1).all()


def written(
    filler: Filler, part: Part, takes: int = 6, key: str = "C minor", **asked: object
) -> list[list[tuple[int, int, int]]]:
    """(tick, pitch, ticks) of the notes of each take of a section of eight bars."""
    density = Density(0.6, 0.6, 0.6, 0.6)
    song = Song(key=key, sections=(Section(SectionKind.DROP, 8, Constraints(density=density, **asked)),))
    cell = CellRef(0, part)
    done = fill(filler, song, [cell], takes, 3)[cell]
    return [[(n.onset_tick, n.pitch, n.duration_ticks) for n in take.phrase.notes] for take in done.takes]


@pytest.mark.parametrize("part", LINES)
def test_what_passes_is_short_and_off_the_beat_in_what_is_sampled(tiny_filler: Filler, part: Part) -> None:
    takes = written(tiny_filler, part, passing=True)
    scale = parse_key("C minor").pitch_classes()
    outside = [note for take in takes for note in take if note[1] % 12 not in scale]
    assert outside, "a network that has learned nothing passes too"
    for tick, pitch, ticks in outside:
        assert pitch % 12 in (1, 6, 11)
        assert ticks <= 48
        assert 12 <= tick % 96 < 84
    assert not [n for take in written(tiny_filler, part, passing=False) for n in take if n[1] % 12 not in scale]


@pytest.mark.parametrize("part", LINES)
def test_lines_follow_the_chord_that_sounds(tiny_filler: Filler, part: Part) -> None:
    def on_the_one(chords: str | None) -> list[int]:
        takes = written(tiny_filler, part, 12, chords=chords, passing=False)
        return [pitch % 12 for take in takes for tick, pitch, _ in take if tick % 768 < 48]

    symbols = [set(symbol.tones) for symbol in parse_progression("bVI", parse_key("C minor"))]
    leaning, free = on_the_one("bVI"), on_the_one(None)
    share = [sum(pitch in symbols[0] for pitch in found) / len(found) for found in (leaning, free)]
    assert share[0] > share[1]


def test_chords_are_of_the_tones_that_sound_and_whole(tiny_filler: Filler) -> None:
    for take in written(tiny_filler, Part.CHORDS, 3, chords="i VI bII V7", chord_beats=8):
        symbols = parse_progression("i VI bII V7", parse_key("C minor"))
        stacks: dict[int, list[int]] = {}
        for tick, pitch, _ in take:
            stacks.setdefault(tick, []).append(pitch)
        assert stacks
        for tick, stack in stacks.items():
            assert {pitch % 12 for pitch in stack} == set(symbols[tick // 768 % 4].tones)


def test_left_free_chords_come_out_in_the_scale(tiny_filler: Filler) -> None:
    takes = written(tiny_filler, Part.CHORDS, 3, passing=True)
    assert all(pitch % 12 in parse_key("C minor").pitch_classes() for take in takes for _, pitch, _ in take)
    assert any(Counter(tick for tick, _, _ in take).most_common(1)[0][1] > 1 for take in takes)


def test_two_notes_of_a_lead_are_no_cluster_over_a_progression(tiny_filler: Filler) -> None:
    together = 0
    for take in written(tiny_filler, Part.LEAD, 8, chords="i VI"):
        stacks: dict[int, list[int]] = {}
        for tick, pitch, _ in take:
            stacks.setdefault(tick, []).append(pitch)
        pairs = [sorted(stack) for stack in stacks.values() if len(stack) == 2]
        together += len(pairs)
        assert all(high - low >= 3 for low, high in pairs)
    assert together


@pytest.mark.parametrize("part", LINES)
def test_in_every_key_a_line_leans_the_same_way_from_its_tonic(part: Part) -> None:
    tables = [harmony(part, key, chords="i VI").lean for key in ("C minor", "F# minor", "B minor")]
    assert (tables[0] == tables[1]).all()
    assert (tables[0] == tables[2]).all()
