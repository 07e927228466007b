"""The table of drums: each row, and all that is derived from it."""

import types
from pathlib import Path

import pytest

from song import drums
from song.drums import (
    BACKBEAT_DRUMS,
    DRUM_GROUPS,
    DRUM_ROWS,
    DRUMS,
    GROUP_OF,
    GROUPS,
    KICK,
    LANES,
    LEARNED_DRUMS,
    SNARE,
    SNARES_AND_CLAPS,
    TIME_KEEPERS,
    canonical_drum,
    drum_length,
    drum_of_name,
)

# A drum's case: the note it is written as, its job, its row of the grid, and names of tracks and samples that mean it.
CASES: dict[str, tuple[int, str, str, tuple[str, ...]]] = {
    "kick": (36, "kick", "kick", ("Kick", "BD", "bassdrum_acoustic01", "linn_kik", "35bass")),
    "snare": (38, "snare", "snare", ("Snare", "Snr_snap", "SD", "38snare")),
    "snare2": (40, "snare", "snare", ("Snare 2", "snr2")),
    "clap": (39, "clap", "clap", ("Clap", "Handclap", "Snare Clap")),
    "rim": (37, "clap", "rim", ("Rimshot", "sticks", "Wood Block", "Snare Rim")),
    "hat": (42, "hat", "hat", ("Hat", "hihat_closed01", "TR606_Hat_C", "HH", "CH")),
    "pedal": (44, "hat", "hat", ("Pedal Hat", "44hat_half")),
    "open": (46, "open hat", "open", ("Open Hat", "hihat_opened02", "606ohatacc", "46hat_open.flac", "OH")),
    "ride": (51, "ride", "ride", ("Ride3", "Ride Cymbal")),
    "bell": (53, "ride", "ride", ("53bell",)),
    "crash": (49, "crash", "crash", ("Crash", "Cymbal", "cym")),
    "splash": (55, "crash", "crash", ("Splash Cymbal",)),
    "china": (52, "crash", "crash", ("China",)),
    "high-tom": (50, "tom", "tom", ("Hi Tom", "tom high")),
    "mid-tom": (47, "tom", "tom", ("Tom", "toms")),
    "low-tom": (45, "tom", "tom", ("45 tom",)),
    "floor-tom": (41, "tom", "tom", ("Floor Tom", "Low Tom")),
    "tamb": (54, "percussion", "", ("Tambourine",)),
    "cowbell": (56, "percussion", "", ("tweety_cowbell_2", "Cow Bell")),
    "shaker": (70, "percussion", "", ("Shaker", "maraca")),
    "conga": (63, "percussion", "", ("Conga", "bongo", "tabla")),
    "clave": (75, "percussion", "", ("Clave",)),
}


@pytest.mark.parametrize("drum", DRUMS, ids=lambda drum: drum.name)
def test_a_drum_is_what_its_case_says(drum: drums.Drum) -> None:
    pitch, group, glyph, names = CASES[drum.name]
    assert (drum.pitch, drum.group, drum.glyph) == (pitch, group, glyph)
    assert {canonical_drum(note) for note in (*drum.pitches, *drum.also_read)} == {pitch}
    assert {drum_of_name(name) for name in names} == {pitch}
    assert drum_length(pitch) == drum.length_ticks >= 1


@pytest.mark.parametrize("name", ["tomorrow", "what a day", "stride piano", "TripleOscillator", "99 bottles", ""])
def test_a_name_that_means_no_drum_is_none(name: str) -> None:
    assert drum_of_name(name) is None


def test_no_note_means_two_drums_and_no_two_drums_share_a_name_or_a_rank() -> None:
    notes = [note for drum in DRUMS for note in (*drum.pitches, *drum.also_read)]
    assert len(notes) == len(set(notes))
    assert all(0 <= note <= 127 for note in notes)
    assert len(LANES) == len(DRUMS) == len(CASES)
    ranks = [drum.rank for drum in DRUMS if drum.names]
    assert len(ranks) == len(set(ranks))


