"""Limits that the readers of plans, of song files and the edits share."""

import msgspec
import pytest

from song import limits
from song.edits.constraints import set_form_bars, set_temperature, set_tempo
from song.edits.takes import set_bars
from song.errors import UserError
from song.plan import parse_plan
from song.sections import Constraints, Section, SectionKind, Song
from song.validation import find_problem

PLAN = """
[[section]]
kind = "drop"
bars = {bars}
tempo = {tempo}
temperature = {heat}
form = "AB"
form_bars = {letter}
"""
LOW = {"bars": 1, "tempo": limits.MIN_TEMPO_BPM, "heat": limits.MIN_TEMPERATURE, "letter": 1}
HIGH = {
    "bars": limits.MAX_BARS,
    "tempo": limits.MAX_TEMPO_BPM,
    "heat": limits.MAX_TEMPERATURE,
    "letter": limits.MAX_FORM_BARS,
}


def edited(values: dict[str, float]) -> Song:
    song = Song(sections=(Section(SectionKind.DROP, 8, Constraints()),))
    song = set_bars(song, 0, int(values["bars"]))
    song = set_tempo(song, 0, values["tempo"], values["tempo"])
    song = set_temperature(song, 0, values["heat"])
    return set_form_bars(song, 0, int(values["letter"]))


@pytest.mark.parametrize("values", [LOW, HIGH], ids=["lowest", "highest"])
def test_the_ends_of_every_range_are_allowed_everywhere(values: dict[str, float]) -> None:
    for song in (parse_plan(PLAN.format(**values), "plan.toml"), edited(values)):
        assert find_problem(song) is None
        constraints = song.sections[0].constraints
        assert constraints.tempo_bpm == (values["tempo"], values["tempo"])
        assert (song.sections[0].bars, constraints.form_bars) == (values["bars"], values["letter"])
        assert constraints.temperature == values["heat"]


@pytest.mark.parametrize("name", list(LOW))
@pytest.mark.parametrize("beyond", [LOW, HIGH], ids=["below", "above"])
def test_one_beyond_an_end_is_refused_everywhere(name: str, beyond: dict[str, float]) -> None:
    step = {"bars": 1, "tempo": 1.0, "heat": 0.05, "letter": 1}[name] * (-1 if beyond is LOW else 1)
    values = {**LOW, name: beyond[name] + step}
    for read in (lambda: parse_plan(PLAN.format(**values), "plan.toml"), lambda: edited(values)):
        with pytest.raises(UserError):
            read()
    section = Section(SectionKind.DROP, int(values["bars"]), Constraints())
    tempo = (float(values["tempo"]),) * 2
    constraints = msgspec.structs.replace(
        section.constraints, tempo_bpm=tempo, temperature=values["heat"], form_bars=int(values["letter"])
    )
    assert find_problem(Song(sections=(msgspec.structs.replace(section, constraints=constraints),))) is not None
