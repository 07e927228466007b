"""A MIDI file opened as a song: an export of ours comes back, and what cannot be used says why."""

from pathlib import Path

import mido
import pytest

from song.edits.constraints import set_tempo
from song.edits.sections import rename_section
from song.edits.takes import add_takes
from song.errors import UserError
from song.export.midi import write_midi
from song.notes import Note, Phrase
from song.parts import PARTS, Part
from song.sections import SectionKind, Song, Take
from song.templates import song_from_form
from song.time import TICKS_PER_BAR as BAR
from song.validation import find_problem
from tests.corpus_tests.lmms_music import TUNE, project, track
from tests.corpus_tests.made_midi import lead, midi, played
from tests.tui_tests.fake_engine import phrase_for
from tui.midi_import import ImportChoices, import_song, read_choices, song_from_midi

FORM = [(SectionKind.INTRO, 8), (SectionKind.BUILD, 8), (SectionKind.DROP, 16)]


@pytest.fixture
def song() -> Song:
    """Three named stretches, every cell with music, the bass too."""
    song = song_from_form(FORM, title="Night")
    for index, part in list(song.cell_refs()):
        section = song.sections[index]
        phrase = phrase_for(section, part, song.key, 7)
        if not phrase.notes:
            phrase = Phrase(section.bars, tuple(Note(bar * BAR, 41, 96, 90) for bar in range(section.bars)))
        song = add_takes(song, index, part, (Take(phrase),))
    return song


def test_an_export_comes_back_with_its_sections_and_music(song: Song, tmp_path: Path) -> None:
    song = rename_section(set_tempo(song, 0, 150, 150), 2, "Wub")
    for index in (1, 2):
        song = set_tempo(song, index, 150, 150)
    write_midi(song, tmp_path / "night.mid")
    back = song_from_midi(tmp_path / "night.mid")
    assert find_problem(back) is None
    assert back.title == "night"
    assert back.section_names() == ["INTRO", "BUILD", "Wub"]
    assert [section.bars for section in back.sections] == [8, 8, 16]
    assert [section.constraints.tempo_bpm for section in back.sections] == [(150.0, 150.0)] * 3
    assert [section.id for section in back.sections] == [1, 2, 3]
    for index, section in enumerate(song.sections):
        for part in (Part.DRUMS, Part.BASS, Part.LEAD):
            old, new = section.cell(part).phrase, back.sections[index].cell(part).phrase
            assert old is not None
            assert new is not None
            assert [(note.onset_tick, note.pitch) for note in new.notes] == [
                (note.onset_tick, note.pitch) for note in old.notes
            ]
    assert back.sections[2].constraints.wobble.rates
    asked = back.sections[2].constraints
    for part in PARTS:
        phrase = back.sections[2].cell(part).phrase
        assert phrase is None or asked.requested_onsets(part) == pytest.approx(phrase.onsets_per_bar(), abs=0.6)


def test_without_markers_there_are_sections_all_the_same(song: Song, tmp_path: Path) -> None:
    import mido

    write_midi(song, tmp_path / "night.mid")
    file = mido.MidiFile(tmp_path / "night.mid")
    for messages in file.tracks:
        passed, kept = 0, []
        for message in messages:
            if message.type == "marker":
                passed += message.time
            else:
                kept.append(message.copy(time=message.time + passed))
                passed = 0
        messages[:] = kept
    file.save(tmp_path / "bare.mid")
    back = song_from_midi(tmp_path / "bare.mid")
    assert back.bars == song.bars
    assert find_problem(back) is None
    assert all(section.name == "" for section in back.sections)


@pytest.mark.parametrize(
    ("data", "said"), [(b"", "it is empty"), (b"MThd", "cut short"), (b"hello", "not a MIDI file")]
)
def test_what_is_no_music_says_why(data: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "a.mid"
    path.write_bytes(data)
    with pytest.raises(UserError, match=said):
        song_from_midi(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"no\.mid"):
        song_from_midi(tmp_path / "no.mid")


@pytest.mark.parametrize(("sections", "bars"), [(128, 1), (129, 1), (1, 128 * 129)])
def test_more_sections_than_a_song_may_have_are_too_many(tmp_path: Path, sections: int, bars: int) -> None:
    track = mido.MidiTrack([mido.MetaMessage("track_name", name="bass"), mido.MetaMessage("set_tempo", tempo=1000)])
    for section in range(sections):
        track.append(mido.MetaMessage("marker", text=f"drop {section}"))
        for bar in range(bars):
            track.append(mido.Message("note_on", note=36 + bar % 3 + section % 2))
            track.append(mido.Message("note_off", note=36 + bar % 3 + section % 2, time=4 * 24))
    mido.MidiFile(ticks_per_beat=24, tracks=[track]).save(tmp_path / "long.mid")
    if sections <= 128 and bars == 1:
        assert find_problem(song_from_midi(tmp_path / "long.mid")) is None
    else:
        with pytest.raises(UserError, match=r"long.mid: it has \d+ bars in 129 sections, and a song 128 at most"):
            song_from_midi(tmp_path / "long.mid")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Vox=lead", 'has no track "vox": they are lead'),
        ("9=lead", 'has no track "9"'),
        ("1=flute", "needs one of drums, bass, chords, lead, none"),
        ("lead", "needs one of"),
    ],
)
def test_choices_that_mean_nothing_say_what_does(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "a.mid"
    path.write_bytes(midi(lead(2)))
    with pytest.raises(UserError, match=said):
        read_choices(path, text)


def test_a_choice_of_a_track_that_is_not_there_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.mid"
    path.write_bytes(midi(lead(2)))
    with pytest.raises(UserError, match=r"a\.mid: it has no track 4: they are 1 to 1"):
        import_song(path, ImportChoices({3: Part.BASS}))


def test_ticks_stay_unless_quantizing_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "a.mid"
    late = [(tick + 2 * (index % 2), 40, 60 + index % 5) for index, tick in enumerate(range(0, 4 * BAR, 48))]
    path.write_bytes(midi(played(late, 2, 81, "Lead")))
    onsets = [tick for tick, _, _ in late]

    def opened(choices: ImportChoices) -> list[int]:
        phrase = import_song(path, choices).song.sections[0].cell(Part.LEAD).phrase
        assert phrase is not None
        return [note.onset_tick for note in phrase.notes]

    assert opened(ImportChoices()) == onsets
    assert opened(ImportChoices(quantize=True)) == [tick // 48 * 48 for tick in onsets]


@pytest.mark.parametrize("suffix", [".kar", ".rmi", ".mmp"])
def test_files_of_other_kinds_open_by_their_names(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(project(track(TUNE)) if suffix == ".mmp" else midi(lead(2)))
    assert song_from_midi(path).bars >= 1