def test_every_percussion_note_leads_to_a_drum_of_the_table() -> None:
    assert {canonical_drum(pitch) for pitch in range(128)} - {None} == set(LANES.values())
    # The Groove set's kit: hat edge, open hat edge, tom rims, crash 2.
    assert [canonical_drum(pitch) for pitch in (22, 26, 50, 58, 43, 57, 59)] == [42, 46, 50, 41, 41, 49, 51]
    assert canonical_drum(34) is canonical_drum(71) is None
    assert drum_length(71) == 24


def test_the_shipped_weights_have_these_tokens_and_inputs_in_this_order() -> None:
    assert LEARNED_DRUMS == (
        36, 37, 38, 39, 40, 41, 42, 44, 45, 46, 47, 49, 50, 51, 52, 53, 54, 55, 56, 63, 70, 75,
    )  # fmt: skip
    learned = {group: tuple(set(LEARNED_DRUMS) & set(drums)) for group, drums in DRUM_GROUPS.items()}
    assert {group: tuple(sorted(drums)) for group, drums in learned.items()} == {
        "kick": (36,),
        "snare": (38, 40),
        "clap": (37, 39),
        "hat": (42, 44),
        "open hat": (46,),
        "ride": (51, 53),
        "crash": (49, 52, 55),
        "tom": (41, 45, 47, 50),
        "percussion": (54, 56, 63, 70, 75),
    }
    assert tuple(DRUM_GROUPS) == GROUPS
    assert [GROUP_OF[pitch] for pitch in (36, 40, 37, 42, 46, 53, 49, 41, 75)] == list(range(9))


def test_sets_of_drums_that_styles_and_sections_listen_for() -> None:
    assert (KICK, SNARE) == (36, 38)
    assert frozenset((38, 39, 40)) == SNARES_AND_CLAPS
    assert frozenset((37, 38, 39, 40)) == BACKBEAT_DRUMS
    assert frozenset((42, 44, 46, 51)) == TIME_KEEPERS


def test_the_rows_of_the_grid_go_from_the_crash_down_to_the_kick() -> None:
    assert [(row.glyph, sorted(row.pitches), row.new_hit) for row in DRUM_ROWS] == [
        ("crash", [49, 52, 55, 57], 49),
        ("ride", [51, 53, 59], 51),
        ("open", [46], 46),
        ("hat", [42, 44], 42),
        ("tom", [41, 43, 45, 47, 48, 50], 45),
        ("clap", [39], 39),
        ("rim", [37], 37),
        ("snare", [38, 40], 38),
        ("kick", [35, 36], 36),
    ]
    for row in DRUM_ROWS:
        assert sum(drum.new_hit for drum in DRUMS if drum.glyph == row.glyph) == 1
        assert len(row.glyph) <= 5


def test_a_drum_that_is_added_by_one_row_is_read_named_drawn_and_no_token_moves() -> None:
    source = Path(drums.__file__).read_text()
    row = 'Drum(name="whistle", pitches=(71,), also_read=(72,), group="clap", names="whistle", glyph="whist"),\n'
    end = source.index("\n)\n", source.index("DRUMS: tuple")) + 1
    longer = types.ModuleType("longer")
    exec(compile(source[:end] + row + source[end:], "longer", "exec"), longer.__dict__)
    assert longer.LEARNED_DRUMS == LEARNED_DRUMS
    assert longer.GROUPS == GROUPS
    assert longer.LANES["whistle"] == longer.canonical_drum(72) == longer.drum_of_name("Whistle 3") == 71
    assert longer.GROUP_OF[71] == GROUPS.index("clap")
    assert longer.drum_of_name("Snare Whistle") == SNARE
    assert longer.DRUM_ROWS[0] == ("whist", frozenset({71}), 71)
    assert longer.DRUM_ROWS[1:] == tuple(DRUM_ROWS)
