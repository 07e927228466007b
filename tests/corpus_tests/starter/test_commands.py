"""The starter set as a person looks at it: listed, shown, and written into a MIDI file that another reader opens."""

import mido
import pytest

from corpus.starter.commands import add_commands
from corpus.starter.rolls import phrase_roll
from song.command_line import OneLineParser
from song.errors import UserError
from song.time import TICKS_PER_BAR
from tests.corpus_tests.starter_set import starter_set


@pytest.fixture(autouse=True)
def _read_once(monkeypatch):
    monkeypatch.setattr("corpus.starter.commands.load_starter", starter_set)


def run(*words: str) -> int:
    parser = OneLineParser(prog="dropsmith corpus")
    add_commands(parser.add_subparsers(required=True))
    options = parser.parse_args(list(words))
    code: int = options.run(options)
    return code


def test_list_names_every_phrase_and_track(capsys):
    assert run("starter", "list") == 0
    listed = {line.split()[1] for line in capsys.readouterr().out.splitlines()[1:]}
    phrases, tracks = starter_set()
    assert listed == {one.name for one in (*phrases, *tracks)}


def test_list_keeps_what_is_of_a_part_a_style_and_a_kind(capsys):
    run("starter", "list", "--part", "bass", "--style", "riddim", "--kind", "drop")
    rows = capsys.readouterr().out.splitlines()[1:]
    phrases, _ = starter_set()
    wanted = [one.name for one in phrases if one.part == "bass" and "riddim" in one.styles and "drop" in one.kinds]
    assert [row.split()[1] for row in rows] == wanted


def test_nothing_found_is_said(capsys):
    with pytest.raises(UserError, match="nothing in the starter set"):
        run("starter", "list", "--part", "chords", "--style", "latin", "--kind", "outro")
    with pytest.raises(UserError, match="did you mean cold-pad"):
        run("starter", "show", "cold-pda")
    with pytest.raises(SystemExit) as exit_:
        run("starter", "list", "--style", "polka")
    assert exit_.value.code == 2
    assert "dubstep" in capsys.readouterr().err


def test_a_phrase_is_shown_as_it_is_written_and_drawn(capsys):
    run("starter", "show", "growl-talk-back")
    text = capsys.readouterr().out
    assert "[bass growl-talk-back]" in text
    assert "notes  | 1:3! 1:2 r:1 1':2!" in text
    assert "played by chrome-mouth" in text
    assert "machine-sneeze" not in text


def test_every_phrase_and_track_can_be_shown(capsys):
    phrases, tracks = starter_set()
    for one in phrases:
        lines = phrase_roll(one)
        assert max(len(line) for line in lines) <= 100
        assert sum("bar 1" in line for line in lines) >= 1
    for track in tracks:
        assert run("starter", "show", track.name) == 0
    assert "drop 16" in capsys.readouterr().out


def test_a_track_is_shown_section_by_section(capsys):
    run("starter", "show", "four-teeth")
    text = capsys.readouterr().out
    assert "track four-teeth: riddim, dubstep, G minor, 140 BPM, 80 bars" in text
    assert "build 8, 140-150 BPM" in text
    assert "drums   ···· " in text
    assert "two-face teeth bounce-house*3 swamp-stutter-fill" in text


def test_phrases_and_tracks_are_written_with_a_marker_each(tmp_path, capsys):
    out = tmp_path / "heard.mid"
    assert run("starter", "play-midi", str(out), "growl-talk-back", "cold-pad", "four-teeth") == 0
    assert "88 bars" in capsys.readouterr().out
    file = mido.MidiFile(out)
    markers, at = {}, 0
    for message in file.tracks[0]:
        at += message.time
        if message.type == "marker":
            markers.setdefault(message.text, at)
    # A phrase of two bars and one of four, each with a bar of rest after it.
    assert markers["growl-talk-back"] == 0
    assert markers["cold-pad"] == 3 * TICKS_PER_BAR
    assert markers["four-teeth: intro"] == 8 * TICKS_PER_BAR
    tracks = {track.name: track for track in file.tracks}
    sounding = {name: any(message.type == "note_on" for message in track) for name, track in tracks.items()}
    assert all(sounding[name] for name in ("Drums", "Bass", "Chords", "Lead", "Sub"))


def test_the_whole_set_is_one_file(tmp_path):
    out = tmp_path / "all.mid"
    assert run("starter", "play-midi", str(out)) == 0
    texts = [message.text for message in mido.MidiFile(out).tracks[0] if message.type == "marker"]
    assert texts == [phrase.name for phrase in starter_set()[0]]


def test_a_file_that_cannot_be_written_is_a_plain_error(tmp_path):
    with pytest.raises(UserError, match="nowhere"):
        run("starter", "play-midi", str(tmp_path / "nowhere" / "x.mid"), "cold-pad")


def test_the_reports_are_printed(capsys):
    assert run("starter", "variety") == 0
    assert run("density") == 0
    text = capsys.readouterr().out
    assert "are the same music" not in text
    assert "starter" in text
