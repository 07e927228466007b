"""Patches: those that come with Dropsmith, the user's own, and broken ones told by file, line and what is allowed."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from song.edits.patches import set_patch
from song.errors import UserError
from song.parts import Part
from song.sections import SectionKind, Song
from song.styles import STYLES
from sound.patch import SHIPPED_FOLDER, Patches, load_patch, parse_patch, patch_names, usual_name
from sound.sounds import BassSound, KitSound, ToneSound

SHIPPED = sorted(SHIPPED_FOLDER.glob("*.toml"))
GOOD = """part = "bass"
about = "mine"

[sound]
wave = "square"
drive_db = 6

[drop]
drive_db = 12
"""


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_patches_that_come_with_dropsmith_are_right_and_say_how_they_sound(path: Path) -> None:
    patch = load_patch(path)
    assert patch.name == path.stem
    assert 10 < len(patch.about) < 60
    assert set(patch.sounds) == set(SectionKind)
    assert patch.sounds[SectionKind.BREAK].level_db < patch.sounds[SectionKind.DROP].level_db


@pytest.mark.parametrize("part", Part)
@pytest.mark.parametrize("style", STYLES)
def test_every_style_has_a_usual_patch_for_every_part(part: Part, style: str) -> None:
    assert load_patch(SHIPPED_FOLDER / f"{usual_name(part, style)}.toml").part is part


def test_the_style_with_the_largest_share_chooses_and_the_song_comes_before_it() -> None:
    song = Song(style={"dubstep": 0.3, "riddim": 0.7})
    assert Patches(song).name(Part.BASS) == "metal"
    assert Patches(set_patch(song, Part.BASS, "talk")).name(Part.BASS) == "talk"


def test_a_build_opens_a_filter_and_a_drop_widens() -> None:
    for name in ("supersaw", "pad", "anthem", "wall"):
        sounds = load_patch(SHIPPED_FOLDER / f"{name}.toml").sounds
        build, drop, usual = sounds[SectionKind.BUILD], sounds[SectionKind.DROP], sounds[SectionKind.BREAK]
        assert isinstance(build, ToneSound)
        assert isinstance(drop, ToneSound)
        assert isinstance(usual, ToneSound)
        assert build.motion == "open"
        assert drop.spread > usual.spread


def test_fields_of_a_kind_of_section_change_those_of_the_sound() -> None:
    patch = parse_patch(GOOD, "mine.toml", "mine")
    drop, usual = patch.sounds[SectionKind.DROP], patch.sounds[SectionKind.INTRO]
    assert isinstance(drop, BassSound)
    assert isinstance(usual, BassSound)
    assert (drop.wave, drop.drive_db, usual.drive_db) == ("square", 12.0, 6.0)
    kit = parse_patch(
        'part = "drums"\n[sound]\nlevel = { snare = 2, hat = -3 }\n[drop]\nlevel.hat = 1\n', "kit.toml", "kit"
    ).sounds[SectionKind.DROP]
    assert isinstance(kit, KitSound)
    assert kit.level == {"snare": 2.0, "hat": 1.0}


def test_a_folder_of_the_users_comes_first(tmp_path: Path) -> None:
    (tmp_path / "growl.toml").write_text(GOOD)
    (tmp_path / "mine.toml").write_text(GOOD)
    (tmp_path / "Not A Patch.toml").write_text("x")
    (tmp_path / "notes.txt").write_text("x")
    assert patch_names(tmp_path)["growl"] == tmp_path / "growl.toml"
    assert "mine" in patch_names(tmp_path)
    assert set(patch_names(tmp_path)) == {path.stem for path in SHIPPED} | {"mine"}
    sound = Patches(Song(), tmp_path).sound(Part.BASS, SectionKind.DROP)
    assert isinstance(sound, BassSound)
    assert sound.wave == "square"
    assert set(patch_names(tmp_path / "none")) == {path.stem for path in SHIPPED}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (GOOD.replace('"square"', '"sqare"'), "line 5: sound.wave: 'sqare' is none of saw, square, growl, formant"),
        (GOOD.replace("12", "99"), "line 9: drop.drive_db: 99 is no number in 0 to 24: saturation"),
        (GOOD.replace("= 6", '= "six"'), "line 6: sound.drive_db: 'six' is no number in 0 to 24"),
        (GOOD.replace("= 6", "= true"), "line 6: sound.drive_db: True is no number"),
        (GOOD.replace("= 6", "= nan"), "line 6: sound.drive_db: nan is no number"),
        (
            GOOD.replace("drive_db = 6", "driv = 6"),
            "line 6: sound.driv: a patch of bass has none: use wave, detune_cents",
        ),
        (GOOD.replace("[drop]", "[chorus]"), "line 8: chorus: unknown: use part, about, sound, intro, build, drop"),
        (GOOD.replace('"bass"', '"guitar"'), "line 1: part: write one of drums, bass, chords, lead"),
        (GOOD.replace('part = "bass"', ""), "part: write one of drums, bass, chords, lead"),
        (GOOD.replace('"mine"', "5"), "line 2: about: write a line of text in quotes"),
        (GOOD.replace("[sound]", "[sound"), "line 4"),
        (
            "drop = 5\n" + GOOD.replace("[drop]\ndrive_db = 12", ""),
            "line 1: drop: write a table of fields under it in brackets",
        ),
        ('part = "drums"\n[sound]\nlevel = { snar = 2 }', "line 3: sound.level.snar: no drum: use kick, snare"),
        ('part = "drums"\n[sound]\ndecay = { snare = 9 }', "line 3: sound.decay.snare: 9 is no number in 0.2 to 4"),
        ('part = "drums"\n[sound]\ndecay = 2', "line 3: sound.decay: write a table by drum"),
        ('part = "drums"\n[sound]\n[sound.tune]\nkick = 50', "line 4: sound.tune.kick: 50 is no number in -24 to 24"),
        ('part = "lead"\n[sound]\nvoices = 2.5', "line 3: sound.voices: 2.5 is no whole number in 1 to 9"),
    ],
)
def test_a_broken_patch_is_told_by_file_line_and_what_is_allowed(text: str, message: str) -> None:
    with pytest.raises(UserError, match=re.escape(message)) as caught:
        parse_patch(text, "mine.toml", "mine")
    assert str(caught.value).startswith("mine.toml")
    assert len(str(caught.value).splitlines()) == 1


def test_a_patch_that_is_not_there_or_of_another_part_is_told() -> None:
    with pytest.raises(UserError, match="there is no patch nowhere: `dropsmith patches` lists"):
        Patches(set_patch(Song(), Part.LEAD, "nowhere"))
    with pytest.raises(UserError, match="the patch growl is for bass, not for lead"):
        Patches(set_patch(Song(), Part.LEAD, "growl"))


def test_a_file_that_is_no_text_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "growl.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UserError, match="not UTF-8 text"):
        Patches(Song(), tmp_path)


@given(st.sampled_from(SHIPPED), st.integers(0, 2**31), st.binary(max_size=3))
@settings(max_examples=150)
def test_a_patch_with_damage_is_read_or_refused_in_one_line(path: Path, at: int, instead: bytes) -> None:
    data = path.read_bytes()
    at %= len(data)
    text = (data[:at] + instead + data[at + 2 :]).decode(errors="replace")
    message = ""
    try:
        assert set(parse_patch(text, "mine.toml", "mine").sounds) == set(SectionKind)
    except UserError as error:
        message = str(error)
    assert not message or (message.startswith("mine.toml") and len(message.splitlines()) == 1)
