"""Themes: the colours that the stylesheets use, under each."""

import pytest
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from song.sections import SectionKind
from tests.tui_tests.driving import filled_song, running
from tui.themes import DARK, LIGHT, theme_variables

EVERY = [DARK, LIGHT, *BUILTIN_THEMES.values()]


@pytest.mark.parametrize("theme", ["dropsmith", "dropsmith-light", "textual-light", "nord", "ansi-dark"])
async def test_every_theme_has_the_colours_we_use(theme: str) -> None:
    async with running("--silent", song=filled_song()) as app:
        app.app.theme = theme
        await app.pilot.pause()
        await app.press("right")
        assert "DROP" in app.text("arrangement")


@pytest.mark.parametrize("theme", EVERY, ids=lambda theme: theme.name)
def test_a_theme_gives_every_variable_and_each_kind_of_section_a_colour_of_its_own(theme: Theme) -> None:
    variables = theme_variables(theme)
    assert variables.keys() == theme_variables(DARK).keys()
    assert len({variables[f"kind-{kind}"] for kind in SectionKind}) == len(SectionKind)


@pytest.mark.parametrize("theme", [theme for theme in EVERY if theme.ansi], ids=lambda theme: theme.name)
def test_a_theme_of_16_colours_names_no_other(theme: Theme) -> None:
    assert all(value.startswith("ansi_") for value in theme_variables(theme).values())


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_what_matters_less_is_nearer_to_the_background(theme: Theme) -> None:
    variables, background = theme_variables(theme), Color.parse(theme.background or "")
    names = ("muted", "faint", "pick")
    steps = [abs(Color.parse(variables[name]).brightness - background.brightness) for name in names]
    assert steps == sorted(steps, reverse=True)
    assert steps[-1] > 0
