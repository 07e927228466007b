"""The piano-roll script run against a stand-in for FL Studio's module, which is nowhere else."""

import ast
import sys
from types import ModuleType, SimpleNamespace

import pytest

from song.export.arrangement import Arrangement
from song.export.piano_roll_script import NAME, script_file
from song.sections import Section, SectionKind, Song
from tests.song_tests.export.made_songs import made_songs

SONGS = made_songs()


class Form:
    def __init__(self, *words: str) -> None:
        self.words = words
        self.clips: list[str] = []
        self.values: dict[str, object] = {}

    def addInputCombo(self, name: str, options: list[str], value: int) -> None:  # noqa: N802  # FL Studio's name
        self.clips, self.values[name] = options, value

    def addInputCheckbox(self, name: str, value: bool) -> None:  # noqa: N802  # FL Studio's name
        self.values[name] = value

    def getInputValue(self, name: str) -> object:  # noqa: N802  # FL Studio's name
        return self.values[name]


class Score:
    PPQ = 192

    def __init__(self) -> None:
        self.notes = [SimpleNamespace(number=1)]

    def clearNotes(self) -> None:  # noqa: N802  # FL Studio's name
        self.notes.clear()

    def addNote(self, note: object) -> None:  # noqa: N802  # FL Studio's name
        self.notes.append(note)


def source_of(song: Song) -> str:
    (file,) = script_file(Arrangement(song))
    assert file.path == NAME
    return file.data.decode("ascii")


@pytest.fixture
def piano_roll(monkeypatch: pytest.MonkeyPatch) -> Score:
    module = ModuleType("flpianoroll")
    score = Score()
    module.ScriptDialog, module.Note, module.score = Form, SimpleNamespace, score
    monkeypatch.setitem(sys.modules, "flpianoroll", module)
    return score


@pytest.mark.parametrize("name", [name for name, song in SONGS.items() if name != "silent"])
def test_the_script_is_python_3_9_and_imports_one_module(name: str) -> None:
    tree = ast.parse(source_of(SONGS[name]), feature_version=(3, 9))
    imported = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert [alias.name for node in imported for alias in node.names] == ["flpianoroll"]
    assert not [
        node for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "open"
    ]


def test_each_clip_is_offered_by_name_and_put_into_the_piano_roll(piano_roll: Score) -> None:
    laid_out = Arrangement(SONGS["odd bars"])
    room: dict[str, object] = {}
    exec(source_of(laid_out.song), room)
    clips = {f"{clip.stretch.number:02} {clip.name}": clip for track in laid_out.clips for clip in track if clip.notes}
    form = room["createDialog"]()
    names = [name for name in form.clips if name in clips]
    assert names
    assert any(name.endswith("Kick") for name in form.clips)
    for index, name in enumerate(form.clips):
        form.values["Clip"] = index
        room["apply"](form)
        if name in clips:
            assert [(n.time, n.length, n.number) for n in piano_roll.notes] == [
                (2 * n.onset_tick, 2 * n.duration_ticks, n.pitch) for n in clips[name].notes
            ]
            assert [n.velocity for n in piano_roll.notes] == [n.velocity / 128 for n in clips[name].notes]
        assert all(0 <= n.fcut <= 0.5 for n in piano_roll.notes)


def test_what_is_there_stays_where_it_is_not_to_be_cleared(piano_roll: Score) -> None:
    room: dict[str, object] = {}
    exec(source_of(SONGS["one bar"]), room)
    form = room["createDialog"]()
    form.values["Clear first"] = False
    room["apply"](form)
    assert piano_roll.notes[0].number == 1


def test_names_that_would_be_code_are_words(piano_roll: Score) -> None:
    song = SONGS["one bar"]
    evil = '"""); raise SystemExit  #\\ \n{clips}'
    named = Song(**{**{f: getattr(song, f) for f in song.__struct_fields__}, "title": evil})
    exec(source_of(named), {})


def test_a_song_without_notes_has_no_script() -> None:
    assert list(script_file(Arrangement(Song(sections=(Section(SectionKind.DROP, 1),))))) == []
