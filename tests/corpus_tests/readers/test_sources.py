"""Folders as people have them: versions, tables, links, duplicates, damaged files among good ones."""

import io

import mido
import pytest

from corpus.readers.sources import find_files, read_file, read_paths
from song.sections import SectionKind

TUNE = (60, 62, 63, 67, 65, 63, 62, 60, 67, 68, 70, 72)


def midi(pitches=TUNE, channel=0, bpm=120, velocities=(90, 60, 100), markers=()):
    file = mido.MidiFile(ticks_per_beat=96)
    track = mido.MidiTrack([mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(bpm))])
    for index, pitch in enumerate(pitches):
        for at, text in markers:
            if at == index:
                track.append(mido.MetaMessage("marker", text=text))
        velocity = velocities[index % len(velocities)]
        track.append(mido.Message("note_on", channel=channel, note=pitch, velocity=velocity))
        track.append(mido.Message("note_off", channel=channel, note=pitch, time=96))
    file.tracks.append(track)
    buffer = io.BytesIO()
    file.save(file=buffer)
    return buffer.getvalue()


def backbeat(bpm=80, bars=4):
    return midi((36, 38, 36, 38) * bars, channel=9, bpm=bpm)


def test_a_folder_is_read_to_the_bottom_in_order_and_progress_is_told(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "two.MID").write_bytes(midi(TUNE[::-1]))
    (tmp_path / "a.midi").write_bytes(midi())
    (tmp_path / "broken.mid").write_bytes(midi()[:40])
    (tmp_path / "notes.txt").write_text("no music")
    told = []
    pieces, refusals = read_paths([tmp_path], on_progress=lambda done, total: told.append((done, total)))
    assert [piece.name for piece in pieces] == ["a.midi", "b/two.MID"]
    assert [refusal.name for refusal in refusals] == ["broken.mid"]
    assert "cut short" in refusals[0].reason
    assert told == [(1, 3), (2, 3), (3, 3)]
    piece = pieces[0]
    assert (piece.source, piece.bars, piece.tempo_bpm, piece.tonic_class, piece.minor) == (
        tmp_path.name, 3, 120.0, 0, True,
    )  # fmt: skip
    assert piece.velocity_known
    assert not piece.wobble_known
    assert len(piece.digest) == 64


def test_flat_velocities_are_unknown(tmp_path):
    (tmp_path / "flat.mid").write_bytes(midi(velocities=(100,)))
    assert not read_paths([tmp_path])[0][0].velocity_known


def test_the_same_file_twice_is_taken_once(tmp_path):
    for name in ("one.mid", "copy.mid"):
        (tmp_path / name).write_bytes(midi())
    pieces, refusals = read_paths([tmp_path, tmp_path / "one.mid"])
    assert [piece.name for piece in pieces] == ["copy.mid"]
    assert [refusal.reason for refusal in refusals] == [
        "it is the same file as copy.mid, which is taken: nothing to do"
    ]


def test_links_out_of_the_folder_are_not_followed_and_links_inside_add_nothing(tmp_path):
    inside, outside = tmp_path / "music", tmp_path / "secret"
    inside.mkdir()
    outside.mkdir()
    (outside / "private.mid").write_bytes(midi())
    (inside / "own.mid").write_bytes(midi(TUNE[::-1]))
    (inside / "out.mid").symlink_to(outside / "private.mid")
    (inside / "again.mid").symlink_to(inside / "own.mid")
    (inside / "folder").symlink_to(outside, target_is_directory=True)
    (inside / "loop").symlink_to(inside, target_is_directory=True)
    (inside / "nowhere.mid").symlink_to(tmp_path / "gone.mid")
    pieces, refusals = read_paths([inside])
    assert len(pieces) == 1
    assert {refusal.reason for refusal in refusals} == {"it is a link out of the folder: add the file itself"}


def test_paths_that_hold_no_music_are_told(tmp_path):
    pieces, refusals = read_paths([tmp_path, tmp_path / "gone.mid"])
    assert pieces == []
    assert [refusal.reason for refusal in refusals] == [
        "it has no MIDI files or LMMS projects in it: check the path",
        "there is no such file or folder: check the path",
    ]


