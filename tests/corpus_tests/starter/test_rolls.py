"""Phrases and tracks drawn with characters."""

from corpus.starter.phrases import parse_phrases
from corpus.starter.rolls import phrase_roll, track_form
from corpus.starter.tracks import parse_tracks

HEAD = "kinds = drop\nstyles = dubstep\nenergy = 0.5\ntempo = 138-150\n"


def test_a_roll_has_blocks_for_hits_and_lines_for_held_notes():
    text = f"[drums beat]\n{HEAD}kick | X... .x.. . . |\nhat | xxx x x x |\n"
    text += f"[bass low]\n{HEAD}notes | 1:4! 5:2? r:10 |\nwobble | 1/8T:4 1/16:12 |\n"
    (beat, low), _ = parse_phrases(text)
    # Twelve columns a quarter hold both sixteenths and triplets.
    assert phrase_roll(beat)[1:] == [
        "kick      |█           ·  ▆        ·           ·           |",
        "hat       |▆   ▆   ▆   ▆           ▆           ▆           |",
    ]
    assert phrase_roll(low)[1:] == [
        "G2        |·           ▒─────      ·           ·           |",
        "C2        |█───────────·           ·           ·           |",
        "wobble    |8T~~~~~~~~~~16~~~~                              |",
    ]


def test_bars_stand_side_by_side_while_there_is_room():
    text = f"[drums beat]\n{HEAD}kick | x . . . | . | x . . . | x . . . |\nhat | . | . | . | xxxx . . . |\n"
    (beat,), _ = parse_phrases(text)
    headings = [line.split() for line in phrase_roll(beat) if "bar" in line]
    assert headings == [["bar", "1", "bar", "2", "bar", "3", "bar", "4"]]
    narrow = phrase_roll(beat, width=40)
    assert [line.split() for line in narrow if "bar" in line] == [["bar", str(bar)] for bar in range(1, 5)]
    # The second bar is silent and has no row; only the last has a hat.
    assert [line.split("|")[0].strip() for line in narrow if "|" in line] == ["kick", "kick", "kick", "hat"]


def test_a_form_has_a_block_a_bar_for_each_part_that_has_a_line():
    text = f"[drums beat]\n{HEAD}kick | xxxx xxxx xxxx xxxx | x . . . |\n[bass low]\n{HEAD}notes | 1:16 |\n"
    phrases = {phrase.name: phrase for phrase in parse_phrases(text)[0]}
    (track,), mistakes = parse_tracks(
        "[track one]\nstyle = dubstep\nkey = A minor\ntempo = 140\n"
        "build 2 tempo=140-150\n  drums = beat\ndrop 5\n  drums = rest*2 beat*2\n  bass = low\n",
        phrases,
    )
    assert mistakes == []
    assert track_form(track, phrases) == [
        "track one: dubstep, A minor, 140 BPM, 7 bars",
        "",
        "bar 1    build 2, 140-150 BPM",
        "  drums   ▇▁      beat",
        "",
        "bar 3    drop 5, 140 BPM",
        "  drums   ··▇▁ ▇  rest*2 beat*2",
        "  bass    ▁▁▁▁ ▁  low",
    ]
