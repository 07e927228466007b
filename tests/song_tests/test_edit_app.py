"""The edits that the app adds: tempo, density, wobble, key, the choice of a take, and edits that undo as one."""

import pytest

from song.edits.constraints import set_density, set_key, set_tempo, set_wobble, shift_density
from song.edits.history import History
from song.edits.takes import add_takes, choose_take, set_bars, set_locked
from song.errors import UserError
from song.notes import Note, Phrase
from song.parts import PARTS, Part
from song.sections import SectionKind, Song, Take
from song.templates import song_from_form

DROP = 1


@pytest.fixture
def song() -> Song:
    return song_from_form([(SectionKind.INTRO, 4), (SectionKind.DROP, 8)])


def take(seed: int) -> Take:
    return Take(Phrase(8, (Note(0, 40, 96, 100),)), seed=seed)


def test_a_tempo_of_one_section_leaves_the_others(song: Song) -> None:
    changed = set_tempo(song, DROP, 140, 150)
    assert changed.sections[DROP].constraints.tempo_bpm == (140.0, 150.0)
    assert changed.sections[0] is song.sections[0]


@pytest.mark.parametrize("bpm", [39.9, 300.1, 0])
def test_a_tempo_outside_the_range_is_refused(song: Song, bpm: float) -> None:
    with pytest.raises(UserError, match="40 to 300"):
        set_tempo(song, DROP, 140, bpm)


@pytest.mark.parametrize("bpm", [40, 300])
def test_the_bounds_of_tempo_are_inclusive(song: Song, bpm: float) -> None:
    assert set_tempo(song, DROP, bpm, bpm).sections[DROP].constraints.tempo_bpm == (bpm, bpm)


def test_density_of_one_part_leaves_the_others(song: Song) -> None:
    before = song.sections[DROP].constraints.density
    after = set_density(song, DROP, Part.LEAD, 1).sections[DROP].constraints.density
    assert after.lead == 1
    assert [after.of(part) for part in PARTS if part is not Part.LEAD] == [
        before.of(part) for part in PARTS if part is not Part.LEAD
    ]


@pytest.mark.parametrize("density", [-0.01, 1.01])
def test_a_density_outside_the_range_is_refused(song: Song, density: float) -> None:
    with pytest.raises(UserError, match="0 to 1"):
        set_density(song, DROP, Part.BASS, density)


def test_shifting_density_leaves_silent_parts_silent(song: Song) -> None:
    assert song.sections[0].constraints.density.bass == 0
    before, after = (one.sections[0].constraints.density for one in (song, shift_density(song, 0, 0.1)))
    assert after.bass == 0
    assert after.drums == pytest.approx(before.drums + 0.1)
    assert after.chords == pytest.approx(before.chords + 0.1)


def test_shifting_density_stops_at_its_bounds_and_comes_back_from_silence(song: Song) -> None:
    silent = shift_density(song, DROP, -1)
    assert {silent.sections[DROP].constraints.density.of(part) for part in PARTS} == {0.0}
    back = shift_density(silent, DROP, 0.25)
    assert {back.sections[DROP].constraints.density.of(part) for part in PARTS} == {0.25}
    full = shift_density(song, DROP, 1)
    assert {full.sections[DROP].constraints.density.of(part) for part in PARTS} == {1.0}


def test_wobble_changes_one_thing_at_a_time(song: Song) -> None:
    wobble = set_wobble(song, DROP, shape="saw").sections[DROP].constraints.wobble
    assert wobble.shape == "saw"
    assert wobble.rates == song.sections[DROP].constraints.wobble.rates


@pytest.mark.parametrize("changes", [{"rates": ("1/5",)}, {"shape": "wavy"}, {"depth": 1.1}, {"depth": -0.1}])
def test_a_wobble_out_of_range_is_refused(song: Song, changes: dict[str, object]) -> None:
    with pytest.raises(UserError, match="wobble"):
        set_wobble(song, DROP, **changes)


def test_a_key_of_the_section_alone(song: Song) -> None:
    assert set_key(song, DROP, "e phrygian").sections[DROP].constraints.key == "E phrygian"
    assert set_key(set_key(song, DROP, "E phrygian"), DROP, None) == song
    with pytest.raises(UserError, match="key"):
        set_key(song, DROP, "H major")


def test_choosing_a_take(song: Song) -> None:
    filled = add_takes(song, DROP, Part.BASS, (take(1), take(2)))
    chosen = choose_take(filled, DROP, Part.BASS, 1).sections[DROP].cells.bass
    assert chosen.take == take(2)
    assert len(chosen.takes) == 2
    for missing in (-1, 2):
        with pytest.raises(UserError, match="there is no take"):
            choose_take(filled, DROP, Part.BASS, missing)
    with pytest.raises(UserError, match="locked"):
        choose_take(set_locked(filled, DROP, Part.BASS, True), DROP, Part.BASS, 1)


def test_an_amended_edit_undoes_with_the_edit_before_it(song: Song) -> None:
    history = History(song).after(lambda s: set_bars(s, DROP, 4))
    history = history.after(lambda s: add_takes(s, 0, Part.DRUMS, (take(1),)))
    history = history.amended(lambda s: add_takes(s, 0, Part.BASS, (take(2),)))
    assert history.present.sections[0].cells.bass.takes[0].seed == 2
    assert history.undone().present == set_bars(song, DROP, 4)
    assert history.undone().redone().present == history.present


def test_an_amended_edit_drops_what_was_undone(song: Song) -> None:
    history = History(song).after(lambda s: set_bars(s, DROP, 4)).after(lambda s: set_bars(s, DROP, 5)).undone()
    assert history.amended(lambda s: set_bars(s, DROP, 6)).future == ()


def test_amending_where_nothing_was_edited_is_an_edit(song: Song) -> None:
    history = History(song).amended(lambda s: set_bars(s, DROP, 4))
    assert history.undone().present == song
    same = History(song).amended(lambda s: s)
    assert same.past == ()
