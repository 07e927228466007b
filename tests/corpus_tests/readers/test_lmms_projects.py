"""LMMS projects: what they play, and what is refused before it can do harm."""

import time

import pytest

from corpus.readers.lmms_projects import MAX_BARS, MAX_NOTES, MAX_TRACKS, read_lmms
from corpus.readers.lmms_xml import MAX_ELEMENTS, MAX_XML_BYTES
from song.errors import UserError
from song.notes import Note
from tests.corpus_tests.lmms_music import HEAD, TUNE, clip, instrument, packed, project, track


@pytest.mark.parametrize("wrap", [bytes, packed])
def test_notes_of_song_clips_with_their_place_and_pitch(wrap):
    later = clip((12, 12, 57, 200), pos=192)
    music = read_lmms(wrap(project(track(TUNE + later))))
    assert music.tempo_bpm == 140.0
    assert music.tracks[0].notes == (Note(0, 69, 96, 100), Note(96, 72, 48, 70), Note(384 + 24, 69, 24, 127))


@pytest.mark.parametrize(("version", "base", "tag"), [("1.0", 57, "pattern"), ("23", 69, "midiclip")])
def test_the_base_note_sounds_concert_a_in_old_and_new_versions(version, base, tag):
    notes = clip((0, 48, base, 100), tag=tag)
    music = read_lmms(project(track(notes, played=instrument(base=base)), version=version))
    assert music.tracks[0].notes[0].pitch == 69


def test_what_starts_before_the_song_or_never_ends_is_cut_to_it():
    early = clip((-48, 48, 57, 100), (0, 10**9, 60, 100))
    assert read_lmms(project(track(TUNE + early))).tracks[0].notes == (
        Note(0, 69, 96, 100), Note(0, 72, MAX_BARS * 384, 100), Note(96, 72, 48, 70),
    )  # fmt: skip
    assert read_lmms(project(track(TUNE + clip((0, 48, 50, 100), pos=-96)))).tracks[0].notes[0].pitch == 69


def test_a_pattern_clip_with_a_number_below_0_belongs_to_no_pattern():
    astray = track(clip((0, -192, 57, 100), pos=-384, tag="pattern"), played=instrument("kicker"))
    pattern = f"<bbtrack><trackcontainer>{astray}</trackcontainer></bbtrack>"
    song = f'{track(TUNE)}<track type="1">{pattern}<bbtco pos="0" len="192"/></track>'
    assert [one.is_drum for one in read_lmms(project(song)).tracks] == [False]


def test_the_master_pitch_moves_the_tracks_that_follow_it():
    head = HEAD.replace('masterpitch="0"', 'masterpitch="-3"')
    assert read_lmms(project(track(TUNE), head=head)).tracks[0].notes[0].pitch == 66


def test_muted_tracks_and_clips_are_skipped():
    muted_clip = clip((0, 48, 50, 100), more='muted="1"')
    music = read_lmms(project(track(TUNE + muted_clip) + track(TUNE, muted=1)))
    assert [len(one.notes) for one in music.tracks] == [2]


def test_a_solo_does_not_hide_the_rest_of_the_song():
    alone = track(TUNE, name="alone", more='solo="1" mutedBeforeSolo="0"')
    rest = track(TUNE, name="rest", muted=1, more='mutedBeforeSolo="0"')
    gone = track(TUNE, name="gone", muted=1, more='mutedBeforeSolo="1"')
    assert [one.name for one in read_lmms(project(alone + rest + gone)).tracks] == ["alone", "rest"]


def beat_and_bassline(names=("bbtrack", "bbtco", "pattern")):
    outer, co, tag = names
    kick = track(
        clip((0, -192, 57, 100), (96, -192, 57, 100), tag=tag, more='type="0" steps="16"')
        + clip((0, -192, 57, 100), pos=192, tag=tag, more='type="0" steps="32"'),
        name="Kick",
        played=instrument("kicker"),
    )
    first = f'<track type="1" name="A"><{outer}><trackcontainer>{kick}</trackcontainer></{outer}>'
    first += f'<{co} pos="192" len="384" muted="0"/><{co} pos="960" len="48" muted="0"/></track>'
    second = f'<track type="1" name="B"><{outer}/><{co} pos="1152" len="768" muted="0"/></track>'
    return first + second


@pytest.mark.parametrize("names", [("bbtrack", "bbtco", "pattern"), ("patterntrack", "patternclip", "midiclip")])
def test_patterns_are_written_out_where_the_song_plays_them(names):
    kicks = read_lmms(project(beat_and_bassline(names))).tracks[0]
    assert kicks.is_drum
    # Pattern A is one bar: twice from bar 1, cut after a quarter in bar 5. Pattern B is two bars: twice from bar 6.
    bars = [384, 384 + 192, 768, 768 + 192, 1920, 6 * 384, 8 * 384]
    assert [note.onset_tick for note in kicks.notes] == bars
    assert {(note.pitch, note.duration_ticks) for note in kicks.notes} == {(36, 24)}


