"""Plans that are wrong: one line that names the file, the key or the line, and what is allowed."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from song.errors import UserError
from song.plan import load_plan, parse_plan

HEAD = "[[section]]\nkind = 'drop'\nbars = 8\n"
RATE_LIST = "1/1., 1/1, 1/2., 1/1T, 1/2, 1/4., 1/2T, 1/4, 1/8., 1/4T, 1/8, 1/16., 1/8T, 1/16, 1/32., 1/16T, 1/32, 1/32T"
KINDS = "intro, build, drop, break, outro"


def message_of(text: str) -> str:
    with pytest.raises(UserError) as caught:
        parse_plan(text, "plan.toml")
    message = str(caught.value)
    assert len(message.splitlines()) == 1
    assert message.startswith("plan.toml: ")
    return message.removeprefix("plan.toml: ")


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        ("speed = 1", "section 1: speed: unknown key: use kind, name, bars, tempo, key, density, wobble, form,"),
        ("tempo = 39", "section 1: tempo: 39 is not a number in 40-300 BPM"),
        ("tempo = 300.5", "section 1: tempo: 300.5 is not a number in 40-300 BPM"),
        ("tempo = [140, 301]", "section 1: tempo: 301 is not a number in 40-300 BPM"),
        ("tempo = [140]", "section 1: tempo: write a number, or [start, end] for a ramp, in BPM"),
        ("tempo = [140, 145, 150]", "section 1: tempo: write a number, or [start, end] for a ramp"),
        ("tempo = 'fast'", "section 1: tempo: write a number, or [start, end] for a ramp"),
        ("tempo = true", "section 1: tempo: write a number, or [start, end] for a ramp"),
        ("tempo = nan", "section 1: tempo: nan is not a number in 40-300 BPM"),
        ("tempo = inf", "section 1: tempo: inf is not a number in 40-300 BPM"),
        ("density = 1.1", "section 1: density: 1.1 is not a number in 0-1"),
        ("density = 'high'", "section 1: density: write a number 0-1, or one a part such as"),
        ("density = { bass = -1 }", "section 1: density.bass: -1 is not a number in 0-1"),
        ("density = { bass = 'x' }", "section 1: density.bass: 'x' is not a number in 0-1"),
        ("density = { piano = 0.5 }", "section 1: density.piano: unknown key: use drums, bass, chords, lead"),
        ("wobble = 0.9", "section 1: wobble: write a table such as"),
        ("wobble = { speed = 1 }", "section 1: wobble.speed: unknown key: use rates, depth, shape"),
        ("wobble = { rates = '1/8' }", 'section 1: wobble.rates: write a list such as ["1/8", "1/16"]'),
        ("wobble = { rates = ['1/7'] }", f'section 1: wobble.rates: "1/7" is not a rate: use {RATE_LIST}'),
        ("wobble = { rates = ['1/8', 8] }", f'section 1: wobble.rates: "8" is not a rate: use {RATE_LIST}'),
        ("wobble = { rates = [['1/8']] }", "section 1: wobble.rates: "),
        ("wobble = { depth = 2 }", "section 1: wobble.depth: 2 is not a number in 0-1"),
        ("wobble = { depth = nan }", "section 1: wobble.depth: nan is not a number in 0-1"),
        (
            "wobble = { shape = 'zig' }",
            'wobble.shape: "zig" is not known: use one of sine, triangle, square, saw, ramp',
        ),
        ("wobble = { shape = ['sine'] }", "section 1: wobble.shape: "),
        ("key = 'H minor'", 'section 1: key: key "H minor" is not known: write a tonic A to G (with # or b)'),
        ("key = ''", "section 1: key: "),
        ("key = 5", "section 1: key: write a line of text in quotes"),
        ("form = 'ab'", "section 1: form: write capital letters"),
        ("style = 5", "section 1: style: write a name, or names with weights"),
        ("style = 'polka'", 'section 1: style: style "polka" is not known'),
        ("range = 5", "section 1: range: write a table such as"),
        ("range = { drums = ['C2', 'C3'] }", "section 1: range.drums: unknown key: use bass, chords, lead"),
        ("range = { bass = 'C2' }", "section 1: range.bass: write the lowest and the highest pitch"),
        ("range = { bass = ['C2', 'x'] }", 'section 1: range.bass: "x" is not a pitch'),
        ("range = { bass = ['C2', 'C9'] }", "section 1: range.bass: bass plays pitches 31 to 64"),
        ("range = { bass = ['C2', 'D2'] }", "section 1: range.bass: a range is an octave or more"),
        ("form = ''", "section 1: form: write capital letters"),
        ("form = 'A B'", "section 1: form: write capital letters"),
        ("form = 4", "section 1: form: write capital letters"),
        ("form = { bass = 'ab' }", "section 1: form.bass: write capital letters"),
        ("form = { bass = '' }", "section 1: form.bass: write capital letters"),
        ("form = { flute = 'AB' }", "section 1: form.flute: unknown key: use drums, bass, chords, lead"),
        ("form_bars = 0", "section 1: form_bars: 0 is not a whole number in 1-8"),
        ("form_bars = 2.0", "section 1: form_bars: 2.0 is not a whole number in 1-8"),
        ("chords = 'Am F'", 'section 1: chords: "Am" is no chord: write numerals I to VII'),
        ("chords = ''", "section 1: chords: a progression is 1 to 16 roman numerals, such as i VI III VII"),
        ("chords = ['i', 'VI']", "section 1: chords: write a line of text in quotes"),
        ("chords = false", "section 1: chords: write a line of text in quotes"),
        (f"chords = '{'x' * 10**6}'", 'section 1: chords: "xxxx'),
        ("chord_beats = 3", "section 1: chord_beats: write one of 2, 4, 8, 16"),
        ("chord_beats = 4.0", "section 1: chord_beats: write one of 2, 4, 8, 16"),
        ("chord_beats = true", "section 1: chord_beats: write one of 2, 4, 8, 16"),
        ("theme = 'zzz'", "section 1: theme: write one of none, whole, thinned, slow"),
        ("theme = false", "section 1: theme: write one of none, whole, thinned, slow"),
        ("theme = ['whole']", "section 1: theme: write one of none, whole, thinned, slow"),
        ("passing = 'yes'", "section 1: passing: write true or false"),
        ("passing = 1", "section 1: passing: write true or false"),
        ("temperature = 0", "section 1: temperature: 0 is not a number in 0.1-2"),
        ("name = 3", "section 1: name: write a line of text in quotes"),
        ('name = "two\\nlines"', "section 1: name: write a line of text in quotes"),
    ],
    ids=lambda text: text[:40],
)
def test_a_wrong_value_of_a_section(extra: str, message: str) -> None:
    assert message in message_of(HEAD + extra)


@pytest.mark.parametrize(
    ("head", "message"),
    [
        ("tempi = 140", "tempi: unknown key: use title, style, key, tempo, seed, sub, theme, patch, section"),
        ("tempo = 20", "tempo: 20 is not a number in 40-300 BPM"),
        ("title = 3", "title: write a line of text in quotes"),
        ("style = 'polka'", 'style "polka" is not known: use one of dubstep, riddim, melodic dubstep, drum & bass'),
        ("style = ['dubstep']", "style: write a name, or names with weights such as"),
        ("style = {}", "style needs at least one name, each with a weight above 0"),
        ("style = { dubstep = 0 }", "each with a weight above 0"),
        ("style = { dubstep = nan }", "each with a weight above 0"),
        ("style = { dubstep = inf }", "each with a weight above 0"),
        ("style = { dubstep = 'much' }", "style: write a name, or names with weights such as"),
        ("key = 'do'", 'key: key "do" is not known'),
        ("seed = -1", "seed: -1 is not a whole number in 0-2147483647"),
        ("seed = 1.5", "seed: 1.5 is not a whole number in 0-2147483647"),
        ("seed = true", "seed: True is not a whole number in 0-2147483647"),
        ("sub = 1", "sub: write true or false"),
    ],
)
def test_a_wrong_value_of_the_song(head: str, message: str) -> None:
    assert message in message_of(f"{head}\n{HEAD}")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "section: at least one [[section]] is needed, with kind and bars"),
        ("section = []", "section: at least one [[section]]"),
        ("section = 3", "section: at least one [[section]]"),
        ("section = [1]", "section: at least one [[section]]"),
        ("[section]\nkind = 'drop'\nbars = 8", "section: at least one [[section]]"),
        ("[[section]]\nbars = 8", f"section 1: kind is missing; every section needs a kind ({KINDS}) and bars (1-128)"),
        ("[[section]]\nkind = 'drop'", f"section 1: bars is missing; every section needs a kind ({KINDS})"),
        ("[[section]]\nkind = 'solo'\nbars = 8", f'section 1: kind: "solo" is not known: use one of {KINDS}'),
        ("[[section]]\nkind = ['drop']\nbars = 8", f"is not known: use one of {KINDS}"),
        ("[[section]]\nkind = 'drop'\nbars = 0", "section 1: bars: 0 is not a whole number in 1-128"),
        ("[[section]]\nkind = 'drop'\nbars = 129", "section 1: bars: 129 is not a whole number in 1-128"),
        ("[[section]]\nkind = 'drop'\nbars = 8.0", "section 1: bars: 8.0 is not a whole number in 1-128"),
        ("[[section]]\nkind = 'drop'\nbars = '8'", "section 1: bars: '8' is not a whole number in 1-128"),
        (HEAD + "[[section]]\nkind = 'drop'\nbars = -1", "section 2: bars: -1 is not a whole number in 1-128"),
    ],
)
def test_wrong_sections(text: str, message: str) -> None:
    assert message in message_of(text)


@pytest.mark.parametrize(
    ("text", "line"),
    [("title = 'x'\ntempo =\n", "line 2"), ("a = 1\na = 2\n", "line 2"), ("\n\n[[section]\n", "line 3")],
)
def test_what_is_not_toml_is_named_by_its_line(text: str, line: str) -> None:
    assert line in message_of(text)


@pytest.mark.parametrize(
    "text",
    ["a = " + "[" * 100_000, "a = " + "{a = " * 5_000, "tempo = " + "9" * 5_000],
    ids=["lists", "tables", "digits"],
)
def test_endless_brackets_and_digits_are_refused(text: str) -> None:
    assert "hundreds of brackets" in message_of(text)


def test_a_file_that_is_not_there_or_not_text(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"cannot open .*none\.toml: No such file"):
        load_plan(tmp_path / "none.toml")
    with pytest.raises(UserError, match="cannot open"):
        load_plan(tmp_path)
    (tmp_path / "latin.toml").write_bytes("title = 'é'".encode("latin-1"))
    with pytest.raises(UserError, match=r"latin\.toml: not UTF-8 text at byte 9; save it as UTF-8"):
        load_plan(tmp_path / "latin.toml")


def test_a_files_error_starts_with_its_path(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(HEAD + "tempo = 20")
    with pytest.raises(UserError) as caught:
        load_plan(path)
    assert str(caught.value) == f"{path}: section 1: tempo: 20 is not a number in 40-300 BPM"


@given(
    st.sampled_from(["tempo", "density", "wobble", "key", "form", "form_bars", "temperature", "name", "bars", "kind"]),
    st.sampled_from(
        ["''", "'A'", "[]", "[[]]", "{}", "{ a = 1 }", "nan", "-inf", "1e400", "-0.0", "1979-05-27", "true"]
    ),
)
def test_any_value_anywhere_is_taken_or_refused_in_one_line(key: str, value: str) -> None:
    lines = {"kind": "'drop'", "bars": "8", key: value}
    text = "[[section]]\n" + "\n".join(f"{name} = {written}" for name, written in lines.items())
    try:
        song = parse_plan(text, "plan.toml")
    except UserError:
        message_of(text)
    else:
        assert song.bars == 8


@given(st.text(max_size=60))
def test_any_text_is_refused_in_one_line_for_want_of_a_section(text: str) -> None:
    message_of(text)