def test_a_name_in_another_encoding_can_be_written_out(tmp_path):
    odd = tmp_path / "b\udcffd.mid"
    odd.write_bytes(midi())
    assert read_paths([tmp_path])[0][0].name.encode("utf-8")


def test_a_style_may_be_given_for_what_has_none(tmp_path):
    (tmp_path / "song.mid").write_bytes(midi())
    assert read_paths([tmp_path])[0][0].style == {}
    assert read_paths([tmp_path], style={"trap": 1.0})[0][0].style == {"trap": 1.0}


def test_a_tempo_no_song_may_have_is_held_at_the_nearest_and_told(tmp_path):
    (tmp_path / "slow.mid").write_bytes(midi(bpm=10))
    (file,), _ = find_files([tmp_path / "slow.mid"])
    read = read_file(file, file.path.read_bytes(), "", "slow", {})
    assert read.pieces[0].tempo_bpm == 40
    assert read.account.told == ("its tempo of 10 BPM is outside 40-300: 40 is written",)


def test_markers_named_like_sections_are_believed(tmp_path):
    (tmp_path / "song.mid").write_bytes(midi(TUNE, markers=((0, "Intro"), (4, "Chorus 1"), (8, "foo"))))
    sections = read_paths([tmp_path])[0][0].sections
    assert [(one.start_bar, one.bars, one.kind) for one in sections] == [
        (0, 1, SectionKind.INTRO),
        (1, 1, SectionKind.DROP),
    ]


def test_a_table_beside_the_files_gives_style_tempo_and_split(tmp_path):
    rows = [
        "id,style,bpm,beat_type,time_signature,midi_filename,split",
        "s/1,hiphop,85,beat,4-4,s/1.mid,validation",
        "s/2,jazz/funk,140,beat,4-4,s/2.mid,test",
        "s/3,rock,100,beat,6-8,s/3.mid,train",
    ]
    (tmp_path / "info.csv").write_text("\n".join(rows))
    (tmp_path / "s").mkdir()
    for number, data in enumerate((backbeat(), backbeat(bars=5), backbeat(bars=6)), start=1):
        (tmp_path / "s" / f"{number}.mid").write_bytes(data)
    pieces, refusals = read_paths([tmp_path])
    assert [(piece.name, piece.split, piece.tempo_bpm) for piece in pieces] == [
        ("s/1.mid", "validation", 85.0),
        ("s/1.mid (half-time)", "validation", 170.0),
        ("s/2.mid", "test", 140.0),
    ]
    assert pieces[0].style == {"trap": 0.5, "funk": 0.5}
    assert pieces[0].family == pieces[1].family != pieces[2].family
    assert pieces[1].source == f"{tmp_path.name} half-time"
    assert refusals[0].reason == "it is in 6/8: only 4/4 music is taken in"


@pytest.mark.parametrize(
    ("table", "why"),
    [
        (b"midi_filename,split\n" + b"song.mid,x\n" * 800_000, "it is over 8 MB"),
        (b"midi_filename\n\xff\n", "not UTF-8 text"),
        (b'midi_filename\n"' + b"x" * 200_000, "field larger than field limit"),
    ],
)
def test_a_table_that_cannot_be_read_is_told_and_the_music_taken(tmp_path, table, why):
    (tmp_path / "info.csv").write_bytes(table)
    (tmp_path / "song.mid").write_bytes(midi(TUNE))
    pieces, refusals = read_paths([tmp_path])
    assert [piece.name for piece in pieces] == ["song.mid"]
    assert [refusal.name for refusal in refusals] == ["info.csv"]
    assert why in refusals[0].reason


def test_versions_with_other_names_are_found_by_their_music(tmp_path):
    bars = [[60 + (bar * 5 + step * step) % 17 for step in range(4)] for bar in range(12)]
    same = [pitch for bar in bars for pitch in bar]
    up = [pitch + 5 for pitch in same]
    other = [60 + (index * index * 7) % 23 for index in range(48)]
    for name, pitches in (("first", same), ("transposed", up), ("unrelated", other)):
        (tmp_path / f"{name}.mid").write_bytes(midi(pitches))
    families = {piece.name: piece.family for piece in read_paths([tmp_path])[0]}
    assert families["first.mid"] == families["transposed.mid"] != families["unrelated.mid"]