def test_drums_are_known_by_sample_name_and_kits_by_their_bank():
    sample = instrument("audiofileprocessor", 'src="drums/hihat_closed01.ogg"')
    kit = instrument("sf2player", 'bank="128" patch="0"')
    piano = instrument("sf2player", 'bank="0" patch="4"')
    speech = instrument("audiofileprocessor", 'src="usersample:voice_quote.wav"')
    tracks = [track(TUNE, played=played) for played in (sample, kit, piano, speech)]
    hat, drums, keys, voice = read_lmms(project("".join(tracks))).tracks
    assert (hat.is_drum, {note.pitch for note in hat.notes}) == (True, {42})
    assert (drums.is_drum, {note.pitch for note in drums.notes}) == (True, {69, 72})
    assert (keys.is_drum, keys.program) == (False, 4)
    assert (voice.is_drum, voice.program) == (False, 127)


def test_what_an_arpeggiator_plays_is_not_on_the_page():
    arpeggio = track(TUNE, name="arp", played=instrument(extra='<arpeggiator arp-enabled="1"/>'))
    stacked = track(TUNE, name="stack", played=instrument(extra='<chordcreator chord-enabled="1"/>'))
    music = read_lmms(project(track(TUNE) + arpeggio + stacked))
    assert [(one.name, len(one.notes), [loss.notes for loss in one.losses]) for one in music.tracks] == [
        ("synth", 2, []),
        ("arp", 0, [2]),
        ("stack", 0, [2]),
    ]
    assert music.partly.endswith("arpeggiator or chord stacker plays them: arp, stack")


def test_an_automated_tempo_is_the_one_that_lasts_longest():
    head = HEAD.replace('bpm="140"', "").replace("/>", '><bpm id="7" value="100"/></head>')
    times = '<time pos="0" value="100"/><time pos="192" value="174"/>'
    curve = f'<track type="6"><automationclip pos="0">{times}<object id="7"/></automationclip></track>'
    song = track(clip((0, 48, 57, 100), pos=1920))
    assert read_lmms(project(song, head=head, outside=curve)).tempo_bpm == 174.0


def bomb(levels=12):
    entities = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(levels))
    declared = f'<?xml version="1.0"?><!DOCTYPE lmms-project [<!ENTITY a0 "lol">{entities}]>'
    return f"{declared}<lmms-project>&a{levels};</lmms-project>".encode()


LONG_PLAY = '<track type="1"><bbtrack/><bbtco pos="0" len="99999999"/></track>'


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "it is empty"),
        (b"\0\0\0", "cut short"),
        (b"\0\0\0\0no zlib here", "not an LMMS project, or damaged"),
        (packed(project(track(TUNE)))[:-20], "cut short"),
        (project(track(TUNE))[:-20], "damaged"),
        (b"<html></html>", "not an LMMS project"),
        (b"<lmms-project/>", "without a song in it"),
        (packed(b" " * (MAX_XML_BYTES + 1)), "unpacks to over 16 MB"),
        (b"<" + b" " * MAX_XML_BYTES, "over 16 MB"),
        (bomb(), "declares XML entities"),
        (packed(bomb()), "declares XML entities"),
        (b'<?xml version="1.0" encoding="cp037"?><lmms-project/>', "encoding that LMMS does not write"),
        ("<lmms-project/>".encode("utf-16"), "not an LMMS project"),
        (project(track(TUNE), head=HEAD.replace('numerator="4"', 'numerator="3"')), "it is in 3/4"),
        (project(track("")), "no notes that sound"),
        (project(track(clip(("x", 48, 57, 100)))), '"x" stands where pos should be a number'),
        (project(track(clip(("inf", 48, 57, 100)))), '"inf" stands where'),
        (project(track(clip((10**9, 48, 57, 100)))), "over 2000 bars long"),
        (project(LONG_PLAY), "over 2000 bars long"),
        (b"<a>" * 200_000, "far more than an LMMS song does"),
        (b"<lmms-project>" * 100 + b"</lmms-project>" * 100, "without a song in it"),
        (project("<a/>" * MAX_ELEMENTS), "far more than an LMMS song does"),
        (project("<track/>" * (MAX_TRACKS + 1)), "over 2000 tracks"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_used_is_refused_in_plain_words_and_at_once(data, words):
    started = time.monotonic()
    with pytest.raises(UserError, match=words):
        read_lmms(data)
    assert time.monotonic() - started < 5


def test_patterns_that_would_write_out_to_millions_of_notes_are_refused():
    notes = [(step % 192, 1, 57, 100) for step in range(2000)]
    inner = track(clip(*notes, tag="pattern", more='type="1"'), played=instrument("kicker"))
    pattern = f"<bbtrack><trackcontainer>{inner}</trackcontainer></bbtrack>"
    song = f'<track type="1">{pattern}<bbtco pos="0" len="380000"/></track>'
    with pytest.raises(UserError, match=f"over {MAX_NOTES} notes"):
        read_lmms(project(song))
