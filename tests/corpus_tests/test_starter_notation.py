"""The notation as a producer types it: what it means, and where a mistake in it is."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.starter.notation import STARTER_FOLDER, check, load_starter, read_files
from corpus.starter.phrases import parse_phrases
from song.errors import UserError
from song.notes import Note, Wobble
from song.parts import Part
from song.sections import SectionKind

HEAD = "kinds = drop\nstyles = dubstep\nenergy = 0.5\ntempo = 140\n"


def only(text):
    phrases, mistakes = parse_phrases(text)
    assert mistakes == []
    return phrases[0]


def drums(*lanes, settings=""):
    return only(f"[drums d]\n{HEAD}{settings}" + "\n".join(lanes)).phrase


def bass(*lanes, settings=""):
    return only(f"[bass b]\n{HEAD}{settings}" + "\n".join(lanes)).phrase


def test_the_examples_of_the_readme_can_be_read(tmp_path):
    blocks = re.findall(r"```\n(\[.*?)```", (STARTER_FOLDER / "README.md").read_text(), re.S)
    phrase_file = tmp_path / "examples.phrases"
    phrase_file.write_text("\n".join(block for block in blocks if "[track" not in block))
    assert check([phrase_file]) == ([], "2 phrases")
    growl = read_files([phrase_file]).phrases[1]
    assert (growl.part, growl.phrase.bars, growl.energy, growl.tempo_bpm) == (Part.BASS, 2, 0.8, (138.0, 150.0))
    # 5,:4! and the tie after it: the G below C2, eight sixteenths, accented.
    assert growl.phrase.notes[-1] == Note(576, 31, 192, 120)


def test_a_beat_divides_by_the_length_of_its_group():
    phrase = drums("hat | x... xxx xxxxxx xxxxxxxx |")
    onsets = [note.onset_tick for note in phrase.notes]
    assert onsets[0] == 0
    assert onsets[1:4] == [96, 128, 160]
    assert onsets[4:10] == [192 + 16 * step for step in range(6)]
    assert onsets[10:] == [288 + 12 * step for step in range(8)]


def test_signs_are_velocities():
    phrase = drums("snare | o.x. X... 19.. .... |")
    assert [note.velocity for note in phrase.notes] == [40, 96, 122, 14, 126]
    assert {note.pitch for note in phrase.notes} == {38}


def test_swing_delays_the_second_of_two_sixteenths_and_leaves_rolls_and_triplets_alone():
    swung = drums("hat | xxxx xxx xxxxxxxx x... |", settings="swing = 58\n")
    straight = drums("hat | xxxx xxx xxxxxxxx x... |")
    moved = [
        (a.onset_tick, b.onset_tick)
        for a, b in zip(straight.notes, swung.notes, strict=True)
        if a.onset_tick != b.onset_tick
    ]
    assert moved == [(24, 28), (72, 76)]


def test_a_percent_repeats_the_bar_before_and_a_dot_is_an_empty_bar():
    phrase = drums("kick | x... .... .... .... | % | . |", "kick | .... x... .... .... |")
    assert phrase.bars == 4
    assert [note.onset_tick for note in phrase.notes] == [0, 384, 3 * 384 + 96]


def test_degrees_count_in_the_scale_with_accidentals_and_octaves():
    minor = bass("notes | 1:2 2:2 b3:2 3:2 #4:2 7:2 8:2 5,:2 |")
    assert [note.pitch for note in minor.notes] == [36, 38, 38, 39, 42, 46, 48, 31]
    phrygian = bass("notes | 1:4 2:4 1':4 9:4 |", settings="scale = phrygian\n")
    assert [note.pitch for note in phrygian.notes] == [36, 37, 48, 49]


def test_ties_run_over_bars_and_lengths_may_be_fractions():
    phrase = bass("notes | 1:4/3 1:4/3 1:4/3 r:4 5:8 | ~:15.5 1:0.5 |")
    assert [(note.onset_tick, note.duration_ticks) for note in phrase.notes] == [
        (0, 32),
        (32, 32),
        (64, 32),
        (192, 192 + 372),
        (756, 12),
    ]


def test_a_wobble_is_heard_only_where_a_note_sounds():
    phrase = bass("notes | 1:8 r:4 1:4 |", "wobble | 1/8@0.6:6 1/16T:10 |", settings="shape = saw\n")
    assert phrase.wobbles == (
        Wobble(0, 144, "1/8", 0.6, "saw"),
        Wobble(144, 48, "1/16T", 0.9, "saw"),
        Wobble(288, 96, "1/16T", 0.9, "saw"),
    )


def test_chords_sound_together():
    phrase = only(f"[chords c]\n{HEAD}notes | 1+3+5:8! 4+6+8+10:8? |").phrase
    assert [note.pitch for note in phrase.notes] == [60, 63, 67, 65, 68, 72, 75]
    assert [note.velocity for note in phrase.notes] == [120] * 3 + [60] * 4


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("kick | x... |", (1, 1), "a phrase begins with"),
        ("[Drums d]", (1, 2), "not one of drums, bass"),
        ("[drums Big Room]", (1, 1), "lower case with hyphens"),
        (f"[drums d]\n{HEAD}kick | x... .... .... .... ", (6, 27), "not closed"),
        (f"[drums d]\n{HEAD}kick | x... .... .... |", (6, 8), "four groups"),
        (f"[drums d]\n{HEAD}kick | x... ..... .... .... |", (6, 13), "this group has 5 signs"),
        (f"[drums d]\n{HEAD}kick | x... ..y. .... .... |", (6, 15), 'sign "y"'),
        (f"[drums d]\n{HEAD}kick | % |", (6, 8), "there is none"),
        (f"[drums d]\n{HEAD}kick | x... .... .... .... | |", (6, 29), "nothing between"),
        (f"[drums d]\n{HEAD}kik | . |", (6, 1), 'lane "kik"'),
        (f"[drums d]\n{HEAD}scale = minor\nkick | . |", (6, 1), '"scale" is not one of'),
        (f"[drums d]\n{HEAD}swing = 90\nkick | . |", (6, 9), "50 (straight) to 75"),
        (f"[drums d]\n{HEAD}energy = 1\nkick | . |", (6, 1), "given twice"),
        (f"[drums d]\n{HEAD}kick | . |", (1, 1), "has no notes"),
        (f"[drums d]\n{HEAD}kick | x x x x |\nhat | . | . |", (1, 1), "differ in bars: kick 1, hat 2"),
        ("[drums d]\nkinds = drop\nkick | x x x x |", (1, 1), "has no line styles"),
        ("[drums d]\nkinds = dorp\nkick | x x x x |", (2, 9), 'section kind "dorp"'),
        (f"[drums d]\n{HEAD}" + "".join(f"{lane} | x . . . |\n" for lane in ("kick", "snare", "hat", "ride", "clap")),
         (1, 1), "more than 4 drums at once"),
        (f"[bass b]\n{HEAD}notes | 1:8 1:7 |", (6, 9), "add up to 15"),
        (f"[bass b]\n{HEAD}notes | 1:8 1 |", (6, 13), "what:length"),
        (f"[bass b]\n{HEAD}notes | 1:8 16:8 |", (6, 13), "degree from 1 to 15"),
        (f"[bass b]\n{HEAD}notes | 1,,:16 |", (6, 9), "MIDI note 12"),
        (f"[bass b]\n{HEAD}notes | 1+5:16 |", (6, 9), "one note at a time"),
        (f"[bass b]\n{HEAD}notes | ~:16 |", (6, 9), "there is none"),
        (f"[bass b]\n{HEAD}notes | 1:8 ~:8! |", (6, 13), "no accent of its own"),
        (f"[bass b]\n{HEAD}notes | 1:0.3 r:15.7 |", (6, 9), "between the places"),
        (f"[bass b]\n{HEAD}notes | 1:1/0 |", (6, 9), "divides by nothing"),
        (f"[bass b]\n{HEAD}notes | 1:16 |\nwobble | 1/7:16 |", (7, 10), "is not a rate"),
        (f"[bass b]\n{HEAD}notes | 1:16 |\nwobble | 1/8@1.5:16 |", (7, 10), "over 1"),
        (f"[chords c]\n{HEAD}notes | 1:16 |", (6, 9), "two to five notes"),
        (f"[chords c]\n{HEAD}notes | 5+1:16 |", (6, 9), "from the lowest to the highest"),
        ("[bass b]\ntempo = 150-140\nnotes | 1:16 |", (2, 9), "higher number first"),
        ("[bass b]\ntempo = 999\nnotes | 1:16 |", (2, 9), "outside 40-300"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line_and_column(text, place, words):
    phrases, mistakes = parse_phrases(text)
    assert phrases == []
    assert [(mistake.line, mistake.column) for mistake in mistakes] == [place]
    assert words in mistakes[0].message


def test_one_broken_phrase_does_not_hide_the_others():
    good = f"[drums good]\n{HEAD}kick | x x x x |\n"
    broken = f"[drums broken]\n{HEAD}kick | x x x y |\nhat | q . . . |\n"
    phrases, mistakes = parse_phrases(broken + good)
    assert [phrase.name for phrase in phrases] == ["good"]
    assert [(mistake.line, mistake.column) for mistake in mistakes] == [(6, 14), (7, 7)]


@given(st.text(alphabet="[]|=:~+xXo.%#1234 \nbassdrumnotes", max_size=200))
def test_no_text_at_all_makes_the_reader_fall_over(text):
    phrases, mistakes = parse_phrases(f"[bass b]\n{HEAD}{text}")
    assert phrases or mistakes


def test_tracks_name_phrases_that_there_are(tmp_path):
    (tmp_path / "a.phrases").write_text(f"[drums beat]\n{HEAD}kick | x x x x |\n[bass low]\n{HEAD}notes | 1:16 |\n")
    track = tmp_path / "a.tracks"
    track.write_text(
        "[track one]\nstyle = dubstep\nkey = F minor\ntempo = 140\n"
        "build 8 tempo=140-150\n  drums = beat*2 rest*2\ndrop 16\n  bass = low\n"
    )
    assert check([track]) == ([], "0 phrases, 1 track")
    sections = read_files([track, tmp_path / "a.phrases"]).tracks[0].sections
    assert [(one.kind, one.bars, one.tempo_bpm) for one in sections] == [
        (SectionKind.BUILD, 8, (140.0, 150.0)),
        (SectionKind.DROP, 16, (140.0, 140.0)),
    ]
    assert [(played.name, played.times) for played in sections[0].parts[Part.DRUMS]] == [("beat", 2), ("", 2)]


@pytest.mark.parametrize(
    ("lines", "place", "words"),
    [
        ("drop 16\n  drums = beet", (6, 11), 'no phrase is called "beet"'),
        ("drop 16\n  drums = low", (6, 11), "is a phrase for bass, not drums"),
        ("drop 16\n  drums = beat*0", (6, 11), "is not a phrase"),
        ("drop", (5, 1), "a section is its kind and 1-128 bars"),
        ("drop 0", (5, 1), "a section is its kind and 1-128 bars"),
        ("drop 16 tempo=500", (5, 15), "outside 40-300"),
        ("  drums = beat", (5, 3), "stands under its section"),
        ("drop 16\n  drums = beat\n  drums = beat", (7, 3), "given twice"),
        ("drop 16\ntempo = 150", (6, 1), "above the first section"),
        ("bridge = 3", (5, 1), '"bridge" is not one of'),
        ("", (1, 1), "has no sections"),
    ],
)
def test_a_mistake_in_a_track_is_told_with_its_place(tmp_path, lines, place, words):
    (tmp_path / "a.phrases").write_text(f"[drums beat]\n{HEAD}kick | x x x x |\n[bass low]\n{HEAD}notes | 1:16 |\n")
    track = tmp_path / "a.tracks"
    track.write_text(f"[track one]\nstyle = dubstep\nkey = F minor\ntempo = 140\n{lines}\n")
    mistakes, _ = check([track])
    assert len(mistakes) == 1
    assert mistakes[0].startswith(f"{track}:{place[0]}:{place[1]}: ")
    assert words in mistakes[0]


def test_a_name_is_taken_once(tmp_path):
    for name in ("a", "b"):
        (tmp_path / f"{name}.phrases").write_text(f"[drums same]\n{HEAD}kick | x x x x |\n")
    with pytest.raises(UserError, match=r"b\.phrases:1:1: same is already the name of .*a\.phrases:1"):
        load_starter(tmp_path)


def test_a_file_that_is_no_utf8_is_named_with_its_line(tmp_path):
    path = tmp_path / "latin.phrases"
    path.write_bytes(b"# fine\n# caf\xe9\n")
    assert check([path])[0] == [f"{path}:2:1: this line is not UTF-8 text: save the file as UTF-8"]


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (f"[drums d]\n{HEAD}kick | x x x x |\n", 0, "1 phrase\n"),
        (f"[drums d]\n{HEAD}kick | x x x y |\n", 1, ":6:14: sign"),
    ],
)
def test_the_checker_prints_mistakes_or_a_count(tmp_path, text, code, words):
    path = tmp_path / "mine.phrases"
    path.write_text(text)
    command = [sys.executable, "-m", "corpus.starter.notation", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])
    assert done.returncode == code
    assert words in done.stdout


def test_the_checker_says_when_a_file_is_not_there(tmp_path):
    command = [sys.executable, "-m", "corpus.starter.notation", str(tmp_path / "no.phrases")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])
    assert done.returncode == 2
    assert "cannot read" in done.stderr
    assert "Traceback" not in done.stderr
