"""Accounts of tracks in words."""

from corpus.track_accounts import SPARE_HELP, SongAccount, TrackAccount, account_lines, more_facts, names_of, summary
from corpus.tracks import Loss
from song.parts import Part

KICK = TrackAccount("Kick", 64, Part.DRUMS, 64, 0, told=("written as kick (36), from 60",))
VOX = TrackAccount("Vox \x1b[31mchop", 20, Part.LEAD, 8, 8, (Loss("in bars that are not 4/4", 4),))
OUT = TrackAccount("FX", 1, None, 0, 0, (Loss("left out, as you chose", 1),))


def test_each_track_has_a_line_and_nothing_in_it_moves_the_cursor():
    account = SongAccount((KICK, VOX, OUT), ("quantized: 3 of 85 notes moved to the grid",))
    assert account_lines(account) == [
        "80 of 85 notes of 3 tracks arrive, 8 in spare takes",
        "Kick: 64 notes, drums; written as kick (36), from 60",
        "Vox \N{REPLACEMENT CHARACTER}[31mchop: 20 notes, lead, 8 in spare takes; 4 in bars that are not 4/4",
        "FX: 1 note, left out; 1 left out, as you chose",
        "quantized: 3 of 85 notes moved to the grid",
        SPARE_HELP,
    ]
    assert account_lines(SongAccount()) == []


def test_a_file_that_came_whole_is_plain():
    whole = SongAccount((TrackAccount("Bass", 9, Part.BASS, 9, 0),))
    assert whole.is_plain
    assert summary(whole) == "all 9 notes of 1 track arrive"
    assert not SongAccount((KICK,)).is_plain
    assert not SongAccount((VOX,)).is_plain
    assert more_facts(VOX) == ["8 in spare takes", "4 in bars that are not 4/4"]


def test_names_tell_tracks_apart():
    assert names_of(["Lead", "", "", "Lead"], [0, None, 9, 1]) == [
        "Lead (1)",
        "track 2",
        "track 3, channel 10",
        "Lead (4)",
    ]
